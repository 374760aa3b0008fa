"""What moved on the planning: read once, nothing missed, and only what a screen would show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from portail import clock, database
from portail.database import reading, writing
from portail.domain.bookings import CellState, Held, Pending
from portail.domain.capacity import FEW
from portail.models import PlaceChange
from portail.services.catalogue import current
from portail.services.planning import planning
from portail.services.planning.live import (
    ROUNDS,
    News,
    Seen,
    accounts_of,
    cells,
    changes_since,
    looks,
    marks,
)
from portail.services.planning.places import note_places, purge
from portail.services.planning.views import Wanted
from portail.services.reach import NotFound
from tests import planning as town
from tests.planning import MATIN, MONDAY, TUESDAY, WEEK, home, limited, other_parent, pend, reserve

pytestmark = pytest.mark.usefixtures("db")


def note(slot: str, *days: date) -> None:
    with writing() as session:
        note_places(session, [(current(session).slot_ids[slot], day) for day in days])


def write_row(number: int, day: date) -> None:
    """A row of a transaction that took this number, whenever it ends."""
    with writing() as session:
        slot_id = current(session).slot_ids["MATIN"]
        session.add(PlaceChange(id=number, slot_id=slot_id, day=day, changed_at=clock.now()))


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def hear(_c: object, _k: object, text: str, *_: object) -> None:
        asked.append(text)

    event.listen(database.engine(), "before_cursor_execute", hear)
    yield asked
    event.remove(database.engine(), "before_cursor_execute", hear)


# --- what moved


def test_a_change_is_news_once() -> None:
    town.imported(limited(MATIN, 2))
    note("MATIN", MONDAY)
    seen = Seen()
    assert changes_since(seen) == News()  # older than the process
    note("MATIN", MONDAY, TUESDAY)
    assert changes_since(seen).places == {("MATIN", MONDAY), ("MATIN", TUESDAY)}
    assert changes_since(seen) == News()
    note("MATIN", TUESDAY)
    assert changes_since(seen).places == {("MATIN", TUESDAY)}


def test_the_row_of_a_slow_transaction_is_not_missed() -> None:
    town.imported(limited(MATIN, 2))
    seen = Seen()
    changes_since(seen)
    write_row(12, MONDAY)
    assert changes_since(seen).places == {("MATIN", MONDAY)}
    for _ in range(ROUNDS - 1):
        changes_since(seen)
    write_row(11, TUESDAY)  # given before, kept after
    assert changes_since(seen).places == {("MATIN", TUESDAY)}
    assert seen.floor == 12
    assert changes_since(seen) == News()
    assert len(seen.recent) <= 1  # what is known for long is not kept


def test_a_transaction_under_way_when_the_process_starts_is_not_missed() -> None:
    town.imported(limited(MATIN, 2))
    write_row(12, MONDAY)
    seen = Seen()
    changes_since(seen)
    write_row(11, TUESDAY)
    assert changes_since(seen).places == {("MATIN", TUESDAY)}


def test_a_round_without_news_is_one_query() -> None:
    town.imported(limited(MATIN, 2))
    nora = home()
    version = pend(nora, "MATIN", MONDAY)
    seen = Seen()
    changes_since(seen)
    with statements() as asked:
        assert changes_since(seen, [nora.account]).versions == {nora.account: version}
    assert len([text for text in asked if text.startswith("SELECT")]) == 1


def test_days_booked_at_once_move_together() -> None:
    town.imported(limited(WEEK, 2))
    seen = Seen()
    changes_since(seen)
    note("SEMAINE", TUESDAY)
    moved = changes_since(seen).places
    assert {day for _, day in moved} == {MONDAY + timedelta(days=n) for n in (0, 1, 3, 4)}


def test_what_is_old_is_forgotten_but_the_last() -> None:
    town.imported(limited(MATIN, 2))
    note("MATIN", MONDAY, TUESDAY)
    with writing() as session:
        purge(session, clock.now())
    with reading() as session:
        assert len(session.exec(select(PlaceChange)).all()) == 2
    clock.advance(timedelta(minutes=1))
    with writing() as session:
        purge(session, clock.now())
    with reading() as session:
        (last,) = session.exec(select(PlaceChange)).all()
    # its number is not given again: it tells what is new
    seen = Seen()
    changes_since(seen)
    note("MATIN", MONDAY)
    assert changes_since(seen).places == {("MATIN", MONDAY)}
    assert (last.id or 0) in seen.recent


# --- what a screen would show


def test_many_places_all_look_the_same_and_few_do_not() -> None:
    town.imported(limited(MATIN, FEW + 8))
    key = ("MATIN", MONDAY)
    seen = [looks([key])[key]]
    for _ in range(4):
        reserve(home(), "MATIN", MONDAY)
        seen.append(looks([key])[key])
    assert seen[0] == seen[1] == seen[2] == seen[3] != seen[4]


def test_who_waits_changes_the_look_of_a_full_day() -> None:
    town.imported(limited(MATIN, 1))
    key = ("MATIN", MONDAY)
    reserve(home(), "MATIN", MONDAY)
    full = looks([key])[key]
    reserve(home(), "MATIN", MONDAY, held=Held.WAITING)
    assert looks([key])[key] != full
    assert looks([("PLUS_LA", MONDAY)]) == {}


def test_cells_are_those_of_the_grid() -> None:
    town.imported(limited(MATIN, 1))
    nora, other = home(), home("Lina")
    reserve(other, "MATIN", MONDAY)
    pend(nora, "MATIN", TUESDAY)
    grid = planning(nora.actor, Wanted(MONDAY, child_id=nora.child))
    shown = {cell.key: cell for row in grid.rows for cell in row.cells}
    keys = [(nora.child, "MATIN", MONDAY), (nora.child, "REPAS", MONDAY)]
    assert cells(nora.actor, keys) == {key: shown[key] for key in keys}
    assert shown[keys[0]].decision.state is CellState.FULL
    tuesday = (nora.child, "MATIN", TUESDAY)
    next_month = planning(nora.actor, Wanted(TUESDAY, child_id=nora.child))
    assert cells(nora.actor, [tuesday])[tuesday] in [c for r in next_month.rows for c in r.cells]
    with pytest.raises(NotFound):
        cells(other.actor, keys)


def test_who_else_may_change_what_a_parent_sees() -> None:
    town.imported()
    nora, stranger = home(), home("Lina")
    marc, away = other_parent(nora), town.other_household(nora)
    assert accounts_of([nora.child, stranger.child]) == {
        nora.child: {nora.account, marc.account, away.account},
        stranger.child: {stranger.account},
    }
    pend(marc, "MATIN", MONDAY)
    found = marks([marc.account, away.account])
    assert found == {
        marc.account: {((nora.child, "MATIN", MONDAY), Pending.BOOKING)},
        away.account: frozenset(),
    }
