"""What a parent has to pay: their own families', what holds it, in one statement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portail import clock
from portail.domain.identity import Actor, Forbidden
from portail.domain.payments import CREATED_LIVES, UNKNOWN_LIVES, PaymentState, over_at
from portail.services.billing import views
from tests import factories
from tests.payments import Home
from tests.services.test_account import as_parent
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")


def numbers(actor: Actor) -> list[list[str]]:
    """The invoices due, by family file."""
    return [[line.number for line in file.lines] for file in views.due(actor).files]


def test_one_s_own_invoices_by_family_file_the_first_due_first() -> None:
    zoe, karim = factories.account(), factories.account()
    first, second = factories.family("A", members=[zoe]), factories.family("B", members=[zoe])
    other = factories.family("C", members=[karim])
    factories.invoice(second, "2026-4")
    factories.invoice(first, "2026-2", due_on=date(2026, 12, 31))
    factories.invoice(first, "2026-1", due_on=date(2026, 11, 30))
    factories.invoice(other, "2026-3")
    assert numbers(as_parent(zoe)) == [["2026-1", "2026-2"], ["2026-4"]]
    assert numbers(as_parent(karim)) == [["2026-3"]]
    assert [views.count_due(as_parent(one)) for one in (zoe, karim)] == [3, 1]


def test_what_is_paid_is_not_due_and_what_is_paid_in_part_is_due_for_the_rest() -> None:
    zoe = factories.account()
    family = factories.family(members=[zoe])
    whole, part = factories.invoice(family, "1", 4_250), factories.invoice(family, "2", 4_250)
    factories.pay(whole, 4_250)
    factories.pay(part, 1_000)
    ((line,),) = (file.lines for file in views.due(as_parent(zoe)).files)
    assert (line.id, line.due_cents, line.total_cents) == (part, 3_250, 4_250)
    assert views.count_due(as_parent(zoe)) == 1
    factories.pay(part, 3_250)
    assert views.due(as_parent(zoe)).files == ()
    assert views.count_due(as_parent(zoe)) == 0


def test_nobody_but_a_parent_asks() -> None:
    agent = Actor(1, agent_id=1)
    for ask in (views.due, views.count_due):
        with pytest.raises(Forbidden):
            ask(agent)


def test_an_open_attempt_holds_an_invoice_and_says_until_when(zoe: Home) -> None:
    other = factories.account()
    factories.join_family(other, zoe.family)
    started = zoe.start()
    row = zoe.row(started.payment_id)
    for actor, own in ((zoe.actor, True), (as_parent(other), False)):
        ((line,),) = (file.lines for file in views.due(actor).files)
        until = row.created_at + UNKNOWN_LIVES
        assert line.holding == views.Holding(started.payment_id, own, until)
    zoe.abandon(started.payment_id)
    zoe.notify()
    ((line,),) = (file.lines for file in views.due(zoe.actor).files)
    assert line.holding is None


def test_a_payment_to_check_holds_an_invoice_without_an_end(zoe: Home) -> None:
    from portail.demo.payfip.bank import Amount, Switches

    zoe.bank.set(Switches(amount=Amount.ONE_EURO_LESS))
    started = zoe.start()
    zoe.pay(started.payment_id)
    zoe.notify()
    ((line,),) = (file.lines for file in views.due(zoe.actor).files)
    assert line.holding == views.Holding(started.payment_id, own=True, until=None)


def test_an_attempt_that_never_left_is_over_sooner() -> None:
    now = clock.now()
    assert over_at(PaymentState.CREATED, now) == now + CREATED_LIVES
    assert over_at(PaymentState.SENT, now) == now + UNKNOWN_LIVES
    assert timedelta(0) < CREATED_LIVES < UNKNOWN_LIVES


def test_one_statement_whatever_the_number_of_invoices() -> None:
    zoe = factories.account()
    actor = as_parent(zoe)

    def asked() -> tuple[int, int]:
        with statements() as due:
            views.due(actor)
        with statements() as count:
            views.count_due(actor)
        return _reads(due), _reads(count)

    for family in range(2):
        ident = factories.family(members=[zoe])
        for number in range(1 + 8 * family):
            factories.invoice(ident, f"{family}-{number}")
        assert asked() == (1, 1)


def _reads(found: list[str]) -> int:
    return sum(one.startswith("SELECT") for one in found)
