"""What the bank's service says becomes of an attempt is written down, once, under its rows."""

from __future__ import annotations

import structlog
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.payment import Verified
from portail.database import writing
from portail.domain.payments import (
    MAY_CHANGE,
    OPEN,
    PaymentState,
    Problem,
    after_news,
    next_look,
)
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import Account, Heard, Invoice, Payment, PaymentInvoice
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.billing import ledger
from portail.services.payments import receipts
from portail.services.payments.rows import hold, lines_of, move, write_down
from portail.settings import settings
from portail.texts.french import euros, listed

log = structlog.get_logger(__name__)


def settle(payment_id: int, heard: Heard, said: Verified) -> PaymentState:
    """Apply news of an attempt: as often as they come, in any order, at once or hours later."""
    with writing() as session:
        row = hold(session, payment_id)
        now = clock.now()
        before = row.state
        if before not in MAY_CHANGE:
            return before  # it was heard already, by another way
        target = after_news(before, said.news, now - row.created_at)
        if target is PaymentState.PAID and (problem := _problem(session, row, said)) is not None:
            target, row.problem = PaymentState.MISMATCH, problem
        if target is None:
            row.look_at = next_look(before, row.created_at, now)
        else:
            _became(session, row, target)
        if target is not None or heard is not Heard.ASKED:
            facts = {**said.facts, "resultat": said.news.value, "paye": said.cents}
            write_down(session, row, heard, facts)
        return row.state


def expire_unsent(payment_id: int) -> PaymentState:
    """Give up an attempt that was never brought to the bank."""
    with writing() as session:
        row = hold(session, payment_id)
        if row.state is PaymentState.CREATED:
            move(session, row, PaymentState.EXPIRED)
            write_down(session, row, Heard.ASKED, {})
        return row.state


def _problem(session: Session, row: Payment, said: Verified) -> Problem | None:
    """Why what was paid cannot be applied as it was asked."""
    if said.test and not settings().demo:
        return Problem.TEST
    if said.cents != row.amount_cents:
        return Problem.AMOUNT
    if said.reference != row.reference:
        return Problem.REFERENCE
    lines = lines_of(session, row.id or 0)
    due = ledger.remaining(session, [line.invoice_id for line in lines])
    if any(due[line.invoice_id] < line.cents for line in lines):
        return Problem.SETTLED
    others = session.exec(
        select(PaymentInvoice.payment_id).where(
            col(PaymentInvoice.invoice_id).in_(due),
            col(PaymentInvoice.live),
            PaymentInvoice.payment_id != row.id,
        )
    ).first()
    return Problem.SETTLED if others is not None else None


def _became(session: Session, row: Payment, target: PaymentState) -> None:
    late = row.state not in OPEN
    move(session, row, target)
    if target is PaymentState.PAID:
        _apply(session, row, late=late)
    elif target is PaymentState.MISMATCH:
        log.warning("payment_to_check", payment=row.id, problem=row.problem)
        _acknowledge(session, row, ProcedureState.REQUESTED)
    log_action(session, f"payment_{target}", account_id=row.account_id, subject=f"payment {row.id}")


def _apply(session: Session, row: Payment, *, late: bool) -> None:
    lines = lines_of(session, row.id or 0)
    if late:  # they had been let go
        for line in lines:
            line.live = True
            session.add(line)
        session.flush()
    ledger.record_payment(
        session,
        row.id or 0,
        clock.today(),
        [(line.invoice_id, line.cents) for line in lines],
        f"Paiement en ligne {row.reference}",
    )
    _acknowledge(session, row, ProcedureState.DONE)


def _acknowledge(session: Session, row: Payment, state: ProcedureState) -> None:
    """«Suivi de mes démarches», and the receipt by mail (CRPA L112-11)."""
    numbers = session.exec(
        select(Invoice.number)
        .join(PaymentInvoice, col(PaymentInvoice.invoice_id) == col(Invoice.id))
        .where(PaymentInvoice.payment_id == row.id)
        .order_by(col(Invoice.number))
    ).all()
    word = "facture" if len(numbers) == 1 else "factures"
    title = f"Paiement de {euros(row.amount_cents)} ({word} {listed(numbers)})"
    procedure = procedures.open_procedure(
        session, None, ProcedureKind.PAYMENT, title, family_id=row.family_id, state=state
    )
    procedure.account_id = row.account_id
    row.procedure_id = procedure.id
    session.add_all([procedure, row])
    session.flush()
    account = session.get(Account, row.account_id) if row.account_id else None
    if account is not None:
        receipts.received(session, account, row, procedure, numbers)
