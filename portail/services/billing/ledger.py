"""The statement of account («relevé de compte»): debits and credits, never changed; sums of them.

Whoever writes here holds the family's row. An invoice is paid for by the credits that name it and
by the part given to it of credits that name none (`CreditUse`), such as a credit note on an
invoice that was paid already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, func, select

from portail import clock
from portail.domain.billing.books import EntryKind, share_out
from portail.domain.payments import PaymentState
from portail.models import CreditUse, Invoice, LedgerEntry, Payment, PaymentInvoice


def remaining(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """What is still due on each of these invoices, in cents; nothing on a credit note."""
    found = session.exec(
        select(Invoice.id, still_due()).where(col(Invoice.id).in_(invoice_ids))
    ).all()
    return {ident or 0: cents for ident, cents in found}


def is_due() -> ColumnElement[bool]:
    """A condition on `Invoice`: something is still due on it."""
    return still_due() > 0


def balance(session: Session, family_id: int) -> int:
    """What the family owes in all, in cents; negative: what the town owes it."""
    owed = func.sum(col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents))
    found = session.exec(select(owed).where(LedgerEntry.family_id == family_id)).one()
    return int(found or 0)


def statement(
    session: Session, family_ids: Collection[int], *, since: date | None = None
) -> list[LedgerEntry]:
    """The entries of these families, oldest first, from a day on."""
    query = select(LedgerEntry).where(col(LedgerEntry.family_id).in_(family_ids))
    if since is not None:
        query = query.where(LedgerEntry.entry_on >= since)
    return list(session.exec(query.order_by(col(LedgerEntry.entry_on), col(LedgerEntry.id))))


def record_payment(
    session: Session,
    payment_id: int | None,
    on: date,
    lines: Sequence[tuple[int, int]],
    label: str,
    *,
    agent_id: int | None = None,
) -> None:
    """Write down that a payment covers these invoices, each for so many cents.

    The caller holds the invoices, and has seen that no more is paid than is due. No `payment_id`:
    it was received otherwise than online, by the agent.
    """
    query = select(Invoice).where(col(Invoice.id).in_([invoice_id for invoice_id, _ in lines]))
    invoices = {row.id: row for row in session.exec(query)}
    for invoice_id, cents in lines:
        session.add(
            LedgerEntry(
                family_id=invoices[invoice_id].family_id,
                regie=invoices[invoice_id].regie,
                entry_on=on,
                kind=EntryKind.PAYMENT,
                credit_cents=cents,
                label=label,
                invoice_id=invoice_id,
                payment_id=payment_id,
                recorded_at=clock.now(),
                agent_id=agent_id,
            )
        )
    session.flush()


def use_credits(session: Session, accounts: Collection[tuple[int, str]]) -> None:
    """Give what is at a family's disposal in a régie to what it owes there, the oldest first.

    That is debits without an invoice (what it owed before the portal), then invoices, the first due
    first. Those that somebody is paying are left out: what is asked at the bank must not change.
    The caller holds the families' rows.
    """
    free = free_credits(session, {family_id for family_id, _ in accounts})
    for family_id, regie in sorted(free.keys() & set(accounts)):
        debits = _open_debits(session, family_id, regie)
        invoices = settleable_of(session, family_id, regie)
        for credit_id, cents in free[family_id, regie]:
            left = cents
            for debit_id, part in share_out(left, debits.items()):
                debits[debit_id] -= part
                left -= part
                _use(session, credit_id, part, debit_id=debit_id)
            for invoice_id, part in share_out(left, invoices.items()):
                invoices[invoice_id] -= part
                _use(session, credit_id, part, invoice_id=invoice_id)
    session.flush()


def spend(session: Session, debit: LedgerEntry) -> bool:
    """Take a debit, such as a refund, from the credits at the family's disposal; False: too few.

    The caller holds the family's row.
    """
    account = (debit.family_id, debit.regie)
    free = free_credits(session, {debit.family_id}).get(account, [])
    if sum(cents for _, cents in free) < debit.debit_cents:
        return False
    session.add(debit)
    session.flush()
    for credit_id, part in share_out(debit.debit_cents, free):
        _use(session, credit_id, part, debit_id=debit.id)
    session.flush()
    return True


def _use(
    session: Session,
    credit_id: int,
    cents: int,
    *,
    invoice_id: int | None = None,
    debit_id: int | None = None,
) -> None:
    session.add(
        CreditUse(
            credit_id=credit_id,
            invoice_id=invoice_id,
            debit_id=debit_id,
            cents=cents,
            used_at=clock.now(),
        )
    )


def free_credits(
    session: Session, family_ids: Collection[int]
) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """The credits at the disposal of families, by régie, oldest first: entry and cents left."""
    left = col(LedgerEntry.credit_cents) - _used(CreditUse.credit_id == LedgerEntry.id)
    rows = session.exec(
        select(LedgerEntry.family_id, LedgerEntry.regie, LedgerEntry.id, left)
        .where(
            col(LedgerEntry.family_id).in_(family_ids),
            LedgerEntry.credit_cents > 0,
            col(LedgerEntry.invoice_id).is_(None),
            left > 0,
        )
        .order_by(col(LedgerEntry.entry_on), col(LedgerEntry.id))
    ).all()
    found: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for family_id, regie, ident, cents in rows:
        found[family_id, regie].append((ident or 0, int(cents)))
    return found


def settleable(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """What is due on those of these invoices that are due and that nobody is paying online."""
    return _due(session, col(Invoice.id).in_(invoice_ids))


def _open_debits(session: Session, family_id: int, regie: str) -> dict[int, int]:
    """What is left of the debits that no invoice stands for, oldest first."""
    left = col(LedgerEntry.debit_cents) - _used(CreditUse.debit_id == LedgerEntry.id)
    rows = session.exec(
        select(LedgerEntry.id, left)
        .where(
            LedgerEntry.family_id == family_id,
            LedgerEntry.regie == regie,
            LedgerEntry.debit_cents > 0,
            col(LedgerEntry.invoice_id).is_(None),
            left > 0,
        )
        .order_by(col(LedgerEntry.entry_on), col(LedgerEntry.id))
    ).all()
    return {ident or 0: int(cents) for ident, cents in rows}


def settleable_of(session: Session, family_id: int, regie: str) -> dict[int, int]:
    """The same of a family's invoices in a régie, the first due first."""
    return _due(session, Invoice.family_id == family_id, Invoice.regie == regie)


