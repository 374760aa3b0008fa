"""Changes of many cells at once, always pending: a week pattern, a copy, a period cleared.

One transaction, one step of undo, and each cell asked of the engine as a click would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from portail.database import writing
from portail.domain.bookings import EXPECTED, QUEUED, CellKey
from portail.domain.calendars import Period, week_of
from portail.domain.calendars import days as days_of
from portail.domain.identity import Actor
from portail.domain.periods import View
from portail.domain.periods import days_of as days_of_view
from portail.domain.reasons import Code, Reason
from portail.domain.slot_days import Rulebook
from portail.services.planning.drafts import lock_draft, write_changes
from portail.services.planning.edits import Edit
from portail.services.planning.opening import FIRST, LAST, Opened, count_pending, open_planning
from portail.services.planning.views import BulkOutcome, Changed
from portail.services.reach import NotFound

MOST_DAYS, MOST_CHILDREN = 400, 20
_LIVE = EXPECTED | QUEUED
Week = Mapping[int, Collection[str]]  # slots by weekday (0 is Monday)


class TooMuch(ValueError):  # noqa: N818  (an answer, not a fault)
    """More days or children than one change may touch, or a period that ends before it begins."""


class Contradictory(ValueError):  # noqa: N818  (an answer, not a fault)
    """Two slots asked for one day exclude each other."""


def apply_week(actor: Actor, weeks: Mapping[int, Week], first: date, last: date) -> BulkOutcome:
    """Book each week of a period as the week given for each child (by its id).

    What is booked beside is left alone, but for what a slot of the pattern excludes.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs, or no such slot.
        TooMuch: the period or the children are out of bounds.
        Contradictory: a child's weekday with two slots that exclude each other.
    """
    days = _period(first, last)

    def wanted(opened: Opened) -> Iterator[CellKey]:
        rules = opened.loaded.rulebook
        for child, pattern in weeks.items():
            week = {weekday: _in_order(rules, slots) for weekday, slots in pattern.items()}
            for slots in week.values():
                if any(rules.links.replaced_by(slot, slots) for slot in slots):
                    raise Contradictory
            for day in days:
                for slot in week.get(day.weekday(), ()):
                    yield child, slot, day

    slots = {slot for week in weeks.values() for day in week.values() for slot in day}
    return _booked(actor, weeks.keys(), days, wanted, slots)


def copy_week(
    actor: Actor, children: Collection[int], source_monday: date, first: date, last: date
) -> BulkOutcome:
    """Book, over a period, what each child has (or will have) in the week of a day.

    What is booked beside is left alone, but for what a copied slot excludes.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs.
        TooMuch: the period or the children are out of bounds.
    """
    days = _period(first, last)
    _reasonable(source_monday)
    source = week_of(source_monday)
    return _copied(actor, children, {day: source[day.weekday()] for day in days})


def copy_month(actor: Actor, children: Collection[int], source: date, target: date) -> BulkOutcome:
    """Book in the month of `target` what each child has (or will have) in that of `source`.

    By place of the weekday: what the first Monday has, on the first Monday. What is booked beside
    is left alone, but for what a copied slot excludes.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs.
        TooMuch: too many children.
    """
    _reasonable(source, target)
    places = {_place(day): day for day in days_of_view(View.MONTH, source)}
    days = days_of_view(View.MONTH, target)
    return _copied(
        actor, children, {day: places[_place(day)] for day in days if _place(day) in places}
    )


def clear_period(actor: Actor, children: Collection[int], first: date, last: date) -> BulkOutcome:
    """Take back what is pending over a period, and cancel what may still be cancelled.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a child of theirs.
        TooMuch: the period or the children are out of bounds.
    """
    days = _period(first, last)

    def change(edit: Edit) -> _Count:
        opened = edit.opened
        asked = [
            key
            for key in edit.changes
            if key[0] in children and key[2] in days and edit.is_wanted(key)
        ]
        for key in asked:
            if key not in opened.known(key[0]).rows:
                edit.take_back(key)
        # what they had replaced is there again
        held = [key for key in _held(opened, children, days) if edit.is_wanted(key)]
        count = _Count(asked=len({*asked, *held}))
        for key in held:
            count.note(edit.want(key, booked=False))
        count.made = count.asked - count.refused.total()
        return count

    return _at_once(actor, children, days, change)


def _copied(actor: Actor, children: Collection[int], sources: Mapping[date, date]) -> BulkOutcome:
    """Book on each day what each child has on its source."""

    def wanted(opened: Opened) -> Iterator[CellKey]:
        had: dict[tuple[int, date], set[str]] = {}
        for family, plan in opened.plans.items():
            for child in opened.families[family].facts.ids:
                for day in set(sources.values()):
                    had[child, day] = {
                        slot
                        for slot in plan.had(child, day)
                        if (child, slot, day) not in plan.context.elsewhere
                    }
        for child in dict.fromkeys(children):
            for day, source in sources.items():
                for slot in _in_order(opened.loaded.rulebook, had[child, source]):
                    yield child, slot, day

    return _booked(actor, children, {*sources, *sources.values()}, wanted)


def _booked(
    actor: Actor,
    children: Collection[int],
    days: Collection[date],
    wanted: Callable[[Opened], Iterable[CellKey]],
    slots: Collection[str] = (),
) -> BulkOutcome:
    """Book these cells, as far as they may be; those that are so already are left alone."""

    def change(edit: Edit) -> _Count:
        count = _Count()
        for key in wanted(edit.opened):
            count.asked += 1
            if edit.is_wanted(key):
                count.already += 1
            else:
                count.note(edit.want(key, booked=True))
        return count

    return _at_once(actor, children, days, change, slots)


@dataclass
class _Count:
    """What became of the cells."""

    asked: int = 0
    made: int = 0
    already: int = 0
    refused: Counter[Code] = field(default_factory=Counter)

    def note(self, reason: Reason | None) -> None:
        """One more, refused for a reason or made."""
        if reason is None:
            self.made += 1
        else:
            self.refused[reason.code] += 1


def _at_once(
    actor: Actor,
    children: Collection[int],
    days: Collection[date],
    change: Callable[[Edit], _Count],
    slots: Collection[str] = (),
) -> BulkOutcome:
    """Make the changes and write them, in one transaction and one step of undo."""
    account_id = actor.account()
    if len(children) > MOST_CHILDREN:
        raise TooMuch
    with writing() as session:
        version = lock_draft(session, account_id)
        opened = open_planning(session, actor, days, only=children, slots=slots)
        edit = Edit(opened, waiting=False)
        count = change(edit)
        version = write_changes(session, opened, edit.changes, version, undo=True)
        counts = count_pending(session, account_id, opened.children)
    changed = Changed((), counts, version, {}, tuple(edit.replaced), tuple(edit.taken_along))
    return BulkOutcome(changed, count.asked, count.made, count.already, dict(count.refused))


def _held(opened: Opened, children: Collection[int], days: Collection[date]) -> list[CellKey]:
    """What this household has, or waits for, for these children on these days."""
    asked = frozenset(days)
    return [
        key
        for child in dict.fromkeys(children)
        for key, row in opened.known(child).rows.items()
        if key[0] == child
        and key[2] in asked
        and row.held in _LIVE
        and row.family_id == opened.children[child].family_id
    ]


def _place(day: date) -> tuple[int, int]:
    """The weekday, and which one of the month."""
    return day.weekday(), (day.day - 1) // 7


def _period(first: date, last: date) -> tuple[date, ...]:
    _reasonable(first, last)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise TooMuch
    return tuple(days_of(Period("", first, last)))


def _reasonable(*days: date) -> None:
    if not all(FIRST <= day <= LAST for day in days):
        raise TooMuch


def _in_order(rules: Rulebook, slots: Collection[str]) -> tuple[str, ...]:
    """In the order of the catalogue, what is needed before what needs it.

    Raises:
        NotFound: no such slot.
    """
    left = [slot for slot in rules.slots if slot in slots]
    if len(left) < len(set(slots)):
        raise NotFound
    found: list[str] = []
    while left:
        ready = [
            slot for slot in left if not set(rules.links.missing_for(slot, ())) & {*left}
        ] or left
        found += ready
        left = [slot for slot in left if slot not in ready]
    return tuple(found)
