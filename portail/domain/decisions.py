"""May this family book / cancel this slot for this child on this date, now, and at what price?

Two stages. `prepare` is called once for a screen or a confirmation: it takes the town's rules, all
that is known of the family for the days asked, and the instant. `Plan.decide` then answers each
cell from memory. What does not depend on the child (calendar, deadlines, windows) is worked out
once for a slot and a day and shared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from portail.domain.bookings import (
    EXPECTED,
    QUEUED,
    Act,
    CellKey,
    CellState,
    Child,
    Context,
    Covered,
    Decision,
    Held,
    Pending,
    PriceOf,
)
from portail.domain.calendars import monday
from portail.domain.capacity import UNLIMITED, CapacityAnswer, group_of, settle
from portail.domain.catalogue import Activity, Approval, Late
from portail.domain.moments import utc
from portail.domain.reasons import Code, Reason
from portail.domain.slot_days import Rulebook, SlotDay
from portail.domain.verdicts import Verdict, may_book, may_cancel

# enums' members are looked up once: this runs a thousand times for one screen
_BOOKING, _CANCELLATION = Pending.BOOKING, Pending.CANCELLATION
_BOOK, _CANCEL = Act.BOOK, Act.CANCEL
_OVER = {
    Held.ATTENDED: (CellState.ATTENDED, Code.ATTENDED),
    Held.ABSENT_JUSTIFIED: (CellState.ABSENT, Code.ABSENT_JUSTIFIED),
    Held.ABSENT_UNJUSTIFIED: (CellState.ABSENT, Code.ABSENT),
}
_QUEUED = {
    Held.WAITING: (CellState.WAITING, Reason(Code.WAITING)),
    Held.OFFERED: (CellState.OFFERED, Reason(Code.OFFERED)),
}
_ELSEWHERE = Reason(Code.OTHER_HOUSEHOLD)
_NOBODY: frozenset[str] = frozenset()


def prepare(rules: Rulebook, context: Context, now: datetime, price_of: PriceOf) -> Plan:
    """Make a family's cells ready to be asked, at this instant."""
    return Plan(rules, context, now, price_of)


