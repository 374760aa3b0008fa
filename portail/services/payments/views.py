"""What the services of payments answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portail.adapters.payment import Redirect
from portail.domain.payments import PaymentState, Problem


@dataclass(frozen=True)
class Started:
    """The bank's page waits; `again`: it was begun before, and is taken up where it was."""

    payment_id: int
    cents: int
    redirect: Redirect
    again: bool = False


@dataclass(frozen=True)
class AlreadyPaid:
    """Nothing is due on these invoices any more."""

    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class InProgress:
    """An attempt is open on one of these invoices, the actor's own or another parent's.

    `until`: it is over by then at the latest.
    """

    payment_id: int
    own: bool
    until: datetime


@dataclass(frozen=True)
class ToCheck:
    """The bank has taken money that an agent must look at first."""

    payment_id: int


@dataclass(frozen=True)
class TooSmall:
    """Less than the bank takes; `cents` is what is due."""

    cents: int


@dataclass(frozen=True)
class TooLarge:
    """More than the bank takes at once; `cents` is what is due."""

    cents: int


@dataclass(frozen=True)
class TooMany:
    """Begun too often for now."""

    wait: timedelta


@dataclass(frozen=True)
class SeveralFamilies:
    """Invoices of two family files are two payments."""


@dataclass(frozen=True)
class Closed:
    """This town takes no payment online."""


@dataclass(frozen=True)
class Unavailable:
    """The bank's service did not take it now; nothing was begun."""


StartOutcome = (
    Started
    | AlreadyPaid
    | InProgress
    | ToCheck
    | TooSmall
    | TooLarge
    | TooMany
    | SeveralFamilies
    | Closed
    | Unavailable
)


@dataclass(frozen=True)
class PaidInvoice:
    """An invoice that an attempt covers, and for how much."""

    id: int
    number: str
    cents: int


@dataclass(frozen=True)
class PaymentView:
    """An attempt. `own`: begun by the actor; `resumable_until`: the bank's page can be opened."""

    id: int
    family_id: int
    reference: str
    cents: int
    state: PaymentState
    problem: Problem | None
    own: bool
    created_at: datetime
    settled_at: datetime | None
    resumable_until: datetime | None
    procedure_id: int | None
    invoices: tuple[PaidInvoice, ...]
