"""A parent pays: the attempt is written, then the bank's service is told, then the parent is sent.

What is due comes from the books, never from the browser. Two clicks, two tabs or two parents meet
at the rows of the family and of its invoices; the database itself forbids a second open attempt.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import Order, Prepared, Provider, RefusedOrderError, UnreachableError
from portail.database import writing
from portail.domain.identity import Actor
from portail.domain.payments import (
    MAX_CENTS,
    MIN_CENTS,
    OPEN,
    PAGE_RESUMED,
    PaymentState,
    next_look,
    over_at,
    reference,
)
from portail.domain.throttling import PAYMENTS
from portail.models import Account, Heard, Invoice, Payment, PaymentInvoice
from portail.services import throttles
from portail.services.audit import log_action
from portail.services.billing import ledger
from portail.services.payments.following import look
from portail.services.payments.rows import (
    given_back,
    hold,
    hold_invoices,
    kept,
    lines_of,
    move,
    write_down,
)
from portail.services.payments.views import (
    AlreadyPaid,
    Closed,
    InProgress,
    SeveralFamilies,
    Started,
    StartOutcome,
    ToCheck,
    TooLarge,
    TooMany,
    TooSmall,
    Unavailable,
)
from portail.services.reach import NotFound, my_family, my_family_ids
from portail.settings import settings

log = structlog.get_logger(__name__)
NOTIFICATION = "/paiement/notification"
RETURN = "/paiement/retour"
MAX_INVOICES = 50
MAX_EMAIL = 80  # characters, for PayFiP
_TAIL = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class _Written:
    """A new attempt, and what the bank's service is to be told of it."""

    payment_id: int
    order: Order


def start(actor: Actor, invoice_ids: Collection[int]) -> StartOutcome:
    """«Payer» these invoices, of one family, for all that is due on them. Slow: in a thread.

    Raises:
        NotFound: no invoice, or one that is not of the actor's families.
        Forbidden: the actor is not a parent.
    """
    actor.account()
    provider = online.current()
    if provider is None:
        return Closed()
    wanted = sorted(set(invoice_ids))
    if not 0 < len(wanted) <= MAX_INVOICES:
        raise NotFound
    outcome = _write(actor, wanted, provider)
    if isinstance(outcome, InProgress):
        # its end may have been missed: a notification is easily lost
        look(outcome.payment_id)
        outcome = _write(actor, wanted, provider)
    return _announce(outcome, provider) if isinstance(outcome, _Written) else outcome


def _write(actor: Actor, wanted: list[int], provider: Provider) -> _Written | StartOutcome:
    try:
        return _try_to_write(actor, wanted, provider)
    except IntegrityError:
        # somebody wrote the same between our look and our write: the second look sees it
        return _try_to_write(actor, wanted, provider)


def _try_to_write(actor: Actor, wanted: list[int], provider: Provider) -> _Written | StartOutcome:
    with writing() as session:
        families = session.exec(
            select(Invoice.family_id).where(
                col(Invoice.id).in_(wanted), col(Invoice.family_id).in_(my_family_ids(actor))
            )
        ).all()
        if len(families) != len(wanted):
            raise NotFound
        if len(set(families)) > 1:
            return SeveralFamilies()
        family = my_family(session, actor, families[0], lock=True)
        invoices = hold_invoices(session, wanted)
        due = ledger.remaining(session, wanted)
        if (held := _held(session, actor, due)) is not None:
            return held
        total = sum(due.values())
        if total < MIN_CENTS:
            return TooSmall(total)
        if total > MAX_CENTS:
            return TooLarge(total)
        now = clock.now()
        wait, _ = throttles.count_attempt(
            session, "payment/account", str(actor.account_id), PAYMENTS, now
        )
        if wait:
            return TooMany(wait)
        tail = "".join(secrets.choice(_TAIL) for _ in range(8))
        row = Payment(
            account_id=actor.account_id,
            family_id=family.id or 0,
            reference=reference(clock.today(), family.number, tail),
            provider=provider.name,
            amount_cents=total,
            state=PaymentState.CREATED,
            created_at=now,
            look_at=next_look(PaymentState.CREATED, now, now),
        )
        session.add(row)
        session.flush()
        for invoice_id, cents in due.items():
            line = PaymentInvoice(
                payment_id=row.id or 0, invoice_id=invoice_id, cents=cents, live=True
            )
            session.add(line)
        email = session.get_one(Account, actor.account()).email
        order = Order(
            cents=total,
            reference=row.reference,
            email=email if len(email) <= MAX_EMAIL else settings().town_email,
            label="Factures " + " ".join(one.number for one in invoices),
            exercise=clock.today().year,
            notify_url=settings().base_url + NOTIFICATION,
            return_url=f"{settings().base_url}{RETURN}/{row.reference}",
        )
        facts = {"montant": total, "refdet": row.reference, "factures": sorted(due)}
        write_down(session, row, Heard.STARTED, facts)
        subject = f"payment {row.id}"
        log_action(session, "payment_started", account_id=actor.account_id, subject=subject)
        return _Written(row.id or 0, order)


