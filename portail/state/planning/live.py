"""The open grids of this process, and what is pushed to them: cells whose places, or whose marks
of another parent, are no longer what they show; and what the account chose elsewhere.

See `access.live`, which goes through them.
"""  # noqa: D205

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access.live import Tab, Topic
from portail.domain.bookings import CellKey
from portail.domain.identity import Actor
from portail.services.planning import live
from portail.services.planning.live import Look, Marks, News, PlaceKey
from portail.services.planning.views import Cell

# a page reads the database before it says what it shows: the changes of that time are its too
ROUNDS_OF_LOADING = 5


class LiveGrid(Protocol):
    """What the state of a grid does with a push."""

    def _places_changed(self, cells: Mapping[CellKey, Cell]) -> None:
        """Show these cells as they are now; variables that would stay the same are left alone."""

    async def _chosen_elsewhere(self, actor: Actor) -> int:
        """Show what the account has pending now; the version of its draft that this is."""


@dataclass
class Grid:
    """A grid as it was loaded: rows are children and slots."""

    account: int
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
        return self.version < _watched.versions.get(self.account, self.version)


@dataclass
class _Watched:
    """What this process knows of what moves."""

    seen: live.Seen = field(default_factory=live.Seen)
    looks: dict[PlaceKey, Look] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    lately: deque[frozenset[PlaceKey]] = field(
        default_factory=lambda: deque(maxlen=ROUNDS_OF_LOADING)
    )


_watched = _Watched()


class _Grids(Topic[Grid, set[CellKey]]):
    """What they are told: the cells that may look otherwise now."""

    def news(self, tabs: Mapping[str, Tab[Grid]]) -> dict[str, set[CellKey]]:
        """One query when nothing moved: a grid that opens later must know what this one missed."""
        grids = {token: tab.shown for token, tab in tabs.items()}
        wanted = _news(grids)
        for grid in grids.values():
            grid.new = False
        return wanted

    async def push(self, page: LiveGrid, tab: Tab[Grid], news: set[CellKey]) -> None:
        """Read while no click of this tab can be handled: an older answer would undo it."""
        # (private: no client may call it)
        if news:
            cells = await run_in_thread(lambda: live.cells(tab.actor, news))
            page._places_changed(cells)  # noqa: SLF001
        if tab.shown.behind():  # not by a click of its own, handled meanwhile
            tab.shown.version = await page._chosen_elsewhere(tab.actor)  # noqa: SLF001


open_grids = _Grids("planning")


def showing(
    state: rx.State,
    actor: Actor,
    rows: Collection[tuple[int, str]],
    first: date,
    last: date,
    version: int,
) -> None:
    """The tab of this state shows these children's slots, from one day to another.

    Called each time the grid is read. `state` is a `LiveGrid`, `version` that of the account's
    draft.
    """
    open_grids.showing(state, actor, Grid(actor.account(), frozenset(rows), first, last, version))


def chose(state: rx.State, version: int) -> None:
    """A click of this tab made the account's draft this version: it shows it already."""
    grid = open_grids.shown(state)
    # a version between was made elsewhere: the next round shows it
    if grid is not None and grid.version == version - 1:
        grid.version = version


def _news(grids: Mapping[str, Grid]) -> dict[str, set[CellKey]]:
    """The cells of each grid that may look otherwise now."""
    _meet([grid for grid in grids.values() if grid.new])
    accounts = {account for grid in grids.values() for account in grid.others}
    accounts |= {grid.account for grid in grids.values()}
    news = live.changes_since(_watched.seen, accounts)
    wanted: dict[str, set[CellKey]] = {}
    moved = _moved(grids, news)
    _watched.lately.append(moved)
    lately = frozenset().union(*_watched.lately)
    for token, grid in grids.items():
        for slot, day in lately if grid.new else moved:
            keys = {(child, slot, day) for child, row in grid.rows if row == slot}
            wanted.setdefault(token, set()).update(key for key in keys if grid.shows(key))
    for token, keys in _marked(grids, news).items():
        wanted.setdefault(token, set()).update(keys)
    for token, grid in grids.items():
        if grid.behind():
            wanted.setdefault(token, set())
    return {token: keys for token, keys in wanted.items() if keys or grids[token].behind()}


def _meet(grids: Collection[Grid]) -> None:
    """Find who else may change what the new grids show."""
    children = {child for grid in grids for child, _ in grid.rows}
    if not children:
        return
    accounts = live.accounts_of(children)
    for grid in grids:
        reach = (accounts.get(child, frozenset()) for child, _ in grid.rows)
        grid.others = frozenset().union(*reach) - {grid.account}


def _moved(grids: Mapping[str, Grid], news: News) -> frozenset[PlaceKey]:
    """The places that look otherwise than this process knew, of those that some grid shows."""
    shown = {
        (slot, day)
        for slot, day in news.places
        if any(
            grid.first <= day <= grid.last and any(row == slot for _, row in grid.rows)
            for grid in grids.values()
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


def _marked(grids: Mapping[str, Grid], news: News) -> dict[str, set[CellKey]]:
    """The cells of each grid in which another parent's mark has come, changed or gone."""
    moved = {
        account
        for account, version in news.versions.items()
        if _watched.versions.get(account) != version
    }
    _watched.versions = dict(news.versions)
    concerned = {
        token: grid.others & (news.versions.keys() if grid.new else moved)
        for token, grid in grids.items()
        if grid.new or not grid.others.isdisjoint(moved)
    }
    accounts = frozenset().union(*concerned.values())
    if not accounts:
        return {}
    now = live.marks(accounts)
    found: dict[str, set[CellKey]] = {}
    for token, others in concerned.items():
        grid = grids[token]
        for account in others:
            changed = now[account] ^ grid.marks.get(account, frozenset())
            grid.marks[account] = now[account]
            found.setdefault(token, set()).update(key for key, _ in changed if grid.shows(key))
    return found
