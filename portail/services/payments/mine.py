"""The attempts of a parent's families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.payment import Redirect
from portail.database import reading
from portail.domain.identity import Actor
from portail.domain.payments import OPEN, PAGE_RESUMED, PaymentState
from portail.models import Invoice, Payment, PaymentInvoice
from portail.services.payments.rows import given_back
from portail.services.payments.views import PaidInvoice, PaymentView
from portail.services.reach import NotFound, my_family_ids

LIMIT = 100


def mine(actor: Actor, limit: int = LIMIT) -> tuple[PaymentView, ...]:
    """The last attempts of the actor's families, newest first, `limit` at most."""
    with reading() as session:
        query = (
            select(Payment)
            .where(col(Payment.family_id).in_(my_family_ids(actor)))
            .order_by(col(Payment.created_at).desc(), col(Payment.id).desc())
            .limit(limit)
        )
        return _views(session, actor, list(session.exec(query)))


def payments_of(session: Session, account_id: int) -> tuple[PaymentView, ...]:
    """All the attempts that an account began, oldest first, for the export of its data."""
    query = select(Payment).where(Payment.account_id == account_id).order_by(col(Payment.id))
    return _views(session, Actor(0, account_id=account_id), list(session.exec(query)))


def payment(actor: Actor, payment_id: int) -> PaymentView:
    """One of them, whoever of the family began it.

    Raises:
        NotFound: not of the actor's families.
    """
    with reading() as session:
        return _views(session, actor, [_own(session, actor, payment_id)])[0]


def of_procedure(actor: Actor, procedure_id: int) -> int | None:
    """The id of the attempt that a procedure acknowledges, of the actor's families."""
    with reading() as session:
        query = select(Payment.id).where(
            Payment.procedure_id == procedure_id, col(Payment.family_id).in_(my_family_ids(actor))
        )
        return session.exec(query).first()


def ended(payment_ids: Collection[int]) -> set[int]:
    """Those of these attempts that are not open any more; it says nothing else of them."""
    with reading() as session:
        query = select(Payment.id).where(
            col(Payment.id).in_(payment_ids), col(Payment.state).not_in(OPEN)
        )
        return {one for one in session.exec(query) if one is not None}


def redirect(actor: Actor, payment_id: int) -> Redirect | None:
    """Where the actor's own attempt is paid; None once its page cannot be used.

    Raises:
        NotFound: not of the actor's families, or begun by another parent.
    """
    with reading() as session:
        row = _own(session, actor, payment_id)
    if row.account_id != actor.account_id:
        raise NotFound
    usable = row.redirect is not None and clock.now() - row.created_at < PAGE_RESUMED
    return given_back(row.redirect) if usable and row.redirect is not None else None


def _own(session: Session, actor: Actor, payment_id: int) -> Payment:
    row = session.exec(
        select(Payment).where(
            Payment.id == payment_id, col(Payment.family_id).in_(my_family_ids(actor))
        )
    ).first()
    if row is None:
        raise NotFound
    return row


def _views(session: Session, actor: Actor, rows: list[Payment]) -> tuple[PaymentView, ...]:
    covered: dict[int, list[PaidInvoice]] = defaultdict(list)
    query = (
        select(PaymentInvoice, Invoice.number)
        .join(Invoice, col(Invoice.id) == col(PaymentInvoice.invoice_id))
        .where(col(PaymentInvoice.payment_id).in_([row.id for row in rows]))
        .order_by(col(Invoice.number))
    )
    for line, number in session.exec(query):
        covered[line.payment_id].append(PaidInvoice(line.invoice_id, number, line.cents))
    return tuple(
        PaymentView(
            id=row.id or 0,
            family_id=row.family_id,
            reference=row.reference,
            cents=row.amount_cents,
            state=row.state,
            problem=row.problem,
            own=row.account_id == actor.account_id,
            created_at=row.created_at,
            settled_at=row.settled_at,
            resumable_until=(
                row.created_at + PAGE_RESUMED if row.state is PaymentState.SENT else None
            ),
            procedure_id=row.procedure_id,
            invoices=tuple(covered[row.id or 0]),
        )
        for row in rows
    )