def _held(session: Session, actor: Actor, due: dict[int, int]) -> StartOutcome | None:
    """What keeps these invoices from being paid now."""
    query = (
        select(Payment, PaymentInvoice.invoice_id)
        .join(PaymentInvoice, col(PaymentInvoice.payment_id) == col(Payment.id))
        .where(col(PaymentInvoice.invoice_id).in_(due), col(PaymentInvoice.live))
        .order_by(col(Payment.id))
    )
    holding = session.exec(query).all()
    paid = {invoice_id for one, invoice_id in holding if one.state is PaymentState.PAID}
    paid |= {invoice_id for invoice_id, cents in due.items() if cents <= 0}
    if paid:
        return AlreadyPaid(tuple(sorted(paid)))
    for row, _ in holding:
        if row.state not in OPEN:
            return ToCheck(row.id or 0)
        return _taken_up(session, actor, row, due) or _in_progress(actor, row)
    return None


def _taken_up(session: Session, actor: Actor, row: Payment, due: dict[int, int]) -> Started | None:
    """The actor's own attempt for the very same sums, while its page can still be used."""
    same = {line.invoice_id: line.cents for line in lines_of(session, row.id or 0)} == due
    fresh = clock.now() - row.created_at < PAGE_RESUMED
    if not same or not fresh or row.account_id != actor.account_id or row.redirect is None:
        return None
    return Started(row.id or 0, row.amount_cents, given_back(row.redirect), again=True)


def _in_progress(actor: Actor, row: Payment) -> InProgress:
    own = row.account_id == actor.account_id
    return InProgress(row.id or 0, own, over_at(row.state, row.created_at))


def _announce(written: _Written, provider: Provider) -> StartOutcome:
    try:
        prepared = provider.prepare(written.order)
    except (UnreachableError, RefusedOrderError) as error:
        log.warning("payment_not_prepared", payment=written.payment_id, reason=str(error))
        _keep(written.payment_id, None, str(error))
        return Unavailable()
    if not _keep(written.payment_id, prepared, ""):
        return Unavailable()
    return Started(written.payment_id, written.order.cents, prepared.redirect)


def _keep(payment_id: int, prepared: Prepared | None, reason: str) -> bool:
    """Keep what the service answered; False: the attempt was given up meanwhile."""
    with writing() as session:
        row = hold(session, payment_id)
        if row.state is not PaymentState.CREATED:
            return False
        if prepared is None:
            move(session, row, PaymentState.FAILED)
            write_down(session, row, Heard.FAILED, {"motif": reason[:100]})
            return False
        row.operation = prepared.operation
        row.redirect = kept(prepared.redirect)
        move(session, row, PaymentState.SENT)
        write_down(session, row, Heard.PREPARED, {"operation": prepared.operation})
        return True