class Plan:
    """A family's cells at one instant. Made by `prepare`; holds for one screen or one post."""

    def __init__(self, rules: Rulebook, context: Context, now: datetime, price_of: PriceOf) -> None:
        self.rules, self.context, self.now, self.price_of = rules, context, utc(now), price_of
        self.children = {child.key: child for child in context.children}
        self.pending = dict(context.pending)
        self._books: dict[tuple[SlotKey, bool], Verdict] = {}
        self._cancels: dict[tuple[SlotKey, bool], Verdict] = {}
        self._closed: dict[SlotKey, Decision] = {}
        self._entries: dict[tuple[int, str], Covered] = {}
        self._groups: dict[tuple[int, str, date], str] = {}
        self._count()

    def _count(self) -> None:
        """Who has what each day, and who asked before whom for the places left."""
        context = self.context
        self._had: dict[tuple[int, date], set[str]] = defaultdict(set)
        self._week: Counter[CellKey] = Counter()  # child, slot, Monday
        for key, held in context.held.items():
            if held in QUEUED:
                continue
            if self.pending.get(key) is not _CANCELLATION:
                self._had[key[0], key[2]].add(key[1])
                self._week[key[0], key[1], monday(key[2])] += 1
        self._asked: Counter[SlotKey] = Counter()
        self._asked_by_group: Counter[CellGroup] = Counter()
        # of each pending booking: how many asked before it (slot, group, week)
        self._before: dict[CellKey, tuple[int, int, int]] = {}
        for key, pending in self.pending.items():
            if pending is _BOOKING:
                self._ask(key)

    def _ask(self, key: CellKey) -> None:
        """Count a pending booking after those before it."""
        child, slot, day = key
        if self.context.held.get(key) in EXPECTED:
            return
        if slot not in self.rules.slots or child not in self.children:
            return
        group = self.group(self.children[child], self.rules.slots[slot][1], day)
        week = (child, slot, monday(day))
        self._before[key] = (
            self._asked[slot, day], self._asked_by_group[slot, day, group], self._week[week]
        )  # fmt: skip
        self._asked[slot, day] += 1
        self._asked_by_group[slot, day, group] += 1
        self._week[week] += 1
        self._had[child, day].add(slot)

    def change(self, key: CellKey, pending: Pending | None) -> None:
        """Count one pending change more, made after the others; unset: take back the cell's.

        Prices stay those of the changes that the plan was made with.
        """
        before = self.pending.get(key)
        if before is pending:
            return
        self.pending.pop(key, None)
        if pending is not None:
            self.pending[key] = pending
        if before is None and pending is _BOOKING:
            self._ask(key)
        elif before is None and pending is _CANCELLATION and not self._before:
            self._drop(key)
        else:
            self._count()

    def _drop(self, key: CellKey) -> None:
        """Count a pending cancellation, as long as nobody asked anything before it."""
        if self.context.held.get(key, Held.WAITING) not in QUEUED:
            self._had[key[0], key[2]].discard(key[1])
            self._week[key[0], key[1], monday(key[2])] -= 1

    def decide(self, child: int, slot: str, day: date) -> Decision:
        """The answer of one cell.

        Raises:
            KeyError: a child that is not of the context, or a slot that is not of the catalogue.
        """
        key = (child, slot, day)
        held = self.context.held.get(key)
        pending = self.pending.get(key)
        view = self.rules.slot_day(slot, day)
        if held is None:
            if view.closed is not None and pending is not _BOOKING:
                return self._shut(view, slot, day)
            return self._booking(self.children[child], view, pending)
        if key in self.context.elsewhere:
            state = _OVER[held][0] if held in _OVER else CellState.BOOKED
            return Decision(state, Act.NONE, False, _ELSEWHERE)
        if held in _OVER:
            state, code = _OVER[held]
            price = self.price_of(slot, child, day)
            return Decision(
                state, Act.NONE, False, Reason(code), None, False, price.cents, price.unknown
            )
        return self._cancelling(self.children[child], view, held, pending)

    # --- what an explanation asks too -----------------------------------------------------------

    def time_to_book(self, view: SlotDay, *, resident: bool) -> Verdict:
        """What deadline and windows say of booking."""
        key = ((view.slot.code, view.day), resident)
        found = self._books.get(key)
        if found is None:
            forced = self.context.force_majeure
            found = may_book(view, self.now, resident=resident, forced=forced)
            self._books[key] = found
        return found

    def time_to_cancel(self, child: Child, view: SlotDay) -> Verdict:
        """What the deadline says of cancelling."""
        absent = bool(child.absences) and any(
            absence.first_day < view.day <= (absence.last_day or date.max)
            for absence in child.absences
        )
        key = ((view.slot.code, view.day), absent)
        found = self._cancels.get(key)
        if found is None:
            limit = view.cancel_absent if absent else view.cancel
            found = may_cancel(limit, self.now, forced=self.context.force_majeure)
            self._cancels[key] = found
        return found

    def enrolment(self, child: Child, activity: str, day: date) -> Reason | None:
        """Why the child's enrolment does not let it come that day, if it does not."""
        key = (child.key, activity)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = child.covered(activity)
        reason, first, last = entry
        if reason is not None:
            return reason
        if day < first:
            return Reason(Code.BEFORE_ENTRY, days=(first,))
        if day > last:
            return Reason(Code.AFTER_END, days=(last,))
        return None

    def group(self, child: Child, activity: Activity, day: date) -> str:
        """The group of the activity whose places the child takes that day."""
        if not activity.groups:
            return ""
        # an age changes within a month: asked for each day
        key = (child.key, activity.code, day)
        found = self._groups.get(key)
        if found is None:
            facts = child.facts
            found = group_of(activity.groups, facts.level, facts.birth_date, day)
            self._groups[key] = found
        return found

    def places(self, child: Child, view: SlotDay) -> CapacityAnswer:
        """The places left to this child, on the day of fewest when several go together."""
        if not view.slot.capacity.limits:
            return UNLIMITED
        answers = [self._places(child, view, day) for day in view.together]
        return min(answers, key=lambda a: float("inf") if a.left is None else a.left)

    def _places(self, child: Child, view: SlotDay, day: date) -> CapacityAnswer:
        slot = view.slot.code
        if day != view.day:
            view = self.rules.slot_day(slot, day)
        group = self.group(child, view.activity, day)
        before = self._before.get((child.key, slot, day))
        asked, by_group = (
            (self._asked[slot, day], self._asked_by_group[slot, day, group])
            if before is None
            else before[:2]
        )
        taken = self.context.taken.get((slot, day), 0) + asked
        by_group += self.context.taken_by_group.get((slot, day, group), 0)
        return settle(view.slot.capacity, view.places, group, taken, by_group)

    def in_the_week(self, child: int, slot: str, day: date) -> int:
        """What the child already has, or asked before, of this slot in the week of the day."""
        before = self._before.get((child, slot, day))
        return self._week[child, slot, monday(day)] if before is None else before[2]

    def had(self, child: int, day: date) -> Collection[str]:
        """The slots the child has that day once the pending changes are made."""
        return self._had.get((child, day), _NOBODY)

    def linked(self, child: Child, view: SlotDay) -> tuple[Reason | None, tuple[str, ...]]:
        """What other slots of the day make of booking this one, and those it replaces."""
        slot, links = view.slot.code, self.rules.links
        if slot not in links.excludes and not links.needs.get(slot):
            return None, ()
        had = self.had(child.key, view.day)
        missing = links.missing_for(slot, had)
        if missing:
            return Reason(Code.NEEDS_SLOT, words=missing), ()
        replaced = links.replaced_by(slot, had)
        locked = tuple(other for other in replaced if self._locked(child, other, view.day))
        return (Reason(Code.REPLACES_LOCKED, words=locked) if locked else None), replaced

    def _locked(self, child: Child, slot: str, day: date) -> bool:
        key = (child.key, slot, day)
        if key in self.context.elsewhere:
            return True
        if self.context.held.get(key) is None:
            return False  # only pending: it is taken back at will
        return not self.time_to_cancel(child, self.rules.slot_day(slot, day)).allowed

    def refusal(self, child: Child, view: SlotDay) -> Reason | None:
        """Why the child may not book, whatever the time and the places left."""
        if view.closed is not None:
            return view.closed
        return self.enrolment(child, view.activity.code, view.day)

    # --- booking --------------------------------------------------------------------------------

    def _shut(self, view: SlotDay, slot: str, day: date) -> Decision:
        known = self._closed.get((slot, day))
        if known is None:
            reason = view.closed or Reason(Code.SLOT_CLOSED)
            known = Decision(CellState.CLOSED, Act.NONE, False, reason)
            self._closed[slot, day] = known
        return known

    def _booking(self, child: Child, view: SlotDay, pending: Pending | None) -> Decision:
        slot, day = view.slot.code, view.day
        asked = pending is _BOOKING
        refusal = self.refusal(child, view)
        if refusal is not None:
            state = CellState.PENDING_BOOKING if asked else CellState.CLOSED
            return Decision(state, _BOOK if asked else Act.NONE, False, refusal)
        verdict = self.time_to_book(view, resident=child.facts.resident)
        price = self.price_of(slot, child.key, day)
        state, reason, changes_at = verdict.state, verdict.reason, verdict.changes_at
        allowed, waiting, left = verdict.allowed, False, None
        replaces: tuple[str, ...] = ()
        if allowed:
            linked, replaces = self.linked(child, view)
            week = view.slot.capacity.units_per_week
            places = self.places(child, view)
            left = places.left
            stopped = linked
            if stopped is None and week is not None:
                stopped = _over_the_week(self.in_the_week(child.key, slot, day), week)
            if stopped is not None:
                state = CellState.CLOSED
            elif places.reason is not None:
                state, stopped, waiting = CellState.FULL, places.reason, places.waiting_list
            if stopped is not None:
                allowed, reason, changes_at, replaces = False, stopped, None, ()
        return Decision(
            CellState.PENDING_BOOKING if asked else state,
            _BOOK,
            allowed,
            reason,
            changes_at,
            verdict.late and allowed,
            price.cents,
            price.unknown,
            _due(view.slot.late_booking, price.cents) if verdict.late else 0,
            0,
            replaces,
            (),
            view.together,
            left,
            waiting,
            view.slot.approval is Approval.MANUAL,
        )

    # --- cancelling -----------------------------------------------------------------------------

    def _cancelling(
        self, child: Child, view: SlotDay, held: Held, pending: Pending | None
    ) -> Decision:
        slot, day = view.slot.code, view.day
        asked = pending is _CANCELLATION
        price = self.price_of(slot, child.key, day)
        if held in QUEUED:
            # leaving the waiting list costs nothing and has no deadline
            state, reason = _QUEUED[held]
            if asked:
                state = CellState.PENDING_CANCELLATION
            return Decision(
                state, _CANCEL, True, reason, None, False, price.cents, price.unknown,
                days=view.together,
            )  # fmt: skip
        verdict = self.time_to_cancel(child, view)
        along = self.rules.links.left_without(slot, self.had(child.key, day))
        locked = tuple(other for other in along if self._locked(child, other, day))
        if verdict.allowed and locked:
            verdict = Verdict(allowed=False, reason=Reason(Code.NEEDED_LOCKED, words=locked))
        late = verdict.late and verdict.allowed
        return Decision(
            CellState.PENDING_CANCELLATION if asked else CellState.BOOKED,
            _CANCEL,
            verdict.allowed,
            verdict.reason,
            verdict.changes_at,
            late,
            price.cents,
            price.unknown,
            0,
            _due(view.slot.late_cancelling, price.cents) if late else 0,
            (),
            along,
            view.together,
            None,
            False,
            held is Held.REQUESTED,
        )


SlotKey = tuple[str, date]
CellGroup = tuple[str, date, str]


def decide_all(
    plan: Plan, children: Iterable[int], slots: Iterable[str], days: Iterable[date]
) -> dict[CellKey, Decision]:
    """Every cell of a grid."""
    slots, days = tuple(slots), tuple(days)
    return {
        (child, slot, day): plan.decide(child, slot, day)
        for child in children
        for slot in slots
        for day in days
    }


def _over_the_week(count: int, most: int) -> Reason | None:
    return Reason(Code.WEEK_LIMIT, number=most) if count >= most else None


def _due(late: Late | None, price_cents: int | None) -> int:
    if late is None or price_cents is None:
        return 0
    return late.surcharge.of(price_cents)
