"""The next deadlines: weeks without a booking, while there is still time (2026-11-23, 9 h)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from portail import clock
from portail.database import reading
from portail.domain.deadlines import DaysBefore
from portail.domain.enrolment_states import EnrolmentState
from portail.services.catalogue.loading import current
from portail.services.deadlines import (
    NextDeadline,
    closing_on,
    deadlines_of_weeks,
    next_deadlines,
)
from tests.enrolling import MORNING, book, enrol, imported, parent

pytestmark = pytest.mark.usefixtures("db")
# until three days before, 11 h
SLOT = replace(MORNING.slots[0], book=DaysBefore(3, time(11)))
MONDAY, TUESDAY, THURSDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)


def enrolled(state: EnrolmentState = EnrolmentState.VALIDATED) -> tuple[int, int]:
    imported(replace(MORNING, slots=(SLOT,)))
    _, child_id, family_id = parent()
    enrol(family_id, child_id, state)
    return child_id, family_id


def told(family_id: int) -> list[tuple[datetime, date, date, tuple[int, ...]]]:
    with reading() as session:
        found: tuple[NextDeadline, ...] = next_deadlines(session, family_id)
    return [(clock.paris(one.until), one.week_on, one.from_day, one.children) for one in found]


def at(day: date) -> datetime:
    return datetime.combine(day, time(11), clock.paris(clock.now()).tzinfo)


def test_each_week_tells_its_first_deadline_within_seven_days() -> None:
    child_id, family_id = enrolled()
    assert told(family_id) == [
        # Monday 23 to Wednesday 25 are past their hour, Thursday 26 closes today at 11
        (at(date(2026, 11, 23)), date(2026, 11, 23), date(2026, 11, 26), (child_id,)),
        (at(date(2026, 11, 27)), MONDAY, MONDAY, (child_id,)),
    ]


def test_a_week_with_a_booking_asks_for_nothing() -> None:
    child_id, family_id = enrolled()
    book(family_id, child_id, THURSDAY)
    assert [week for _, week, _, _ in told(family_id)] == [date(2026, 11, 23)]


@pytest.mark.parametrize("state", [EnrolmentState.REQUESTED, EnrolmentState.WAITING_LIST])
def test_only_a_validated_enrolment_has_deadlines(state: EnrolmentState) -> None:
    _, family_id = enrolled(state)
    assert told(family_id) == []


def test_another_family_has_its_own() -> None:
    enrolled()
    _, _, other = parent()
    assert told(other) == []


def test_the_weeks_that_close_on_a_day_are_those_that_families_are_told() -> None:
    """Asked of many families at once, the weeks of a day are those of each one's own deadlines."""
    first, family_id = enrolled()
    _, second, other = parent(name="Sami")
    enrol(other, second)
    book(other, second, THURSDAY)
    loaded = current()
    told = set[int]()
    for n in range(8):
        day = clock.today() + timedelta(days=n)
        weeks = closing_on(loaded, day)
        wanted = {
            family: [(child, week) for week in weeks]
            for family, child in ((family_id, first), (other, second))
        }
        with reading() as session:
            found = deadlines_of_weeks(session, wanted)
            for family in wanted:
                of_that_day = [
                    one
                    for one in next_deadlines(session, family)
                    if clock.paris(one.until).date() == day
                ]
                same = [one for one in found[family] if clock.paris(one.until).date() == day]
                assert same == of_that_day
                told |= {len(of_that_day)}
    assert told == {0, 1}
