"""/planning/absence «Signaler une absence»: who, which days, what it changes; then sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.absences import AbsenceState, DaysProblem, bounds
from portail.domain.identity import Actor
from portail.services.planning.absences import (
    AbsentLine,
    AlreadyTold,
    Due,
    NothingBooked,
    Preview,
    PreviewOutcome,
    Refusal,
    TellOutcome,
    Told,
    ToldAbsence,
    WrongDays,
    absence_children,
    my_absences,
    preview_absence,
    tell_absence,
)
from portail.services.reach import NotFound
from portail.state.forms import FieldError, typed
from portail.state.requests import number_in_query, query
from portail.texts.french import day, moment_without_year, numeric_day, sentence, span

CHILD, FIRST, LAST = "enfant", "premier", "dernier"  # names of the fields
ERRORS, NOTHING = "erreurs", "rien-a-signaler"  # what takes the focus
TAGS = {
    Due.CANCELLABLE: ("Peut être annulée", "brand"),
    Due.ONCE_TOLD: ("Pourra être annulée", "brand"),
    Due.DECIDED: ("La mairie décide", "accent"),
}
NO_CHILD, NO_DAY = "Choisissez un enfant.", "Indiquez un jour. Exemple : 12/03/2027."


@dataclass(frozen=True)
class ChildChoice:
    """A child to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class BookedLine:
    """A booking of these days, and what telling the absence changes of it."""

    key: str
    day: str
    what: str
    tag: str
    tone: str
    detail: str


@dataclass(frozen=True)
class ToldLine:
    """An absence told before."""

    title: str
    address: str
    state: str
    tone: str


