"""Tabs that wait for a payment: one round reads once, and pushes to those it concerns, only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlmodel import delete

from portail.database import writing
from portail.domain.identity import Actor
from portail.domain.payments import PaymentState
from portail.models import Subscription
from portail.services import payments, sessions
from portail.state.billing.result import outcomes
from tests import factories, tabs
from tests.payments import Home, home
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("nobody_waits")


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    outcomes.tabs.clear()
    yield
    outcomes.tabs.clear()


@pytest.fixture
def zoe(bank: None) -> Home:
    return home()


@dataclass
class Page(tabs.Page):
    """The state of a tab that waits, and what was pushed to it."""

    payment_id: int = 0
    pushed: list[PaymentState] = field(default_factory=list)

    async def _changed(self, actor: Actor) -> None:
        self.pushed.append(payments.payment(actor, self.payment_id).state)


class App(tabs.App):
    """The pages of payments of a process."""

    def __init__(self) -> None:
        super().__init__(outcomes)

    def wait(self, account: int, payment_id: int) -> Page:
        """A tab of this person's own browser waits for the outcome."""
        path = f"/facturation/paiement?n={payment_id}"
        page = Page(self.new_token(), path, tabs.own_browser(account), payment_id)
        self.tabs[page.token] = page
        outcomes.showing(page, page.actor, {payment_id: None})  # type: ignore[arg-type]
        return page

    async def reads(self) -> int:
        """One round; how many statements it took."""
        with statements() as asked:
            await self.round()
        return sum(one.startswith("SELECT") for one in asked)


async def test_the_outcome_is_pushed_once_to_whoever_waits_for_it(zoe: Home) -> None:
    other = factories.account()
    factories.join_family(other, zoe.family)
    app, payment = App(), zoe.start().payment_id
    waiting = [app.wait(zoe.account, payment), app.wait(other, payment)]
    await app.round()
    assert [tab.pushed for tab in waiting] == [[], []]
    zoe.pay(payment)
    zoe.notify()
    await app.round()
    await app.round()
    assert [tab.pushed for tab in waiting] == [[PaymentState.PAID]] * 2


async def test_a_quiet_round_asks_once_however_many_wait_and_nothing_when_nobody_does(
    zoe: Home,
) -> None:
    app, payment = App(), zoe.start().payment_id
    assert await app.reads() == 0
    for _ in range(5):
        app.wait(zoe.account, payment)
    assert await app.reads() == 1


async def test_nothing_goes_to_a_tab_that_left_closed_or_changed_hands(zoe: Home) -> None:
    app, payment = App(), zoe.start().payment_id
    left, closed, other_hands, ended = (app.wait(zoe.account, payment) for _ in range(4))
    left.path = "/accueil"
    del app.tabs[closed.token]
    other_hands.owner = "12345"
    sessions.end(ended.actor.session_id)
    zoe.abandon(payment)
    zoe.notify()
    await app.round()
    assert [tab.pushed for tab in (left, closed, other_hands, ended)] == [[], [], [], []]


async def test_whoever_has_lost_the_family_file_is_told_nothing(zoe: Home) -> None:
    app, payment = App(), zoe.start().payment_id
    page = app.wait(zoe.account, payment)
    with writing() as session:
        session.execute(delete(Subscription))
    zoe.pay(payment)
    zoe.notify()
    await app.round()
    assert page.pushed == []
