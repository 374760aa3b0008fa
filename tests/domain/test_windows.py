"""Windows of booking: opening, residents first, closing."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from portail.domain.calendars import Calendar, CalendarRules, Zone
from portail.domain.deadlines import Asked, DaysBefore, Deadline, SameDay, resolve
from portail.domain.moments import Moment
from portail.domain.reasons import Code
from portail.domain.windows import (
    OPEN,
    Window,
    WindowState,
    openings,
    refusal,
    stand,
)
from tests.catalogues import paris

DAY = date(2026, 7, 8)
# residents from Monday 1 June 9:00, everyone from Monday 8 June 9:00, until Friday 19 June noon
SUMMER = Window(
    opens=Moment(date(2026, 6, 8), time(9)),
    closes=Moment(date(2026, 6, 19), time(12)),
    residents_from=Moment(date(2026, 6, 1), time(9)),
    first_day=date(2026, 7, 4),
    last_day=date(2026, 8, 31),
)
SECOND_ROUND = Window(
    opens=Moment(date(2026, 6, 25), time(9)), closes=Moment(date(2026, 6, 30), time(12))
)


def counted(deadline: Deadline) -> datetime:
    assert isinstance(deadline, DaysBefore)
    return paris("2026-06-08 09:00")


def state(now: str, *windows: Window, resident: bool = False) -> tuple[WindowState, str]:
    found = stand(openings(windows, DAY, counted), paris(now), resident=resident)
    return found.state, "" if found.changes_at is None else f"{found.changes_at:%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "resident", "expected"),
    [
        ("2026-06-01 08:59:59", True, (WindowState.NOT_YET, "01 09:00")),
        ("2026-06-01 09:00", True, (WindowState.OPEN, "19 12:00")),
        ("2026-06-01 08:59:59", False, (WindowState.NOT_YET, "08 09:00")),
        ("2026-06-01 09:00", False, (WindowState.RESIDENTS_ONLY, "08 09:00")),
        ("2026-06-08 08:59:59", False, (WindowState.RESIDENTS_ONLY, "08 09:00")),
        ("2026-06-08 09:00", False, (WindowState.OPEN, "19 12:00")),
        ("2026-06-19 12:00", False, (WindowState.OPEN, "19 12:00")),
        ("2026-06-19 12:00:01", True, (WindowState.OVER, "19 12:00")),
    ],
)
def test_before_at_and_after(now: str, resident: bool, expected: tuple[WindowState, str]) -> None:
    assert state(now, SUMMER, resident=resident) == expected


def test_a_second_round() -> None:
    both = SUMMER, SECOND_ROUND
    assert state("2026-06-10 10:00", *both) == (WindowState.OPEN, "19 12:00")
    assert state("2026-06-20 10:00", *both) == (WindowState.NOT_YET, "25 09:00")
    assert state("2026-06-26 10:00", *both) == (WindowState.OPEN, "30 12:00")
    assert state("2026-07-01 10:00", *both) == (WindowState.OVER, "30 12:00")


def test_the_one_that_stays_open_longest_is_told() -> None:
    endless = Window(opens=Moment(date(2026, 6, 10)))
    assert state("2026-06-11 10:00", SUMMER, endless) == (WindowState.OPEN, "")
    later = Window(closes=Moment(date(2026, 6, 20)))
    assert state("2026-06-11 10:00", SUMMER, later) == (WindowState.OPEN, "20 00:00")


def test_a_day_without_window() -> None:
    outside = Window(last_day=date(2026, 7, 3))
    assert state("2026-06-10 10:00", outside) == (WindowState.NONE, "")


def test_bounds_counted_from_the_day() -> None:
    rolling = Window(opens=DaysBefore(30, time(9)))
    assert state("2026-06-08 08:59:59", rolling) == (WindowState.NOT_YET, "08 09:00")
    assert state("2026-06-08 09:00", rolling) == (WindowState.OPEN, "")


def test_a_day_without_an_hour_opens_at_its_first_minute_and_closes_with_its_last() -> None:
    def whole_day(_deadline: Deadline) -> datetime:
        return resolve(DaysBefore(30), Asked(DAY, time(12), Calendar(CalendarRules(Zone.C))))

    (found,) = openings([Window(DaysBefore(30), DaysBefore(30), DaysBefore(30))], DAY, whole_day)
    assert found.opens == found.residents_from == paris("2026-06-08 00:00")
    assert found.closes == paris("2026-06-08 23:59:59.999999")


def test_what_is_not_open_says_why() -> None:
    assert refusal(OPEN) is None
    found = openings((SUMMER,), DAY, counted)
    codes = {
        "2026-05-01 09:00": Code.WINDOW_NOT_OPEN,
        "2026-06-02 09:00": Code.WINDOW_RESIDENTS_FIRST,
        "2026-06-20 09:00": Code.WINDOW_OVER,
    }
    for now, code in codes.items():
        reason = refusal(stand(found, paris(now), resident=False))
        assert reason is not None
        assert reason.code is code
        assert reason.at is not None
    none = refusal(stand((), paris("2026-06-02 09:00"), resident=False))
    assert none is not None
    assert none.code is Code.NO_WINDOW


def test_it_covers_the_days_it_says() -> None:
    assert SUMMER.covers(date(2026, 7, 4))
    assert SUMMER.covers(date(2026, 8, 31))
    assert not SUMMER.covers(date(2026, 9, 1))
    assert Window(closes=SameDay(time(9))).covers(DAY)
