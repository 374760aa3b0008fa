"""The open grids of a process: one round reads once, and pushes to those it concerns, only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlmodel import delete

from portail import clock
from portail.database import writing
from portail.domain.bookings import CellKey, CellState, Pending
from portail.domain.capacity import FEW
from portail.domain.identity import Actor
from portail.models import PendingChange, PlanningDraft, WebSession
from portail.services.catalogue import current
from portail.services.planning.places import note_places
from portail.services.planning.views import Cell
from portail.settings import settings
from portail.state.planning import live
from tests import planning as town
from tests.planning import MATIN, MONDAY, TUESDAY, Home, home, limited, other_parent, pend, reserve
from tests.services.planning.test_live import statements
from tests.tabs import App, Page, own_browser

pytestmark = pytest.mark.usefixtures("db", "nothing_watched")
PATH = "/planning?vue=mois"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def nothing_watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(live, "_watched", live._Watched())
    live.open_grids.tabs.clear()
    yield
    live.open_grids.tabs.clear()


@dataclass
class Grid(Page):
    """The state of a tab's grid, and what was pushed to it."""

    pushed: list[Mapping[CellKey, Cell]] = field(default_factory=list)
    told: int = 0  # how often it was to show what is pending anew

    def _places_changed(self, cells: Mapping[CellKey, Cell]) -> None:
        self.pushed.append(cells)

    async def _chosen_elsewhere(self, actor: Actor) -> int:
        self.told += 1
        return draft(actor.account())


class Portal(App):
    """The grids of a process."""

    def open(self, who: Home, *rows: tuple[int, str], first: date = FIRST) -> Grid:
        """A tab of this parent's own browser, before a month."""
        grid = Grid(self.new_token(), PATH, own_browser(who.account))
        self.tabs[grid.token] = grid
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        self.show(grid, rows or ((who.child, "MATIN"),), first, last)
        return grid

    def show(self, grid: Grid, rows: Iterable[tuple[int, str]], first: date, last: date) -> None:
        version = draft(grid.actor.account())
        live.showing(grid, grid.actor, list(rows), first, last, version)  # type: ignore[arg-type]


@pytest.fixture
def app(db: None) -> Portal:
    town.imported(limited(MATIN, 2))
    return Portal(live.open_grids)


def draft(account: int) -> int:
    """The version of what this account has pending."""
    with writing() as session:
        found = session.get(PlanningDraft, account)
        return found.version if found else 0


def take(day: date = MONDAY) -> Home:
    """Another family takes a place."""
    who = home("Lina")
    reserve(who, "MATIN", day)
    note(day)
    return who


def note(day: date) -> None:
    with writing() as session:
        note_places(session, [(current(session).slot_ids["MATIN"], day)])


async def test_a_place_taken_is_pushed_to_the_grids_that_show_it(app: Portal) -> None:
    nora = home()
    grid = app.open(nora)
    elsewhere = app.open(home("Sami"), first=date(2026, 12, 1))
    other_slot = home("Zoé")
    not_shown = app.open(other_slot, (other_slot.child, "REPAS"))
    await app.round()
    assert grid.pushed == []
    take()
    await app.round()
    ((key, cell),) = grid.pushed[0].items()
    assert key == (nora.child, "MATIN", MONDAY)
    assert cell.decision.places_left == 1
    take()
    await app.round()
    assert grid.pushed[1][key].decision.state is CellState.FULL
    await app.round()
    assert len(grid.pushed) == 2
    assert elsewhere.pushed == not_shown.pushed == []


async def test_places_that_look_the_same_push_nothing(app: Portal) -> None:
    town.imported(limited(MATIN, FEW + 20))
    grid = app.open(home())
    await app.round()
    take()
    await app.round()
    seen = len(grid.pushed)  # this process did not know this day yet
    take()
    take()
    await app.round()
    assert len(grid.pushed) == seen <= 1


async def test_what_moves_while_a_grid_is_loading_reaches_it(app: Portal) -> None:
    watcher = app.open(home("Sami"))
    await app.round()
    take()
    await app.round()
    assert len(watcher.pushed) == 1
    late = app.open(home())  # it read the database before that round, perhaps
    await app.round()
    assert len(late.pushed) == 1
    await app.round()
    assert (len(watcher.pushed), len(late.pushed)) == (1, 1)


async def test_a_round_without_news_is_one_query_whatever_the_tabs(app: Portal) -> None:
    for name in ("Nora", "Sami", "Lina"):
        app.open(home(name))
    await app.round()
    with statements() as asked:
        await app.round()
    assert len([text for text in asked if text.startswith("SELECT")]) == 1


