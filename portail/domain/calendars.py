"""The calendar of a town: school days, school holidays, public holidays, days it closes.

School holidays of zones A, B and C come from `vacances-scolaires-france`, public holidays from
`holidays`. Agents add what the packages do not know. A `Calendar` is made once and asked often:
each day is a few bits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache

import holidays
from vacances_scolaires_france import SchoolHolidayDates

DAY = timedelta(days=1)
# Before it nothing is ever booked; the packages go back to 1990.
KNOWN_FROM = date(2019, 9, 1)
_BEYOND = 800  # days after the last known one whose public holidays are still asked

_SCHOOL, _HOLIDAYS, _PUBLIC, _CLOSED = 1, 2, 4, 8

BRIDGE = "Pont de l’Ascension"
# The decrees free the Friday and the Saturday after Ascension every year; the package forgets
# these years (calendars of 2022-2023 to 2025-2026).
_BRIDGES = (date(2023, 5, 19), date(2024, 5, 10), date(2025, 5, 30), date(2026, 5, 15))


class Zone(StrEnum):
    """The zones of the school holidays."""

    A = "A"
    B = "B"
    C = "C"


class Weekday(IntEnum):
    """Days of the week, numbered as `date.weekday()` does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class WorkingDays(StrEnum):
    """«Jours ouvrés» are Monday to Friday, «jours ouvrables» Monday to Saturday."""

    OUVRES = "ouvres"
    OUVRABLES = "ouvrables"


@dataclass(frozen=True, slots=True)
class Period:
    """Consecutive days with a name: school holidays, days a town closes. Both ends are in it."""

    name: str
    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class CalendarRules:
    """What a town's agents set.

    `closing` closes the services and leaves the count of working and school days alone;
    `extra_holidays` are school holidays (years the package does not know, a bridge decided by the
    school); on `extra_school_days` there is class whatever else is said (a bridge made up for).
    `known_until` is the last day agents vouch for, when it is later than the package's.
    """

    zone: Zone
    wednesday_school: bool = False
    alsace_moselle: bool = False
    working_days: WorkingDays = WorkingDays.OUVRES
    closing: tuple[Period, ...] = ()
    extra_holidays: tuple[Period, ...] = ()
    extra_school_days: tuple[date, ...] = ()
    known_until: date | None = None


class Calendar:
    """A town's days. Immutable: make another one when the rules change."""

    __slots__ = ("_base", "_flags", "_starts", "known_until", "periods", "rules")

    def __init__(self, rules: CalendarRules) -> None:
        packaged = packaged_periods(rules.zone)
        self.rules = rules
        self.known_until = max(
            packaged[-1].last_day, rules.known_until or date.min, _last(rules.extra_holidays)
        )
        self.periods = tuple(
            sorted((*packaged, *rules.extra_holidays), key=lambda period: period.first_day)
        )
        self._starts = [period.first_day for period in self.periods]
        self._base = KNOWN_FROM.toordinal()
        self._flags = bytes(self._marks())

    def _marks(self) -> Iterator[int]:
        rules = self.rules
        vacation = {day for period in self.periods for day in days(period)}
        closed = {day for period in rules.closing for day in days(period)}
        extra = frozenset(rules.extra_school_days)
        for day in days(Period("", KNOWN_FROM, self.known_until + _BEYOND * DAY)):
            public = public_holiday(day, alsace_moselle=rules.alsace_moselle) is not None
            class_held = self._weekly(day) and not public and day not in vacation
            school = day <= self.known_until and class_held
            yield (
                (_SCHOOL if school or day in extra else 0)
                | (_HOLIDAYS if day in vacation and day not in extra else 0)
                | (_PUBLIC if public else 0)
                | (_CLOSED if day in closed else 0)
            )

    def _weekly(self, day: date) -> bool:
        weekday = day.weekday()
        return weekday <= Weekday.FRIDAY and (
            weekday != Weekday.WEDNESDAY or self.rules.wednesday_school
        )

    def _flag(self, day: date) -> int:
        place = day.toordinal() - self._base
        if 0 <= place < len(self._flags):
            return self._flags[place]
        public = public_holiday(day, alsace_moselle=self.rules.alsace_moselle) is not None
        return _PUBLIC if public else 0

    def is_known(self, day: date) -> bool:
        """Whether the school holidays around this day are known; beyond, nothing is bookable."""
        return KNOWN_FROM <= day <= self.known_until

    def is_school_day(self, day: date) -> bool:
        """Whether there is class that day (never, where the calendar is unknown)."""
        return bool(self._flag(day) & _SCHOOL)

    def is_holiday_period(self, day: date) -> bool:
        """Whether the day is in school holidays, weekends included."""
        return bool(self._flag(day) & _HOLIDAYS)

    def is_public_holiday(self, day: date) -> bool:
        """Whether the day is a French public holiday («jour férié»)."""
        return bool(self._flag(day) & _PUBLIC)

    def is_closed(self, day: date) -> bool:
        """Whether the town closes its services that day."""
        return bool(self._flag(day) & _CLOSED)

    def is_working_day(self, day: date) -> bool:
        """Whether the day is «ouvré» (or «ouvrable», as the town sets) and not a public holiday."""
        last = Weekday.FRIDAY
        if self.rules.working_days is WorkingDays.OUVRABLES:
            last = Weekday.SATURDAY
        return day.weekday() <= last and not self._flag(day) & _PUBLIC

    def holiday_period(self, day: date) -> Period | None:
        """The school holidays this day is in."""
        if not self.is_holiday_period(day):
            return None
        for period in reversed(self.periods[: bisect_right(self._starts, day)]):
            if day in period:
                return period
        return None

    def closing(self, day: date) -> Period | None:
        """Why the town closes that day."""
        return next((period for period in self.rules.closing if day in period), None)

    def public_holiday(self, day: date) -> str | None:
        """The French name of the public holiday of that day."""
        return public_holiday(day, alsace_moselle=self.rules.alsace_moselle)

    def previous_school_day(self, day: date) -> date | None:
        """The last school day strictly before; none before the calendar begins."""
        found = day - DAY
        while not self.is_school_day(found):
            if found < KNOWN_FROM:
                return None
            found -= DAY
        return found

    def is_first_school_day_after_holidays(self, day: date) -> bool:
        """Whether class starts again that day after school holidays."""
        before = self.previous_school_day(day) if self.is_school_day(day) else None
        if before is None:
            return False
        return any(self.is_holiday_period(d) for d in days(Period("", before + DAY, day - DAY)))


