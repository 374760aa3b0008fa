"""What is kept of an attempt, what the bank says of it, and what is for agents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import Named, Verified
from portail.database import reading, writing
from portail.demo.payfip.bank import (
    Amount,
    FunctionalError,
    Switches,
    demo_bank,
)
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.payments import News, PaymentState, Problem
from portail.domain.procedures import ProcedureState
from portail.models import Account, Heard, Invoice, Payment, PaymentEvent
from portail.services import payments
from portail.services.billing import ledger
from portail.services.payments import (
    Started,
)
from portail.services.payments.settling import settle
from portail.settings import Mode, settings
from tests import factories
from tests.payments import Home
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("bank")
S = PaymentState

REGIE = Actor(session_id=2, agent_id=1, roles=frozenset({Role.REGIE}))


def test_every_step_is_kept_without_a_card_or_an_address(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)
    zoe.notify()
    assert zoe.history(payment_id) == [
        ("started", "created"),
        ("prepared", "sent"),
        ("notified", "paid"),
    ]
    with reading() as session:
        events = session.exec(select(PaymentEvent.facts).order_by("id")).all()
        row = session.get_one(Payment, payment_id)
    assert events[2]["resultrans"] == "P"
    assert events[2]["numauto"]
    assert "@" not in str(events)
    assert row.redirect is None
    assert row.look_at is None


def test_asking_in_vain_adds_no_line(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    for _ in range(5):
        clock.advance(timedelta(minutes=1))
        assert payments.follow_open() == 1
    assert len(zoe.history(payment_id)) == 2
    assert payments.refresh(zoe.actor, payment_id).state is S.SENT


def test_a_payment_of_another_amount_is_shown_to_the_regie_and_cleared(zoe: Home) -> None:
    demo_bank().set(Switches(amount=Amount.ONE_EURO_LESS))
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)
    zoe.notify()
    for actor in (zoe.actor, Actor(session_id=3, agent_id=1, roles=frozenset({Role.ENFANCE}))):
        with pytest.raises(Forbidden):
            payments.flagged(actor)
        with pytest.raises(Forbidden):
            payments.clear(actor, payment_id, "")
    agent = factories.agent("agent.regie", roles=[Role.REGIE])
    regie = Actor(session_id=3, agent_id=agent, roles=frozenset({Role.REGIE}))
    (one,) = payments.flagged(regie)
    assert (one.cents, one.paid_cents, one.problem) == (3_694, 3_594, Problem.AMOUNT)
    assert payments.clear(regie, payment_id, "Remboursé le 24 novembre.")
    assert not payments.clear(regie, payment_id, "encore")
    assert not payments.clear(regie, payment_id + 1_000, "")
    assert payments.flagged(regie) == ()
    assert [one.state for one in zoe.procedures()] == [ProcedureState.VALIDATED]
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cents": None}, Problem.AMOUNT),
        ({"reference": "AUTRE123"}, Problem.REFERENCE),
        ({"reference": None}, Problem.REFERENCE),
        ({}, None),
    ],
)
def test_what_the_bank_says_is_compared_with_what_was_asked(
    zoe: Home, change: dict[str, object], problem: Problem | None
) -> None:
    row = zoe.row(zoe.start().payment_id)
    values = {"cents": 3_694, "reference": row.reference, **change}
    said = Verified(row.operation or "", News.PAID, **values)  # type: ignore[arg-type]
    assert settle(row.id or 0, Heard.NOTIFIED, said) is (S.MISMATCH if problem else S.PAID)
    assert payments.payment(zoe.actor, row.id or 0).problem is problem


def test_a_test_card_pays_nothing_in_service(zoe: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    row = zoe.row(zoe.start().payment_id)
    said = Verified(row.operation or "", News.PAID, 3_694, row.reference, test=True)
    served = settings().model_copy(update={"mode": Mode.PRODUCTION})
    monkeypatch.setattr("portail.services.payments.settling.settings", lambda: served)
    assert settle(row.id or 0, Heard.NOTIFIED, said) is S.MISMATCH
    assert payments.payment(zoe.actor, row.id or 0).problem is Problem.TEST


def test_an_account_that_is_gone_leaves_its_payments(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    with writing() as session:
        session.delete(session.get_one(Account, zoe.account))
    zoe.pay(payment_id)
    zoe.notify()
    assert zoe.row(payment_id).state is S.PAID
    assert zoe.due() == 0
    assert zoe.mails() == []


def test_a_returning_browser_is_not_believed(zoe: Home) -> None:
    row = zoe.row(zoe.start().payment_id)
    found = payments.returned(row.reference, "idop=autre-operation&resultrans=P", address="x")
    assert found == row.id
    assert zoe.state(row.id or 0) is S.SENT
    assert payments.returned("INCONNUE1", "", address="x") is None


def test_a_notification_names_it_in_either_case(zoe: Home) -> None:
    provider = online.current()
    assert provider is not None
    for name in ("idop", "idOp"):
        assert provider.interpret(f"{name}=abcd-1234", notified=True) == Named("abcd-1234")


def test_an_invoice_keeps_its_amount(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)
    zoe.notify()
    with reading() as session:
        invoice = session.get_one(Invoice, zoe.invoice)
        (entry,) = ledger.statement(session, [zoe.family], since=clock.today())
        owed = ledger.balance(session, zoe.family)
    assert invoice.total_cents == 3_694
    assert (entry.payment_id, entry.invoice_id, entry.credit_cents) == (
        payment_id,
        zoe.invoice,
        3_694,
    )
    assert owed == 0


def test_the_bank_page_is_used_once(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)
    with pytest.raises(FunctionalError, match="P3"):
        zoe.pay(payment_id)


def test_the_procedure_of_a_payment_leads_to_it_for_the_family_alone(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    zoe.pay(payment_id)
    zoe.notify()
    ((procedure,),) = ([one.id or 0 for one in zoe.procedures()],)
    assert payments.of_procedure(zoe.actor, procedure) == payment_id
    assert payments.of_procedure(zoe.actor, procedure + 1) is None
    assert payments.of_procedure(as_parent(factories.account()), procedure) is None
