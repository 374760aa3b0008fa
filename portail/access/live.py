"""Open pages that are told, unasked, what has changed of what they show.

Each process watches its own tabs, and reads once for all those of a topic. A page says what it
shows once it has read it; its tab is forgotten when it closes, leaves the page or changes hands.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import reflex as rx
import structlog
from reflex.state import BaseState
from reflex.utils.misc import run_in_thread
from reflex_base.constants import RouteVar

from portail import clock
from portail.access.session_state import SessionState
from portail.domain.identity import Actor
from portail.services import sessions
from portail.services.reach import NotFound

log = structlog.get_logger("portail.live")
WATCH_SECONDS = 2.0

Shown = TypeVar("Shown")  # what a tab shows
News = TypeVar("News")  # what it is to be told
Key = TypeVar("Key", bound=Hashable)


@dataclass(eq=False)
class Tab(Generic[Shown]):
    """A page as it was read."""

    actor: Actor
    state: type[BaseState]
    page: str
    shown: Shown


class Topic(ABC, Generic[Shown, News]):
    """One kind of thing that pages show and that moves without them."""

    def __init__(self, name: str) -> None:
        """A topic of this process, which `watch` goes through from its start on."""
        self.name = name
        self.tabs: dict[str, Tab[Shown]] = {}
        _topics.append(self)

    @abstractmethod
    def news(self, tabs: Mapping[str, Tab[Shown]]) -> Mapping[str, News]:
        """What those of these tabs (by their tokens) that show something else are to be told.

        Called each round, in a thread: one query or so for all, none without a tab.
        """

    @abstractmethod
    async def push(self, page: Any, tab: Tab[Shown], news: News) -> None:
        """Show it, on the state of the page. No event of this tab is handled meanwhile.

        What is read here is not older than what the tab shows; `NotFound` forgets the tab.
        """

    def showing(self, state: rx.State, actor: Actor, shown: Shown) -> None:
        """The tab of this state shows this now, in place of what it showed before."""
        token = token_of(state)
        self.tabs[token] = Tab(actor, type(state), _address(state), shown)

    def shown(self, state: rx.State) -> Shown | None:
        """What the tab of this state shows, as far as this process knows."""
        tab = self.tabs.get(token_of(state))
        return tab.shown if tab else None

    async def check(self, app: rx.App) -> None:
        """One round: forget closed tabs, read once, push to those that show something else."""
        opened = open_tokens(app)
        for token in self.tabs.keys() - opened:
            del self.tabs[token]
        tabs = dict(self.tabs)
        news = await run_in_thread(lambda: self.news(tabs))
        if not news:
            return
        ends = await run_in_thread(lambda: sessions.ends([tabs[t].actor.session_id for t in news]))
        now = clock.now()
        for token, told in news.items():
            tab = tabs[token]
            end = ends.get(tab.actor.session_id)
            if end is None or end <= now:
                self._forget(token, tab)
                continue
            try:
                await self._tell(app, token, tab, told)
            except NotFound:  # it is no longer theirs
                self._forget(token, tab)
            except Exception:
                # the other tabs are told all the same
                log.exception("push_failed", topic=self.name)

    async def _tell(self, app: rx.App, token: str, tab: Tab[Shown], told: News) -> None:
        async with app.modify_state(rx.BaseStateToken(ident=token, cls=tab.state)) as root:
            session = await root.get_state(SessionState)
            owner = session._owner == str(tab.actor.session_id)
            if owner and _address(root) == tab.page and self.tabs.get(token) is tab:
                await self.push(await root.get_state(tab.state), tab, told)
            else:
                self._forget(token, tab)

    def _forget(self, token: str, tab: Tab[Shown]) -> None:
        if self.tabs.get(token) is tab:
            del self.tabs[token]


_topics: list[Topic[Any, Any]] = []


class Page(Protocol):
    """What the state of a page does when what it shows has changed."""

    async def _changed(self, actor: Actor) -> None:
        """Read it again and show it; variables that would stay the same are left alone."""


class Versions(Topic[dict[Key, object], None]):
    """Pages that show things which have a version: another one, and they read themselves again.

    What a page shows is the version of each of its things, read before them; None: there is none.
    """

    def __init__(self, name: str, read: Callable[[Collection[Key]], Mapping[Key, object]]) -> None:
        """`read`: the versions of these things now, in one query, whosever they are."""
        super().__init__(name)
        self._read = read

    def news(self, tabs: Mapping[str, Tab[dict[Key, object]]]) -> Mapping[str, None]:
        """The tabs that show another version of something."""
        keys = {key for tab in tabs.values() for key in tab.shown}
        now = self._read(keys) if keys else {}
        news: dict[str, None] = {}
        for token, tab in tabs.items():
            shown = {key: now.get(key) for key in tab.shown}
            if shown != tab.shown:
                tab.shown = shown
                news[token] = None
        return news

    async def push(self, page: Page, tab: Tab[dict[Key, object]], news: None) -> None:  # noqa: ARG002
        """Let the page read itself again."""
        await page._changed(tab.actor)


async def watch(app: rx.App) -> None:
    """For as long as the process lives, tell open pages what changes."""
    await asyncio.gather(*(every(WATCH_SECONDS, topic.name, topic.check, app) for topic in _topics))


async def every(
    seconds: float, name: str, check: Callable[[rx.App], Awaitable[None]], app: rx.App
) -> None:
    """A round of this every so often, for as long as the process lives; one may fail."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await check(app)
        except Exception:
            log.exception("watch_failed", topic=name)


def token_of(state: BaseState) -> str:
    """The tab of a state; `state.router` would make five objects to say it, at each click."""
    return str(state.router_data.get(RouteVar.CLIENT_TOKEN, ""))


def open_tokens(app: rx.App) -> set[str]:
    """The tabs that are connected to this process."""
    namespace = app.event_namespace
    return set(namespace.token_to_sid) if namespace else set()


def _address(state: BaseState) -> str:
    """Where a tab is, with what was asked of the page."""
    parts = urlsplit(str(state.router_data.get("asPath", "")))
    return f"{parts.path}?{parts.query}"
