"""The portal asks about attempts by itself: notifications get lost, browsers are closed."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlmodel import Session, col, select, update

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import UnreachableError, Verified
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.payments import CREATED_LIVES, OPEN, News, PaymentState
from portail.models import Heard, Payment
from portail.services.payments.mine import payment
from portail.services.payments.settling import expire_unsent, settle
from portail.services.payments.views import PaymentView

log = structlog.get_logger(__name__)
# whoever takes an attempt to ask about it has this long; then another does
LEASE = timedelta(minutes=5)
AGAIN = timedelta(minutes=1)


def follow_open(limit: int = 200) -> int:
    """Ask about the attempts whose moment has come, `limit` at most. Slow: in a thread.

    Each is taken by one process only; a service that does not answer is left alone until the next
    round. Returns how many were asked about.
    """
    asked = 0
    while asked < limit and (taken := _take()) is not None:
        asked += 1
        if not look(taken):
            break
    return asked


def refresh(actor: Actor, payment_id: int) -> PaymentView:
    """The attempt, asked about first while it is open: for the page one comes back to.

    Slow (network): call it in a thread.

    Raises:
        NotFound: not of the actor's families.
    """
    if payment(actor, payment_id).state in OPEN:
        look(payment_id)
    return payment(actor, payment_id)


def look(payment_id: int) -> bool:
    """Ask the service what became of an attempt, and write it down; False: it did not answer."""
    with reading() as session:
        row = session.get_one(Payment, payment_id)
    if row.state is PaymentState.CREATED:
        if clock.now() - row.created_at >= CREATED_LIVES:
            expire_unsent(payment_id)
        return True
    said = _asked(row)
    if said is None:
        with writing() as session:
            _later(session, payment_id)
        return False
    settle(payment_id, Heard.ASKED, said)
    return True


def _asked(row: Payment) -> Verified | None:
    """What the service says; None: it did not answer, and nothing may be concluded from that."""
    provider, operation = online.current(), row.operation or ""
    if provider is None or provider.name != row.provider:
        # the town has another bank now: nobody can be asked, time alone decides
        return Verified(operation, News.PENDING)
    try:
        return provider.ask(operation) or Verified(operation, News.PENDING)
    except UnreachableError as error:
        log.warning("payment_unanswered", payment=row.id, reason=str(error))
        return None


def _take() -> int | None:
    due = (
        select(col(Payment.id))
        .where(col(Payment.look_at) <= clock.now())
        .order_by(col(Payment.look_at), col(Payment.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claim = (
        update(Payment)
        .where(col(Payment.id).in_(select(due.c.id)))
        .values(look_at=clock.now() + LEASE)
        .returning(col(Payment.id))
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        return session.scalars(claim).first()


def _later(session: Session, payment_id: int) -> None:
    session.exec(
        update(Payment)
        .where(col(Payment.id) == payment_id, col(Payment.look_at).is_not(None))
        .values(look_at=clock.now() + AGAIN)
    )
