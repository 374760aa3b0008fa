"""What is wrong in a catalogue whose every value is well formed: links, gaps, contradictions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portail.domain.calendars import Weekday
from portail.domain.capacity import Capacity
from portail.domain.catalogue import Activity, ActivityType, Late, Opens, Site, Slot, Town
from portail.domain.deadlines import (
    ByWeekday,
    ClearDaysBeforePeriod,
    DayOfMonthBefore,
    DaysBefore,
    Deadline,
    DuringAbsence,
    HoursBefore,
    Simple,
    WeekBefore,
    WeekdayTable,
)
from portail.domain.moments import Moment, of
from portail.domain.pricing.tariff import AmountMore, PercentMore, Tariff, Version
from portail.domain.surcharges import Surcharge
from portail.domain.windows import Window

_LAST_OF_MONTH = 31
LONGEST_CODE, LONGEST_LABEL, LONGEST_NAME = 60, 120, 80


class Fault(StrEnum):
    """What may be wrong. `Problem.about` carries the word in question."""

    TWICE = "twice"  # a code used twice
    UNKNOWN = "unknown"  # a code that names nothing
    ITSELF = "itself"  # a slot that excludes or needs itself
    NO_DAY = "no_day"  # a slot without weekdays
    HOURS = "hours"  # it ends before it starts
    NO_CUTOFF = "no_cutoff"  # a weekday of the slot is not in its table of cut-offs
    NEVER_OPEN = "never_open"  # a slot of school days on a day without class
    NEGATIVE = "negative"  # a number below zero, or a day of the month that does not exist
    PERIOD = "period"  # a period that ends before it begins
    RESIDENTS = "residents"  # residents first, without a later opening for the others
    SURCHARGE = "surcharge"  # that of being late, as the slot shows it, is in no tariff's version
    LONG = "long"  # a code or a label longer than what is kept


@dataclass(frozen=True)
class Problem:
    """Where (`activities.cantine.slots.repas.book`), what, and about which word."""

    where: str
    fault: Fault
    about: str = ""


def problems(town: Town, tariffs: Mapping[str, Tariff] | None = None) -> tuple[Problem, ...]:
    """Everything wrong in a catalogue; empty when it may be used.

    Args:
        town: the catalogue.
        tariffs: those beside it, by code, when slots are to be checked against them.
    """
    found = [*_problems(town), *_long(town)]
    if tariffs is not None:
        found += _beside_tariffs(town, tariffs)
    return tuple(found)


def _problems(town: Town) -> Iterator[Problem]:
    yield from _twice("types", (t.code for t in town.types))
    yield from _twice("sites", (s.code for s in town.sites))
    yield from _twice("activities", (a.code for a in town.activities))
    yield from _twice("slots", (s.code for a in town.activities for s in a.slots))
    for kind in ("closing", "extra_holidays"):
        for period in getattr(town.calendar, kind):
            if period.first_day > period.last_day:
                yield Problem(f"calendar.{kind}", Fault.PERIOD, period.name)
    slots = {slot.code for activity in town.activities for slot in activity.slots}
    for activity in town.activities:
        yield from _activity(town, activity)
        for slot in activity.slots:
            where = f"activities.{activity.code}.slots.{slot.code}"
            yield from _slot(town, activity, slot, where)
            yield from _linked(slot, slots, where)


def _activity(town: Town, activity: Activity) -> Iterator[Problem]:
    where = f"activities.{activity.code}"
    if activity.season.first_day > activity.season.last_day:
        yield Problem(f"{where}.season", Fault.PERIOD, activity.season.name)
    if activity.type not in {t.code for t in town.types}:
        yield Problem(f"{where}.type", Fault.UNKNOWN, activity.type)
    if activity.site and activity.site not in {s.code for s in town.sites}:
        yield Problem(f"{where}.site", Fault.UNKNOWN, activity.site)
    others = {a.code for a in town.activities}
    for code in activity.eligibility.excludes:
        if code not in others:
            yield Problem(f"{where}.eligibility.excludes", Fault.UNKNOWN, code)
    yield from _twice(f"{where}.groups", (group.code for group in activity.groups))
    yield from _windows(activity.enrolment_windows, f"{where}.enrolment_windows")
    yield from _capacity(activity.capacity, activity, f"{where}.capacity")


def _slot(town: Town, activity: Activity, slot: Slot, where: str) -> Iterator[Problem]:
    if not slot.weekdays:
        yield Problem(f"{where}.weekdays", Fault.NO_DAY)
    if slot.starts_at >= slot.ends_at:
        yield Problem(f"{where}.ends_at", Fault.HOURS)
    if slot.opens is Opens.SCHOOL_DAYS:
        class_days = set(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY}
        if not town.calendar.wednesday_school:
            class_days -= {Weekday.WEDNESDAY}
        for weekday in sorted(set(slot.weekdays) - class_days):
            yield Problem(f"{where}.weekdays", Fault.NEVER_OPEN, weekday.name.lower())
    for name, rule in (("book", slot.book), ("cancel", slot.cancel)):
        yield from _deadline(rule, slot.weekdays, f"{where}.{name}")
    for name, late in (
        ("late_booking", slot.late_booking),
        ("late_cancelling", slot.late_cancelling),
    ):
        yield from _late(late, slot.weekdays, f"{where}.{name}")
    yield from _windows(slot.windows, f"{where}.windows")
    yield from _capacity(slot.capacity, activity, f"{where}.capacity")


def _capacity(capacity: Capacity, activity: Activity, where: str) -> Iterator[Problem]:
    groups = {group.code for group in activity.groups}
    named = [quota.group for quota in capacity.quotas]
    named += [exception.group for exception in capacity.exceptions if exception.group]
    for code in named:
        if code not in groups:
            yield Problem(where, Fault.UNKNOWN, code)
    numbers = [capacity.places or 0, capacity.units_per_week or 0]
    numbers += [quota.places for quota in capacity.quotas]
    numbers += [exception.places for exception in capacity.exceptions]
    if min(numbers) < 0:
        yield Problem(where, Fault.NEGATIVE)


def _linked(slot: Slot, slots: set[str], where: str) -> Iterator[Problem]:
    for name, codes in (("excludes", slot.excludes), ("needs", slot.needs)):
        for code in codes:
            if code == slot.code:
                yield Problem(f"{where}.{name}", Fault.ITSELF, code)
            elif code not in slots:
                yield Problem(f"{where}.{name}", Fault.UNKNOWN, code)


def _late(late: Late | None, weekdays: tuple[Weekday, ...], where: str) -> Iterator[Problem]:
    if late is None:
        return
    if late.surcharge.percent < 0 or late.surcharge.cents < 0:
        yield Problem(where, Fault.NEGATIVE)
    if late.until is not None:
        yield from _deadline(late.until, weekdays, f"{where}.until")


def _deadline(rule: Deadline, weekdays: tuple[Weekday, ...], where: str) -> Iterator[Problem]:
    if isinstance(rule, DuringAbsence):
        rule = rule.first_day
    if isinstance(rule, ByWeekday):
        for case in rule.cases:
            yield from _simple(case.rule, case.slots_on, where)
        left = {day for case in rule.cases for day in case.slots_on}
        yield from _simple(rule.otherwise, tuple(d for d in weekdays if d not in left), where)
    else:
        yield from _simple(rule, weekdays, where)


def _simple(rule: Simple, weekdays: tuple[Weekday, ...], where: str) -> Iterator[Problem]:
    if isinstance(rule, WeekdayTable):
        told = {day for row in rule.rows for day in row.slots_on}
        for weekday in weekdays:
            if weekday not in told:
                yield Problem(where, Fault.NO_CUTOFF, weekday.name.lower())
    number = 0
    if isinstance(rule, DaysBefore | ClearDaysBeforePeriod):
        number = rule.days
    elif isinstance(rule, HoursBefore):
        number = rule.hours
    elif isinstance(rule, WeekBefore):
        number = rule.weeks
    elif isinstance(rule, DayOfMonthBefore):
        number = min(rule.months, rule.day - 1, _LAST_OF_MONTH - rule.day)
    if number < 0:
        yield Problem(where, Fault.NEGATIVE)


def _windows(windows: Iterable[Window], where: str) -> Iterator[Problem]:
    for span in windows:
        if (
            span.first_day is not None
            and span.last_day is not None
            and span.first_day > span.last_day
        ):
            yield Problem(where, Fault.PERIOD)
        opens, early, closes = span.opens, span.residents_from, span.closes
        if early is not None and opens is None:
            yield Problem(where, Fault.RESIDENTS)
        if isinstance(early, Moment) and isinstance(opens, Moment) and of(early) > of(opens):
            yield Problem(where, Fault.RESIDENTS)
        if isinstance(opens, Moment) and isinstance(closes, Moment) and of(opens) > of(closes):
            yield Problem(where, Fault.PERIOD)


def _twice(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield Problem(where, Fault.TWICE, code)


def _beside_tariffs(town: Town, tariffs: Mapping[str, Tariff]) -> Iterator[Problem]:
    for activity in town.activities:
        for slot in activity.slots:
            where = f"activities.{activity.code}.slots.{slot.code}"
            tariff = tariffs.get(slot.tariff)
            if slot.tariff and tariff is None:
                yield Problem(f"{where}.tariff", Fault.UNKNOWN, slot.tariff)
            if tariff is None or slot.late_booking is None:
                continue
            # what is told when booking is what the bill will ask, now or from a version to come
            shown = slot.late_booking.surcharge
            if shown not in [_surcharge(version) for version in tariff.versions]:
                yield Problem(f"{where}.late_booking", Fault.SURCHARGE, slot.tariff)


def _surcharge(version: Version) -> Surcharge | None:
    """What a tariff adds to a late booking, as a slot says it; None: a slot cannot say it."""
    match version.late_booking:
        case PercentMore(basis_points=points):
            percent, rest = divmod(points, 100)
            return None if rest else Surcharge(percent=percent)
        case AmountMore(cents=cents):
            return Surcharge(cents=cents)
        case _:
            return Surcharge()


def _long(town: Town) -> Iterator[Problem]:
    """Names are kept in columns; two slots of one name in an activity are told apart by nobody."""
    if len(town.name) > LONGEST_NAME:
        yield Problem("name", Fault.LONG, town.name)
    named: list[tuple[str, ActivityType | Site | Activity | Slot]] = []
    named += ((f"types.{t.code}", t) for t in town.types)
    named += ((f"sites.{s.code}", s) for s in town.sites)
    for activity in town.activities:
        where = f"activities.{activity.code}"
        named.append((where, activity))
        named += ((f"{where}.slots.{slot.code}", slot) for slot in activity.slots)
        yield from _twice(where, (slot.label for slot in activity.slots))
    for where, one in named:
        for name, most in (("code", LONGEST_CODE), ("label", LONGEST_LABEL)):
            if len(getattr(one, name)) > most:
                yield Problem(f"{where}.{name}", Fault.LONG, getattr(one, name))
