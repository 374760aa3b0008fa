"""Freed places kept for the children: accepted or left to the next one."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.access.reads import read
from portail.domain.identity import Actor
from portail.services import planning as services
from portail.services.planning.views import (
    Offer,
    OfferAccepted,
    OfferDeclined,
    OfferOver,
    OfferRefused,
)
from portail.services.reach import NotFound
from portail.state.planning.address import calendar_address
from portail.state.planning.words import day_words
from portail.texts.french import euros, listed, moment_without_year


@dataclass(frozen=True)
class OfferView:
    """A place kept for a child."""

    id: int
    title: str
    detail: str


class OffersState(PortalState, rx.State):
    """The places kept, above the grid."""

    offers: list[OfferView] = []  # noqa: RUF012  (a Reflex variable)
    told: str = ""
    went_wrong: bool = False
    calendar: str = ""  # the file of the place that was accepted

    async def _arrive(self, actor: Actor) -> None:
        self.told, self.went_wrong, self.calendar = "", False, ""
        await self._show(actor)

    async def _show(self, actor: Actor) -> None:
        self.offers = await read(lambda: offer_views(actor))

    @allow(FAMILY)
    async def answer(self, offer: int, accept: bool) -> None:
        """«Accepter» or «Refuser»."""
        actor = identity.actor()
        try:
            outcome = await run_in_thread(lambda: services.answer_offer(actor, offer, accept))
        except NotFound:
            return
        self.went_wrong, self.calendar = isinstance(outcome, OfferOver | OfferRefused), ""
        if isinstance(outcome, OfferAccepted) and outcome.confirmation:
            self.calendar = calendar_address(outcome.confirmation)
        match outcome:
            case OfferAccepted(requested=True):
                self.told = "Place acceptée. La mairie doit encore confirmer la réservation."
            case OfferAccepted():
                self.told = "Place acceptée : c’est réservé."
            case OfferDeclined():
                self.told = "Place refusée : elle est proposée à la famille suivante."
            case OfferRefused(told):
                self.told = told
            case OfferOver():
                self.told = "Trop tard : cette place n’est plus gardée pour vous."
        await self._show(actor)


def offer_views(actor: Actor) -> list[OfferView]:
    """The places kept for the actor's children."""
    return [_view(one) for one in services.offers(actor)]


def _view(one: Offer) -> OfferView:
    days = listed([day_words(day) for day in one.days])
    price = "prix à calculer" if one.cents is None else euros(one.cents)
    return OfferView(
        one.id,
        f"Une place s’est libérée pour {one.child} : {one.slot}, {days}",
        f"{one.activity} · {price} · à accepter avant le {moment_without_year(one.until)}",
    )
