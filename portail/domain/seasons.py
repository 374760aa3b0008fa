"""Seasons by their name: «the school year 2026», «the Christmas holidays», as days.

A town's file may say them so, and be good for another year by changing one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portail.domain.calendars import KNOWN_FROM, Calendar, Period, days
from portail.domain.names import fold

_YEAR_STARTS = (8, 16)  # a day of the summer holidays, wherever a school year begins and ends
_YEAR_ENDS = (8, 15)


@dataclass(frozen=True)
class SeasonName:
    """A whole school year, or school holidays of it by a word of their name («Noël»).

    `school_year` is the calendar year it begins in; unset, that of the file. `year_offset` counts
    from there: −1 is the school year before.
    """

    school_year: int | None = None
    holidays: str = ""
    year_offset: int = 0


class UnknownSeasonError(ValueError):
    """No such season in the calendar; `known` are the holidays of the year, if it is known."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        super().__init__(f"No such season; known: {', '.join(known)}")
        self.known = known


def last_known_year(calendar: Calendar) -> int:
    """The last school year the calendar knows to its end, by the year it begins in."""
    known = calendar.known_until
    return known.year - 1 if (known.month, known.day) >= (7, 1) else known.year - 2


def season(name: SeasonName, school_year: int, calendar: Calendar) -> Period:
    """The days of a season.

    Args:
        name: what the file says.
        school_year: that of the file, for a season that says none.
        calendar: of the town.

    Raises:
        UnknownSeasonError: the calendar does not know it.
    """
    year = (name.school_year or school_year) + name.year_offset
    if not KNOWN_FROM.year <= year <= last_known_year(calendar):
        raise UnknownSeasonError
    first, last = date(year, *_YEAR_STARTS), date(year + 1, *_YEAR_ENDS)
    if name.holidays:
        return _holidays(name.holidays, first, last, calendar)
    school = [day for day in days(Period("", first, last)) if calendar.is_school_day(day)]
    if not school:
        raise UnknownSeasonError
    return Period(f"{year}-{year + 1}", school[0], school[-1])


def _holidays(word: str, first: date, last: date, calendar: Calendar) -> Period:
    found = [period for period in calendar.periods if first <= period.first_day <= last]
    wanted = fold(word).split()
    for period in found:
        words = fold(period.name).split()
        if wanted and words[-len(wanted) :] == wanted:
            name = f"{period.name} {period.first_day.year}"
            return Period(name, period.first_day, period.last_day)
    raise UnknownSeasonError(tuple(period.name for period in found))
