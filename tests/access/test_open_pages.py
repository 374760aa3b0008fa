"""Open pages that show things with a version: told once when it changed, and only those."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from portail import clock
from portail.access import live
from portail.access.live import Versions
from portail.database import writing
from portail.domain.identity import Actor
from portail.models import WebSession
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories, tabs

pytestmark = pytest.mark.usefixtures("db")
PATH = "/dossier/demarche?n=1"


@dataclass
class Page(tabs.Page):
    """A page that notes what it was told, or fails."""

    pushed: list[Actor] = field(default_factory=list)
    error: Exception | None = None

    async def _changed(self, actor: Actor) -> None:
        if self.error is not None:
            raise self.error
        self.pushed.append(actor)


class Things(tabs.App):
    """Things with a version, and the pages that show them."""

    def __init__(self) -> None:
        self.now: dict[str, object] = {}
        self.read: list[set[str]] = []
        super().__init__(Versions[str]("things", self._read))

    def _read(self, keys: Collection[str]) -> dict[str, object]:
        self.read.append(set(keys))
        return {key: self.now[key] for key in keys if key in self.now}

    def open(self, *keys: str, account: int | None = None) -> Page:
        actor = tabs.own_browser(account or factories.account())
        page = Page(self.new_token(), PATH, actor)
        self.tabs[page.token] = page
        self.show(page, *keys)
        return page

    def show(self, page: Page, *keys: str) -> None:
        shown = {key: self.now.get(key) for key in keys}
        self.topic.showing(page, page.actor, shown)  # type: ignore[arg-type]


@pytest.fixture
def things() -> Iterator[Things]:
    before = list(live._topics)
    yield Things()
    live._topics[:] = before


async def test_who_shows_what_changed_is_told_once(things: Things) -> None:
    one, both, none = things.open("a"), things.open("a", "b"), things.open("c")
    await things.round()
    assert one.pushed == both.pushed == none.pushed == []
    things.now["a"] = 1
    await things.round()
    await things.round()
    assert (one.pushed, both.pushed, none.pushed) == ([one.actor], [both.actor], [])
    things.now = {"a": 2, "b": 1}
    await things.round()
    del things.now["b"]
    await things.round()
    assert (len(one.pushed), len(both.pushed), none.pushed) == (2, 3, [])


async def test_a_round_reads_once_for_all_and_nothing_when_nobody_looks(things: Things) -> None:
    await things.round()
    assert things.read == []
    for _ in range(3):
        things.open("a", "b")
    await things.round()
    assert things.read == [{"a", "b"}]


async def test_what_a_page_read_again_by_itself_shows_is_not_told(things: Things) -> None:
    page = things.open("a")
    things.now["a"] = 1
    things.show(page, "a")
    await things.round()
    assert page.pushed == []


async def test_a_page_that_reads_itself_again_meanwhile_is_not_told(things: Things) -> None:
    page = things.open("a")
    things.now["a"] = 1
    things.meanwhile = lambda: things.show(page, "a")
    await things.round()
    await things.round()
    assert page.pushed == []
    assert list(things.topic.tabs) == [page.token]


@pytest.mark.parametrize(
    "how", ["closed", "left", "another of its kind", "signed out", "expired", "another session"]
)
async def test_who_is_no_longer_there_gets_nothing_and_is_forgotten(
    things: Things, how: str
) -> None:
    page, stays = things.open("a"), things.open("a")
    with writing() as session:
        row = session.get_one(WebSession, page.actor.session_id)
        if how == "signed out":
            row.ended_at = clock.now()
        elif how == "expired":
            row.seen_at -= timedelta(minutes=settings().session_idle_minutes)
    if how == "closed":
        del things.tabs[page.token]
    elif how == "left":
        page.path = "/accueil"
    elif how == "another of its kind":
        page.path = "/dossier/demarche?n=2"
    elif how == "another session":
        page.owner = "0"
    things.now["a"] = 1
    await things.round()
    assert (page.pushed, stays.pushed) == ([], [stays.actor])
    assert list(things.topic.tabs) == [stays.token]


async def test_a_page_that_fails_takes_nothing_from_the_others(things: Things) -> None:
    broken, lost, other = things.open("a"), things.open("a"), things.open("a")
    broken.error, lost.error = RuntimeError("onglet cassé"), NotFound()
    things.now["a"] = 1
    await things.round()
    assert other.pushed == [other.actor]
    assert list(things.topic.tabs) == [broken.token, other.token]  # it is not theirs any more


async def test_a_round_that_fails_does_not_stop_the_watch() -> None:
    rounds = 0

    async def check(_app: object) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise RuntimeError("base absente")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await live.every(0, "things", check, None)  # type: ignore[arg-type]
    assert rounds == 2