@pytest.mark.parametrize("how", ["closed", "left", "signed out", "expired", "another session"])
async def test_who_is_no_longer_there_gets_nothing_and_is_forgotten(app: Portal, how: str) -> None:
    grid, stays = app.open(home()), app.open(home("Sami"))
    await app.round()
    with writing() as session:
        row = session.get_one(WebSession, int(grid.owner))
        if how == "signed out":
            row.ended_at = clock.now()
        elif how == "expired":
            row.seen_at -= timedelta(minutes=settings().session_idle_minutes)
    if how == "closed":
        del app.tabs[grid.token]
    elif how == "left":
        grid.path = "/accueil"
    elif how == "another session":
        grid.owner = "0"
    take()
    await app.round()
    assert grid.pushed == []
    assert len(stays.pushed) == 1
    assert list(live.open_grids.tabs) == [stays.token]


async def test_a_child_that_is_no_longer_theirs_is_not_shown(app: Portal) -> None:
    nora, sami = home(), home("Sami")
    grid = app.open(nora, (sami.child, "MATIN"))
    await app.round()
    take()
    await app.round()
    assert grid.pushed == []
    assert live.open_grids.tabs == {}


async def test_cells_are_read_while_no_click_of_the_tab_is_handled(app: Portal) -> None:
    nora = home()
    grid = app.open(nora)
    await app.round()
    take()
    # the click that was being handled when the round came to this tab
    app.meanwhile = lambda: pend(nora, "MATIN", MONDAY)
    await app.round()
    (cell,) = grid.pushed[0].values()
    assert cell.decision.state is CellState.PENDING_BOOKING


async def test_a_tab_that_fails_takes_nothing_from_the_others(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, grid = app.open(home("Sami")), app.open(home())
    await app.round()

    def fail(_cells: object) -> None:
        raise RuntimeError("onglet cassé")

    monkeypatch.setattr(broken, "_places_changed", fail)
    take()
    await app.round()
    assert len(grid.pushed) == 1


async def test_the_same_page_on_other_days_replaces_what_it_showed(app: Portal) -> None:
    nora = home()
    grid = app.open(nora)
    app.show(grid, [(nora.child, "MATIN")], TUESDAY, TUESDAY)
    await app.round()
    take(MONDAY)
    await app.round()
    assert grid.pushed == []
    take(TUESDAY)
    await app.round()
    assert len(grid.pushed) == 1


async def test_the_marks_of_another_parent_come_and_go(app: Portal) -> None:
    nora = home()
    marc = other_parent(nora)
    stranger = home("Lina")
    grid, other = app.open(nora), app.open(stranger)
    own = app.open(marc)
    await app.round()
    pend(marc, "MATIN", MONDAY)
    await app.round()
    key = (nora.child, "MATIN", MONDAY)
    mark = grid.pushed[0][key].other
    assert mark is not None
    assert (mark.kind, mark.by) == (Pending.BOOKING, "Marc")
    await app.round()
    assert len(grid.pushed) == 1
    with writing() as session:
        session.exec(delete(PendingChange))
        session.get_one(PlanningDraft, marc.account).version += 1
    await app.round()
    assert grid.pushed[1][key].other is None
    assert other.pushed == own.pushed == []
    assert (own.told, grid.told, other.told) == (2, 0, 0)  # he chose elsewhere


async def test_what_the_account_chose_in_one_tab_is_told_to_its_others_only(app: Portal) -> None:
    nora = home()
    pend(nora, "REPAS", MONDAY)
    tab, other, stranger = app.open(nora), app.open(nora), app.open(home("Lina"))
    await app.round()
    pend(nora, "MATIN", MONDAY)
    live.chose(tab, draft(nora.account))  # type: ignore[arg-type]
    await app.round()
    await app.round()
    assert (tab.told, other.told, stranger.told) == (0, 1, 0)
    # a click of the other tab came between two of this one: it is to be shown here too
    pend(nora, "MATIN", TUESDAY)
    pend(nora, "REPAS", TUESDAY)
    live.chose(tab, draft(nora.account))  # type: ignore[arg-type]
    await app.round()
    assert (tab.told, other.told, stranger.told) == (1, 2, 0)


async def test_a_tab_is_not_disturbed_by_a_click_of_its_own_in_the_middle_of_a_round(
    app: Portal,
) -> None:
    nora = home()
    pend(nora, "REPAS", MONDAY)
    tab = app.open(nora)
    await app.round()
    pend(nora, "MATIN", MONDAY)  # written; its answer is still on its way
    app.meanwhile = lambda: live.chose(tab, draft(nora.account))  # type: ignore[arg-type]
    await app.round()
    assert (tab.told, tab.pushed) == (0, [])
