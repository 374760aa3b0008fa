"""News that come in from outside: a notification of the bank's service, a browser that returns.

Neither is believed. A name leads to a question to the service; a signed message is verified by the
library. Strangers who name what does not exist are counted, then no longer listened to.
"""

from __future__ import annotations

from enum import StrEnum

import structlog
from sqlmodel import Session, select

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import Named, NotVerifiedError, Provider, UnreachableError, Verified
from portail.database import reading, writing
from portail.domain.payments import MAY_CHANGE
from portail.domain.throttling import PAYMENT_STRANGER
from portail.models import Heard, Payment
from portail.services import throttles
from portail.services.payments.settling import settle

log = structlog.get_logger(__name__)


class Notice(StrEnum):
    """What became of a notification."""

    HEARD = "heard"
    UNKNOWN = "unknown"  # it names nothing of ours, or is not the service's
    THROTTLED = "throttled"
    UNANSWERED = "unanswered"  # the service, asked about it, does not answer


def notified(query: str, *, address: str) -> Notice:
    """Hear a notification. Slow (network): call it in a thread.

    Args:
        query: as it came, in the address or in the body.
        address: network address of whoever calls.
    """
    provider = online.current()
    if provider is None:
        return _stranger(address)
    try:
        heard = provider.interpret(query, notified=True)
    except NotVerifiedError:
        return _stranger(address)
    with reading() as session:
        row = _named(session, provider, heard.operation)
    if row is None:
        return _stranger(address)
    return _news(provider, row, Heard.NOTIFIED, heard)


def returned(reference: str, query: str, *, address: str) -> int | None:
    """A browser comes back from the bank's page; the id of its attempt, None: there is none.

    Whether somebody is signed in does not matter: nothing is said to the browser, and the page it
    is sent to looks at who is there. Slow (network): call it in a thread.
    """
    with reading() as session:
        row = session.exec(select(Payment).where(Payment.reference == reference)).first()
    if row is None:
        _stranger(address)
        return None
    provider = online.current()
    if provider is None or provider.name != row.provider or row.operation is None:
        return row.id
    heard: Named | Verified = Named(row.operation)
    try:
        said = provider.interpret(query, notified=False)
    except NotVerifiedError:
        said = heard
    if isinstance(said, Verified) and said.operation == row.operation:
        heard = said
    _news(provider, row, Heard.RETURNED, heard)
    return row.id


def _news(provider: Provider, row: Payment, way: Heard, heard: Named | Verified) -> Notice:
    if row.state not in MAY_CHANGE:
        return Notice.HEARD
    payment_id = row.id or 0
    if isinstance(heard, Verified):
        settle(payment_id, way, heard)
        return Notice.HEARD
    try:
        said = provider.ask(heard.operation)
    except UnreachableError as error:
        log.warning("payment_unanswered", payment=payment_id, reason=str(error))
        return Notice.UNANSWERED  # `follow_open` asks again
    if said is not None:
        settle(payment_id, way, said)
    return Notice.HEARD


def _named(session: Session, provider: Provider, operation: str) -> Payment | None:
    query = select(Payment).where(Payment.provider == provider.name, Payment.operation == operation)
    return session.exec(query).first()


def _stranger(address: str) -> Notice:
    with writing() as session:
        wait, _ = throttles.count_attempt(
            session, "payment/address", address, PAYMENT_STRANGER, clock.now()
        )
    return Notice.THROTTLED if wait else Notice.UNKNOWN
