"""/accueil: the parent's own families, in words."""

from __future__ import annotations

from contextlib import suppress

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.services.documents import my_documents
from portail.services.home import Home, HomeChild, home
from portail.services.news import important_news, mark_read
from portail.services.reach import NotFound
from portail.state import home_words
from portail.state.home_words import Booking, ChildLine, FamilyCard, Todo
from portail.state.news.words import Card, card
from portail.texts.french import day, listed, sentence

MOST_NEWS = 2  # the others are on their page


class HomeState(PortalState, rx.State):
    """What /accueil shows."""

    loaded: bool = False
    greeting: str = ""
    lead: str = ""
    families: list[FamilyCard] = []  # noqa: RUF012  (a Reflex variable)
    todos: list[Todo] = []  # noqa: RUF012
    bookings: list[Booking] = []  # noqa: RUF012
    important: list[Card] = []  # noqa: RUF012  (articles not read yet)

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what belongs to the signed-in parent."""
        actor = identity.actor()
        found, documents, important = await run_in_thread(
            lambda: (home(actor), my_documents(actor), important_news(actor, MOST_NEWS))
        )
        self.important = [card(one) for one in important]
        self.greeting = f"Bonjour {found.first_name}"
        self.lead = _lead(found)
        self.families = [
            FamilyCard(
                family.id,
                f"Dossier n° {family.number} « {family.name} »",
                [_line(child) for child in family.children],
            )
            for family in found.families
        ]
        self.todos = home_words.todos(found, documents)
        self.bookings = home_words.bookings(found)
        self.loaded = True

    @allow(FAMILY)
    async def read_news(self, number: int) -> None:
        """«J’ai lu»: the article is no longer put forward."""
        actor = identity.actor()
        with suppress(NotFound):  # it is over meanwhile
            await run_in_thread(lambda: mark_read(actor, number))
        self.important = [one for one in self.important if one.number != number]


def _line(child: HomeChild) -> ChildLine:
    detail = ", ".join(part for part in (child.class_level, child.school) if part)
    address = f"/dossier/enfants/fiche?enfant={child.id}"
    return ChildLine(child.id, child.first_name, child.first_name[:1], detail, address)


def _lead(found: Home) -> str:
    names = [child.first_name for family in found.families for child in family.children]
    today = f"{sentence(day(clock.today()))}."
    if not names:
        return today
    return f"{today} Votre espace pour {listed(names)}."
