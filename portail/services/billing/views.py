"""What the screens of invoices ask: what is due, what keeps it from being paid, how many there are.

Each is one statement made once, of bare columns, limited to the families of the actor's own
subscriptions: the page is opened by everybody in the same days of the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, text
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from portail.adapters import payment as online
from portail.database import ask, reading
from portail.domain.billing.books import InvoiceKind
from portail.domain.identity import Actor
from portail.domain.payments import OPEN, PaymentState, over_at
from portail.models import Family, Invoice, Payment, PaymentInvoice, Subscription
from portail.services.billing import ledger


@dataclass(frozen=True)
class Holding:
    """The attempt that keeps an invoice from being paid; `until` unset: an agent looks at it."""

    payment_id: int
    own: bool
    until: datetime | None


@dataclass(frozen=True)
class DueLine:
    """An invoice on which something is due; `period_on` is the first day of its month."""

    id: int
    family_id: int
    number: str
    period_on: date
    due_on: date
    total_cents: int
    due_cents: int
    pdf_bytes: int | None
    holding: Holding | None


@dataclass(frozen=True)
class DueFile:
    """The invoices due of a family file to one of the town's régies: what one payment may cover."""

    family_id: int
    family_number: int
    family_name: str
    regie: str
    lines: tuple[DueLine, ...]


@dataclass(frozen=True)
class Due:
    """All that is due; `online`: this town takes payments online."""

    files: tuple[DueFile, ...]
    online: bool

    @property
    def lines(self) -> tuple[DueLine, ...]:
        """Those of all files, the first due first."""
        lines = (line for file in self.files for line in file.lines)
        return tuple(sorted(lines, key=lambda line: (line.due_on, line.id)))


def due(actor: Actor) -> Due:
    """What the actor's families have to pay, the first due first.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account = actor.account()
    with reading() as session:
        rows = ask(session, _due(), {"account": account}).all()
    files: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        files.setdefault((row.family_id, row.regie), []).append(row)
    return Due(
        tuple(_file(account, group) for group in files.values()), online.current() is not None
    )


def count_due(actor: Actor) -> int:
    """How many invoices wait to be paid.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        return read_count(session, actor.account())


def read_count(session: Session, account_id: int) -> int:
    """The same of an account, within the caller's session."""
    return int(ask(session, _count(), {"account": account_id}).scalar_one())


def _file(account: int, rows: Sequence[Any]) -> DueFile:
    first = rows[0]
    return DueFile(
        first.family_id,
        first.family_number,
        first.family_name,
        first.regie,
        tuple(_line(account, row) for row in rows),
    )


def _line(account: int, row: Any) -> DueLine:
    return DueLine(
        row.id,
        row.family_id,
        row.number,
        row.period_on,
        row.due_on,
        row.total_cents,
        row.due_cents,
        row.pdf_bytes,
        _holding(account, row),
    )


def _holding(account: int, row: Any) -> Holding | None:
    if row.payment_id is None:
        return None
    state: PaymentState = row.state
    until = over_at(state, row.created_at) if state in OPEN else None
    return Holding(row.payment_id, row.account_id == account, until)


# the words of the index, so that it is used: a parameter would not be
_LIVE = text("payment_invoice.live")


def _waiting(*columns: Any) -> Select[Any]:
    """The invoices of an account's families that are not covered."""
    invoices = and_(
        col(Invoice.family_id) == col(Subscription.family_id),
        col(Invoice.kind) == InvoiceKind.INVOICE,
    )
    return (
        sql_select(*columns)
        .select_from(Subscription)
        .join(Invoice, invoices)
        .where(
            col(Subscription.account_id) == bindparam("account"),
            ledger.is_due(),
        )
    )


@lru_cache(maxsize=1)
def _due() -> Select[Any]:
    return (
        _waiting(
            col(Invoice.id),
            col(Invoice.family_id),
            col(Family.number).label("family_number"),
            col(Family.name).label("family_name"),
            col(Invoice.regie),
            col(Invoice.number),
            col(Invoice.period_on),
            col(Invoice.due_on),
            col(Invoice.total_cents),
            col(Invoice.pdf_bytes),
            ledger.still_due().label("due_cents"),
            col(Payment.id).label("payment_id"),
            col(Payment.account_id),
            col(Payment.state),
            col(Payment.created_at),
        )
        .join(Family, col(Family.id) == col(Invoice.family_id))
        .outerjoin(PaymentInvoice, and_(col(PaymentInvoice.invoice_id) == col(Invoice.id), _LIVE))
        .outerjoin(Payment, col(Payment.id) == col(PaymentInvoice.payment_id))
        .order_by(col(Family.number), col(Invoice.regie), col(Invoice.due_on), col(Invoice.id))
    )


@lru_cache(maxsize=1)
def _count() -> Select[Any]:
    return _waiting(func.count())
