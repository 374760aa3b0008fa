"""Tabs that wait for a payment: one round reads once, and pushes to those it concerns, only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import delete

from portail.access.session_state import SessionState
from portail.database import writing
from portail.domain.identity import Actor
from portail.domain.payments import PaymentState
from portail.models import Subscription
from portail.services import sessions
from portail.services.payments import PaymentView
from portail.state.billing import live
from tests import factories
from tests.payments import Home, home
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("nobody_waits")


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    live._tabs.clear()
    yield
    live._tabs.clear()


@pytest.fixture
def zoe(bank: None) -> Home:
    return home()


@dataclass
class Page:
    """The state of a tab that waits, and what was pushed to it."""

    token: str
    path: str
    owner: str
    session_id: int
    pushed: list[PaymentState] = field(default_factory=list)

    @property
    def router(self) -> Any:
        return SimpleNamespace(session=SimpleNamespace(client_token=self.token))

    @property
    def router_data(self) -> dict[str, str]:
        return {"asPath": self.path}

    async def get_state(self, wanted: object) -> object:
        return SimpleNamespace(_owner=self.owner) if wanted is SessionState else self

    async def _outcome(self, actor: Actor, found: PaymentView) -> None:
        self.pushed.append(found.state)


class App:
    """As much of the application as a round asks for."""

    def __init__(self) -> None:
        self.tabs: dict[str, Page] = {}
        self.event_namespace = SimpleNamespace(token_to_sid=self.tabs)

    @asynccontextmanager
    async def modify_state(self, token: Any) -> AsyncIterator[Page]:
        yield self.tabs[token.ident]

    def wait(self, account: int, payment_id: int) -> Page:
        """A tab of this person's own browser waits for the outcome."""
        with writing() as session:
            secret = sessions.open_session(session, account_id=account, device="")
        found = sessions.find(secret)
        assert found is not None
        session_id = found.actor.session_id
        path = f"/facturation/paiement?n={payment_id}"
        page = Page(f"onglet-{len(self.tabs)}", path, str(session_id), session_id)
        self.tabs[page.token] = page
        live.waiting(page, found.actor, payment_id)  # type: ignore[arg-type]
        return page

    async def round(self) -> int:
        """One round; how many statements it took."""
        with statements() as asked:
            await live.check(self)  # type: ignore[arg-type]
        return sum(one.startswith("SELECT") for one in asked)


async def test_the_outcome_is_pushed_once_to_whoever_waits_for_it(zoe: Home) -> None:
    other = factories.account()
    factories.join_family(other, zoe.family)
    app, payment = App(), zoe.start().payment_id
    tabs = [app.wait(zoe.account, payment), app.wait(other, payment)]
    await app.round()
    assert [tab.pushed for tab in tabs] == [[], []]
    zoe.pay(payment)
    zoe.notify()
    await app.round()
    await app.round()
    assert [tab.pushed for tab in tabs] == [[PaymentState.PAID]] * 2


async def test_a_quiet_round_asks_once_however_many_wait_and_nothing_when_nobody_does(
    zoe: Home,
) -> None:
    app, payment = App(), zoe.start().payment_id
    assert await app.round() == 0
    for _ in range(5):
        app.wait(zoe.account, payment)
    assert await app.round() == 1


async def test_nothing_goes_to_a_tab_that_left_closed_or_changed_hands(zoe: Home) -> None:
    app, payment = App(), zoe.start().payment_id
    left, closed, other_hands, ended = (app.wait(zoe.account, payment) for _ in range(4))
    left.path = "/accueil"
    del app.tabs[closed.token]
    other_hands.owner = "12345"
    sessions.end(ended.session_id)
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
