"""When the bank's service, the portal or the town's contract is down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import UnreachableError, Verified
from portail.domain.payments import PaymentState
from portail.services import payments
from portail.services.payments import (
    Closed,
    InProgress,
    Notice,
    Started,
    Unavailable,
)
from portail.settings import settings
from tests.payments import Home

pytestmark = pytest.mark.usefixtures("bank")
S = PaymentState


@pytest.fixture
def nobody_answers(bank: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("PORTAIL_PAYFIP_SERVICE_URL", "http://127.0.0.1:9/?wsdl")
        settings.cache_clear()
        online.current.cache_clear()
        yield
    settings.cache_clear()
    online.current.cache_clear()


def test_a_service_that_does_not_answer_holds_nothing(zoe: Home, nobody_answers: None) -> None:
    assert payments.start(zoe.actor, [zoe.invoice]) == Unavailable()
    (view,) = payments.mine(zoe.actor)
    assert view.state is S.FAILED
    assert zoe.history(view.id) == [("started", "created"), ("failed", "failed")]
    assert payments.start(zoe.actor, [zoe.invoice]) == Unavailable()


def test_a_service_that_is_down_concludes_nothing(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)

    def down(_operation: str) -> Verified:
        raise UnreachableError

    provider = online.current()
    assert provider is not None
    with monkeypatch.context() as patch:
        patch.setattr(provider, "ask", down)
        said = f"idop={zoe.operation(payment_id)}"
        assert payments.notified(said, address="192.0.2.1") is Notice.UNANSWERED
        clock.advance(timedelta(hours=5))
        assert payments.follow_open() == 1
        assert payments.follow_open() == 0  # a minute later
        assert zoe.state(payment_id) is S.SENT
    clock.advance(timedelta(minutes=1))
    assert payments.follow_open() == 1
    assert zoe.state(payment_id) is S.PAID


def test_a_crash_before_the_bank_is_asked_frees_the_invoice(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = online.current()
    assert provider is not None

    def crash(_order: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(provider, "prepare", crash)
        payments.start(zoe.actor, [zoe.invoice])
    (view,) = payments.mine(zoe.actor)
    assert view.state is S.CREATED
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), InProgress)
    clock.advance(timedelta(minutes=5))
    assert payments.follow_open() == 1
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


def test_a_town_without_a_bank_takes_no_payment(zoe: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "current", lambda: None)
    assert payments.start(zoe.actor, [zoe.invoice]) == Closed()
    assert payments.notified("idop=abcdefgh", address="192.0.2.1") is Notice.UNKNOWN


def test_a_town_that_has_changed_its_bank_lets_time_decide(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = zoe.start().payment_id
    monkeypatch.setattr(online, "current", lambda: None)
    clock.advance(timedelta(minutes=30))
    payments.follow_open()
    assert zoe.state(payment_id) is S.SENT
    clock.advance(timedelta(hours=2))
    payments.follow_open()
    assert zoe.state(payment_id) is S.EXPIRED
