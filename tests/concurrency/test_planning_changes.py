"""Many clicks of one parent at the same instant: none is lost, and each makes a version."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portail.services.planning import Changed, Counts, clear, toggle, undo, validation
from tests.concurrency.together import at_once
from tests.planning import MONDAY, home, imported, other_parent, pending, version

pytestmark = pytest.mark.usefixtures("db")
CLICKS = 20
SCHOOL_DAYS = [
    MONDAY + timedelta(n) for n in range(21) if (MONDAY + timedelta(n)).weekday() in (0, 1, 3, 4)
]
CELLS = [(slot, day) for day in SCHOOL_DAYS[:10] for slot in ("MATIN", "REPAS")]


def test_twenty_clicks_at_once_lose_nothing() -> None:
    imported()
    zoe = home()

    def click(number: int) -> int:
        slot, day = CELLS[number]
        outcome = toggle(zoe.actor, zoe.child, slot, day, True)
        assert isinstance(outcome, Changed)
        return outcome.version

    assert sorted(at_once(CLICKS, click)) == list(range(1, CLICKS + 1))
    assert {(slot, day) for slot, day, _ in pending(zoe)} == set(CELLS)
    assert validation(zoe.actor).counts == Counts(CLICKS, 0)
    assert version(zoe) == CLICKS


def test_the_same_click_twenty_times_is_one() -> None:
    imported()
    zoe = home()
    versions = at_once(CLICKS, lambda _n: toggle(zoe.actor, zoe.child, "MATIN", MONDAY, True))
    assert {one.version for one in versions if isinstance(one, Changed)} == {1}
    assert len(versions) == CLICKS
    assert len(pending(zoe)) == 1


def test_two_parents_clear_and_undo_while_each_other_clicks() -> None:
    imported()
    zoe = home()
    marc = other_parent(zoe)
    for slot, day in CELLS:
        toggle(marc.actor, marc.child, slot, day, True)

    def act(number: int) -> object:
        if number % 4 == 0:
            return clear(zoe.actor)
        if number % 4 == 1:
            return undo(zoe.actor)
        slot, day = CELLS[number]
        return toggle(zoe.actor, zoe.child, slot, day, True)

    at_once(CLICKS, act)
    assert len(pending(marc)) == len(CELLS)
    assert validation(zoe.actor).counts == Counts(len(pending(zoe)), 0)
