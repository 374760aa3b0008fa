"""«Réserver plusieurs jours»: a week pattern, a copy, a period cleared, for several children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.calendars import monday
from portail.domain.identity import Actor
from portail.domain.periods import View, span
from portail.domain.reasons import Code
from portail.services import planning as services
from portail.services.planning import BulkOutcome, Contradictory, Planning, TooMuch, Wanted
from portail.services.reach import NotFound
from portail.state.forms import FieldError, typed
from portail.state.planning.grid import PlanningState
from portail.state.planning.looks import CLOSED, look
from portail.state.planning.words import day_words, period_words
from portail.texts.french import NBSP, counted, listed

MODE, FIRST, LAST = "quoi", "premier", "dernier"  # names of the fields
PATTERN, WEEK, MONTH, CLEAR = "semaine-type", "copier-semaine", "copier-mois", "vider"
WEEKDAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi")
Weeks = Mapping[int, Mapping[int, list[str]]]  # slots by weekday, by child
_WHY = {
    Code.BOOKING_TOO_LATE: "trop tard",
    Code.CANCELLING_TOO_LATE: "trop tard pour annuler",
    Code.NEVER_CANCELLABLE: "ne s’annule pas",
    Code.FULL: "complet",
    Code.GROUP_FULL: "complet",
    Code.WEEK_LIMIT: "nombre de fois par semaine dépassé",
    Code.NEEDS_SLOT: "une autre prestation est à réserver d’abord",
    Code.REPLACES_LOCKED: "remplacerait une réservation qui ne s’annule plus",
    Code.OTHER_HOUSEHOLD: "réservé par l’autre foyer",
    Code.ENROLMENT_PENDING: "inscription pas encore validée",
    Code.BEFORE_ENTRY: "avant le début de l’inscription",
    Code.AFTER_END: "après la fin de l’inscription",
    Code.WINDOW_NOT_OPEN: "réservations pas encore ouvertes",
    Code.WINDOW_OVER: "réservations closes",
}
# a day without the slot, or a slot of another child: nobody expects it
_SILENT = frozenset(
    {
        Code.NOT_ENROLLED,
        Code.NOT_A_DAY_OF_THE_SLOT,
        Code.SLOT_CLOSED,
        Code.TOWN_CLOSED,
        Code.PUBLIC_HOLIDAY,
        Code.SCHOOL_HOLIDAYS,
        Code.NO_SCHOOL,
        Code.NOT_IN_HOLIDAYS,
        Code.OUT_OF_SEASON,
    }
)


@dataclass(frozen=True)
class ChildBox:
    """A child to choose."""

    id: int
    name: str
    chosen: bool


@dataclass(frozen=True)
class SlotLine:
    """A slot of a child's week, and the weekdays (0 is Monday) it may be asked on.

    `key` is the child and the slot, as the names of its boxes have it.
    """

    key: str
    slot: str
    label: str
    activity: str
    days: list[bool]


@dataclass(frozen=True)
class ChildWeek:
    """The slots of a child, in sight once it is chosen."""

    child: int
    name: str
    shown: bool
    lines: list[SlotLine]


class BulkState(PortalState, rx.State):
    """The dialog, and what it made."""

    is_open: bool = False
    children: list[ChildBox] = []  # noqa: RUF012  (a Reflex variable)
    weeks: list[ChildWeek] = []  # noqa: RUF012
    first: str = ""
    last: str = ""
    week: str = ""
    month: str = ""
    errors: list[FieldError] = []  # noqa: RUF012
    done: str = ""
    not_done: str = ""

    _around: date | None = None

    @allow(FAMILY)
    async def open(self) -> None:
        """«Réserver plusieurs jours»: for what the grid shows."""
        grid = await self.get_state(PlanningState)
        seen = grid._seen()  # noqa: SLF001
        if seen is None:
            return
        actor = identity.actor()
        try:
            found = await run_in_thread(
                lambda: services.planning(actor, Wanted(seen.day, View.MONTH))
            )
        except NotFound:
            return
        alone = seen.child_id is not None
        self.children = [
            ChildBox(one.id, one.first_name, not alone or one.id == seen.child_id)
            for one in found.children
        ]
        self.weeks = [_week(found, one) for one in self.children]
        first, last = span(seen.view, seen.day)
        first = max(first, clock.today() + timedelta(days=1))
        self.first, self.last = first.isoformat(), max(first, last).isoformat()
        self.week = f"du {day_words(monday(seen.day))}"
        self.month = period_words(View.MONTH, seen.day)
        self.errors, self.done, self.not_done = [], "", ""
        self._around = seen.day
        self.is_open = True

    @allow(FAMILY)
    def choose(self, child: int, chosen: bool) -> None:
        """A child is ticked or not: its slots are in sight, or not; what they hold is kept."""
        self.weeks = [
            replace(one, shown=chosen) if one.child == child else one for one in self.weeks
        ]

    @allow(FAMILY)
    def close(self) -> None:
        """«Annuler»."""
        self.is_open = False

    @allow(FAMILY)
    async def apply(self, form: dict[str, str]) -> None:
        """Do it, as pending changes."""
        actor, around = identity.actor(), self._around
        if not self.is_open or around is None:
            return
        mode = typed(form, MODE)
        children = [one.id for one in self.children if typed(form, f"enfant-{one.id}")]
        weeks = {one.child: _ticked(form, one) for one in self.weeks if one.child in children}
        days = _day(typed(form, FIRST)), _day(typed(form, LAST))
        self.errors = _mistakes(mode, children, weeks, days)
        if self.errors:
            return
        first, last = days[0] or around, days[1] or days[0] or around
        try:
            outcome = await run_in_thread(
                lambda: _make(actor, mode, children, weeks, around, first, last)
            )
        except TooMuch:
            self.errors = [FieldError(LAST, "Choisissez une période d’un an au plus.")]
            return
        except Contradictory:
            told = "Deux prestations choisies le même jour ne vont pas ensemble."
            self.errors = [FieldError(MODE, told)]
            return
        except NotFound:
            return
        self.is_open = False
        self.done, self.not_done = _done(outcome, mode), _not_done(outcome)
        grid = await self.get_state(PlanningState)
        await grid._show(actor)  # noqa: SLF001


def _make(
    actor: Actor,
    mode: str,
    children: list[int],
    weeks: Weeks,
    around: date,
    first: date,
    last: date,
) -> BulkOutcome:
    match mode:
        case "semaine-type":
            return services.apply_week(actor, weeks, first, last)
        case "copier-semaine":
            return services.copy_week(actor, children, monday(around), first, last)
        case "copier-mois":
            return services.copy_month(actor, children, around, first)
    return services.clear_period(actor, children, first, last)


def _week(found: Planning, child: ChildBox) -> ChildWeek:
    """Its slots, with the weekdays they are open on in the month (all, when they never are)."""
    lines = []
    for row in found.rows:
        if row.child_id != child.id:
            continue
        open_on = {cell.day.weekday() for cell in row.cells if look(cell.decision)[0] != CLOSED}
        days = [weekday in open_on for weekday in range(len(WEEKDAYS))]
        days = days if any(days) else [True] * len(WEEKDAYS)
        key = f"{child.id}-{row.slot}"
        lines.append(SlotLine(key, row.slot, row.slot_label, row.activity_label, days))
    return ChildWeek(child.id, child.name, child.chosen, lines)


def _ticked(form: Mapping[str, str], week: ChildWeek) -> dict[int, list[str]]:
    chosen: dict[int, list[str]] = {}
    for line in week.lines:
        for weekday in range(len(WEEKDAYS)):
            if typed(dict(form), f"jour-{weekday}-{line.key}"):
                chosen.setdefault(weekday, []).append(line.slot)
    return chosen


def _mistakes(
    mode: str,
    children: list[int],
    weeks: Weeks,
    days: tuple[date | None, date | None],
) -> list[FieldError]:
    found = []
    if mode not in (PATTERN, WEEK, MONTH, CLEAR):
        found.append(FieldError(MODE, "Choisissez ce qu’il faut faire."))
    if not children:
        found.append(FieldError("enfants", "Choisissez au moins un enfant."))
    if mode == PATTERN and children and not any(weeks.values()):
        found.append(FieldError("jours", "Choisissez au moins un jour de la semaine."))
    first, last = days
    if first is None:
        found.append(FieldError(FIRST, "Indiquez le premier jour."))
    if mode != MONTH and last is None:
        found.append(FieldError(LAST, "Indiquez le dernier jour."))
    if mode != MONTH and first is not None and last is not None and last < first:
        found.append(FieldError(LAST, "Le dernier jour vient après le premier."))
    return found


def _done(outcome: BulkOutcome, mode: str) -> str:
    if not outcome.made:
        return "Rien n’a changé\u00a0: tout était déjà ainsi, ou fermé."
    if mode == CLEAR:
        made = counted(outcome.made, "jour libéré, en attente", "jours libérés, en attente")
    else:
        made = counted(
            outcome.made,
            "réservation ajoutée, en attente",
            "réservations ajoutées, en attente",
        )
    already = counted(outcome.already, "était déjà là", "étaient déjà là")
    told = f"{made}. {already}." if outcome.already else f"{made}."
    return f"{told} Pensez à les valider."


def _not_done(outcome: BulkOutcome) -> str:
    by_words: dict[str, int] = {}
    for code, count in outcome.refused.items():
        if code not in _SILENT:
            words = _WHY.get(code, "pas possible ce jour-là")
            by_words[words] = by_words.get(words, 0) + count
    if not by_words:
        return ""
    total = counted(
        sum(by_words.values()), "jour n’a pas été changé", "jours n’ont pas été changés"
    )
    return f"{total}{NBSP}: {listed([f'{words} ({n})' for words, n in by_words.items()])}."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
