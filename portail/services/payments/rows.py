"""The rows of an attempt, taken in the order that keeps two people from waiting for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.payment import Redirect
from portail.domain.payments import HOLDING, PaymentState, may_become, next_look
from portail.models import Family, Heard, Invoice, Payment, PaymentEvent, PaymentInvoice


def hold(session: Session, payment_id: int) -> Payment:
    """The attempt, once its family's row, then its invoices' by id, then its own are held.

    Raises:
        NoResultFound: there is no such attempt.
    """
    family_id = session.exec(select(Payment.family_id).where(Payment.id == payment_id)).one()
    session.exec(select(Family.id).where(Family.id == family_id).with_for_update()).one()
    hold_invoices(session, [line.invoice_id for line in lines_of(session, payment_id)])
    return session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)


def hold_invoices(session: Session, invoice_ids: list[int]) -> list[Invoice]:
    """These invoices, by id, held until the transaction ends."""
    query = select(Invoice).where(col(Invoice.id).in_(invoice_ids)).order_by(col(Invoice.id))
    return list(session.exec(query.with_for_update().execution_options(populate_existing=True)))


def lines_of(session: Session, payment_id: int) -> list[PaymentInvoice]:
    """The invoices an attempt covers, by id."""
    return list(
        session.exec(
            select(PaymentInvoice)
            .where(PaymentInvoice.payment_id == payment_id)
            .order_by(col(PaymentInvoice.invoice_id))
            .execution_options(populate_existing=True)
        )
    )


def move(session: Session, payment: Payment, state: PaymentState) -> None:
    """Give a held attempt its next state; what no longer holds its invoices lets them go.

    Raises:
        ValueError: the table has no such move: a fault of the caller's.
    """
    if not may_become(payment.state, state):
        raise ValueError(f"A payment does not pass from {payment.state} to {state}")
    now = clock.now()
    payment.state = state
    payment.look_at = next_look(state, payment.created_at, now)
    if state is PaymentState.SENT:
        payment.sent_at = now
    else:
        payment.settled_at = now
        payment.redirect = None
    if state not in HOLDING:
        for line in lines_of(session, payment.id or 0):
            line.live = False
            session.add(line)
    session.add(payment)
    session.flush()


def write_down(
    session: Session,
    payment: Payment,
    heard: Heard,
    facts: Mapping[str, Any],
    agent_id: int | None = None,
) -> None:
    """Add a line to an attempt's history."""
    session.add(
        PaymentEvent(
            payment_id=payment.id or 0,
            at=clock.now(),
            heard=heard,
            state=payment.state,
            facts=dict(facts),
            agent_id=agent_id,
        )
    )


def kept(redirect: Redirect) -> dict[str, Any]:
    """A redirection as its column keeps it."""
    return asdict(redirect)


def given_back(value: Mapping[str, Any]) -> Redirect:
    """The redirection that a column keeps."""
    fields = tuple((str(name), str(text)) for name, text in value["fields"])
    return Redirect(str(value["url"]), str(value["method"]), fields)
