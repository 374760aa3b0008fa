"""/messagerie «Mes messages»: the conversations, in words. What is shown is in the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.access.live import Versions
from portail.domain.identity import Actor
from portail.domain.messages import STATE_LABELS, ThreadState
from portail.domain.searching import search_terms
from portail.services.messages import Filter, live, my_threads
from portail.state.forms import typed
from portail.state.messages.words import LIST, Choice, Line, line
from portail.state.requests import number_in_query, query
from portail.texts.french import counted

MAX_SEARCH = 100
lists = Versions[int]("message_lists", live.lists)  # by account
STATES = {"attente": ThreadState.OPEN, "repondu": ThreadState.ANSWERED, "clos": ThreadState.CLOSED}


class MessagesState(PortalState, rx.State):
    """What /messagerie shows."""

    loaded: bool = False
    lines: list[Line] = []  # noqa: RUF012  (a Reflex variable)
    services: list[Choice] = []  # noqa: RUF012
    any_thread: bool = False
    service: str = ""
    state: str = ""
    search: str = ""
    total: str = ""
    page: int = 1
    pages: int = 1
    news: str = ""  # told when it comes by itself

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what the address asks."""
        actor = identity.actor()
        account = actor.account()
        shown = await run_in_thread(lambda: live.lists([account]))
        lists.showing(self, actor, {account: shown.get(account)})
        self.news = ""
        await self._show(actor)
        self.loaded = True

    async def _changed(self, actor: Actor) -> None:
        """A message has come, or a conversation was read or closed (see `access.live`)."""
        before = {one.id for one in self.lines if one.unread}
        await self._show(actor)
        new = [one for one in self.lines if one.unread and one.id not in before]
        self.news = f"{new[0].service} vous a répondu." if new else ""

    async def _show(self, actor: Actor) -> None:
        asked = query(self)
        state, search = asked.get("etat", ""), asked.get("recherche", "")[:MAX_SEARCH]
        wanted = Filter(asked.get("service", "")[:40], STATES.get(state), search)
        page = number_in_query(self, "page")
        found = await run_in_thread(lambda: my_threads(actor, wanted, page))
        self.services = [Choice(one.code, one.label) for one in found.services]
        self.service = wanted.service if wanted.service in {s.value for s in self.services} else ""
        self.state = state if state in STATES else ""
        self.search = search
        terms = search_terms(search)
        self.lines = [line(one, terms) for one in found.lines]
        self.total = counted(found.total, "conversation")
        self.page, self.pages, self.any_thread = found.page, found.pages, found.any

    @allow(FAMILY)
    def look_for(self, form: dict[str, str]) -> Any:
        """«Chercher»."""
        return self._go(search=typed(form, "recherche").strip()[:MAX_SEARCH])

    @allow(FAMILY)
    def choose_service(self, service: str) -> Any:
        """Only this service; empty: all."""
        return self._go(service=service if service in {s.value for s in self.services} else "")

    @allow(FAMILY)
    def choose_state(self, state: str) -> Any:
        """Only these; empty: all."""
        return self._go(state=state if state in STATES else "")

    @allow(FAMILY)
    def turn(self, page: int) -> Any:
        """Go to a page."""
        return self._go(page=page)

    def _go(self, page: int = 1, **changes: str) -> Any:
        wanted = {"service": self.service, "state": self.state, "search": self.search} | changes
        asked = {
            "service": wanted["service"],
            "etat": wanted["state"],
            "recherche": wanted["search"],
            "page": str(page) if page > 1 else "",
        }
        words = urlencode({name: value for name, value in asked.items() if value})
        return rx.redirect(f"{LIST}?{words}" if words else LIST)


STATE_CHOICES = tuple((code, STATE_LABELS[state]) for code, state in STATES.items())
