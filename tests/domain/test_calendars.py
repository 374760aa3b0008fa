"""School days and holidays against the published calendars."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.calendars import (
    BRIDGE,
    DAY,
    KNOWN_FROM,
    Calendar,
    CalendarRules,
    Period,
    Weekday,
    WorkingDays,
    Zone,
    days,
    monday,
    packaged_periods,
)

A, B, C = (Calendar(CalendarRules(zone)) for zone in Zone)
ALL = (A, B, C)
known_days = st.dates(KNOWN_FROM, date(2028, 8, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("calendar", "last_class", "first_off", "last_off", "back"),
    [
        # winter and spring of 2025-2026, by zone; Christmas 2026 across the turn of the year
        (A, "2026-02-06", "2026-02-07", "2026-02-22", "2026-02-23"),
        (B, "2026-02-13", "2026-02-14", "2026-03-01", "2026-03-02"),
        (C, "2026-02-20", "2026-02-21", "2026-03-08", "2026-03-09"),
        (A, "2026-04-03", "2026-04-04", "2026-04-19", "2026-04-20"),
        (C, "2026-12-18", "2026-12-19", "2027-01-03", "2027-01-04"),
        (C, "2026-10-16", "2026-10-17", "2026-11-01", "2026-11-02"),
        # class started again on a Tuesday in January 2023
        (B, "2022-12-16", "2022-12-17", "2023-01-02", "2023-01-03"),
        # the first published date is a weekday: there is class that day, off from the next one
        (A, "2021-07-06", "2021-07-07", "2021-08-31", "2021-09-02"),
        (C, "2022-07-07", "2022-07-08", "2022-08-31", "2022-09-01"),
        (B, "2028-07-04", "2028-07-05", "2028-08-31", ""),
    ],
)
def test_holidays_start_after_class(
    calendar: Calendar, last_class: str, first_off: str, last_off: str, back: str
) -> None:
    assert calendar.is_school_day(d(last_class))
    assert not calendar.is_holiday_period(d(last_class))
    period = calendar.holiday_period(d(first_off))
    assert period is not None
    assert (period.first_day, period.last_day) == (d(first_off), d(last_off))
    assert not any(calendar.is_school_day(day) for day in days(period))
    if back:
        assert calendar.is_school_day(d(back))
        assert calendar.is_first_school_day_after_holidays(d(back))
        assert calendar.previous_school_day(d(back)) == d(last_class)


@pytest.mark.parametrize("zone", Zone)
def test_every_packaged_period_is_between_two_days_of_class(zone: Zone) -> None:
    calendar = Calendar(CalendarRules(zone))
    for period in packaged_periods(zone)[1:]:  # the first one began before what is kept
        before, back = period.first_day - DAY, period.last_day + DAY
        usual = Weekday.MONDAY, Weekday.TUESDAY, Weekday.THURSDAY, Weekday.FRIDAY
        if before.weekday() in usual and not calendar.is_public_holiday(before):
            assert calendar.is_school_day(before), period
        if back.weekday() in usual and calendar.is_known(back):
            assert calendar.is_school_day(back) or calendar.is_public_holiday(back), period


@pytest.mark.parametrize(
    "friday", ["2023-05-19", "2024-05-10", "2025-05-30", "2026-05-15", "2027-05-07", "2028-05-26"]
)
@pytest.mark.parametrize("calendar", ALL)
def test_there_is_no_class_on_the_friday_after_ascension(calendar: Calendar, friday: str) -> None:
    assert calendar.is_public_holiday(d(friday) - DAY)
    assert not calendar.is_school_day(d(friday))
    period = calendar.holiday_period(d(friday))
    assert period is not None
    assert period.name == BRIDGE
    assert calendar.is_school_day(d(friday) + 3 * DAY)


@pytest.mark.parametrize("calendar", ALL)
def test_a_week_of_class(calendar: Calendar) -> None:
    # Monday 16 March 2026 to Sunday: no holiday in any zone
    week = [calendar.is_school_day(d("2026-03-16") + n * DAY) for n in range(7)]
    assert week == [True, True, False, True, True, False, False]
    assert not any(calendar.is_holiday_period(d("2026-03-16") + n * DAY) for n in range(7))


def test_class_on_wednesdays() -> None:
    calendar = Calendar(CalendarRules(Zone.A, wednesday_school=True))
    assert calendar.is_school_day(d("2026-03-18"))
    assert not calendar.is_school_day(d("2026-02-11"))  # a Wednesday of the winter holidays
    assert not calendar.is_school_day(d("2026-11-11"))  # Armistice, a Wednesday


def test_public_holidays() -> None:
    assert A.public_holiday(d("2026-04-06")) == "Lundi de Pâques"
    assert A.public_holiday(d("2026-11-11")) is not None
    assert A.public_holiday(d("2026-04-07")) is None
    assert not A.is_school_day(d("2026-11-11"))
    # 25 May 2026, Whit Monday, is not in school holidays
    assert not A.is_school_day(d("2026-05-25"))
    assert not A.is_holiday_period(d("2026-05-25"))


def test_alsace_and_moselle_add_two_public_holidays() -> None:
    alsace = Calendar(CalendarRules(Zone.B, alsace_moselle=True))
    for day in ("2026-04-03", "2026-12-26"):  # Good Friday and the day after Christmas
        assert alsace.is_public_holiday(d(day))
        assert not B.is_public_holiday(d(day))
    assert not alsace.is_school_day(d("2026-04-03"))
    assert not alsace.is_working_day(d("2026-04-03"))


def test_working_days() -> None:
    with_saturdays = Calendar(CalendarRules(Zone.A, working_days=WorkingDays.OUVRABLES))
    for calendar, saturday in ((A, False), (with_saturdays, True)):
        assert calendar.is_working_day(d("2026-02-11"))  # holidays of schools are not of work
        assert calendar.is_working_day(d("2026-03-14")) is saturday
        assert not calendar.is_working_day(d("2026-03-15"))  # Sunday
        assert not calendar.is_working_day(d("2026-05-01"))  # a Friday
        assert not calendar.is_working_day(d("2026-08-15"))  # Assumption, a Saturday


def test_days_a_town_closes() -> None:
    bridge = Period("Pont du 14 juillet", d("2025-07-14"), d("2025-07-15"))
    calendar = Calendar(CalendarRules(Zone.A, closing=(bridge,)))
    assert calendar.is_closed(d("2025-07-15"))
    assert calendar.closing(d("2025-07-15")) == bridge
    assert not calendar.is_closed(d("2025-07-16"))
    assert calendar.closing(d("2025-07-16")) is None
    assert calendar.is_working_day(d("2025-07-15"))  # closing leaves the count alone


def test_agents_add_holidays_and_days_of_class() -> None:
    extra = Period("Pont de l’école", d("2026-01-02"), d("2026-01-06"))
    made_up = d("2026-01-14")  # a Wednesday with class
    calendar = Calendar(
        CalendarRules(Zone.A, extra_holidays=(extra,), extra_school_days=(made_up, d("2026-05-15")))
    )
    assert not calendar.is_school_day(d("2026-01-06"))
    assert calendar.is_holiday_period(d("2026-01-06"))
    assert calendar.holiday_period(d("2026-01-06")) == extra
    assert calendar.is_school_day(made_up)
    assert calendar.is_school_day(d("2026-05-15"))  # the bridge is worked there
    assert not calendar.is_holiday_period(d("2026-05-15"))
    assert calendar.holiday_period(d("2026-05-15")) is None


def test_beyond_what_is_known_there_is_no_class_until_agents_say_so() -> None:
    assert A.known_until == d("2028-08-31")
    assert not A.is_known(d("2028-09-01"))
    assert not A.is_known(KNOWN_FROM - DAY)
    assert not A.is_school_day(d("2028-09-04"))
    assert A.is_public_holiday(d("2028-12-25"))
    assert A.is_public_holiday(d("2040-12-25"))
    assert A.is_working_day(d("2040-12-24"))
    toussaint = Period("Vacances de la Toussaint", d("2028-10-21"), d("2028-11-05"))
    told = Calendar(CalendarRules(Zone.A, extra_holidays=(toussaint,)))
    assert told.known_until == d("2028-11-05")
    assert told.is_school_day(d("2028-09-04"))
    later = Calendar(
        CalendarRules(Zone.A, extra_holidays=(toussaint,), known_until=d("2028-12-15"))
    )
    assert later.is_school_day(d("2028-12-15"))
    assert not later.is_school_day(d("2028-12-18"))


def test_previous_school_day() -> None:
    assert A.previous_school_day(d("2026-03-16")) == d("2026-03-13")  # over a weekend
    assert A.previous_school_day(d("2026-03-19")) == d("2026-03-17")  # over a Wednesday
    assert A.previous_school_day(d("2026-05-18")) == d("2026-05-12")  # over the bridge
    assert A.previous_school_day(KNOWN_FROM) is None
    assert not A.is_first_school_day_after_holidays(d("2026-02-24"))
    assert not A.is_first_school_day_after_holidays(d("2026-02-22"))  # a Sunday


def test_monday() -> None:
    assert monday(d("2026-03-15")) == d("2026-03-09")
    assert monday(d("2026-03-16")) == d("2026-03-16")


@given(known_days)
def test_a_day_of_class_is_worked_and_not_in_holidays(day: date) -> None:
    for calendar in ALL:
        if calendar.is_school_day(day):
            assert calendar.is_working_day(day)
            assert calendar.holiday_period(day) is None
        assert (calendar.holiday_period(day) is not None) == calendar.is_holiday_period(day)