def days(period: Period) -> Iterator[date]:
    """Each day of a period."""
    for number in range(period.first_day.toordinal(), period.last_day.toordinal() + 1):
        yield date.fromordinal(number)


def monday(day: date) -> date:
    """The Monday of this day's week."""
    return day - day.weekday() * DAY


def week_of(day: date) -> tuple[date, ...]:
    """The seven days of this day's week, from Monday."""
    first = monday(day)
    return tuple(first + n * DAY for n in range(7))


@lru_cache(maxsize=256)
def _public_holidays(year: int, alsace_moselle: bool) -> dict[date, str]:
    subdivision = "57" if alsace_moselle else None
    found = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    return {day: name.replace("'", "’") for day, name in found.items()}


def public_holiday(day: date, *, alsace_moselle: bool = False) -> str | None:
    """The French name of the public holiday of that day, in France (metropolitan) or in Alsace
    and Moselle, which add Good Friday and 26 December.
    """  # noqa: D205
    return _public_holidays(day.year, alsace_moselle).get(day)


@lru_cache(maxsize=3)
def packaged_periods(zone: Zone) -> tuple[Period, ...]:
    """The school holidays of a zone since 2019, as days without class.

    School holidays start after class on their first published date. The package has the Saturday
    when class ends on a Friday evening, but the very date when it is a weekday (6 July 2021,
    7 July 2022, 4 July 2028): that day is a school day. Bridges are published as days off.
    """
    source = SchoolHolidayDates()
    off = sorted(
        (day, row["nom_vacances"].replace("'", "’"))
        for day, row in source.data.items()
        if row[source.zone_key(zone.value)] and day >= KNOWN_FROM
    )
    found: list[Period] = []
    for day, name in off:
        if found and found[-1].name == name and found[-1].last_day == day - DAY:
            found[-1] = Period(name, found[-1].first_day, day)
        else:
            found.append(Period(name, day, day))
    bridges = [Period(BRIDGE, day, day + DAY) for day in _BRIDGES]
    return tuple(sorted([_after_class(p) for p in found] + bridges, key=lambda p: p.first_day))


def _after_class(period: Period) -> Period:
    first = period.first_day
    if period.name == BRIDGE or first.weekday() > Weekday.FRIDAY:
        return period
    return Period(period.name, first + DAY, period.last_day)


def _last(periods: tuple[Period, ...]) -> date:
    return max((period.last_day for period in periods), default=date.min)
