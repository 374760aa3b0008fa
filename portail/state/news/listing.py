"""/actualites: the news that this person may read, a page at a time; the public ones on /."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import PUBLIC, PortalState, allow
from portail.services.news import news, public_news
from portail.services.news.addresses import NEWS
from portail.state.news.words import Card, card
from portail.state.requests import number_in_query

ON_WELCOME = 3  # articles on the welcome page


class NewsState(PortalState, rx.State):
    """The list; its page is in the address."""

    loaded: bool = False
    lead: str = ""
    cards: list[Card] = []  # noqa: RUF012  (a Reflex variable)
    page: int = 1
    pages: int = 1

    @allow(PUBLIC)
    async def load(self) -> None:
        """Read what the address asks."""
        reader, page = identity.reader(), number_in_query(self, "page")
        found = await run_in_thread(lambda: news(reader, page))
        self.cards = [card(one) for one in found.lines]
        self.page, self.pages = found.page, found.pages
        self.lead = (
            "Celles qui concernent vos enfants, et celles de toute la ville."
            if reader is not None and reader.is_family
            else "Les nouvelles de la mairie pour les familles. Connectez-vous pour lire aussi "
            "celles de vos écoles et de vos activités."
        )
        self.loaded = True

    @allow(PUBLIC)
    def turn(self, page: int) -> Any:
        """Go to a page."""
        return rx.redirect(f"{NEWS}?page={page}" if page > 1 else NEWS)


class WelcomeNewsState(PortalState, rx.State):
    """The newest public articles, on the welcome page."""

    loaded: bool = False
    cards: list[Card] = []  # noqa: RUF012  (a Reflex variable)

    @allow(PUBLIC)
    async def load(self) -> None:
        """Read them."""
        found = await run_in_thread(lambda: public_news(ON_WELCOME))
        self.cards = [card(one) for one in found]
        self.loaded = True
