"""The next deadlines: weeks where an enrolled child has nothing booked, while it still may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from portail import clock
from portail.domain.bookings import Act, CellState, Decision
from portail.domain.calendars import monday
from portail.domain.decisions import Plan
from portail.domain.enrolment_states import EnrolmentState
from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.plans import plan_for

SOON = timedelta(days=7)  # deadlines told
AHEAD = 28  # days looked at: deadlines fall up to some weeks before the day


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
    now, today = clock.now(), clock.today()
    days = [today + timedelta(days=n) for n in range(AHEAD)]
    plan = plan_for(session, family_id, days, now, loaded=loaded)
    found: dict[tuple[str, date], NextDeadline] = {}
    for child in plan.context.children:
        for code in _slots(loaded, plan, child.key):
            slot, activity = loaded.rulebook.slots[code]
            for week_on, first in _closing(plan, child.key, code, days, now).items():
                known = found.get((code, week_on))
                children = (*known.children, child.key) if known else (child.key,)
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
    plan: Plan, child: int, slot: str, days: list[date], now: datetime
) -> dict[date, tuple[datetime, date]]:
    """By week without a booking: the first deadline of the days still free, and that day."""
    weeks: dict[date, tuple[datetime, date]] = {}
    booked: set[date] = set()
    for day in days:
        decision = plan.decide(child, slot, day)
        week = monday(day)
        if decision.state in (CellState.BOOKED, CellState.ATTENDED, CellState.WAITING):
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
