"""Payments that are not what was asked: agents of the régie see them, and say when they are done.

Money was taken: what becomes of it (kept on the statement, given back) is written in the books by
other ways; until then the invoices cannot be paid again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.payments import PaymentState, Problem
from portail.domain.procedures import ProcedureState
from portail.models import Family, Heard, Payment, PaymentEvent, Procedure
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.family_file import acknowledgements
from portail.services.payments.rows import hold, move, write_down


@dataclass(frozen=True)
class Flagged:
    """A payment to look at; `paid_cents` is what the bank says it took."""

    id: int
    family_number: int
    family_name: str
    reference: str
    cents: int
    paid_cents: int | None
    problem: Problem
    at: datetime


def flagged(actor: Actor) -> tuple[Flagged, ...]:
    """The payments that wait for an agent, oldest first.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    _check(actor)
    with reading() as session:
        query = (
            select(Payment, Family)
            .join(Family, col(Family.id) == col(Payment.family_id))
            .where(Payment.state == PaymentState.MISMATCH)
            .order_by(col(Payment.settled_at), col(Payment.id))
        )
        return tuple(_flagged(session, row, family) for row, family in session.exec(query).all())


def clear(actor: Actor, payment_id: int, note: str) -> bool:
    """Say that a payment has been dealt with; its invoices can be paid again if they are due.

    Returns whether it was waiting. `note` is what was done, read by the family.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    _check(actor)
    with writing() as session:
        known = session.exec(select(Payment.id).where(Payment.id == payment_id)).first()
        row = hold(session, payment_id) if known is not None else None
        if row is None or row.state is not PaymentState.MISMATCH:
            return False
        settled_at = row.settled_at
        move(session, row, PaymentState.CLEARED)
        row.settled_at = settled_at  # when it was paid
        session.add(row)
        write_down(session, row, Heard.CLEARED, {"note": note[:500]}, agent_id=actor.agent_id)
        procedure = (
            session.get(Procedure, row.procedure_id, with_for_update=True, populate_existing=True)
            if row.procedure_id
            else None
        )
        if procedure is not None:
            procedures.move(session, actor, procedure, ProcedureState.VALIDATED, note)
            acknowledgements.answered(session, procedure, note)
        subject = f"payment {payment_id}"
        log_action(session, "payment_cleared", agent_id=actor.agent_id, subject=subject)
        return True


def _check(actor: Actor) -> None:
    if not actor.is_agent or Role.REGIE not in actor.roles:
        raise Forbidden


def _flagged(session: Session, row: Payment, family: Family) -> Flagged:
    events = session.exec(
        select(PaymentEvent.facts)
        .where(PaymentEvent.payment_id == row.id, PaymentEvent.state == PaymentState.MISMATCH)
        .order_by(col(PaymentEvent.id))
    ).first()
    paid = (events or {}).get("paye")
    return Flagged(
        row.id or 0,
        family.number,
        family.name,
        row.reference,
        row.amount_cents,
        paid if isinstance(paid, int) else None,
        Problem(row.problem or Problem.AMOUNT),
        row.settled_at or row.created_at,
    )
