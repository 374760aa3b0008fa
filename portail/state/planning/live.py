"""The open grids of this process, and what is pushed to them: cells whose places, or whose marks
of another parent, are no longer what they show; and what the account chose elsewhere.

Each process watches its own tabs, and reads once for all of them.
"""  # noqa: D205

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

import reflex as rx
import structlog
from reflex.state import BaseState
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access.session_state import SessionState
from portail.domain.bookings import CellKey
from portail.domain.identity import Actor
from portail.services import sessions
from portail.services.planning import live
from portail.services.planning.live import Look, Marks, News, PlaceKey
from portail.services.planning.views import Cell
from portail.services.reach import NotFound

log = structlog.get_logger("portail.planning")
WATCH_SECONDS = 2.0
# a page reads the database before it says what it shows: the changes of that time are its too
ROUNDS_OF_LOADING = 5


class LiveGrid(Protocol):
    """What the state of a grid does with a push."""

    def _places_changed(self, cells: Mapping[CellKey, Cell]) -> None:
        """Show these cells as they are now; variables that would stay the same are left alone."""

    async def _chosen_elsewhere(self, actor: Actor) -> int:
        """Show what the account has pending now; the version of its draft that this is."""


@dataclass
class _Tab:
    """A grid as it was loaded: rows are children and slots."""

    actor: Actor
    state: type[BaseState]
    page: str
    rows: frozenset[tuple[int, str]]
    first: date
    last: date
    version: int  # of the account's draft, as the tab shows it
    new: bool = True
    others: frozenset[int] = frozenset()  # accounts that reach the same children
    marks: dict[int, Marks] = field(default_factory=dict)  # theirs, as pushed

    def shows(self, key: CellKey) -> bool:
        """Whether this cell is in sight."""
        child, slot, day = key
        return (child, slot) in self.rows and self.first <= day <= self.last

    def behind(self) -> bool:
        """Whether the account has chosen something that this tab does not show."""
        return self.version < _watched.versions.get(self.actor.account(), self.version)


@dataclass
class _Watched:
    """What this process knows of what moves."""

    seen: live.Seen = field(default_factory=live.Seen)
    looks: dict[PlaceKey, Look] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    lately: deque[frozenset[PlaceKey]] = field(
        default_factory=lambda: deque(maxlen=ROUNDS_OF_LOADING)
    )


_tabs: dict[str, _Tab] = {}
_watched = _Watched()


def showing(
    state: rx.State,
    actor: Actor,
    rows: Collection[tuple[int, str]],
    first: date,
    last: date,
    version: int,
) -> None:
    """The tab of this state shows these children's slots, from one day to another.

    Called each time the grid is read; it replaces what the tab showed before. `state` is a
    `LiveGrid`, `version` that of the account's draft. The tab is forgotten when it closes or
    leaves the page.
    """
    _tabs[state.router.session.client_token] = _Tab(
        actor, type(state), _page(state.router_data), frozenset(rows), first, last, version
    )


def chose(state: rx.State, version: int) -> None:
    """A click of this tab made the account's draft this version: it shows it already."""
    tab = _tabs.get(state.router.session.client_token)
    # a version between was made elsewhere: the next round shows it
    if tab is not None and tab.version == version - 1:
        tab.version = version


