"""The grid of `/planning`: a period of the actor's children, with what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time

from portail.database import reading
from portail.domain.bookings import CellKey
from portail.domain.catalogue import Activity, Slot
from portail.domain.decisions import Plan
from portail.domain.identity import Actor
from portail.domain.periods import days_of
from portail.domain.slot_days import Rulebook
from portail.services.catalogue import FamilyDays
from portail.services.planning.cells import (
    NO_COST,
    activity_label,
    added,
    cost_of,
    make_cell,
    shown_slots,
)
from portail.services.planning.opening import FIRST, LAST, Opened, open_planning, standing
from portail.services.planning.views import Cost, Day, Planning, Row, Wanted
from portail.services.reach import NotFound
from portail.texts.french import hour_of_day


def planning(actor: Actor, wanted: Wanted) -> Planning:
    """The period of `wanted.day`: of one child, or of all the actor's children together.

    The queries do not grow with the days, the rows nor the children (they do with the families).

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs.
    """
    if not FIRST <= wanted.day <= LAST:
        raise NotFound
    days = days_of(wanted.view, wanted.day)
    only = None if wanted.child_id is None else [wanted.child_id]
    with reading() as session:
        opened = open_planning(session, actor, days, only=only)
        now = standing(session, opened.account_id, opened.children)
    shown = list(opened.children) if only is None else only
    rows = tuple(row for child in shown for row in _rows(opened, child, days))
    by_child, by_activity, by_day = _costs(opened, shown, rows, days)
    total = NO_COST
    for cost in by_child.values():
        total = added(total, cost)
    return Planning(
        wanted,
        tuple(opened.children.values()),
        _days(opened.loaded.rulebook, rows, days),
        rows,
        total,
        by_child,
        by_activity,
        by_day,
        now.counts,
        now.version,
        now.may_undo,
    )


def _rows(opened: Opened, child_id: int, days: Sequence[date]) -> Iterator[Row]:
    known = opened.known(child_id)
    plan = opened.plans[known.facts.family_id]
    for slot, activity in shown_slots(opened, child_id, days):
        yield _row(opened, known, plan, child_id, activity, slot, days)


def _row(
    opened: Opened,
    known: FamilyDays,
    plan: Plan,
    child: int,
    activity: Activity,
    slot: Slot,
    days: Sequence[date],
) -> Row:
    cells = tuple(make_cell(opened, known, plan, (child, slot.code, day)) for day in days)
    hours = hours_text(slot.starts_at, slot.ends_at)
    return Row(child, activity.code, activity.label, slot.code, slot.label, hours, cells)


def hours_text(start: time, end: time) -> str:
    """«7 h 30 – 8 h 30»."""
    return f"{hour_of_day(start)} – {hour_of_day(end)}"


def _costs(
    opened: Opened, shown: Iterable[int], rows: Iterable[Row], days: Sequence[date]
) -> tuple[dict[int, Cost], dict[str, Cost], dict[date, Cost]]:
    """By child, by label of activity, and by day."""
    by_child: dict[int, Cost] = dict.fromkeys(shown, NO_COST)
    by_activity: dict[str, Cost] = {}
    by_day: dict[date, Cost] = {}

    def count(child: int, label: str, day: date, cost: Cost) -> None:
        by_child[child] = added(by_child[child], cost)
        by_activity[label] = added(by_activity.get(label, NO_COST), cost)
        by_day[day] = added(by_day.get(day, NO_COST), cost)

    for row in rows:
        known = opened.known(row.child_id)
        by_activity.setdefault(row.activity_label, NO_COST)
        for cell in row.cells:
            cost = cost_of(known, cell.key, cell.decision)
            if cost != NO_COST:
                count(row.child_id, row.activity_label, cell.day, cost)
    for child in by_child:
        for key, cents in _kept(opened.known(child), child, days):
            label = activity_label(opened.loaded, key[1])
            count(child, label, key[2], Cost(cents, cents))
    return by_child, by_activity, by_day


def _kept(known: FamilyDays, child: int, days: Sequence[date]) -> Iterator[tuple[CellKey, int]]:
    """What stays due of what was cancelled late."""
    for key, cents in known.kept.items():
        if key[0] == child and days[0] <= key[2] <= days[-1]:
            yield key, cents


def _days(rules: Rulebook, rows: Iterable[Row], days: Sequence[date]) -> tuple[Day, ...]:
    slots = {row.slot for row in rows}
    return tuple(
        Day(day, any(rules.slot_day(slot, day).closed is None for slot in slots), _note(rules, day))
        for day in days
    )


def _note(rules: Rulebook, day: date) -> str:
    """The closing, the public holiday or the school holidays the day is in."""
    calendar = rules.calendar
    closing = calendar.closing(day) if calendar.is_closed(day) else None
    if closing is not None:
        return closing.name
    holidays = calendar.holiday_period(day)
    return calendar.public_holiday(day) or (holidays.name if holidays else "")
