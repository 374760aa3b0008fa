"""/inscriptions/nouvelle: choose a type and children, then ask for activities one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.calendars import Weekday
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.services.enrolments import (
    DaysProblem,
    Made,
    Outcome,
    Refused,
    Wanted,
    choices,
    offers,
    request,
)
from portail.services.reach import NotFound
from portail.state.enrolments.cards import (
    ENTRY_CODES,
    OfferCard,
    card,
    entry_in_form,
    labels_of,
    made_words,
    sentences,
)
from portail.state.enrolments.words import state_label
from portail.state.forms import typed
from portail.state.requests import number_in_query, query
from portail.texts.french import counted

LIST = "activites"  # ids of what takes the focus
CHILD, DAY = "enfant-", "jour-"  # names of boxes
DAYS_PROBLEMS = {
    DaysProblem.MISSING: "Cochez au moins un jour.",
    DaysProblem.NOT_OPEN: "L’un de ces jours n’est pas ouvert.",
}


@dataclass(frozen=True)
class TypeChoice:
    """A type of activity."""

    value: str
    label: str


@dataclass(frozen=True)
class ChildChoice:
    """A child to tick."""

    id: int
    name: str
    checked: bool


class NewEnrolmentState(PortalState, rx.State):
    """What was chosen, what is offered, and what became of what was asked."""

    loaded: bool = False
    types: list[TypeChoice] = []  # noqa: RUF012  (a Reflex variable)
    children: list[ChildChoice] = []  # noqa: RUF012
    type_code: str = ""
    type_label: str = ""
    chosen: list[int] = []  # noqa: RUF012
    names: str = ""
    wrong_type: str = ""
    wrong_children: str = ""
    shown: bool = False
    cards: list[OfferCard] = []  # noqa: RUF012
    lead: str = ""
    attempts: int = 0

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what there is to choose from; an address may have chosen already."""
        actor = identity.actor()
        there = await run_in_thread(lambda: choices(actor))
        child, wanted = number_in_query(self, "enfant"), query(self).get("type", "")
        alone = len(there.children) == 1
        self.types = [TypeChoice(*one) for one in there.types]
        self.children = [
            ChildChoice(key, name, alone or key == child) for key, name in there.children
        ]
        self.type_code = wanted if wanted in dict(there.types) else ""
        self.chosen = [one.id for one in self.children if one.checked]
        self.wrong_type = self.wrong_children = ""
        self.shown, self.cards = False, []
        if self.type_code and self.chosen:
            await self._show(actor)
        self.loaded = True

    @allow(FAMILY)
    async def choose(self, form: dict[str, str]) -> Any:
        """«Inscrire»: show the activities of this type for these children."""
        code = typed(form, "type")
        self.type_code = code if any(one.value == code for one in self.types) else ""
        self.chosen = [one.id for one in self.children if typed(form, f"{CHILD}{one.id}")]
        self.wrong_type = "" if self.type_code else "Choisissez un type d’activité."
        self.wrong_children = "" if self.chosen else "Choisissez au moins un enfant."
        if self.wrong_type or self.wrong_children:
            self.shown = False
            return rx.set_focus("champ-type" if self.wrong_type else "champ-enfants")
        await self._show(identity.actor())
        return rx.set_focus(LIST)

    async def _show(self, actor: Actor) -> None:
        code, ids = self.type_code, list(self.chosen)
        try:
            found = await run_in_thread(lambda: offers(actor, code, ids))
        except NotFound:
            self.shown, self.cards = False, []
            return
        was_open = {one.code for one in self.cards if one.open}
        cards = [card(one, alone=len(found) == 1, chosen=len(ids)) for one in found]
        self.cards = [replace(one, open=one.open or one.code in was_open) for one in cards]
        self.type_label = next((one.label for one in self.types if one.value == code), "")
        self.names = ", ".join(one.name for one in self.children if one.id in ids)
        self.lead = counted(len(found), "activité possible", "activités possibles")
        self.shown = True

    async def _show_again(self, actor: Actor) -> None:
        """A paper has come: what is offered may have changed; what was typed stays."""
        if self.shown:
            await self._show(actor)

    @allow(FAMILY)
    async def save(self, form: dict[str, str]) -> None:
        """«Enregistrer»: a request for each child ticked, and what became of each."""
        code = typed(form, "activite")
        place = next((n for n, one in enumerate(self.cards) if one.code == code), None)
        if place is None:
            return
        here = self.cards[place]
        ticked = [child.id for child in here.children if typed(form, f"{CHILD}{child.id}")]
        days = tuple(Weekday(int(one.value)) for one in here.days if typed(form, DAY + one.value))
        entry = None if here.entry_fixed else entry_in_form(typed(form, "entree"))
        wrong = replace(
            _clean(here),
            children_error="" if ticked else "Cochez au moins un enfant.",
            entry_error=""
            if entry or here.entry_fixed
            else "Indiquez un jour. Exemple : 01/12/2026.",
            days_error=DAYS_PROBLEMS[DaysProblem.MISSING] if here.days and not days else "",
        )
        if wrong.children_error or wrong.entry_error or wrong.days_error:
            self._put(place, wrong)
            return
        actor = identity.actor()
        wanted = [Wanted(child, code, entry, days) for child in ticked]
        try:
            outcomes = await run_in_thread(lambda: request(actor, wanted))
        except NotFound:
            self._put(place, replace(wrong, children_error="Cette activité n’est plus proposée."))
            return
        await self._show(actor)
        place = next((n for n, one in enumerate(self.cards) if one.code == code), None)
        if place is not None:
            self._put(place, await self._told(actor, self.cards[place], ticked, outcomes))

    async def _told(
        self, actor: Actor, here: OfferCard, ticked: list[int], outcomes: tuple[Outcome, ...]
    ) -> OfferCard:
        code, ids = self.type_code, list(self.chosen)
        found = await run_in_thread(lambda: offers(actor, code, ids))
        labels = labels_of(found)
        result = dict(zip(ticked, outcomes, strict=True))
        done, children, entry_error, days_error = [], [], "", ""
        for child in here.children:
            outcome = result.get(child.id)
            error = ""
            match outcome:
                case Made(state=state, rank=rank):
                    words = state_label(EnrolmentState(state), rank)
                    done.append(made_words(child.name, here.label, words))
                case Refused(reasons, days):
                    days_error = DAYS_PROBLEMS[days] if days else days_error
                    about_day = tuple(one for one in reasons if one.code in ENTRY_CODES)
                    entry_error = sentences(about_day, labels) or entry_error
                    others = tuple(one for one in reasons if one.code not in ENTRY_CODES)
                    error = sentences(others, labels)
            children.append(replace(child, error=error))
        return replace(
            here,
            open=True,
            children=children,
            done=done,
            entry_error=entry_error,
            days_error=days_error,
        )

    def _put(self, place: int, told: OfferCard) -> None:
        problems = [told.children_error, told.entry_error, told.days_error]
        problems += [f"{one.name}\u00a0: {one.error}" for one in told.children if one.error]
        told = replace(
            told, problems=[words for words in problems if words], attempt=self.attempts + 1
        )
        self.attempts += 1
        self.cards = [told if n == place else one for n, one in enumerate(self.cards)]


def _clean(one: OfferCard) -> OfferCard:
    children = [replace(child, error="") for child in one.children]
    return replace(one, open=True, done=[], children=children)
