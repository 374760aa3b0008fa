"""What goes to an online payment service and what comes back, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from portail.domain.payments import News


@dataclass(frozen=True)
class Order:
    """A payment to prepare.

    `cents` from `MIN_CENTS` to `MAX_CENTS`; `reference` as `domain.payments.reference` makes it;
    `exercise` is the year of the town's accounts; the two addresses are of the portal, the one
    told by the service and the one its page leads back to, under 250 characters.
    """

    cents: int
    reference: str
    email: str
    label: str
    exercise: int
    notify_url: str
    return_url: str


@dataclass(frozen=True)
class Redirect:
    """Where to send the browser: an address, or a form to post there with hidden fields."""

    url: str
    method: str = "GET"
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Prepared:
    """The service is ready; `operation` names the payment in all it will say of it."""

    operation: str
    redirect: Redirect


@dataclass(frozen=True)
class Verified:
    """What the service says of an operation, in an answer that the library has verified.

    `cents` and `reference` are what it says was paid, None when it says nothing of them;
    `facts` is worth keeping and holds nothing of a card.
    """

    operation: str
    news: News
    cents: int | None = None
    reference: str | None = None
    test: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """An operation that something unsigned names: the service must be asked about it."""

    operation: str


class UnreachableError(Exception):
    """The service did not answer, or not in its protocol: later, perhaps."""


class RefusedOrderError(Exception):
    """The service, or the library, does not take this order: asking again will not help."""

    def __init__(self, code: str) -> None:
        """Keep the code of the service, short and without personal data."""
        super().__init__(code)
        self.code = code


class NotVerifiedError(Exception):
    """It does not come from the service, or cannot be read."""


class Provider(Protocol):
    """An online payment service. Its methods are slow (network): call them in a thread."""

    name: str

    def prepare(self, order: Order) -> Prepared:
        """Announce a payment.

        Raises:
            UnreachableError: nothing is known of it there, as far as anybody can tell.
            RefusedOrderError: it is not taken.
        """
        ...

    def interpret(self, query: str, *, notified: bool) -> Named | Verified:
        """What somebody brought, as a query string: at least whose operation it is about.

        Args:
            query: from the address or the body of the request.
            notified: by the service itself, not by way of a browser.

        Raises:
            NotVerifiedError: it names nothing, or does not come from the service.
        """
        ...

    def ask(self, operation: str) -> Verified | None:
        """What the service says now; None when it cannot be asked, only listened to.

        Raises:
            UnreachableError: it did not answer.
        """
        ...
