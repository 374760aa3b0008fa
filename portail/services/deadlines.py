"""The next deadlines: weeks where an enrolled child has nothing booked, while it still may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from portail import clock
from portail.domain.bookings import Act, CellState, Decision
from portail.domain.calendars import monday, week_of
from portail.domain.decisions import Plan
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.verdicts import may_book
from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.plans import days_of_many, plan_for

SOON = timedelta(days=7)  # deadlines told
AHEAD = 28  # days looked at: deadlines fall up to some weeks before the day
_BOOKED = (CellState.BOOKED, CellState.ATTENDED, CellState.WAITING)

SlotWeek = tuple[str, date]  # code of a slot, a Monday


@dataclass(frozen=True)
class NextDeadline:
    """Until when a week of a slot may be booked; `from_day` is the first day it closes."""

    until: datetime
    code: str  # the slot's
    activity: str
    slot: str
    week_on: date  # its Monday
    from_day: date
    children: tuple[int, ...]


def next_deadlines(session: Session, family_id: int) -> tuple[NextDeadline, ...]:
    """The deadlines of the next seven days, soonest first. The caller has checked who asks."""
    loaded = current(session)
    now, days = clock.now(), _days()
    plan = plan_for(session, family_id, days, now, loaded=loaded)
    asked = {
        (child.key, code): days
        for child in plan.context.children
        for code in _slots(loaded, plan, child.key)
    }
    return _deadlines(loaded, plan, asked, now)


def closing_on(loaded: Loaded, day: date) -> set[SlotWeek]:
    """The weeks of slots of which a day may be booked until some moment of this day.

    By the rules alone, whoever asks: nobody has a deadline that day for another week.
    """
    now = clock.now()
    return {
        (code, monday(one))
        for code in loaded.rulebook.slots
        for one in _days()
        for resident in (True, False)
        if _closes(loaded, code, one, now, resident=resident) == day
    }


def deadlines_of_weeks(
    session: Session, wanted: Mapping[int, Collection[tuple[int, SlotWeek]]]
) -> dict[int, tuple[NextDeadline, ...]]:
    """The same as `next_deadlines` for many families, of these children and weeks alone.

    In as many queries as for one. The caller has checked who asks.
    """
    loaded = current(session)
    now, ahead = clock.now(), set(_days())
    days = {
        day
        for of in wanted.values()
        for _, (_, week) in of
        for day in week_of(week)
        if day in ahead
    }
    known = days_of_many(session, wanted.keys(), days, now, loaded)
    found: dict[int, tuple[NextDeadline, ...]] = {}
    for family_id, of in wanted.items():
        if family_id not in known:  # its children have just left it
            found[family_id] = ()
            continue
        plan = known[family_id].plan_without_prices()
        asked: dict[tuple[int, str], list[date]] = defaultdict(list)
        for child, (code, week) in sorted(of):
            if child in plan.children and code in _slots(loaded, plan, child):
                asked[child, code] += (day for day in week_of(week) if day in ahead)
        found[family_id] = _deadlines(loaded, plan, asked, now)
    return found


def _days() -> list[date]:
    today = clock.today()
    return [today + timedelta(days=n) for n in range(AHEAD)]


def _closes(loaded: Loaded, code: str, day: date, now: datetime, *, resident: bool) -> date | None:
    """The day, in Paris, until which this one may be booked without a surcharge."""
    view = loaded.rulebook.slot_day(code, day)
    if view.closed is not None:
        return None
    verdict = may_book(view, now, resident=resident, forced=False)
    if not verdict.allowed or verdict.late or verdict.changes_at is None:
        return None
    return clock.paris(verdict.changes_at).date()


def _deadlines(
    loaded: Loaded, plan: Plan, asked: Mapping[tuple[int, str], Iterable[date]], now: datetime
) -> tuple[NextDeadline, ...]:
    """Those of these days, by child and slot; whole weeks, from today on."""
    found: dict[SlotWeek, NextDeadline] = {}
    for (child, code), days in asked.items():
        slot, activity = loaded.rulebook.slots[code]
        for week_on, first in _closing(plan, child, code, days, now).items():
            known = found.get((code, week_on))
            children = (*known.children, child) if known else (child,)
            soonest = min((known.until, known.from_day), first) if known else first
            found[code, week_on] = NextDeadline(
                soonest[0], code, activity.label, slot.label, week_on, soonest[1], children
            )
    return tuple(sorted(found.values(), key=lambda one: (one.until, one.activity, one.slot)))


def _slots(loaded: Loaded, plan: Plan, child: int) -> list[str]:
    return [
        slot.code
        for code, enrolled in plan.children[child].enrolments.items()
        if enrolled.state is EnrolmentState.VALIDATED and code in loaded.rulebook.activities
        for slot in loaded.rulebook.activities[code].slots
    ]


def _closing(
    plan: Plan, child: int, slot: str, days: Iterable[date], now: datetime
) -> dict[date, tuple[datetime, date]]:
    """By week without a booking: the first deadline of the days still free, and that day."""
    weeks: dict[date, tuple[datetime, date]] = {}
    booked: set[date] = set()
    for day in days:
        decision = plan.decide(child, slot, day)
        week = monday(day)
        if decision.state in _BOOKED:
            booked.add(week)
        until = decision.changes_at
        if until is None or not _easy(decision):
            continue
        if until <= now + SOON and (week not in weeks or (until, day) < weeks[week]):
            weeks[week] = (until, day)
    return {week: first for week, first in weeks.items() if week not in booked}


def _easy(decision: Decision) -> bool:
    """Whether one may book without a surcharge, nor losing what excludes it that day."""
    return (
        decision.act is Act.BOOK
        and decision.allowed
        and not decision.late
        and not decision.replaces
    )
