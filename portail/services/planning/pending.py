"""Changes chosen on the grid and not confirmed yet («en attente»): made, taken back, looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.bookings import Act, CellKey, CellState, Decision, Pending
from portail.domain.calendars import week_of
from portail.domain.identity import Actor
from portail.domain.reasons import Code, Reason
from portail.models import PendingChange
from portail.services.catalogue import FamilyDays, Loaded, current
from portail.services.planning.cells import (
    activity_label,
    change_of_cost,
    cost_of,
    kept_of,
    make_cell,
    shown_slots,
)
from portail.services.planning.drafts import lock_draft, undone, write_changes
from portail.services.planning.edits import Edit
from portail.services.planning.opening import (
    FIRST,
    LAST,
    Change,
    Opened,
    count_pending,
    open_planning,
    planning_children,
    standing,
)
from portail.services.planning.views import (
    Cell,
    Changed,
    Counts,
    NotPossible,
    PendingLine,
    ToggleOutcome,
    Validation,
)
from portail.services.reach import NotFound

# a slot that is no longer in the catalogue
_WITHDRAWN = Decision(CellState.CLOSED, Act.NONE, False, Reason(Code.NO_LONGER_OFFERED))


def toggle(actor: Actor, child_id: int, slot: str, day: date, booked: bool) -> ToggleOutcome:
    """Choose a cell: `booked` is what its box shows now. The same again changes nothing.

    A full day with a waiting list is asked all the same: confirming it joins the list.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs, or no such slot.
    """
    account_id = actor.account()
    with writing() as session:
        version = lock_draft(session, account_id)
        loaded = current(session)
        days = _asked_with(loaded, slot, day)
        opened = open_planning(session, actor, days, only=[child_id], slots=[slot], loaded=loaded)
        edit = Edit(opened)
        reason = edit.want((child_id, slot, day), booked)
        if reason is not None:
            known = opened.known(child_id)
            plan = opened.plans[known.facts.family_id]
            return NotPossible(reason, make_cell(opened, known, plan, (child_id, slot, day)))
        cell = (child_id, slot, day)
        return _changed(session, opened, edit.changes, version, also=[cell], edit=edit)


def _asked_with(loaded: Loaded, slot: str, day: date) -> set[date]:
    """The days whose cells a click may change: a limit by week shows on the whole week."""
    if slot not in loaded.rulebook.slots:
        raise NotFound
    weekly = loaded.rulebook.slots[slot][0].capacity.units_per_week is not None
    return set(week_of(day)) if weekly and FIRST <= day <= LAST else {day}


def remove(actor: Actor, change_id: int) -> Changed:
    """Take one pending change back, with those that go with it.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a pending change of theirs.
    """
    account_id = actor.account()
    with writing() as session:
        version = lock_draft(session, account_id)
        row = session.exec(
            select(
                col(PendingChange.child_id), col(PendingChange.slot_id), col(PendingChange.day)
            ).where(PendingChange.id == change_id, PendingChange.account_id == account_id)
        ).first()
        if row is None:
            raise NotFound
        child_id, slot_id, day = row
        loaded = current(session)
        code = loaded.slot_codes[slot_id]
        known = code in loaded.rulebook.slots
        days = _asked_with(loaded, code, day) if known else {day}
        opened = open_planning(session, actor, days, only=[child_id], loaded=loaded)
        edit = Edit(opened)
        edit.take_back((child_id, code, day))
        return _changed(session, opened, edit.changes, version, edit=edit)


def clear(actor: Actor) -> Changed:
    """Take back everything the actor has pending («Tout supprimer»).

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id = actor.account()
    with writing() as session:
        version = lock_draft(session, account_id)
        opened = open_planning(session, actor, None)
        return _changed(session, opened, {}, version)