def _due(session: Session, *which: ColumnElement[bool] | bool) -> dict[int, int]:
    being_paid = exists().where(
        col(PaymentInvoice.invoice_id) == col(Invoice.id),
        col(PaymentInvoice.live),
        col(Payment.id) == col(PaymentInvoice.payment_id),
        col(Payment.state) != PaymentState.PAID,
    )
    due = session.exec(
        select(Invoice.id, still_due())
        .where(*which, is_due(), ~being_paid)
        .order_by(col(Invoice.due_on), col(Invoice.id))
    ).all()
    return {ident or 0: int(cents) for ident, cents in due}


def still_due() -> ColumnElement[int]:
    """Of an `Invoice`: its debit, less what was paid for it. An invoice of ours is never below."""
    booked = (
        select(
            func.coalesce(func.sum(col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents)), 0)
        )
        .where(LedgerEntry.invoice_id == Invoice.id)
        .correlate(Invoice)
        .scalar_subquery()
    )
    return booked - _used(CreditUse.invoice_id == Invoice.id)


def _used(what: ColumnElement[bool] | bool) -> ColumnElement[int]:
    """How much of the credits was used so."""
    return (
        select(func.coalesce(func.sum(CreditUse.cents), 0))
        .where(what)
        .correlate(Invoice, LedgerEntry)
        .scalar_subquery()
    )
