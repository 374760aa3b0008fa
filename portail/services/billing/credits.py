"""Credit notes («avoirs») that agents make: an issued invoice is never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portail import clock
from portail.database import writing
from portail.domain.billing.books import InvoiceKind
from portail.domain.billing.charges import NOTHING_BOOKED
from portail.domain.billing.drafts import Debtor, Draft, FeeItem, Item, Line, UnitItem
from portail.domain.billing.usage import How
from portail.domain.identity import Actor
from portail.domain.payments import OPEN
from portail.models import (
    BilledFee,
    BilledReservation,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentInvoice,
)
from portail.services.audit import log_action
from portail.services.billing import notices
from portail.services.billing.accounts import hold
from portail.services.billing.issuing import Issued, Terms, issue
from portail.services.billing.runs import check
from portail.services.reach import NotFound


@dataclass(frozen=True)
class Credited:
    """The credit note that was made."""

    id: int
    number: str
    cents: int


@dataclass(frozen=True)
class TooMuch:
    """More than what is left to credit on this invoice."""

    left_cents: int


@dataclass(frozen=True)
class BeingPaid:
    """Somebody is paying it online: what is asked at the bank must not change meanwhile."""


CreditOutcome = Credited | TooMuch | BeingPaid


def credit(actor: Actor, invoice_id: int, label: str, cents: int, reason: str) -> CreditOutcome:
    """Give back some cents of an invoice; `label` is what the family reads.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such invoice.
        ValueError: nothing is given back.
    """
    check(actor)
    if cents <= 0:
        raise ValueError("A credit note has an amount")
    with writing() as session:
        invoice = _hold(session, invoice_id)
        left = invoice.total_cents - _credited(session, invoice_id)
        if cents > left:
            return TooMuch(left)
        return _make(session, actor, invoice, [Line(label[:200], 1, cents)], reason)


def cancel(
    actor: Actor, invoice_id: int, reason: str, *, bill_again: bool = False
) -> CreditOutcome:
    """Give back the whole of an invoice on which nothing was given back yet.

    Args:
        actor: an agent of the régie.
        invoice_id: the invoice.
        reason: read by the family.
        bill_again: the reservations on it are billed by the next run as if they had not been;
            lines that agents wrote are not.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such invoice.
    """
    check(actor)
    with writing() as session:
        invoice = _hold(session, invoice_id)
        if credited := _credited(session, invoice_id):
            return TooMuch(invoice.total_cents - credited)
        rows = session.exec(
            select(InvoiceLine)
            .where(InvoiceLine.invoice_id == invoice_id)
            .order_by(col(InvoiceLine.position))
        ).all()
        given_back = _GivenBack(session, bill_again=bill_again)
        lines = [given_back.line(row) for row in rows]
        return _make(session, actor, invoice, lines, reason)


def _hold(session: Session, invoice_id: int) -> Invoice:
    """An invoice, its family's row held."""
    found = session.exec(
        select(Invoice).where(Invoice.id == invoice_id, Invoice.kind == InvoiceKind.INVOICE)
    ).first()
    if found is None:
        raise NotFound
    hold(session, found.family_id)
    return found


def _credited(session: Session, invoice_id: int) -> int:
    total = func.coalesce(func.sum(Invoice.total_cents), 0)
    query = select(total).where(Invoice.credits_invoice_id == invoice_id)
    return int(session.exec(query).one())


def _make(
    session: Session, actor: Actor, invoice: Invoice, lines: Sequence[Line], reason: str
) -> CreditOutcome:
    being_paid = (
        select(Payment.id)
        .join(PaymentInvoice, col(PaymentInvoice.payment_id) == col(Payment.id))
        .where(
            PaymentInvoice.invoice_id == invoice.id,
            col(PaymentInvoice.live),
            col(Payment.state).in_(OPEN),
        )
    )
    if session.exec(being_paid).first() is not None:
        return BeingPaid()
    today = clock.today()
    note = Draft(
        Debtor(invoice.family_id, invoice.debtor_name, invoice.debtor_address),
        invoice.period_on,
        tuple(lines),
        InvoiceKind.CREDIT_NOTE,
        invoice.regie,
        credits=invoice.id,
        reason=reason[:300],
    )
    made: list[Issued] = issue(session, [note], Terms(today, today, agent_id=actor.agent_id))
    notices.issued(session, made)
    log_action(
        session, "invoice_credited", agent_id=actor.agent_id, subject=f"invoice {invoice.id}"
    )
    return Credited(made[0].id, made[0].number, note.total_cents)


class _GivenBack:
    """The opposite of the lines of an invoice, with what is on them."""

    def __init__(self, session: Session, *, bill_again: bool) -> None:
        self.session, self.bill_again = session, bill_again
        self.last: dict[tuple[object, ...], int] = {}  # what was billed of each thing so far

    def line(self, row: InvoiceLine) -> Line:
        items: list[Item] = [*self._units(row.id or 0), *self._fees(row.id or 0)]
        return Line(
            row.label,
            row.quantity,
            row.unit_cents,
            row.child_id,
            row.child_name,
            row.activity,
            row.childcare,
            row.first_on,
            row.last_on,
            tuple(items),
        )

    def _units(self, line_id: int) -> Iterator[UnitItem]:
        on_it = select(BilledReservation).where(BilledReservation.line_id == line_id)
        for unit in self.session.exec(on_it).all():
            of = BilledReservation.reservation_id == unit.reservation_id
            last = select(func.max(BilledReservation.seq)).where(of)
            how = How.NOTHING if self.bill_again else unit.how
            seq = self._next((unit.reservation_id,), last)
            yield UnitItem(unit.reservation_id, seq, unit.part, how, unit.cents)

    def _fees(self, line_id: int) -> Iterator[FeeItem]:
        for fee in self.session.exec(select(BilledFee).where(BilledFee.line_id == line_id)).all():
            key = (fee.child_id, fee.family_id, fee.slot_id, fee.first_on)
            last = select(func.max(BilledFee.seq)).where(
                BilledFee.child_id == fee.child_id,
                BilledFee.family_id == fee.family_id,
                BilledFee.slot_id == fee.slot_id,
                BilledFee.first_on == fee.first_on,
            )
            units = NOTHING_BOOKED if self.bill_again else fee.units
            seq = self._next(key, last)
            yield FeeItem(fee.child_id, fee.slot_id, fee.first_on, seq, units, fee.cents)

    def _next(self, key: tuple[object, ...], last: SelectOfScalar[int]) -> int:
        if key not in self.last:
            self.last[key] = self.session.exec(last).one() or 0
        self.last[key] += 1
        return self.last[key]
