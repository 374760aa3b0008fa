"""The menu counts the invoices due, once a page."""

from __future__ import annotations

import asyncio

import pytest

from portail import clock
from portail.access import identity
from portail.services.sessions import SignedIn
from portail.state.navigation import NavigationState
from tests import factories
from tests.services.test_account import as_parent
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")


def fresh() -> NavigationState:
    """The state of a new tab."""
    return NavigationState(_reflex_internal_init=True)  # type: ignore[call-arg]


def arrive(state: NavigationState, account: int | None, *, must_consent: bool = False) -> int:
    """A page is loaded by this person; how many statements it took to count."""

    async def load() -> int:
        signed_in = None
        if account is not None:
            actor = as_parent(account)
            signed_in = SignedIn(actor, "Zoé", clock.now(), must_consent=must_consent)
        identity.become(signed_in)
        with statements() as asked:
            await NavigationState.arrived.fn(state)
        return sum(one.startswith("SELECT") for one in asked)

    return asyncio.run(load())


def test_a_parent_s_own_invoices_are_counted_at_each_page() -> None:
    zoe, karim = factories.account(), factories.account()
    family = factories.family(members=[zoe])
    factories.family(members=[karim])
    first = factories.invoice(family, "1")
    factories.invoice(family, "2")
    state = fresh()
    assert (arrive(state, zoe), state.due) == (2, 2)
    factories.pay(first, 4_250)
    assert (arrive(state, zoe), state.due) == (2, 1)
    other = fresh()
    assert (arrive(other, karim), other.due) == (2, 0)


def test_the_page_that_knows_saves_the_question_once() -> None:
    zoe = factories.account()
    factories.invoice(factories.family(members=[zoe]), "1")
    state = fresh()
    state._count(7)
    assert (arrive(state, zoe), state.due) == (1, 7)
    assert (arrive(state, zoe), state.due) == (2, 1)


def test_nothing_is_counted_for_a_visitor_or_before_consent() -> None:
    zoe = factories.account()
    factories.invoice(factories.family(members=[zoe]), "1")
    state = fresh()
    assert (arrive(state, None), state.due) == (0, 0)
    assert (arrive(state, zoe, must_consent=True), state.due) == (0, 0)
