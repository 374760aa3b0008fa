"""/planning/agenda «Suivre dans mon agenda»: the address of each family's calendar, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.identity import Actor
from portail.services.planning.feed_addresses import (
    MyCalendar,
    close_calendar,
    my_calendars,
    open_calendar,
    renew_calendar,
)
from portail.services.reach import NotFound
from portail.texts.french import day, listed

DONE = "agenda-fait"  # id of what takes the focus
RENEWAL, END = "renouveler", "arreter"  # what the dialog asks
RENEWED = "L’adresse est renouvelée : l’ancienne ne donne plus rien. Remplacez-la là où elle sert."
CLOSED = "L’adresse est supprimée : les agendas qui la suivaient ne reçoivent plus rien."
OPENED = "L’adresse est prête : copiez-la, ou ouvrez-la dans votre agenda."


@dataclass(frozen=True)
class CalendarCard:
    """A family's calendar as shown: ready text. `address` and `lost` unset: there is none."""

    family_id: int
    title: str
    children: str
    address: str
    to_follow: str  # the same, for the calendar program of the device
    since: str
    lost: bool


class AgendaState(PortalState, rx.State):
    """The calendars, what was just done, and what the dialog asks."""

    loaded: bool = False
    cards: list[CalendarCard] = []  # noqa: RUF012  (a Reflex variable)
    done: str = ""
    asked: str = ""
    chosen: int = 0  # the family that the dialog asks about
    chosen_title: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the calendars of the signed-in parent's families."""
        await self._show(identity.actor())
        self.done = ""
        self.loaded = True

    @allow(FAMILY)
    async def open(self, family_id: int) -> Any:
        """«Créer mon adresse»."""
        return await self._do(open_calendar, family_id, OPENED)

    @allow(FAMILY)
    def ask_renewal(self, family_id: int) -> None:
        """Open the dialog about another address."""
        self._ask(RENEWAL, family_id)

    @allow(FAMILY)
    def ask_end(self, family_id: int) -> None:
        """Open the dialog about the end of the address."""
        self._ask(END, family_id)

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self._ask("", 0)

    @allow(FAMILY)
    async def renew(self) -> Any:
        """«Renouveler l’adresse», of the family that the dialog named."""
        return await self._do(renew_calendar, self.chosen, RENEWED)

    @allow(FAMILY)
    async def end(self) -> Any:
        """«Arrêter», likewise."""
        return await self._do(close_calendar, self.chosen, CLOSED)

    def _ask(self, what: str, family_id: int) -> None:
        card = next((one for one in self.cards if one.family_id == family_id), None)
        self.asked = what if card else ""
        self.chosen, self.chosen_title = (card.family_id, card.title) if card else (0, "")

    async def _do(self, act: Callable[[Actor, int], None], family_id: int, told: str) -> Any:
        actor = identity.actor()
        try:
            await run_in_thread(lambda: act(actor, family_id))
        except NotFound:  # no longer theirs, or closed in another tab
            told = ""
        await self._show(actor)
        self.done = told
        return rx.set_focus(DONE) if told else None

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_calendars(actor))
        self.cards = [_card(one) for one in found]
        self._ask("", 0)


def _card(one: MyCalendar) -> CalendarCard:
    return CalendarCard(
        one.family_id,
        f"Dossier n° {one.number} « {one.family_name} »",
        listed(one.children) or "Aucun enfant",
        one.address,
        f"webcal://{one.address.split('://', 1)[1]}" if one.address else "",
        _since(one),
        one.unreadable,
    )


def _since(one: MyCalendar) -> str:
    if one.created_at is None:
        return ""
    made = f"Adresse créée le {day(clock.paris(one.created_at).date())}"
    if one.renewed_at is None:
        return f"{made}."
    return f"{made}, renouvelée le {day(clock.paris(one.renewed_at).date())}."
