"""What becomes of each pending change, asked of the engine again one after the other.

Nothing is written here. Changes that go together (a booking and what it replaces, the days of a
package, what cannot stay without what is cancelled) are made together or not at all. Cancellations
come first, then bookings in the order they were made; each sees what those before it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from portail.domain.bookings import (
    QUEUED,
    Act,
    CellKey,
    Context,
    Decision,
    Held,
    Pending,
    PriceOf,
)
from portail.domain.calendars import monday
from portail.domain.confirmations import LineOutcome
from portail.domain.decisions import Plan, prepare
from portail.domain.reasons import Code, Reason
from portail.services.planning.day_places import DayPlaces, SlotDayKey
from portail.texts.french import NBSP, listed

CHANGED = f"A été réservé entre-temps{NBSP}: {{}}. Reprenez cette réservation sur le planning."
NEEDED = f"Doit être annulé avec{NBSP}: {{}}."
TOGETHER = "Tous les jours de ce forfait se réservent et s’annulent ensemble."
GOES_WITH = f"Va avec{NBSP}: {{}}."
STAYS = f"Gardé tant qu’aucune place ne se libère pour{NBSP}: {{}}."

Say = Callable[[Reason], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A pending change; `because` is the slot it goes with."""

    id: int
    child: int
    slot: str
    day: date
    kind: Pending
    because: str | None = None

    @property
    def key(self) -> CellKey:
        """Its cell."""
        return self.child, self.slot, self.day


