"""/planning/validation: every pending change, then what became of each."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.bookings import Pending
from portail.domain.identity import Actor
from portail.services import planning as services
from portail.services.planning.views import (
    Confirmed,
    NothingPending,
    PendingLine,
    Stale,
    Validation,
)
from portail.services.reach import NotFound
from portail.state.planning.address import calendar_address
from portail.state.planning.outcomes import CALENDAR, DoneChild, by_child, gained, sum_words
from portail.state.planning.words import booking_count, cancellation_count, day_words
from portail.texts.french import NBSP, euros, sentence
from portail.texts.reasons import reason_sentence

_DOES = {Pending.BOOKING: ("Réservation", "book"), Pending.CANCELLATION: ("Annulation", "cancel")}


@dataclass(frozen=True)
class ChangeLine:
    """A pending change. `why`: it can no longer be done, or joins the waiting list."""

    id: int
    day: str
    what: str
    activity: str
    does: str
    tone: str  # book, cancel, wait or lost
    price: str
    why: str
    named: str  # what «Retirer» takes back


@dataclass(frozen=True)
class ChildChanges:
    """The changes of a child, by date."""

    child: str
    lines: list[ChangeLine]


class ValidationState(PortalState, rx.State):
    """The changes to confirm, or the outcome."""

    loaded: bool = False
    children: list[ChildChanges] = []  # noqa: RUF012  (a Reflex variable)
    total: str = ""
    unknown: bool = False
    bookings: str = ""
    cancellations: str = ""
    impossible: str = ""
    version: int = 0
    may_undo: bool = False
    asking: bool = False
    told: str = ""
    done: list[DoneChild] = []  # noqa: RUF012  (a Reflex variable)
    done_title: str = ""
    done_total: str = ""
    done_again: bool = False
    procedures: list[str] = []  # noqa: RUF012
    calendar: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what is pending."""
        self.told, self.asking = "", False
        self._forget()
        await self._show(identity.actor())
        self.loaded = True

    @allow(FAMILY)
    async def remove(self, change: int) -> None:
        """«Retirer» one line."""
        actor = identity.actor()
        try:
            await run_in_thread(lambda: services.remove(actor, change))
        except NotFound:
            self.told = "Ce changement n’est plus en attente."
        else:
            self.told = "Le changement est retiré."
        await self._show(actor)

    @allow(FAMILY)
    def ask_clear(self) -> None:
        """«Tout supprimer» asks first."""
        self.asking = True

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the question."""
        self.asking = False

    @allow(FAMILY)
    async def clear(self) -> None:
        """Take everything back."""
        actor = identity.actor()
        self.asking = False
        await run_in_thread(lambda: services.clear(actor))
        await self._show(actor)
        self.told = "Vos modifications sont supprimées. Rien n’a changé dans vos réservations."

    @allow(FAMILY)
    async def undo(self) -> None:
        """«Annuler la dernière modification»."""
        actor = identity.actor()
        await run_in_thread(lambda: services.undo(actor))
        await self._show(actor)
        self.told = "La dernière modification est annulée."

    @allow(FAMILY)
    async def finish(self, version: int) -> None:
        """«Terminer»: what this version showed; the same again gives the same answer."""
        actor = identity.actor()
        outcome = await run_in_thread(lambda: services.confirm(actor, version))
        match outcome:
            case Confirmed():
                self._outcome(outcome)
                self.told = ""
            case Stale():
                self.told = (
                    "Vos modifications en attente ont changé entre-temps, sur un autre appareil "
                    "ou dans un autre onglet. Relisez-les avant de terminer."
                )
            case NothingPending():
                self.told = "Il n’y a plus rien à terminer."
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: services.validation(actor))
        self.children = _by_child(found)
        self.total, self.unknown = sum_words(found.total), found.unknown
        self.bookings = booking_count(found.counts)
        self.cancellations = cancellation_count(found.counts)
        lost = sum(not line.possible for line in found.lines)
        self.impossible = _impossible(lost)
        self.version, self.may_undo = found.version, found.may_undo

    def _outcome(self, found: Confirmed) -> None:
        self.done = by_child(found)
        whole = all(line.ok for child in self.done for line in child.lines)
        self.done_title = "C’est fait" if whole else "C’est fait, sauf ce qui suit"
        self.done_total = sum_words(gained(found))
        self.done_again = found.again
        self.procedures = [f"/dossier/demarche?n={one}" for one in found.procedures]
        kept = any(line.outcome in CALENDAR for line in found.lines)
        self.calendar = calendar_address(found.id) if kept else ""

    def _forget(self) -> None:
        self.done, self.procedures, self.calendar = [], [], ""


def _by_child(found: Validation) -> list[ChildChanges]:
    made: list[ChildChanges] = []
    for one in found.lines:
        if not made or made[-1].child != one.child:
            made.append(ChildChanges(one.child, []))
        made[-1].lines.append(_line(one))
    return made


def _line(one: PendingLine) -> ChangeLine:
    does, tone = _DOES[one.kind]
    if one.waiting:
        does, tone = "Liste d’attente", "wait"
    why = ""
    if not one.possible:
        tone, why = "lost", reason_sentence(one.reason)
    elif one.waiting:
        why = "Complet\u00a0: la demande rejoindra la liste d’attente."
    if one.kept_cents and one.possible:
        why = f"Annulation tardive\u00a0: {euros(one.kept_cents)} restent dus."
    day = sentence(day_words(one.day))
    return ChangeLine(
        one.id,
        day,
        one.slot,
        one.activity,
        does,
        tone,
        _price(one),
        why,
        f"{does.lower()}, {one.child}, {one.slot}, {day.lower()}",
    )


def _price(one: PendingLine) -> str:
    if not one.possible or one.waiting:
        return "–"
    return "à calculer" if one.cents is None else sum_words(one.cents)


def _impossible(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "Une modification n’est plus possible\u00a0: elle restera en attente."
    return f"{count}{NBSP}modifications ne sont plus possibles\u00a0: elles resteront en attente."
