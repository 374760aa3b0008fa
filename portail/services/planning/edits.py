"""Changes chosen on the grid, one after the other, with all that each one brings along.

Nothing is written here. Whether a change may be is the engine's to say; what goes with it (what is
replaced, what cannot stay, what comes back) is told by its decisions and by the links of slots.
"""

from __future__ import annotations

from datetime import date

from portail.domain.bookings import CellKey, Decision, Pending
from portail.domain.decisions import Plan
from portail.domain.reasons import Reason
from portail.services.planning.opening import NEW, Change, Opened

_BOOKING, _CANCELLATION = Pending.BOOKING, Pending.CANCELLATION


class Edit:
    """What becomes of the pending changes of an account.

    `replaced` are the slots that a booking cancelled, `taken_along` those that a cancellation did.
    """

    def __init__(self, opened: Opened, *, waiting: bool = True) -> None:
        """`waiting`: a full day is asked all the same, where one may wait for a place."""
        self.opened, self.waiting = opened, waiting
        self.plans = opened.plans_with(opened.mine)
        self.changes = dict(opened.mine)
        self.replaced: list[str] = []
        self.taken_along: list[str] = []

    def is_wanted(self, key: CellKey) -> bool:
        """Whether the cell is booked, or will be."""
        change = self.changes.get(key)
        if key in self.opened.known(key[0]).rows:
            return change is None or change.kind is _BOOKING
        return change is not None and change.kind is _BOOKING

    def want(self, key: CellKey, booked: bool) -> Reason | None:
        """Make the cell booked, or not, once confirmed; the reason why not, if it may not be.

        A cell that is so already is left alone.
        """
        if self.is_wanted(key) == booked:
            return None
        held = key in self.opened.known(key[0]).rows
        change = self.changes.get(key)
        # a change that another parent's made idle is replaced by this one
        if change is not None and held == (change.kind is _CANCELLATION):
            self.take_back(key)
            return None
        return self._book(key) if booked else self._cancel(key)

    def take_back(self, key: CellKey) -> None:
        """Forget a pending change, those made because of it, and those that cannot stay."""
        change = self.changes.get(key)
        if change is None:
            return
        child, slot, day = key
        self._set(key, None)
        if slot not in self.opened.loaded.rulebook.slots:
            return
        for other in self._together(key):
            found = self.changes.get((child, slot, other))
            if found is not None and found.kind is change.kind:
                self.take_back((child, slot, other))
        for other_slot in self.opened.loaded.rulebook.slots:
            found = self.changes.get((child, other_slot, day))
            if found is not None and found.because == slot:
                self.take_back((child, other_slot, day))
        self._settle(key, change.kind)

    def _settle(self, key: CellKey, kind: Pending) -> None:
        """Take back what cannot stay beside a change that was taken back."""
        child, slot, day = key
        plan = self._plan(child)
        links, had = plan.rules.links, plan.had(child, day)
        if kind is _BOOKING:
            others = links.left_without(slot, had)
        elif slot in had:
            replaced = links.replaced_by(slot, had)
            self.replaced += replaced
            others = (*replaced, *links.missing_for(slot, had))
        else:
            others = ()
        for other in others:
            self.take_back((child, other, day))

    # --- how ------------------------------------------------------------------------------------

    def _book(self, key: CellKey) -> Reason | None:
        child, slot, _ = key
        decisions: dict[date, Decision] = {}
        for day in self._together(key):
            if self.is_wanted((child, slot, day)):
                continue
            decisions[day] = decision = self._plan(child).decide(child, slot, day)
            if not decision.allowed and not (self.waiting and decision.waiting_list):
                return decision.reason
        for day, decision in decisions.items():
            if decision.allowed:
                self._replace(child, slot, day)
            self._set((child, slot, day), _BOOKING)
        return None

    def _replace(self, child: int, slot: str, day: date) -> None:
        """Give up what the booking replaces; taking that back may bring more of it."""
        plan = self._plan(child)
        while others := plan.rules.links.replaced_by(slot, plan.had(child, day)):
            if others[0] not in self.replaced:
                self.replaced.append(others[0])
            self._give_up((child, others[0], day), because=slot)

    def _cancel(self, key: CellKey) -> Reason | None:
        child, slot, _ = key
        for day in self._together(key):
            cell = (child, slot, day)
            if self._is_held(cell) and self.is_wanted(cell):
                decision = self._plan(child).decide(child, slot, day)
                if not decision.allowed:
                    return decision.reason
        self._give_up(key, because="")
        return None

    def _give_up(self, key: CellKey, because: str) -> None:
        """Cancel a cell or take it back, and with it what cannot stay without it."""
        child, slot, _ = key
        plan = self._plan(child)
        for day in self._together(key):
            cell = (child, slot, day)
            if not self.is_wanted(cell):
                continue
            if not self._is_held(cell):
                self.take_back(cell)
                continue
            along = plan.rules.links.left_without(slot, plan.had(child, day))
            self._set(cell, _CANCELLATION, because)
            for other in along:
                if other not in self.taken_along:
                    self.taken_along.append(other)
                self._give_up((child, other, day), because or slot)

    def _together(self, key: CellKey) -> tuple[date, ...]:
        return self._plan(key[0]).rules.slot_day(key[1], key[2]).together

    def _is_held(self, key: CellKey) -> bool:
        return key in self.opened.known(key[0]).rows

    def _plan(self, child: int) -> Plan:
        return self.plans[self.opened.children[child].family_id]

    def _set(self, key: CellKey, kind: Pending | None, because: str = "") -> None:
        self.changes.pop(key, None)
        if kind is not None:
            self.changes[key] = Change(NEW, kind, because, self.opened.now)
        if key[1] in self.opened.loaded.rulebook.slots:
            self._plan(key[0]).change(key, kind)