async def watch(app: rx.App) -> None:
    """For as long as the process lives, tell open grids what moves."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await check(app)
        except Exception:
            log.exception("planning_watch_failed")


async def check(app: rx.App) -> None:
    """One round: forget closed tabs, read once, push to those that show something else."""
    namespace = app.event_namespace
    open_tokens = namespace.token_to_sid if namespace else {}
    for token in [token for token in _tabs if token not in open_tokens]:
        del _tabs[token]
    tabs = dict(_tabs)
    wanted = await run_in_thread(lambda: _news(tabs))
    for tab in tabs.values():
        tab.new = False
    if not wanted:
        return
    ends = await run_in_thread(lambda: sessions.ends([tabs[t].actor.session_id for t in wanted]))
    now = clock.now()
    for token, keys in wanted.items():
        tab = tabs[token]
        end = ends.get(tab.actor.session_id)
        if end is None or end <= now:
            _forget(token, tab)
            continue
        try:
            await _push(app, token, tab, keys)
        except NotFound:  # the child is no longer theirs
            _forget(token, tab)
        except Exception:
            # the other tabs are told all the same
            log.exception("planning_push_failed")


def _news(tabs: Mapping[str, _Tab]) -> dict[str, set[CellKey]]:
    """The cells of each tab that may look otherwise now."""
    _meet([tab for tab in tabs.values() if tab.new])
    accounts = {account for tab in tabs.values() for account in tab.others}
    accounts |= {tab.actor.account() for tab in tabs.values()}
    news = live.changes_since(_watched.seen, accounts)
    wanted: dict[str, set[CellKey]] = {}
    moved = _moved(tabs, news)
    _watched.lately.append(moved)
    lately = frozenset().union(*_watched.lately)
    for token, tab in tabs.items():
        for slot, day in lately if tab.new else moved:
            keys = {(child, slot, day) for child, row in tab.rows if row == slot}
            wanted.setdefault(token, set()).update(key for key in keys if tab.shows(key))
    for token, keys in _marked(tabs, news).items():
        wanted.setdefault(token, set()).update(keys)
    for token, tab in tabs.items():
        if tab.behind():
            wanted.setdefault(token, set())
    return {token: keys for token, keys in wanted.items() if keys or tabs[token].behind()}


def _meet(tabs: Collection[_Tab]) -> None:
    """Find who else may change what the new tabs show."""
    children = {child for tab in tabs for child, _ in tab.rows}
    if not children:
        return
    accounts = live.accounts_of(children)
    for tab in tabs:
        reach = (accounts.get(child, frozenset()) for child, _ in tab.rows)
        tab.others = frozenset().union(*reach) - {tab.actor.account()}


def _moved(tabs: Mapping[str, _Tab], news: News) -> frozenset[PlaceKey]:
    """The places that look otherwise than this process knew, of those that some tab shows."""
    shown = {
        (slot, day)
        for slot, day in news.places
        if any(
            tab.first <= day <= tab.last and any(row == slot for _, row in tab.rows)
            for tab in tabs.values()
        )
    }
    # what nobody follows is not known any more, and is news the next time
    for place in news.places - shown:
        _watched.looks.pop(place, None)
    if not shown:
        return frozenset()
    now = live.looks(shown)
    moved = {place for place, look in now.items() if _watched.looks.get(place) != look}
    _watched.looks |= now
    return frozenset(moved)


def _marked(tabs: Mapping[str, _Tab], news: News) -> dict[str, set[CellKey]]:
    """The cells of each tab in which another parent's mark has come, changed or gone."""
    moved = {
        account
        for account, version in news.versions.items()
        if _watched.versions.get(account) != version
    }
    _watched.versions = dict(news.versions)
    concerned = {
        token: tab.others & (news.versions.keys() if tab.new else moved)
        for token, tab in tabs.items()
        if tab.new or not tab.others.isdisjoint(moved)
    }
    accounts = frozenset().union(*concerned.values())
    if not accounts:
        return {}
    now = live.marks(accounts)
    found: dict[str, set[CellKey]] = {}
    for token, others in concerned.items():
        tab = tabs[token]
        for account in others:
            changed = now[account] ^ tab.marks.get(account, frozenset())
            tab.marks[account] = now[account]
            found.setdefault(token, set()).update(key for key, _ in changed if tab.shows(key))
    return found


async def _push(app: rx.App, token: str, tab: _Tab, keys: set[CellKey]) -> None:
    async with app.modify_state(rx.BaseStateToken(ident=token, cls=tab.state)) as root:
        session = await root.get_state(SessionState)
        gone = session._owner != str(tab.actor.session_id) or _page(root.router_data) != tab.page  # noqa: SLF001
        if gone or _tabs.get(token) is not tab:
            _forget(token, tab)
            return
        # read while no click of this tab can be handled: an older answer would undo it on screen
        grid: LiveGrid = await root.get_state(tab.state)  # type: ignore[assignment]
        if keys:
            cells = await run_in_thread(lambda: live.cells(tab.actor, keys))
            grid._places_changed(cells)  # noqa: SLF001  (private: no client may call it)
        if tab.behind():  # not by a click of its own, handled meanwhile
            tab.version = await grid._chosen_elsewhere(tab.actor)  # noqa: SLF001


def _forget(token: str, tab: _Tab) -> None:
    if _tabs.get(token) is tab:
        del _tabs[token]


def _page(router_data: Mapping[str, object]) -> str:
    """The path a tab is on, without what was asked of it."""
    return urlsplit(str(router_data.get("asPath", ""))).path