class AbsenceFormState(PortalState, rx.State):
    """What was chosen, and what is booked there."""

    loaded: bool = False
    children: list[ChildChoice] = []  # noqa: RUF012  (a Reflex variable)
    child: str = ""
    first: str = ""
    last: str = ""
    earliest: str = ""
    latest: str = ""
    from_day: str = ""
    until_day: str = ""
    lines: list[BookedLine] = []  # noqa: RUF012
    told: list[ToldLine] = []  # noqa: RUF012
    errors: list[FieldError] = []  # noqa: RUF012
    child_error: str = ""
    first_error: str = ""
    last_error: str = ""
    nothing: str = ""  # why these days cannot be told, though they are well written
    already: str = ""  # address of the absence that was told before
    version: int = 0  # mounts the day fields anew when the portal has filled one

    @allow(FAMILY)
    async def load(self) -> None:
        """The address may have chosen the child and the day."""
        actor = identity.actor()
        found = await run_in_thread(lambda: absence_children(actor))
        told = await run_in_thread(lambda: my_absences(actor))
        earliest, latest = bounds(clock.today())
        self.children = [ChildChoice(str(key), name) for key, name in found]
        self.told = [_told(one) for one in told]
        self.earliest, self.latest = earliest.isoformat(), latest.isoformat()
        self.from_day = f"À partir du {numeric_day(earliest)}."
        self.until_day = f"Jusqu’au {numeric_day(latest)}."
        wanted = str(number_in_query(self, "enfant"))
        known = {one.value for one in self.children}
        self.child = wanted if wanted in known else self.children[0].value if known else ""
        asked = _day(query(self).get("jour", ""))
        # an old link: the days of today are the likely ones
        chosen = asked if asked and earliest <= asked <= latest else clock.today()
        self.first = self.last = chosen.isoformat()
        self.version += 1
        await self._look(actor)
        self.loaded = True

    @allow(FAMILY)
    async def choose_child(self, child: str) -> None:
        """Whose days."""
        self.child = child if child in {one.value for one in self.children} else ""
        await self._look(identity.actor())

    @allow(FAMILY)
    async def choose_first(self, first: str) -> None:
        """The first day; the last one is never before it."""
        self.first = first[:10]
        chosen, last = _day(self.first), _day(self.last)
        if chosen is not None and (last is None or last < chosen):
            self.last = self.first
            self.version += 1
        await self._look(identity.actor())

    @allow(FAMILY)
    async def choose_last(self, last: str) -> None:
        """The last day."""
        self.last = last[:10]
        await self._look(identity.actor())

    async def _look(self, actor: Actor) -> None:
        """What is booked on the days chosen; errors wait for the form to be sent."""
        self._forget()
        child, first, last = self._chosen()
        if not child or first is None or last is None:
            return
        try:
            outcome: PreviewOutcome = await run_in_thread(
                lambda: preview_absence(actor, child, first, last)
            )
        except NotFound:
            return
        if isinstance(outcome, Preview):
            self.lines = [_booked(place, one) for place, one in enumerate(outcome.lines)]
        else:
            self._refused(outcome)

    def _chosen(self) -> tuple[int, date | None, date | None]:
        known = {one.value for one in self.children}
        return int(self.child) if self.child in known else 0, _day(self.first), _day(self.last)

    def _forget(self) -> None:
        self.lines, self.errors = [], []
        self.child_error = self.first_error = self.last_error = self.nothing = self.already = ""

    def _refused(self, outcome: Refusal) -> None:
        match outcome:
            case WrongDays(problem=DaysProblem.ORDER):
                self.last_error = "Le dernier jour est avant le premier."
            case WrongDays(problem=DaysProblem.TOO_OLD, earliest=earliest):
                self.first_error = (
                    f"Une absence se signale à partir du {numeric_day(earliest)}. Pour des jours "
                    "plus anciens, écrivez au service enfance."
                )
            case WrongDays(latest=latest):
                self.last_error = f"Une absence se signale jusqu’au {numeric_day(latest)}."
            case NothingBooked():
                self.nothing = (
                    "Rien n’est réservé ces jours-là pour cet enfant : il n’y a rien à signaler."
                )
            case AlreadyTold(number, first, last):
                self.nothing = f"Une absence est déjà signalée {span(first, last)}."
                self.already = _address(number)

    @allow(FAMILY)
    async def send(self, form: dict[str, str]) -> Any:
        """«Signaler l’absence»: the days of the form, whatever was looked at before."""
        actor = identity.actor()
        child = typed(form, CHILD)
        self.child = child if child in {one.value for one in self.children} else ""
        self.first, self.last = typed(form, FIRST)[:10], typed(form, LAST)[:10]
        number, first, last = self._chosen()
        self._forget()
        self.child_error = "" if number else NO_CHILD
        self.first_error = "" if first else NO_DAY
        self.last_error = "" if last else NO_DAY
        if number and first is not None and last is not None:
            try:
                outcome: TellOutcome = await run_in_thread(
                    lambda: tell_absence(actor, number, first, last)
                )
            except NotFound:
                return None
            if isinstance(outcome, Told):
                return rx.redirect(f"{_address(outcome.procedure_id)}&signalee=1")
            self._refused(outcome)
        self.errors = [
            FieldError(name, message)
            for name, message in (
                (CHILD, self.child_error),
                (FIRST, self.first_error),
                (LAST, self.last_error),
            )
            if message
        ]
        return rx.set_focus(ERRORS if self.errors else NOTHING)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _address(procedure_id: int) -> str:
    return f"/dossier/demarche?n={procedure_id}"


def _booked(place: int, one: AbsentLine) -> BookedLine:
    until = moment_without_year(one.until) if one.until else ""
    match one.due:
        case Due.CANCELLABLE:
            detail = f"Annulez-la plutôt sur le planning : possible jusqu’au {until}."
        case Due.ONCE_TOLD:
            detail = (
                f"Une fois l’absence signalée, elle peut être annulée sur le planning jusqu’au "
                f"{until}."
            )
        case Due.DECIDED:
            detail = "Il est trop tard pour l’annuler : la mairie décide si elle reste due."
    what = ", ".join(words for words in (one.activity, one.slot) if words)
    tag, tone = TAGS[one.due]
    return BookedLine(str(place), sentence(day(one.day)), what, tag, tone, detail)


def _told(one: ToldAbsence) -> ToldLine:
    justified = one.state is AbsenceState.JUSTIFIED
    return ToldLine(
        f"{one.child}, {span(one.first_on, one.last_on)}",
        _address(one.procedure_id),
        "Justifiée" if justified else "Signalée",
        "ok" if justified else "accent",
    )
