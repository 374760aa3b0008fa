"""Every form of deadline, at the calendar of zone A unless said otherwise.

March 2026: Monday 2, 9, 16, 23, 30. Easter Monday is 6 April, in the spring holidays (4 to 19).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.calendars import DAY, Calendar, CalendarRules, Period, Weekday, Zone
from portail.domain.catalogue import FRI, MON, SCHOOL_WEEK, THU, TUE, WED
from portail.domain.deadlines import (
    NEVER,
    NO_LIMIT,
    AfterHolidays,
    Asked,
    ByWeekday,
    ClearDaysBeforePeriod,
    Cutoff,
    DayKind,
    DayOfMonthBefore,
    DaysBefore,
    Deadline,
    DuringAbsence,
    HoursBefore,
    Never,
    SameDay,
    Simple,
    WeekBefore,
    WeekdayCase,
    WeekdayTable,
    in_time,
    resolve,
)
from portail.domain.moments import utc
from tests.catalogues import TICK, paris

CALENDAR = Calendar(CalendarRules(Zone.A))
SEASON = Period("2025-2026", date(2025, 9, 1), date(2026, 7, 3))
NINE, NOON = time(9), time(12)
END = "23:59:59.999999"


def asked(day: str, starts_at: time = NOON, since: str = "") -> Asked:
    absent = date.fromisoformat(since) if since else None
    return Asked(date.fromisoformat(day), starts_at, CALENDAR, SEASON, absent)


TABLE = (Cutoff((MON, TUE), FRI, NINE), Cutoff((THU, FRI), TUE, NINE))
PLAIN_TABLE = WeekdayTable(TABLE)
FIRST_DAY = WeekdayTable(TABLE, AfterHolidays.FIRST_DAY)
DURING = WeekdayTable(TABLE, AfterHolidays.DURING)
MIXED = ByWeekday((WeekdayCase((WED,), WeekBefore(THU, NOON)),), DaysBefore(1, NOON))
ILL = DuringAbsence(WeekBefore(THU, NINE), time(10))

CASES: list[tuple[Deadline, str, str]] = [
    # so many calendar days before, the day itself left out
    (DaysBefore(1, time(18)), "2026-03-16", "2026-03-15 18:00"),
    (DaysBefore(7), "2026-03-16", f"2026-03-09 {END}"),
    (DaysBefore(0, NINE), "2026-03-16", "2026-03-16 09:00"),
    (DaysBefore(2, NINE), "2026-01-01", "2025-12-30 09:00"),  # over the turn of the year
    # working days: Monday 16 -> Friday 13 is one, Thursday 12 two
    (DaysBefore(2, NOON, DayKind.WORKING), "2026-03-16", "2026-03-12 12:00"),
    (DaysBefore(2, NOON, DayKind.WORKING), "2026-03-19", "2026-03-17 12:00"),
    # Tuesday 26 May 2026 after Whit Monday: Friday 22 is one, Thursday 21 two
    (DaysBefore(2, NOON, DayKind.WORKING), "2026-05-26", "2026-05-21 12:00"),
    # Monday to Friday whatever the holidays: Monday 25 counts
    (DaysBefore(2, NOON, DayKind.WEEKDAY), "2026-05-26", "2026-05-22 12:00"),
    # Friday 2 January 2026: Wednesday 31 (Thursday 1 is a public holiday), Tuesday 30
    (DaysBefore(2, NOON, DayKind.WORKING), "2026-01-02", "2025-12-30 12:00"),
    # school days: Thursday 19 -> Tuesday 17, Monday 16; over holidays 23 Feb -> 6 Feb
    (DaysBefore(2, NINE, DayKind.SCHOOL), "2026-03-19", "2026-03-16 09:00"),
    (DaysBefore(1, NINE, DayKind.SCHOOL), "2026-02-23", "2026-02-06 09:00"),
    (SameDay(time(7)), "2026-03-16", "2026-03-16 07:00"),
    # the week before: any day of the week of 16 March -> Thursday 12
    (WeekBefore(THU, NINE), "2026-03-16", "2026-03-12 09:00"),
    (WeekBefore(THU, NINE), "2026-03-20", "2026-03-12 09:00"),
    (WeekBefore(THU, NINE), "2026-03-22", "2026-03-12 09:00"),  # Sunday ends the week
    (WeekBefore(THU, NINE, weeks=2), "2026-03-20", "2026-03-05 09:00"),
    (WeekBefore(TUE), "2026-01-05", f"2025-12-30 {END}"),
    # the table: Monday and Tuesday -> Friday; Thursday and Friday -> Tuesday
    (PLAIN_TABLE, "2026-03-16", "2026-03-13 09:00"),
    (PLAIN_TABLE, "2026-03-17", "2026-03-13 09:00"),
    (PLAIN_TABLE, "2026-03-19", "2026-03-17 09:00"),
    (PLAIN_TABLE, "2026-03-20", "2026-03-17 09:00"),
    # strictly before: a Friday's Friday is the week before
    (WeekdayTable((Cutoff((FRI,), FRI, NINE),)), "2026-03-20", "2026-03-13 09:00"),
    # Monday 23 February, first day after the winter holidays
    (PLAIN_TABLE, "2026-02-23", "2026-02-20 09:00"),
    (FIRST_DAY, "2026-02-23", "2026-02-06 09:00"),
    (DURING, "2026-02-23", "2026-02-06 09:00"),
    (FIRST_DAY, "2026-02-24", "2026-02-20 09:00"),  # the second day
    (DURING, "2026-02-24", "2026-02-06 09:00"),  # its Friday is in the holidays too
    (FIRST_DAY, "2026-02-26", "2026-02-24 09:00"),
    (DURING, "2026-02-26", "2026-02-24 09:00"),
    # Tuesday 1 September 2026: last day of class Friday 3 July
    (FIRST_DAY, "2026-09-01", "2026-07-03 09:00"),
    # hours before, on the clock
    (HoursBefore(72), "2026-03-19", "2026-03-16 12:00"),
    (HoursBefore(2), "2026-03-19", "2026-03-19 10:00"),
    (HoursBefore(72), "2026-03-31", "2026-03-28 12:00"),  # the clock changed on Sunday 29
    (HoursBefore(72), "2026-10-27", "2026-10-24 12:00"),  # and on Sunday 25 October
    # clear days before the winter holidays (first day Saturday 7 February): 15 between
    (ClearDaysBeforePeriod(15), "2026-02-12", f"2026-01-22 {END}"),
    (ClearDaysBeforePeriod(0, NOON), "2026-02-12", "2026-02-06 12:00"),
    (ClearDaysBeforePeriod(15), "2026-03-12", f"2025-08-16 {END}"),  # before the season
    # the 20th of the month before; the last day of a shorter month; over the year
    (DayOfMonthBefore(20), "2026-03-12", f"2026-02-20 {END}"),
    (DayOfMonthBefore(31, NOON), "2026-03-31", "2026-02-28 12:00"),
    (DayOfMonthBefore(15, NOON), "2026-01-05", "2025-12-15 12:00"),
    (DayOfMonthBefore(15, NOON, months=2), "2026-01-05", "2025-11-15 12:00"),
    (NO_LIMIT, "2026-03-12", f"2026-03-12 {END}"),
    (MIXED, "2026-03-18", "2026-03-12 12:00"),  # Wednesday
    (MIXED, "2026-03-19", "2026-03-18 12:00"),
    (ILL, "2026-03-19", "2026-03-12 09:00"),
]


@pytest.mark.parametrize(("deadline", "day", "until"), CASES)
def test_the_last_instant(deadline: Deadline, day: str, until: str) -> None:
    found = resolve(deadline, asked(day))
    assert found == paris(until)
    assert in_time(found - TICK, found)
    assert in_time(found, found)  # at the hour itself, still
    assert not in_time(found + TICK, found)


def test_nine_o_clock_sharp_is_in_time() -> None:
    until = resolve(WeekBefore(THU, NINE), asked("2026-03-16"))
    assert in_time(paris("2026-03-12 09:00:00"), until)
    assert not in_time(paris("2026-03-12 09:00:00.000001"), until)
    assert in_time(datetime(2026, 3, 12, 8, tzinfo=UTC), until)  # whatever the zone of «now»


def test_the_next_days_of_an_absence() -> None:
    # ill since Thursday 19: that meal followed the usual rule, Friday's may go until 10:00
    assert resolve(ILL, asked("2026-03-19", since="2026-03-19")) == paris("2026-03-12 09:00")
    assert resolve(ILL, asked("2026-03-20", since="2026-03-19")) == paris("2026-03-20 10:00")


def test_never_is_never() -> None:
    assert resolve(Never(), asked("2026-03-19")) == NEVER
    assert not in_time(paris("2020-01-01 00:00"), NEVER)
    # a weekday left out of the table cannot be asked
    assert resolve(PLAIN_TABLE, asked("2026-03-18")) == NEVER


def test_a_deadline_never_falls_after_its_day() -> None:
    # a window of the day before said wrongly: hours negative in effect are bounded by the day
    assert resolve(HoursBefore(-48), asked("2026-03-19")) == paris(f"2026-03-19 {END}")


def test_a_cut_off_in_the_hour_that_does_not_exist() -> None:
    # Monday 30 March 2026, the day before at 2:30: the clock jumped from 2:00 to 3:00
    until = resolve(DaysBefore(1, time(2, 30)), asked("2026-03-30"))
    assert utc(until) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    # Monday 26 October, the day before at 2:30: the second one
    until = resolve(DaysBefore(1, time(2, 30)), asked("2026-10-26"))
    assert utc(until) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_counting_days_ends_where_the_calendar_begins() -> None:
    until = resolve(DaysBefore(5000, NINE, DayKind.SCHOOL), asked("2026-03-19"))
    assert until.date() == date(2019, 9, 1)


# --- properties -----------------------------------------------------------------------------------

hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))
weekdays = st.sampled_from(Weekday)
dates = st.dates(date(2025, 1, 1), date(2028, 6, 30))

monotone: st.SearchStrategy[Simple] = st.one_of(
    st.builds(DaysBefore, st.integers(0, 20), hours, st.sampled_from(DayKind)),
    st.builds(SameDay, hours),
    st.builds(WeekBefore, weekdays, hours, st.integers(1, 3)),
    st.builds(HoursBefore, st.integers(0, 200)),
    st.builds(DayOfMonthBefore, st.integers(1, 31), hours, st.integers(1, 2)),
    st.just(NO_LIMIT),
)
tables = st.builds(
    WeekdayTable,
    st.tuples(st.builds(Cutoff, st.just(tuple(Weekday)), weekdays, hours)),
    st.sampled_from(AfterHolidays),
)
simple: st.SearchStrategy[Simple] = st.one_of(
    monotone, tables, st.builds(ClearDaysBeforePeriod, st.integers(0, 30), hours), st.just(Never())
)
deadlines: st.SearchStrategy[Deadline] = st.one_of(
    simple,
    st.builds(ByWeekday, st.tuples(st.builds(WeekdayCase, st.just(SCHOOL_WEEK), simple)), simple),
    st.builds(DuringAbsence, simple, hours),
)
instants = (
    st.integers(-400, 1100)
    .flatmap(lambda day: st.timedeltas(DAY * day, DAY * (day + 1)))
    .map(lambda since: datetime(2025, 7, 1, tzinfo=UTC) + since)
)  # June 2024 to July 2028


@given(deadlines, dates, hours, instants, instants)
def test_a_later_moment_never_re_opens_a_passed_deadline(
    deadline: Deadline, day: date, starts_at: time, one: datetime, other: datetime
) -> None:
    until = resolve(deadline, Asked(day, starts_at, CALENDAR, SEASON))
    first, second = sorted((one, other))
    if not in_time(first, until):
        assert not in_time(second, until)


@given(monotone, dates, dates, hours)
def test_a_later_day_never_has_an_earlier_deadline(
    deadline: Simple, one: date, other: date, starts_at: time
) -> None:
    first, second = sorted((one, other))
    early = resolve(deadline, Asked(first, starts_at, CALENDAR, SEASON))
    late = resolve(deadline, Asked(second, starts_at, CALENDAR, SEASON))
    assert utc(early) <= utc(late)


@given(deadlines, dates, hours)
def test_a_deadline_is_in_paris_and_never_after_its_day(
    deadline: Deadline, day: date, starts_at: time
) -> None:
    until = resolve(deadline, Asked(day, starts_at, CALENDAR, SEASON))
    assert str(until.tzinfo) == "Europe/Paris"
    assert until.date() <= day


@given(tables, dates)
def test_a_cut_off_of_a_table_is_strictly_before_its_day(table: WeekdayTable, day: date) -> None:
    assert resolve(table, Asked(day, NOON, CALENDAR, SEASON)).date() < day


@given(st.integers(1, 20), dates)
def test_counting_more_kinds_of_days_never_comes_sooner(count: int, day: date) -> None:
    def back(kind: DayKind) -> date:
        return resolve(DaysBefore(count, NINE, kind), Asked(day, NOON, CALENDAR)).date()

    assert back(DayKind.SCHOOL) <= back(DayKind.WORKING) <= back(DayKind.WEEKDAY)
    assert back(DayKind.WEEKDAY) <= back(DayKind.CALENDAR) == day - count * DAY
