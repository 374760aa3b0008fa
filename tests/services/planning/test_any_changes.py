"""Whatever is clicked, undone and made in bulk: what is pending is listed, counted and cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete

from portail.database import writing
from portail.domain.bookings import Held, Pending
from portail.domain.identity import Actor
from portail.models import PendingChange, PlanningDraft
from portail.services.planning import (
    Counts,
    Wanted,
    apply_week,
    clear,
    clear_period,
    copy_week,
    counts,
    planning,
    toggle,
    undo,
    validation,
)
from tests.planning import (
    EVERYTHING,
    JOUR,
    MATIN,
    MONDAY,
    Home,
    child,
    home,
    imported,
    limited,
    pending,
    reserve,
)

DAYS = [MONDAY + timedelta(n) for n in range(9)]
SLOTS = [slot.code for slot in EVERYTHING]
Step = Callable[[Actor, list[int]], object]

cell = st.tuples(st.integers(0, 1), st.sampled_from(SLOTS), st.sampled_from(DAYS))
toggles = st.builds(
    lambda key, booked: lambda actor, ids: toggle(actor, ids[key[0]], key[1], key[2], booked),
    cell,
    st.booleans(),
)
patterns = st.builds(
    lambda weekday, slot: (
        lambda actor, ids: apply_week(
            actor, {one: {weekday: [slot]} for one in ids}, DAYS[0], DAYS[-1]
        )
    ),
    st.integers(0, 4),
    st.sampled_from(SLOTS),
)
others = st.sampled_from(
    [
        lambda actor, _ids: undo(actor),
        lambda actor, _ids: clear(actor),
        lambda actor, ids: copy_week(actor, ids, DAYS[0], DAYS[7], DAYS[-1]),
        lambda actor, ids: clear_period(actor, ids[:1], DAYS[0], DAYS[3]),
    ]
)
steps = st.lists(st.one_of(toggles, toggles, toggles, patterns, others), max_size=12)


@pytest.fixture
def family(db: None) -> tuple[Home, list[int]]:
    imported(limited(MATIN, 2), limited(JOUR, 1, waiting_list=False))
    zoe = home("Nora")
    audrey = child(zoe.family, "Audrey", born=date(2016, 5, 4))
    for slot in ("REPAS", "SOIR", "MATIN"):
        reserve(zoe, slot, DAYS[0], DAYS[3])
    for day in (DAYS[0], DAYS[1], DAYS[3], DAYS[4]):
        reserve(zoe, "SEMAINE", day)
    reserve(zoe, "TARD", DAYS[1], held=Held.WAITING)
    reserve(home(), "MATIN", DAYS[1])
    return zoe, [zoe.child, audrey]


def check(zoe: Home, children: list[int]) -> None:
    """What must hold whatever happened."""
    rows, shown = pending(zoe), validation(zoe.actor)
    assert len(shown.lines) == len(rows)
    assert shown.counts == counts(zoe.actor)
    kinds = [kind for _, _, kind in rows]
    assert shown.counts == Counts(kinds.count(Pending.BOOKING), kinds.count(Pending.CANCELLATION))
    assert all(line.possible for line in shown.lines)
    lines: dict[int, int] = dict.fromkeys(children, 0)
    for line in shown.lines:
        lines[line.child_id] += line.cents or 0
    # the grid says the same: of the month of the days
    grids = [planning(zoe.actor, Wanted(day)) for day in (DAYS[0], DAYS[-1])]
    for key in children:
        difference = sum(g.cost_by_child[key].after - g.cost_by_child[key].booked for g in grids)
        assert difference == lines[key]
    assert {grid.version for grid in grids} == {shown.version}


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=steps)
def test_any_sequence(family: tuple[Home, list[int]], steps: list[Step]) -> None:
    zoe, children = family
    with writing() as session:
        session.exec(delete(PendingChange).where(col(PendingChange.account_id) == zoe.account))
        session.exec(delete(PlanningDraft))
    before = 0
    for step in steps:
        held = pending(zoe)
        step(zoe.actor, children)
        check(zoe, children)
        version = validation(zoe.actor).version
        assert version - before == (0 if pending(zoe) == held and version == before else 1)
        before = version
    kept = set(pending(zoe))
    assert clear(zoe.actor).counts == Counts()
    assert pending(zoe) == []
    if kept:
        undo(zoe.actor)
        assert set(pending(zoe)) == kept