@dataclass(frozen=True, slots=True)
class Existing:
    """The live reservation of a cell."""

    id: int
    held: Held
    group: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a change; `told` says why not.

    `group` is whose places it takes, `rank` its rank on the waiting list (0: it is not there).
    """

    change: Change
    outcome: LineOutcome
    decision: Decision | None = None
    told: str = ""
    group: str = ""
    rank: int = 0


class Settling:
    """One run over the changes of a confirmation."""

    def __init__(
        self,
        plans: Mapping[int, Plan],
        prices: Mapping[int, PriceOf],
        rows: Mapping[CellKey, Existing],
        places: Mapping[SlotDayKey, DayPlaces],
        say: Say,
        label: Callable[[str], str],
    ) -> None:
        """Everything as it is now, under the locks.

        Args:
            plans: of each child, its family's.
            prices: of each child, those to tell.
            rows: the live reservations of the cells to change.
            places: of every limited slot and day concerned.
            say: a reason in French.
            label: the French name of a slot.
        """
        self.plans, self.prices, self.rows, self.say, self.label = plans, prices, rows, say, label
        self.places = {key: one.copy() for key, one in places.items()}
        self.held: dict[tuple[int, date], dict[CellKey, Held]] = defaultdict(dict)
        for plan in plans.values():
            for key, held in plan.context.held.items():
                self.held[key[0], monday(key[2])][key] = held

    def run(self, changes: Iterable[Change]) -> list[Settled]:
        """An outcome for each, in the order of their ids."""
        settled = [one for bundle in self._bundles(changes) for one in self._settle(bundle)]
        return [
            replace(one, rank=self._rank(one))
            for one in sorted(settled, key=lambda one: one.change.id)
        ]

    def present(self) -> set[CellKey]:
        """The units that the children have once all is settled, for prices that depend on it."""
        return {
            key for week in self.held.values() for key, held in week.items() if held not in QUEUED
        }

    # --- what goes together ---------------------------------------------------------------------

    def _bundles(self, changes: Iterable[Change]) -> list[list[Change]]:
        by_key = {change.key: change for change in changes}
        bundles: dict[CellKey, list[Change]] = {}
        for change in by_key.values():
            bundles.setdefault(self._main(change, by_key), []).append(change)
        ordered = sorted(bundles.items(), key=lambda pair: self._order(pair[0][1], pair[1]))
        return [bundle for _, bundle in ordered]

    def _main(self, change: Change, by_key: Mapping[CellKey, Change]) -> CellKey:
        """The cell that stands for all those that go with this one."""
        rules = self.plans[change.child].rules
        slot, seen = change.slot, {change.slot}
        while (one := by_key.get((change.child, slot, change.day))) and one.because:
            if one.because in seen:
                break
            slot = one.because
            seen.add(slot)
        if slot not in rules.slots:
            return change.key
        return change.child, slot, rules.slot_day(slot, change.day).together[0]

    def _order(self, slot: str, bundle: Sequence[Change]) -> tuple[bool, bool, int]:
        books = any(change.kind is Pending.BOOKING for change in bundle)
        rules = self.plans[bundle[0].child].rules
        # what needs another slot is booked after it, and cancelled before it
        needs = bool(rules.links.needs.get(slot))
        return books, needs is books, min(change.id for change in bundle)

    # --- one bundle -----------------------------------------------------------------------------

    def _settle(self, bundle: Sequence[Change]) -> list[Settled]:
        rules = self.plans[bundle[0].child].rules
        if any(change.slot not in rules.slots for change in bundle):
            told = self.say(Reason(Code.NO_LONGER_OFFERED))
            return [Settled(change, LineOutcome.REFUSED, told=told) for change in bundle]
        plan = self._plan(bundle)
        settled = [self._ask(plan, change, bundle) for change in bundle]
        settled = self._together(settled)
        for one in settled:
            self._apply(one)
        return settled

    def _plan(self, bundle: Sequence[Change]) -> Plan:
        """The child's cells of these days, as the changes before left them."""
        child = bundle[0].child
        plan = self.plans[child]
        asked = {
            (change.slot, day)
            for change in bundle
            for day in plan.rules.slot_day(change.slot, change.day).together
        }
        held: dict[CellKey, Held] = {}
        for week in {monday(day) for _, day in asked}:
            held |= self.held[child, week]
        taken: dict[SlotDayKey, int] = {}
        by_group: dict[tuple[str, date, str], int] = {}
        for slot, day in asked & self.places.keys():
            taken[slot, day], groups = self.places[slot, day].taken()
            by_group |= {(slot, day, group): count for group, count in groups.items()}
        context = Context(
            (plan.children[child],),
            held,
            {change.key: change.kind for change in bundle},
            taken,
            by_group,
            plan.context.elsewhere,
            plan.context.force_majeure,
        )
        return prepare(plan.rules, context, plan.now, self.prices[child])

    def _ask(self, plan: Plan, change: Change, bundle: Sequence[Change]) -> Settled:
        decision = plan.decide(*change.key)
        ask = self._cancel if change.kind is Pending.CANCELLATION else self._book
        outcome, told = ask(plan, change, decision, bundle)
        _, activity = plan.rules.slots[change.slot]
        row = self.rows.get(change.key)
        child = plan.children[change.child]
        group = row.group if row else plan.group(child, activity, change.day)
        return Settled(change, outcome, decision, told, group)

    def _book(
        self, plan: Plan, change: Change, decision: Decision, bundle: Sequence[Change]
    ) -> tuple[LineOutcome, str]:
        if change.key in plan.context.held and change.key not in plan.context.elsewhere:
            return LineOutcome.ALREADY, ""
        if decision.waiting_list:
            return LineOutcome.WAITING, self.say(decision.reason)
        if not decision.allowed or decision.act is not Act.BOOK:
            return LineOutcome.REFUSED, self.say(decision.reason)
        if decision.replaces:
            # another parent booked it since: it is not cancelled without having been shown
            return LineOutcome.REFUSED, CHANGED.format(self._names(decision.replaces))
        if not self._whole(plan, change, decision, bundle):
            return LineOutcome.REFUSED, TOGETHER
        return (LineOutcome.REQUESTED if decision.needs_approval else LineOutcome.BOOKED), ""

    def _cancel(
        self, plan: Plan, change: Change, decision: Decision, bundle: Sequence[Change]
    ) -> tuple[LineOutcome, str]:
        held = plan.context.held.get(change.key)
        if held is None:
            return LineOutcome.ALREADY, ""
        if not decision.allowed or decision.act is not Act.CANCEL:
            return LineOutcome.REFUSED, self.say(decision.reason)
        if held in QUEUED:
            return LineOutcome.LEFT_QUEUE, ""
        if decision.takes_along:
            return LineOutcome.REFUSED, NEEDED.format(self._names(decision.takes_along))
        if not self._whole(plan, change, decision, bundle):
            return LineOutcome.REFUSED, TOGETHER
        return LineOutcome.CANCELLED, ""

    def _whole(
        self, plan: Plan, change: Change, decision: Decision, bundle: Sequence[Change]
    ) -> bool:
        """Whether every day of a package is asked for, or is so already."""
        asked = {one.day for one in bundle if (one.slot, one.kind) == (change.slot, change.kind)}
        booking = change.kind is Pending.BOOKING
        return all(
            day in asked or ((change.child, change.slot, day) in plan.context.held) is booking
            for day in decision.days
        )

    def _together(self, settled: list[Settled]) -> list[Settled]:
        stopped = [one for one in settled if one.outcome is LineOutcome.REFUSED]
        if stopped:
            told = GOES_WITH.format(self._names({one.change.slot: None for one in stopped}))
            return [
                one
                if one.outcome in (LineOutcome.REFUSED, LineOutcome.ALREADY)
                else replace(one, outcome=LineOutcome.REFUSED, told=told)
                for one in settled
            ]
        waiting = [one for one in settled if one.outcome is LineOutcome.WAITING]
        if not waiting:
            return settled
        told = STAYS.format(self._names({one.change.slot: None for one in waiting}))
        return [
            replace(one, outcome=LineOutcome.KEPT, told=told)
            if one.outcome in (LineOutcome.CANCELLED, LineOutcome.LEFT_QUEUE)
            else one
            for one in settled
        ]

    def _apply(self, one: Settled) -> None:
        child, slot, day = key = one.change.key
        place, row = self.places.get((slot, day)), self.rows.get(key)
        week = self.held[child, monday(day)]
        match one.outcome:
            case LineOutcome.BOOKED | LineOutcome.REQUESTED:
                week[key] = Held(one.outcome.value)
                if place:
                    place.held[one.group] += 1
            case LineOutcome.WAITING:
                week[key] = Held.WAITING
                if place:
                    # not written yet: whoever comes next in this confirmation is behind
                    place.queue.append((_ticket(one.change), one.group))
            case LineOutcome.CANCELLED | LineOutcome.LEFT_QUEUE:
                del week[key]
                if place and row:
                    place.leave(row.id, row.group, row.held)
            case _:
                pass

    def _rank(self, one: Settled) -> int:
        place, row = (
            self.places.get((one.change.slot, one.change.day)),
            self.rows.get(one.change.key),
        )
        if place is None:
            return 0
        if one.outcome is LineOutcome.WAITING:
            return place.rank(_ticket(one.change))
        return place.rank(row.id) if row and one.outcome is LineOutcome.ALREADY else 0

    def _names(self, slots: Iterable[str]) -> str:
        return listed([self.label(slot) for slot in slots])


def _ticket(change: Change) -> int:
    """Who waits without a reservation yet: no reservation has such an id."""
    return -change.id


def latest(places: Iterable[DayPlaces], now: datetime) -> datetime:
    """Now, or when the last one began to wait if its clock was ahead: queues keep their order."""
    return max([now, *(one.latest for one in places if one.latest is not None)])
