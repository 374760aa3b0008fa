"""Small catalogues, families and instants for the tests of the rules: only what matters is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from portail.domain.bookings import Child, Context, Decision, Enrolled, Price
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.catalogue import SCHOOL_WEEK, Activity, ActivityType, Slot, Town
from portail.domain.decisions import Plan, prepare
from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.moments import PARIS
from portail.domain.slot_days import Rulebook

TYPE = ActivityType("peri", "Activités périscolaires")
SEASON = Period("2025-2026", date(2025, 9, 1), date(2026, 7, 3))
# several school years at once, for tables of dates that cross the turn of the year
YEARS = Period("2025-2027", date(2025, 9, 1), date(2027, 7, 2))
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
CHILD, SIBLING = 1, 2


def paris(text: str) -> datetime:
    """«2026-03-12 09:00» on a clock in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def slot(code: str = "repas", **values: Any) -> Slot:
    usual = Slot(code, code.capitalize(), SCHOOL_WEEK, time(12), time(13, 30))
    return replace(usual, **values)


def activity(*slots: Slot, code: str = "cantine", **values: Any) -> Activity:
    return replace(Activity(code, code.capitalize(), TYPE.code, YEARS, slots), **values)


def town(*activities: Activity, zone: Zone = Zone.A, **calendar: Any) -> Town:
    calendar_rules = CalendarRules(zone, **calendar)
    return Town("Test", calendar_rules, types=(TYPE,), activities=activities)


def child(key: int = CHILD, *, activities: tuple[str, ...] = ("cantine",), **facts: Any) -> Child:
    """A child enrolled in these activities since the first day."""
    known = replace(ChildFacts(date(2019, 5, 20), "Jaurès", "CP"), **facts)
    enrolled = Enrolled(EnrolmentState.VALIDATED, YEARS.first_day)
    return Child(key, known, dict.fromkeys(activities, enrolled))


def price(_slot: str, _child: int, _day: date) -> Price:
    """Everything costs 3,50 €."""
    return Price(350)


def family(*children: Child, **values: Any) -> Context:
    return replace(Context(children or (child(),)), **values)


def plan(
    rules: Rulebook | Town | Slot, now: str | datetime, context: Context | None = None
) -> Plan:
    """The plan of a family at an instant; a lone slot becomes a town with only it."""
    if isinstance(rules, Slot):
        rules = town(activity(rules))
    if isinstance(rules, Town):
        rules = Rulebook(rules)
    when = paris(now) if isinstance(now, str) else now
    return prepare(rules, context or family(), when, price)


def decided(
    rules: Rulebook | Town | Slot, day: str, now: str | datetime, context: Context | None = None
) -> Decision:
    """The answer for the first slot of the town and the first child of the family."""
    made = plan(rules, now, context)
    first = next(iter(made.rules.slots))
    return made.decide(next(iter(made.children)), first, date.fromisoformat(day))
