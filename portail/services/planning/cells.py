"""Cells of the grid, and what each one costs, before and after what is pending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from portail.domain.bookings import EXPECTED, CellKey, CellState, Child, Decision, Held
from portail.domain.capacity import line_of
from portail.domain.catalogue import Activity, Slot
from portail.domain.decisions import Plan
from portail.domain.enrolment_states import EnrolmentState
from portail.services.catalogue import FamilyDays, Loaded
from portail.services.planning.opening import Opened
from portail.services.planning.views import Cell, Cost

# what was booked and is due: a justified absence is not
_DUE = EXPECTED | {Held.ATTENDED, Held.ABSENT_UNJUSTIFIED}
_ENROLLED = frozenset({EnrolmentState.VALIDATED, EnrolmentState.ENDED})
NO_COST = Cost()


def shown_slots(
    opened: Opened, child_id: int, days: Sequence[date]
) -> Iterator[tuple[Slot, Activity]]:
    """The child's rows over days in order, in the order of the catalogue.

    Where it is enrolled some day of these; and, whatever became of the enrolment, where it has a
    booking or a pending change.
    """
    first, last = days[0], days[-1]
    child = opened.plans[opened.children[child_id].family_id].children[child_id]
    seen = {
        slot
        for keys in (opened.known(child_id).rows, opened.mine)
        for key, slot, day in keys
        if key == child_id and first <= day <= last
    }
    for activity in opened.loaded.town.activities:
        enrolled = _is_enrolled(child, activity, first, last)
        for slot in activity.slots:
            if enrolled or slot.code in seen:
                yield slot, activity


def _is_enrolled(child: Child, activity: Activity, first: date, last: date) -> bool:
    """Whether the child may come some day of these, as far as its enrolment goes."""
    enrolled = child.enrolments.get(activity.code)
    if enrolled is None or enrolled.state not in _ENROLLED:
        return False
    if enrolled.state is EnrolmentState.ENDED and enrolled.end_on is None:
        return False
    entry = max(first, enrolled.entry_on, activity.season.first_day)
    return entry <= min(last, enrolled.end_on or date.max, activity.season.last_day)


def make_cell(opened: Opened, known: FamilyDays, plan: Plan, key: CellKey) -> Cell:
    """One cell as the grid shows it."""
    child, slot, day = key
    queue = known.taken.queues.get((slot, day))
    waiting, rank = _in_line(plan, key, queue) if queue else (0, 0)
    row = known.rows.get(key)
    until, surcharge = None, 0
    if row is not None and row.family_id == known.facts.family_id:
        until, surcharge = row.offered_until, row.surcharge_cents
    other = opened.others.get(key)
    return Cell(
        child, slot, day, plan.decide(child, slot, day), other, waiting, rank, until, surcharge
    )


def _in_line(plan: Plan, key: CellKey, queue: Sequence[tuple[int, str]]) -> tuple[int, int]:
    """How many wait in the child's line, and its own rank in it."""
    child, slot, day = key
    unit, activity = plan.rules.slots[slot]
    own = line_of(unit.capacity, plan.group(plan.children[child], activity, day))
    line = [one for one, group in queue if line_of(unit.capacity, group) == own]
    return len(line), line.index(child) + 1 if child in line else 0


def cost_of(known: FamilyDays, key: CellKey, decision: Decision) -> Cost:
    """What a cell costs this household in cents, booked and once its change is confirmed.

    What waits for a place, what the other household booked and what may not be confirmed add
    nothing. What was kept of an earlier cancellation is not in it.
    """
    row = known.rows.get(key)
    booked, unknown = 0, False
    if row is not None and row.held in _DUE and row.family_id == known.facts.family_id:
        unknown = decision.price_cents is None
        booked = _due(known, key, decision)
    gain = change_of_cost(known, key, decision)
    return Cost(booked, booked + (gain or 0), unknown or gain is None)


def change_of_cost(known: FamilyDays, key: CellKey, decision: Decision) -> int | None:
    """What confirming the cell's pending change adds or saves, in cents; unset: not known."""
    if not decision.allowed:
        return 0
    match decision.state:
        case CellState.PENDING_BOOKING:
            return decision.total_cents
        case CellState.PENDING_CANCELLATION if known.rows[key].held in _DUE:
            if decision.price_cents is None:
                return None
            return kept_of(known, key, decision) - _due(known, key, decision)
    return 0


def kept_of(known: FamilyDays, key: CellKey, decision: Decision) -> int:
    """What stays due of a booking cancelled late, in cents: never more than it cost."""
    return min(decision.kept_cents, _due(known, key, decision))


def _due(known: FamilyDays, key: CellKey, decision: Decision) -> int:
    row = known.rows.get(key)
    return (decision.price_cents or 0) + (row.surcharge_cents if row else 0)


def added(one: Cost, other: Cost) -> Cost:
    """Both together."""
    return Cost(one.booked + other.booked, one.after + other.after, one.unknown or other.unknown)


def activity_label(loaded: Loaded, slot: str) -> str:
    """The name of the slot's activity; the slot's own when it was withdrawn."""
    found = loaded.rulebook.slots.get(slot)
    return found[1].label if found else loaded.label(slot)
