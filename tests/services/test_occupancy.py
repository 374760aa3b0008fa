"""Places taken are counted once, and again when somebody says that they changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert

from portail import clock, database
from portail.database import reading, writing
from portail.domain.bookings import Held
from portail.domain.capacity import Capacity
from portail.models import PlaceChange, Reservation
from portail.services.catalogue import current
from portail.services.catalogue.occupancy import HOLDS, Taken, taken
from tests import factories
from tests.enrolling import MORNING, imported

pytestmark = pytest.mark.usefixtures("db")

MONDAY = date(2026, 11, 30)
TUESDAY = MONDAY + timedelta(1)
SATURDAY = MONDAY + timedelta(5)


@pytest.fixture
def family() -> int:
    slot = replace(MORNING.slots[0], capacity=Capacity(2))
    imported(replace(MORNING, slots=(slot,)))
    return factories.family()


@pytest.fixture
def counted() -> Iterator[list[str]]:
    """The statements that read reservations."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM reservation" in statement:
            found.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    yield found
    event.remove(database.engine(), "before_cursor_execute", note)


def book(family: int, day: date, held: Held = Held.BOOKED, *, told: bool = True) -> int:
    """A booking of a new child; whoever makes it tells."""
    child, slot_id = factories.child("Nora", family), current().slot_ids["MATIN"]
    with writing() as session:
        session.add(
            Reservation(
                family_id=family,
                child_id=child,
                slot_id=slot_id,
                day=day,
                state=held,
                group_code="mat",
                booked_at=clock.now(),
            )
        )
        if told:
            change = {"slot_id": slot_id, "day": day, "changed_at": clock.now()}
            session.execute(insert(PlaceChange), [change])
    return child


def ask(*days: date) -> Taken:
    with reading() as session:
        return taken(session, current(session), ["MATIN"], days)


def test_what_nobody_touched_is_counted_once(family: int, counted: list[str]) -> None:
    book(family, MONDAY)
    first = ask(MONDAY, TUESDAY, SATURDAY)
    assert first.of_all == {("MATIN", MONDAY): 1}
    assert first.by_group == {("MATIN", MONDAY, "mat"): 1}
    assert len(counted) == 1
    assert ask(MONDAY, TUESDAY) == first
    assert len(counted) == 1


def test_a_change_is_seen_at_once(family: int, counted: list[str]) -> None:
    ask(MONDAY, TUESDAY)
    book(family, MONDAY)
    assert ask(MONDAY, TUESDAY).of_all == {("MATIN", MONDAY): 1}
    assert len(counted) == 2
    book(family, MONDAY)
    assert ask(MONDAY, TUESDAY).of_all == {("MATIN", MONDAY): 2}


def test_what_nobody_told_is_seen_within_a_minute(family: int) -> None:
    ask(MONDAY)
    book(family, MONDAY, told=False)
    assert ask(MONDAY).of_all == {}
    clock.advance(HOLDS)
    assert ask(MONDAY).of_all == {("MATIN", MONDAY): 1}


def test_a_change_that_is_forgotten_meanwhile_changes_nothing(family: int) -> None:
    book(family, MONDAY)
    ask(MONDAY)
    with writing() as session:
        session.execute(PlaceChange.__table__.delete())  # type: ignore[attr-defined]
    assert ask(MONDAY).of_all == {("MATIN", MONDAY): 1}


def test_a_new_catalogue_begins_again(family: int) -> None:
    ask(MONDAY)
    book(family, MONDAY, told=False)
    imported(replace(MORNING, slots=(replace(MORNING.slots[0], capacity=Capacity(3)),)))
    assert ask(MONDAY).of_all == {("MATIN", MONDAY): 1}


def test_a_place_that_somebody_waits_for_is_theirs(family: int) -> None:
    book(family, MONDAY)
    first, second = book(family, MONDAY, Held.WAITING), book(family, MONDAY, Held.WAITING)
    found = ask(MONDAY)
    assert found.of_all == {("MATIN", MONDAY): 2}
    assert found.by_group == {("MATIN", MONDAY, "mat"): 2}
    assert found.queues == {("MATIN", MONDAY): ((first, "mat"), (second, "mat"))}


def test_without_limits_nothing_is_counted(counted: list[str]) -> None:
    imported(MORNING)
    book(factories.family(), MONDAY)
    assert ask(MONDAY) == Taken({}, {}, {})
    assert counted == []
