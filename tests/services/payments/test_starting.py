"""What is asked of the bank, by whom, and what keeps one from paying now."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from portail import clock
from portail.database import reading, writing
from portail.demo.payfip.bank import (
    demo_bank,
)
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.payments import PAGE_RESUMED, UNKNOWN_LIVES, PaymentState, Problem
from portail.domain.procedures import ProcedureKind
from portail.domain.throttling import PAYMENTS
from portail.models import Account, Payment, PaymentInvoice
from portail.services import payments
from portail.services.billing import ledger
from portail.services.payments import (
    AlreadyPaid,
    InProgress,
    SeveralFamilies,
    Started,
    TooLarge,
    TooMany,
    TooSmall,
)
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories
from tests.payments import Home, home
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("bank")
S = PaymentState

REGIE = Actor(session_id=2, agent_id=1, roles=frozenset({Role.REGIE}))


def test_an_abandoned_page_paid_after_another_one_is_for_an_agent(zoe: Home) -> None:
    first = zoe.start().payment_id
    zoe.abandon(first)
    zoe.notify()
    second = zoe.start().payment_id
    zoe.pay(second)
    zoe.pay(first)
    assert zoe.notify() == 2
    assert {zoe.state(first), zoe.state(second)} == {S.PAID, S.MISMATCH}
    assert payments.start(zoe.actor, [zoe.invoice]) == AlreadyPaid((zoe.invoice,))
    assert [one.problem for one in payments.flagged(REGIE)] == [Problem.SETTLED]


def test_an_invoice_paid_otherwise_meanwhile(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    factories.pay(zoe.invoice, 3_694)
    zoe.pay(payment_id)
    zoe.notify()
    view = payments.payment(zoe.actor, payment_id)
    assert (view.state, view.problem) == (S.MISMATCH, Problem.SETTLED)
    (mail,) = zoe.mails()
    assert "ne correspond pas" in mail


def test_the_database_itself_forbids_a_second_attempt(zoe: Home) -> None:
    zoe.start()
    with pytest.raises(IntegrityError, match=r"live|payment_invoice"), writing() as session:
        row = Payment(
            family_id=zoe.family,
            reference="ABCDEF123456",
            provider="payfip_ws",
            amount_cents=3_694,
            state=S.CREATED,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add(
            PaymentInvoice(payment_id=row.id or 0, invoice_id=zoe.invoice, cents=3_694, live=True)
        )
        session.flush()


def test_the_other_parent_waits_and_the_first_goes_on(zoe: Home) -> None:
    begun = zoe.start()
    other = factories.account()
    factories.join_family(other, zoe.family)
    outcome = payments.start(as_parent(other), [zoe.invoice])
    assert outcome == InProgress(begun.payment_id, own=False, until=clock.now() + UNKNOWN_LIVES)
    taken_up = zoe.start()
    assert (taken_up.payment_id, taken_up.redirect, taken_up.again) == (
        begun.payment_id,
        begun.redirect,
        True,
    )
    clock.advance(PAGE_RESUMED)
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), InProgress)
    assert payments.redirect(zoe.actor, begun.payment_id) is None


def test_one_who_begins_again_learns_that_it_is_paid(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    clock.advance(PAGE_RESUMED)
    zoe.pay(payment_id)
    assert payments.start(zoe.actor, [zoe.invoice]) == AlreadyPaid((zoe.invoice,))


def test_another_choice_of_invoices_waits_for_the_first(zoe: Home) -> None:
    more = factories.invoice(zoe.family, "2026-00014", 1_000)
    begun = zoe.start()
    outcome = payments.start(zoe.actor, [zoe.invoice, more])
    assert isinstance(outcome, InProgress)
    assert outcome.payment_id == begun.payment_id


def test_several_invoices_in_one_payment(zoe: Home) -> None:
    more = factories.invoice(zoe.family, "2026-00014", 1_006)
    outcome = payments.start(zoe.actor, [more, zoe.invoice, more])
    assert isinstance(outcome, Started)
    assert outcome.cents == 4_700
    asked = demo_bank().found(zoe.operation(outcome.payment_id))
    assert (asked.montant, asked.exer, asked.saisie) == (4_700, "2026", "T")
    assert asked.objet == "Factures 2026 00012 2026 00014"
    with reading() as session:
        assert asked.mel == session.get_one(Account, zoe.account).email
    zoe.pay(outcome.payment_id)
    zoe.notify()
    with reading() as session:
        assert set(ledger.remaining(session, [zoe.invoice, more]).values()) == {0}
    (procedure,) = zoe.procedures()
    assert procedure.kind is ProcedureKind.PAYMENT
    assert procedure.account_id == zoe.account
    assert procedure.title == "Paiement de 47,00\u00a0€ (factures 2026-00012 et 2026-00014)"
    (mail,) = zoe.mails()
    for part in (
        "47,00\u00a0€",
        asked.refdet,
        "2026-00012 et 2026-00014",
        settings().town_phone[:2],
    ):
        assert part in mail
    (view,) = payments.mine(zoe.actor)
    assert [(one.number, one.cents) for one in view.invoices] == [
        ("2026-00012", 3_694),
        ("2026-00014", 1_006),
    ]


@pytest.mark.parametrize(
    ("cents", "outcome"), [(99, TooSmall(99)), (10_000_001, TooLarge(10_000_001))]
)
def test_the_bank_takes_neither_too_little_nor_too_much(
    zoe: Home, cents: int, outcome: object
) -> None:
    invoice = factories.invoice(zoe.family, "2026-00014", cents)
    assert payments.start(zoe.actor, [invoice]) == outcome
    assert payments.mine(zoe.actor) == ()


def test_nobody_pays_for_others_nor_for_nothing(zoe: Home) -> None:
    karim = home("2026-00013")
    begun = zoe.start().payment_id
    for wanted in ([], [zoe.invoice], [karim.invoice, zoe.invoice], [0], list(range(1, 60))):
        with pytest.raises(NotFound):
            payments.start(karim.actor, wanted)
    for ask in (payments.payment, payments.redirect, payments.refresh):
        with pytest.raises(NotFound):
            ask(karim.actor, begun)
    assert payments.mine(karim.actor) == ()
    with pytest.raises(Forbidden):
        payments.start(REGIE, [zoe.invoice])


def test_one_does_not_begin_for_ever(zoe: Home) -> None:
    for _ in range(PAYMENTS.lock_after):
        zoe.abandon(zoe.start().payment_id)
        assert zoe.notify() == 1
    outcome = payments.start(zoe.actor, [zoe.invoice])
    assert outcome == TooMany(PAYMENTS.lock)
    clock.advance(PAYMENTS.lock)
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


def test_two_families_are_two_payments(zoe: Home) -> None:
    other = factories.family("AUTRE", members=[zoe.account])
    invoice = factories.invoice(other, "2026-00020")
    assert payments.start(zoe.actor, [zoe.invoice, invoice]) == SeveralFamilies()


def test_a_long_address_is_not_the_banks_affair() -> None:
    account = factories.account(email=f"{'z' * 60}@{'x' * 20}.example.org")
    zoe = Home(account, family := factories.family(members=[account]), 0)
    zoe.invoice = factories.invoice(family, "2026-00012")
    assert demo_bank().found(zoe.operation(zoe.start().payment_id)).mel == settings().town_email
