"""Until when a day may be booked or cancelled: every form in use in some town, as data.

«Jusqu'à 9 h» means that 9:00:00 exactly is still in time and any later instant is not. Hours are
those of a clock in Europe/Paris; 23:59 is the end of the day (see `moments.at_paris`). A form that
counts days leaves out the day of the slot itself: two working days before a Tuesday is Friday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portail.domain.calendars import DAY, KNOWN_FROM, Calendar, Period, Weekday, monday
from portail.domain.moments import END_OF_DAY, PARIS, at_paris, utc

# Far enough from any day one books, and convertible to any zone.
ALWAYS = datetime(9999, 1, 1, tzinfo=PARIS)
NEVER = datetime(2, 1, 1, tzinfo=UTC).astimezone(PARIS)


class DayKind(StrEnum):
    """Which days count when some are counted back."""

    CALENDAR = "calendar"
    WORKING = "working"  # «ouvrés» or «ouvrables», as the town's calendar says
    SCHOOL = "school"
    WEEKDAY = "weekday"  # Monday to Friday, public holidays included


class AfterHolidays(StrEnum):
    """What becomes of a cut-off day when classes start again after school holidays."""

    SAME = "same"  # nothing special
    FIRST_DAY = "first_day"  # for the first school day: the last school day before the holidays
    DURING = "during"  # likewise for any day whose cut-off falls within holidays


@dataclass(frozen=True)
class DaysBefore:
    """So many days before, until this hour (Cruas: 2 weekdays, 12:00; Illkirch: 15 working)."""

    days: int
    at: time = END_OF_DAY
    counting: DayKind = DayKind.CALENDAR


@dataclass(frozen=True)
class SameDay:
    """The very day, until this hour (Numerian towns: 7:00)."""

    until: time


@dataclass(frozen=True)
class WeekBefore:
    """A weekday of the week before, or of `weeks` before. Weeks start on Monday."""

    weekday: Weekday
    at: time = END_OF_DAY
    weeks: int = 1


@dataclass(frozen=True)
class Cutoff:
    """For the slots of these weekdays, the last such weekday strictly before, until this hour."""

    slots_on: tuple[Weekday, ...]
    weekday: Weekday
    at: time = END_OF_DAY


@dataclass(frozen=True)
class WeekdayTable:
    """A cut-off for each weekday of the slot (Vailhauquès, Rontalon). A weekday left out of the
    table cannot be asked at all.
    """  # noqa: D205

    rows: tuple[Cutoff, ...]
    after_holidays: AfterHolidays = AfterHolidays.SAME


@dataclass(frozen=True)
class HoursBefore:
    """So many hours before the slot starts, on the clock: 72 hours before Monday 8:00 is Friday
    8:00, even when the clocks change in between.
    """  # noqa: D205

    hours: int


@dataclass(frozen=True)
class ClearDaysBeforePeriod:
    """So many clear days («jours francs») before the first day of the school holidays the day is
    in, or else of the activity's season: neither the day of the act nor that first day counts.
    """  # noqa: D205

    days: int
    at: time = END_OF_DAY


@dataclass(frozen=True)
class DayOfMonthBefore:
    """The Nth day of the month before (the last one when that month is shorter)."""

    day: int
    at: time = END_OF_DAY
    months: int = 1


@dataclass(frozen=True)
class NoLimit:
    """Until the day itself is over."""


@dataclass(frozen=True)
class Never:
    """Cannot be asked at all, for instance cancelled."""


NO_LIMIT = NoLimit()


Simple = (
    DaysBefore
    | SameDay
    | WeekBefore
    | WeekdayTable
    | HoursBefore
    | ClearDaysBeforePeriod
    | DayOfMonthBefore
    | NoLimit
    | Never
)


@dataclass(frozen=True)
class WeekdayCase:
    """The rule of some weekdays of the slot."""

    slots_on: tuple[Weekday, ...]
    rule: Simple


@dataclass(frozen=True)
class ByWeekday:
    """Rules of different forms by weekday of the slot (Cruas: another one on Wednesdays)."""

    cases: tuple[WeekdayCase, ...]
    otherwise: Simple


@dataclass(frozen=True)
class DuringAbsence:
    """The first day of an absence follows `first_day`; the next ones can be cancelled until this
    hour of the very day (Boisemont: 10:00, the first meal of a sick child is due).
    """  # noqa: D205

    first_day: Simple | ByWeekday
    until: time


Deadline = Simple | ByWeekday | DuringAbsence


@dataclass(frozen=True, slots=True)
class Asked:
    """The day a deadline is asked for.

    `period` is the season of the activity, for days outside school holidays; `absent_since` the
    first day of an absence that was told to the town, when the day is in one.
    """

    day: date
    starts_at: time
    calendar: Calendar
    period: Period | None = None
    absent_since: date | None = None


def resolve(deadline: Deadline, asked: Asked) -> datetime:
    """The last instant, in Europe/Paris, at which it is still possible; never after the day.

    `NEVER` and `ALWAYS` are not returned as such by `NoLimit`: the day's own end bounds it.
    """
    if isinstance(deadline, Never):
        return NEVER
    day_over = at_paris(asked.day, END_OF_DAY)
    found = _resolve(deadline, asked)
    return found if utc(found) < utc(day_over) else day_over


def in_time(now: datetime, until: datetime) -> bool:
    """Whether this instant is not after that one (the very instant is in time)."""
    return utc(now) <= utc(until)


def _resolve(deadline: Deadline, asked: Asked) -> datetime:
    if isinstance(deadline, DuringAbsence):
        if asked.absent_since is not None and asked.absent_since < asked.day:
            return at_paris(asked.day, deadline.until)
        deadline = deadline.first_day
    if isinstance(deadline, ByWeekday):
        weekday = asked.day.weekday()
        cases = (case.rule for case in deadline.cases if weekday in case.slots_on)
        deadline = next(cases, deadline.otherwise)
    return _FORMS[type(deadline)](deadline, asked)


def _days_before(deadline: DaysBefore, asked: Asked) -> datetime:
    if deadline.counting is DayKind.CALENDAR:
        return at_paris(asked.day - deadline.days * DAY, deadline.at)
    counts = _counting(deadline.counting, asked.calendar)
    found, left = asked.day, deadline.days
    while left and found > KNOWN_FROM:
        found -= DAY
        left -= counts(found)
    return at_paris(found, deadline.at)


def _counting(kind: DayKind, calendar: Calendar) -> Callable[[date], bool]:
    if kind is DayKind.WORKING:
        return calendar.is_working_day
    if kind is DayKind.SCHOOL:
        return calendar.is_school_day
    return lambda day: day.weekday() <= Weekday.FRIDAY


def _same_day(deadline: SameDay, asked: Asked) -> datetime:
    return at_paris(asked.day, deadline.until)


def _week_before(deadline: WeekBefore, asked: Asked) -> datetime:
    start = monday(asked.day) - 7 * deadline.weeks * DAY
    return at_paris(start + deadline.weekday * DAY, deadline.at)


def _weekday_table(deadline: WeekdayTable, asked: Asked) -> datetime:
    day, calendar = asked.day, asked.calendar
    row = next((row for row in deadline.rows if day.weekday() in row.slots_on), None)
    if row is None:
        return NEVER
    found = day - ((day.weekday() - row.weekday - 1) % 7 + 1) * DAY
    if deadline.after_holidays is AfterHolidays.FIRST_DAY:
        moved = calendar.is_first_school_day_after_holidays(day)
    else:
        during = deadline.after_holidays is AfterHolidays.DURING
        moved = during and calendar.is_holiday_period(found)
    if moved:
        # from the day itself when it is the first one, else from within the holidays
        before = day if deadline.after_holidays is AfterHolidays.FIRST_DAY else found
        found = min(calendar.previous_school_day(before) or found, found)
    return at_paris(found, row.at)


def _hours_before(deadline: HoursBefore, asked: Asked) -> datetime:
    wall = datetime.combine(asked.day, asked.starts_at) - timedelta(hours=deadline.hours)
    return at_paris(wall.date(), wall.time())


def _clear_days_before_period(deadline: ClearDaysBeforePeriod, asked: Asked) -> datetime:
    period = asked.calendar.holiday_period(asked.day) or asked.period
    first = period.first_day if period else asked.day
    return at_paris(first - (deadline.days + 1) * DAY, deadline.at)


def _day_of_month_before(deadline: DayOfMonthBefore, asked: Asked) -> datetime:
    months = asked.day.year * 12 + asked.day.month - 1 - deadline.months
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return at_paris(date(year, month + 1, min(deadline.day, last)), deadline.at)


def _no_limit(_deadline: NoLimit, _asked: Asked) -> datetime:
    return ALWAYS


def _never(_deadline: Never, _asked: Asked) -> datetime:
    return NEVER


# one entry a form: the union above is closed, and mypy cannot follow a table of functions
_FORMS: dict[type, Callable[..., datetime]] = {
    DaysBefore: _days_before,
    SameDay: _same_day,
    WeekBefore: _week_before,
    WeekdayTable: _weekday_table,
    HoursBefore: _hours_before,
    ClearDaysBeforePeriod: _clear_days_before_period,
    DayOfMonthBefore: _day_of_month_before,
    NoLimit: _no_limit,
    Never: _never,
}
