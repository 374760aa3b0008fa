"""Everybody at the same instant: one attempt, one payment, one receipt."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, local

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, func, select

from portail import clock
from portail.adapters.payment import Verified
from portail.database import reading
from portail.demo.payfip.bank import Ending
from portail.domain.payments import News, PaymentState
from portail.models import Heard, Payment, PaymentInvoice
from portail.services import payments
from portail.services.billing import ledger
from portail.services.payments import InProgress, Notice, Started, settling
from tests import factories
from tests.concurrency.together import GENEROUS, at_once
from tests.payments import Home, home
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("bank")
MANY = 8


@pytest.fixture
def zoe(bank: None) -> Home:
    return home()


def count(table: type) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_many_clicks_are_one_attempt(zoe: Home) -> None:
    outcomes = at_once(MANY, lambda _: payments.start(zoe.actor, [zoe.invoice]))
    assert {type(one) for one in outcomes} <= {Started, InProgress}
    begun = [one for one in outcomes if isinstance(one, Started)]
    assert sum(not one.again for one in begun) == 1
    assert {one.payment_id for one in outcomes if isinstance(one, Started | InProgress)} == {
        begun[0].payment_id
    }
    assert count(Payment) == count(PaymentInvoice) == 1


def test_two_parents_and_crossed_choices_are_one_attempt_on_an_invoice(zoe: Home) -> None:
    other = factories.account()
    factories.join_family(other, zoe.family)
    more = factories.invoice(zoe.family, "2026-00014", 1_000)
    choices = ([zoe.invoice, more], [more, zoe.invoice], [more], [zoe.invoice])
    people = (zoe.actor, as_parent(other))
    outcomes = at_once(MANY, lambda n: payments.start(people[n % 2], choices[n % 4]))
    assert {type(one) for one in outcomes} <= {Started, InProgress}
    with reading() as session:
        live = session.exec(select(PaymentInvoice.invoice_id).where(PaymentInvoice.live)).all()
    assert len(live) == len(set(live))


def test_all_news_at_once_pay_once(zoe: Home) -> None:
    row = zoe.row(zoe.start().payment_id)
    zoe.end(row.id or 0, Ending.PAID)
    ways = (
        lambda: payments.notified(f"idop={row.operation}", address="192.0.2.1"),
        lambda: payments.returned(row.reference, "", address="192.0.2.2"),
        lambda: payments.refresh(zoe.actor, row.id or 0),
        payments.follow_open,
    )
    outcomes = at_once(MANY, lambda n: ways[n % 4]())
    assert outcomes[0] is Notice.HEARD
    assert zoe.state(row.id or 0) is PaymentState.PAID
    assert zoe.due() == 0
    assert len(zoe.mails()) == len(zoe.procedures()) == 1
    assert [state for _, state in zoe.history(row.id or 0)] == ["created", "sent", "paid"]


def test_two_payments_of_an_invoice_at_once_apply_one(zoe: Home) -> None:
    first = zoe.start().payment_id
    zoe.end(first, Ending.ABANDONED)
    zoe.notify()
    second = zoe.start().payment_id
    zoe.end(first, Ending.PAID)
    zoe.end(second, Ending.PAID)
    operations = [zoe.operation(first), zoe.operation(second)]
    at_once(MANY, lambda n: payments.notified(f"idop={operations[n % 2]}", address="192.0.2.1"))
    states = sorted((zoe.state(first), zoe.state(second)))
    assert states == [PaymentState.MISMATCH, PaymentState.PAID]
    assert len(zoe.mails()) == 2


def test_each_open_attempt_is_asked_about_by_one_worker(zoe: Home) -> None:
    homes = [home(f"2026-001{n:02d}") for n in range(6)]
    begun = [one.start().payment_id for one in homes]
    for one, payment_id in zip(homes, begun, strict=True):
        one.end(payment_id, Ending.PAID)
    clock.advance(timedelta(minutes=1))
    assert sum(at_once(4, lambda _: payments.follow_open())) == len(homes)
    assert len(zoe.mails()) == len(homes)


def test_without_the_lock_only_the_books_refuse_a_second_application(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looking first and writing after would do."""
    row = zoe.row(zoe.start().payment_id)
    said = Verified(row.operation or "", News.PAID, 3_694, row.reference)
    meeting, seen = Barrier(2, timeout=GENEROUS), local()

    def look_then_settle(_: int) -> bool:
        seen.row = zoe.row(row.id or 0)
        meeting.wait()
        try:
            settling.settle(row.id or 0, Heard.NOTIFIED, said)
        except IntegrityError:
            return False
        return True

    def as_seen(session: Session, _payment_id: int) -> Payment:
        session.add(seen.row)
        found: Payment = seen.row
        return found

    monkeypatch.setattr(settling, "hold", as_seen)
    monkeypatch.setattr(ledger, "remaining", lambda *_: {zoe.invoice: 3_694})
    assert sorted(at_once(2, look_then_settle)) == [False, True]
    assert len(zoe.mails()) == 1
