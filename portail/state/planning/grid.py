"""/planning: a period of the children, what is pending, and each click, in words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, FirstSeen, allow
from portail.access.reads import read
from portail.access.session_state import SessionState
from portail.domain.bookings import CellKey
from portail.domain.identity import Actor
from portail.services import planning as services
from portail.services.planning import Cell, Changed, Cost, Counts, NotPossible, Planning
from portail.services.reach import NotFound
from portail.state.planning import cells, live, ways, words
from portail.state.planning.address import Asked, asked
from portail.state.planning.cells import CardView, Change, DayView, GroupView
from portail.state.planning.looks import OFF, ON
from portail.state.planning.offers import OffersState
from portail.state.planning.sheet import day_costs, is_phone, seen_on, sheet, slot_labels, wanted
from portail.state.planning.ways import CostLine, Shown, Way
from portail.state.requests import query
from portail.texts.french import listed
from portail.texts.reasons import reason_sentence


class PlanningState(FirstSeen, rx.State):
    """What /planning shows."""

    missing: bool = False  # not a child of theirs, or a day beyond reason
    narrow: bool = False  # the window is a phone's, as the server believes
    phone: bool = False  # the layout: days one under the other
    editing: bool = False
    title: str = ""
    period: str = ""
    children: list[Way] = []  # noqa: RUF012  (a Reflex variable)
    views: list[Way] = []  # noqa: RUF012
    activities: list[Shown] = []  # noqa: RUF012
    hidden: str = ""
    before: str = ""
    after: str = ""
    today: str = ""
    edit: str = ""  # the address of the same, being changed
    read: str = ""
    days: list[DayView] = []  # noqa: RUF012
    groups: list[GroupView] = []  # noqa: RUF012
    cards: list[CardView] = []  # noqa: RUF012
    day_costs: dict[str, str] = {}  # noqa: RUF012  (of the cards, by day)
    sentences: list[str] = []  # noqa: RUF012
    mount: int = 0  # grows each time the cells are shown anew
    changed: dict[str, Change] = {}  # noqa: RUF012
    answered: int = 0  # the last click that was answered, as the page numbers them
    cost: str = ""
    cost_after: str = ""
    difference: str = ""
    cost_unknown: bool = False
    by_child: list[CostLine] = []  # noqa: RUF012
    by_activity: list[CostLine] = []  # noqa: RUF012
    bookings: str = ""
    cancellations: str = ""
    pending: int = 0
    may_undo: bool = False
    told: str = ""  # what the last change made beside, or why it was not made
    refused: bool = False

    _asked: Asked | None = None
    _measured: bool = False
    _looks: dict[str, str] = {}  # noqa: RUF012
    _labels: dict[str, str] = {}  # noqa: RUF012
    _what: dict[str, str] = {}  # noqa: RUF012
    _in_sight: frozenset[tuple[int, date]] = frozenset()
    _total: Cost = Cost()
    _days: dict[date, Cost] = {}  # noqa: RUF012

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what the address asks."""
        session = await self.get_state(SessionState)
        if not self._measured:
            headers = self.router_data.get("headers", {})
            self.narrow = is_phone(str(headers.get("user-agent", "")))
        self.phone = self.narrow or session.large
        self._asked = asked(query(self), clock.today())
        self._say("")
        actor = identity.actor()
        await self._show(actor)
        await (await self.get_state(OffersState))._arrive(actor)  # noqa: SLF001
        self.loaded = True

    def _opened(self) -> None:
        super()._opened()
        self.groups, self.cards = [], []  # nothing of them travels

    @allow(FAMILY)
    async def refresh(self) -> None:
        """Something else on the page changed what is booked."""
        await self._show(identity.actor())

    @allow(FAMILY)
    async def fit(self, narrow: bool) -> None:
        """The browser says that the window is, or is not, a phone's."""
        session = await self.get_state(SessionState)
        self.narrow, self._measured = narrow, True
        phone = narrow or session.large
        if phone != self.phone and self._asked is not None:
            self.phone = phone
            await self._show(identity.actor())

    @allow(FAMILY)
    async def toggle(
        self, child: int, slot: str, day: str, checked: bool, seen: str, click: int
    ) -> None:
        """A box was ticked or not.

        `seen`: what this page had last been told of the box; `click`: the number it gives it.
        """
        actor = identity.actor()
        try:
            when = date.fromisoformat(day)
            outcome = await run_in_thread(
                lambda: services.toggle(actor, child, slot, when, checked)
            )
        except (ValueError, NotFound):
            await self._again(actor, click)
            return
        self.answered = max(self.answered, click)
        where = cells.cell_key(child, slot, when.isoformat())
        if isinstance(outcome, NotPossible):
            reason = reason_sentence(outcome.reason, self._label)
            self._say(f"{self._named(where)}\u00a0: {reason}", refused=True)
            self._put([outcome.cell], force=where)
            return
        live.chose(self, outcome.version)
        self._count(outcome.counts, may_undo=True)
        self._add(outcome)
        before = self._looks.get(where)
        if before is not None and seen.rpartition(".")[0] == self._told(where):
            # the browser has painted the box already
            self._looks[where] = before[0] + (ON if checked else OFF) + before[2:]
            self._put(outcome.cells, clicked=where)
        else:
            self._put(outcome.cells, force=where)
        self._say(_also(outcome, self._label))
        await self._detail(actor)

    @allow(FAMILY)
    async def detail_cost(self, shown: bool) -> None:
        """«Coût de la période», opened: by child and by activity, what is pending counted.

        Once closed, clicks need not follow it any more.
        """
        if shown:
            await self._detail(identity.actor(), asked=True)
        else:
            self.by_child, self.by_activity = [], []

    @allow(FAMILY)
    async def undo(self) -> None:
        """«Annuler la dernière modification»."""
        actor = identity.actor()
        await run_in_thread(lambda: services.undo(actor))
        await self._show(actor)
        self._say("La dernière modification est annulée.")

    @allow(FAMILY)
    def show_activity(self, code: str, shown: bool) -> Any:
        """A box of «Activités»: its rows are shown, or hidden; the address says which."""
        if self._asked is None or code not in {one.code for one in self.activities}:
            return None
        return rx.redirect(self._asked.without(code, not shown).address())

    async def _again(self, actor: Actor, click: int) -> None:
        """What was asked is not there: show what is."""
        self.answered = max(click, self.answered)
        if self._asked is not None:
            await self._show(actor)
        self._say("Ce changement n’a pas pu être fait.", refused=True)

    def _seen(self) -> Asked | None:
        """What is shown: on a phone, a week of what the address asks."""
        return None if self._asked is None else seen_on(self._asked, phone=self.phone)

    # --- showing --------------------------------------------------------------------------------

    async def _show(self, actor: Actor) -> None:
        want, seen = self._asked, self._seen()
        if want is None or seen is None:
            return
        try:
            found = await read(lambda: services.planning(actor, wanted(seen)))
        except NotFound:
            self.missing, self.title, self.groups, self.cards = True, "Planning", [], []
            return
        self.missing = False
        self.editing = want.editing
        self._rows(found, want)
        self._sums(found)
        shown = {(row.child_id, row.slot) for row in found.rows if row.activity not in want.hidden}
        live.showing(self, actor, shown, found.days[0].day, found.days[-1].day, found.version)

    def _sums(self, found: Planning) -> None:
        """What it costs, and how much is pending."""
        self._total, self._days = found.cost, dict(found.cost_by_day)
        self._costs()
        if self.by_child:
            self._detailed(found)
        self._count(found.counts, may_undo=found.may_undo)

    async def _chosen_elsewhere(self, actor: Actor) -> int:
        """The account chose something in another tab or on another device (see `live`)."""
        seen = self._seen()
        if seen is None:
            return 0
        found = await read(lambda: services.planning(actor, wanted(seen)))
        shown = [cell for row in found.rows for cell in row.cells if _place(cell) in self._looks]
        moved = {cell.day for cell in shown if self._looks[_place(cell)] != cells.shape(cell)}
        # what a change touches is of its day
        self._put([cell for cell in shown if cell.day in moved])
        self._sums(found)
        return found.version

    def _places_changed(self, found: Mapping[CellKey, Cell]) -> None:
        """Others took or freed places, or another parent chose something (see `live`)."""
        self._put(list(found.values()))

    def _rows(self, found: Planning, want: Asked) -> None:
        shown = sheet(found, want, phone=self.phone, today=clock.today())
        for one in fields(shown):
            setattr(self, one.name, getattr(shown, one.name))
        rows = [row for row in found.rows if row.activity not in want.hidden]
        names = {child.id: child.first_name for child in found.children}
        self._labels = slot_labels(found)
        self._what = {
            f"{row.child_id}/{row.slot}": f"{names[row.child_id]}, {row.slot_label}" for row in rows
        }
        self._looks = {_place(cell): cells.shape(cell) for row in rows for cell in row.cells}
        self._in_sight = frozenset((cell.child_id, cell.day) for row in rows for cell in row.cells)
        self.changed = {}
        self.mount = secrets.randbelow(2**31)  # never one of before a restart
        self.answered = 0

    async def _detail(self, actor: Actor, *, asked: bool = False) -> None:
        """The detail of the cost, once it was asked for."""
        seen = self._seen()
        if seen is None or not (asked or self.by_child):
            return
        try:
            found = await read(lambda: services.planning(actor, wanted(seen)))
        except NotFound:
            return
        self._detailed(found)

    def _detailed(self, found: Planning) -> None:
        self.by_child = ways.costs_by_child(found)
        self.by_activity = ways.costs_by_activity(found)

    # --- one change -----------------------------------------------------------------------------

    def _put(
        self, found: list[Cell] | tuple[Cell, ...], clicked: str = "", force: str = ""
    ) -> None:
        """Tell the page of the cells that look otherwise than it shows them."""
        told = dict(self.changed)
        for cell in found:
            key = _place(cell)
            before, now = self._looks.get(key), cells.shape(cell)
            if before is None or (key == clicked and before == now):
                continue  # not shown; or the browser has painted it already
            older = told.get(key)
            version = older.v if older else 0
            # another text alone leaves the box as it is: a click may be on its way
            version += before != now or key == force
            self._looks[key] = now
            told[key] = Change(now, words.cell_words(cell, now, self._label), version)
        if told != self.changed:
            self.changed = told

    def _told(self, key: str) -> str:
        """What the page was last told of a box, as it says it back (see `components.planning`)."""
        change = self.changed.get(key)
        return f"{self.mount}.{change.v if change else 0}"

    def _add(self, outcome: Changed) -> None:
        """What the change costs, of the children and days shown."""
        days = dict(self._days)
        for (child, day), cents in outcome.difference.items():
            if (child, day) in self._in_sight:
                self._total = replace(self._total, after=self._total.after + cents)
                before = days.get(day, Cost())
                days[day] = replace(before, after=before.after + cents)
        self._days = days
        self._costs()

    def _costs(self) -> None:
        self._tell("cost", words.cost_words(self._total))
        self._tell("cost_after", words.after_words(self._total))
        self._tell("difference", words.difference_words(self._total))
        self._tell("cost_unknown", self._total.unknown)
        self._tell("day_costs", day_costs(self._days) if self.phone else {})

    def _count(self, counts: Counts, *, may_undo: bool) -> None:
        self._tell("bookings", words.booking_count(counts))
        self._tell("cancellations", words.cancellation_count(counts))
        self._tell("pending", counts.bookings + counts.cancellations)
        self._tell("may_undo", may_undo)

    def _say(self, text: str, *, refused: bool = False) -> None:
        self._tell("told", text)
        self._tell("refused", refused)

    def _tell(self, name: str, value: object) -> None:
        """Set a variable; one that stays the same does not travel."""
        if getattr(self, name) != value:
            setattr(self, name, value)

    def _label(self, code: str) -> str:
        return self._labels.get(code, code)

    def _named(self, where: str) -> str:
        child_slot, day = where.rsplit("/", 1)
        what = self._what.get(child_slot, "Ce jour")
        return f"{what}, {words.day_words(date.fromisoformat(day))}"


def _place(cell: Cell) -> str:
    return cells.cell_key(cell.child_id, cell.slot, cell.day.isoformat())


def _also(outcome: Changed, label: words.Labels) -> str:
    """What the change made of other cells; empty when nothing."""
    if outcome.replaced:
        names = listed([f"« {label(code)} »" for code in outcome.replaced])
        return f"Remplace {names} du même jour."
    if outcome.taken_along:
        names = listed([f"« {label(code)} »" for code in outcome.taken_along])
        return f"{names} ne peut pas rester sans cette réservation\u00a0: annulé aussi."
    return ""
