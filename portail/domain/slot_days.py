"""What the rules say of a slot on a day, whoever asks and whenever: worked out once and kept.

A `Rulebook` is a town's catalogue and calendar made ready for questions. It may be shared by every
request of a process; make another one when the catalogue changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portail.domain.calendars import DAY, Calendar, Period, days, monday
from portail.domain.capacity import Places, places_on
from portail.domain.catalogue import Activity, Late, Opens, Package, Slot, Town
from portail.domain.deadlines import (
    NEVER,
    Asked,
    Deadline,
    DuringAbsence,
    HoursBefore,
    resolve,
)
from portail.domain.exclusions import links
from portail.domain.moments import utc
from portail.domain.reasons import Code, Reason
from portail.domain.windows import Opening, openings

_KEPT = 100_000  # days of slots kept in memory: far more than a year of any town
_AT_START = HoursBefore(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """A last instant: in Paris to be told, in UTC to be compared. `late` follows it, if any."""

    at: datetime
    utc: datetime
    late_at: datetime | None
    late_utc: datetime | None

    @property
    def never(self) -> bool:
        """Whether it was never possible."""
        return self.at == NEVER


@dataclass(frozen=True, slots=True)
class SlotDay:
    """A slot on a day. `together` are the days booked at once, this one among them."""

    slot: Slot
    activity: Activity
    day: date
    closed: Reason | None
    book: Limit
    cancel: Limit
    cancel_absent: Limit  # once the child has been absent since an earlier day
    openings: tuple[Opening, ...] | None  # unset: always open
    places: Places
    together: tuple[date, ...]


class Rulebook:
    """A town's rules, ready. Answers are memoised by slot and day."""

    def __init__(self, town: Town, calendar: Calendar | None = None) -> None:
        self.town = town
        self.calendar = calendar or Calendar(town.calendar)
        self.activities: Mapping[str, Activity] = {a.code: a for a in town.activities}
        self.slots: Mapping[str, tuple[Slot, Activity]] = {
            slot.code: (slot, activity) for activity in town.activities for slot in activity.slots
        }
        self.links = links(
            {code: (slot.excludes, slot.needs) for code, (slot, _) in self.slots.items()}
        )
        self._days: dict[tuple[str, date], SlotDay] = {}

    def slot_day(self, slot_code: str, day: date) -> SlotDay:
        """What the rules say of this slot that day.

        Raises:
            KeyError: no such slot in the catalogue.
        """
        key = (slot_code, day)
        known = self._days.get(key)
        if known is None:
            if len(self._days) >= _KEPT:
                self._days.clear()
            known = self._days[key] = self._make(slot_code, day)
        return known

    def closed(self, slot_code: str, day: date) -> Reason | None:
        """Why this slot is closed that day, if it is."""
        return why_closed(*self.slots[slot_code], day, self.calendar)

    def _make(self, slot_code: str, day: date) -> SlotDay:
        slot, activity = self.slots[slot_code]
        closed = why_closed(slot, activity, day, self.calendar)
        together: tuple[date, ...] = (day,)
        if slot.package is not Package.DAY and closed is None:
            together = self._together(slot_code, slot, activity, day)
        # a package is asked for as its first day is
        asked = Asked(together[0], slot.starts_at, self.calendar, activity.season)
        cancel = self._limit(slot.cancel, slot.late_cancelling, asked)
        absent = cancel
        if isinstance(slot.cancel, DuringAbsence):
            since = Asked(asked.day, asked.starts_at, asked.calendar, asked.period, asked.day - DAY)
            absent = self._limit(slot.cancel, slot.late_cancelling, since)

        def counted(deadline: Deadline) -> datetime:
            return resolve(deadline, asked)

        return SlotDay(
            slot,
            activity,
            day,
            closed,
            self._limit(slot.book, slot.late_booking, asked),
            cancel,
            absent,
            openings(slot.windows, asked.day, counted) if slot.windows else None,
            places_on(slot.capacity, day),
            together,
        )

    def _together(
        self, slot_code: str, slot: Slot, activity: Activity, day: date
    ) -> tuple[date, ...]:
        bounds = self.package_period(slot, activity, day)
        return tuple(d for d in days(bounds) if self.closed(slot_code, d) is None)

    def package_period(self, slot: Slot, activity: Activity, day: date) -> Period:
        """The week or the period that a slot is booked for at once, of which this day is one."""
        if slot.package is Package.WEEK:
            return Period("", monday(day), monday(day) + 6 * DAY)
        return self.calendar.holiday_period(day) or activity.season

    @staticmethod
    def _limit(deadline: Deadline, late: Late | None, asked: Asked) -> Limit:
        at = resolve(deadline, asked)
        at_utc = utc(at)
        if late is not None and at != NEVER:
            late_at = resolve(late.until or _AT_START, asked)
            late_utc = utc(late_at)
            if late_utc > at_utc:
                return Limit(at, at_utc, late_at, late_utc)
        return Limit(at, at_utc, None, None)


def why_closed(  # noqa: PLR0911  (one return a rule)
    slot: Slot, activity: Activity, day: date, calendar: Calendar
) -> Reason | None:
    """Why a slot is not open on a day, if it is not."""
    season = activity.season
    if day not in season:
        return Reason(Code.OUT_OF_SEASON, days=(season.first_day, season.last_day))
    if day in slot.closed_days:
        return Reason(Code.SLOT_CLOSED)
    if day in slot.extra_days:
        return None
    if day.weekday() not in slot.weekdays:
        return Reason(Code.NOT_A_DAY_OF_THE_SLOT)
    if not calendar.is_known(day):
        return Reason(Code.UNKNOWN_CALENDAR, days=(calendar.known_until,))
    if calendar.is_closed(day):
        return _named(Code.TOWN_CLOSED, calendar.closing(day))
    school = calendar.is_school_day(day)
    if calendar.is_public_holiday(day) and not school:
        return Reason(Code.PUBLIC_HOLIDAY, words=(calendar.public_holiday(day) or "",))
    return _wrong_part_of_the_year(slot.opens, day, calendar, school=school)


def _wrong_part_of_the_year(
    opens: Opens, day: date, calendar: Calendar, *, school: bool
) -> Reason | None:
    if opens is Opens.BOTH:
        return None
    vacation = calendar.is_holiday_period(day)
    if opens is Opens.HOLIDAYS:
        return None if vacation else Reason(Code.NOT_IN_HOLIDAYS)
    if vacation:
        return _named(Code.SCHOOL_HOLIDAYS, calendar.holiday_period(day))
    if opens is Opens.SCHOOL_DAYS and not school:
        return Reason(Code.NO_SCHOOL)
    return None


def _named(code: Code, period: Period | None) -> Reason:
    if period is None:
        return Reason(code)
    return Reason(code, words=(period.name,), days=(period.first_day, period.last_day))