def undo(actor: Actor) -> Changed:
    """Put back exactly what the last change replaced; once.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id = actor.account()
    with writing() as session:
        version = lock_draft(session, account_id)
        loaded = current(session)
        children = planning_children(session, actor)
        before = {
            key: change
            for key, change in undone(session, loaded, account_id).items()
            if key[0] in children
        }
        days = {day for _, _, day in before}
        opened = open_planning(session, actor, days, loaded=loaded)
        changes = {key: change for key, change in opened.mine.items() if key not in before}
        changes |= {key: change for key, change in before.items() if change is not None}
        return _changed(session, opened, changes, version, can_undo=False)


def _changed(
    session: Session,
    opened: Opened,
    changes: Mapping[CellKey, Change],
    version: int,
    *,
    also: Iterable[CellKey] = (),
    edit: Edit | None = None,
    can_undo: bool = True,
) -> Changed:
    """Write the changes, and tell what looks otherwise now."""
    now = write_changes(session, opened, changes, version, undo=can_undo)
    counts = count_pending(session, opened.account_id, opened.children)
    cells, difference = _compared(opened, changes, also)
    return Changed(
        cells,
        counts,
        now,
        difference,
        tuple(edit.replaced) if edit else (),
        tuple(edit.taken_along) if edit else (),
    )


def _compared(
    opened: Opened, changes: Mapping[CellKey, Change], also: Iterable[CellKey]
) -> tuple[tuple[Cell, ...], dict[tuple[int, date], int]]:
    """The cells that differ once these are the changes, and what the cost gains by day."""
    before, after = opened.plans, opened.plans_with(changes)
    told: list[Cell] = []
    gained: Counter[tuple[int, date]] = Counter()
    asked = set(also)
    for key in _beside(opened, changes) | asked:
        known = opened.known(key[0])
        family = known.facts.family_id
        one = make_cell(opened, known, before[family], key)
        other = make_cell(opened, known, after[family], key)
        if one != other or key in asked:
            told.append(other)
            cost = cost_of(known, key, other.decision).after
            gained[key[0], key[2]] += cost - cost_of(known, key, one.decision).after
    told.sort(key=lambda cell: cell.key)
    return tuple(told), {where: cents for where, cents in gained.items() if cents}


def _beside(opened: Opened, changes: Mapping[CellKey, Change]) -> set[CellKey]:
    """The cells that these changes may touch.

    Those of their days, of every child of the family: brothers and sisters share places and
    reductions. And those of the week, where a limit counts it.
    """
    slots, found = opened.loaded.rulebook.slots, set[CellKey]()
    days: set[tuple[int, date]] = set()
    for key in {**opened.mine, **changes}:
        child, slot, day = key
        if opened.mine.get(key) == changes.get(key) or slot not in slots:
            continue
        days.add((opened.children[child].family_id, day))
        if slots[slot][0].capacity.units_per_week is not None:
            found |= {(child, slot, other) for other in week_of(day)}
    for family, day in days:
        for child_id in opened.families[family].facts.ids:
            if opened.children[child_id].family_id == family:
                shown = shown_slots(opened, child_id, [day])
                found |= {(child_id, slot.code, day) for slot, _ in shown}
    return found


def validation(actor: Actor) -> Validation:
    """Everything the actor has pending, as the engine sees it now, by child and date.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        opened = open_planning(session, actor, None)
        now = standing(session, opened.account_id, opened.children)
    places = {child: place for place, child in enumerate(opened.children)}
    keys = sorted(opened.mine, key=lambda key: (places[key[0]], key[2]))
    lines = tuple(_line(opened, key) for key in keys)
    return Validation(
        lines,
        sum(line.cents or 0 for line in lines),
        any(line.cents is None for line in lines),
        now.counts,
        now.version,
        now.may_undo,
    )


def _line(opened: Opened, key: CellKey) -> PendingLine:
    child, slot, day = key
    change, known = opened.mine[key], opened.known(child)
    if slot in opened.loaded.rulebook.slots:
        decision = opened.plans[known.facts.family_id].decide(child, slot, day)
        cents = change_of_cost(known, key, decision)
    else:
        decision, cents = _WITHDRAWN, 0
    waiting = change.kind is Pending.BOOKING and decision.waiting_list and not decision.allowed
    return PendingLine(
        change.id,
        child,
        opened.children[child].first_name,
        activity_label(opened.loaded, slot),
        opened.loaded.label(slot),
        day,
        change.kind,
        cents,
        kept_of(known, key, decision) if change.kind is Pending.CANCELLATION else 0,
        decision.allowed or waiting or _is_already(known, key, change.kind),
        waiting,
        decision.reason,
        decision.price_cents,
    )


def _is_already(known: FamilyDays, key: CellKey, kind: Pending) -> bool:
    """Whether somebody else confirmed the same: there is nothing left to do, and no harm."""
    row = known.rows.get(key)
    return row is None if kind is Pending.CANCELLATION else row is not None


def counts(actor: Actor) -> Counts:
    """How many changes the actor has pending.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        return count_pending(session, actor.account(), planning_children(session, actor))
