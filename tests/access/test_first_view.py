"""The first view that the gate puts in a page: for whom, how packed, and what stays as it was."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import brotli
import pytest
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from structlog.testing import capture_logs

from portail import clock
from portail.access import identity
from portail.access.first_view import END, Visit
from portail.access.gate import Gate
from portail.access.labels import FAMILY
from portail.domain.identity import Actor
from portail.models import Child
from portail.services.sessions import SignedIn
from tests.access.asgi import Answer, ask
from tests.access.conftest import RunningPortal

PAGE = (
    "<html><head><style>p{color:red}</style><script>window.a = 1</script></head><body>"
    '<h1><span data-first="title"></span><span>Planning</span></h1>'
    '<div class="x" data-first="cells"></div><p>squelette</p></body></html>'
)
ZOE = SignedIn(Actor(7, account_id=3), "Zoé Pinceau", clock.now(), large=True)


class Site:
    """A gate around two pages, one of which has a first view."""

    def __init__(self, folder: Path) -> None:
        static = folder / "site"
        static.mkdir()
        for name in ("planning", "accueil"):
            (static / f"{name}.html").write_text(PAGE)
        self.page = static / "planning.html"
        self.visits: list[Visit] = []
        self.found: Mapping[str, str] | Exception = {"title": "Nora", "cells": "<b>é</b>"}
        inner = Starlette(routes=[Mount("/", StaticFiles(directory=static))])
        pages = {"/planning": FAMILY, "/accueil": FAMILY}
        self.gate: ASGIApp = Gate(
            inner, static=static, pages=pages, first_views={"/planning": self.view}
        )

    def view(self, visit: Visit) -> Mapping[str, str]:
        self.visits.append(visit)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Zoé is signed in."""
    monkeypatch.setattr(identity, "resolve", lambda _: ZOE)
    return Site(tmp_path)


async def test_each_part_is_in_its_element_and_the_rest_is_as_it_was_built(site: Site) -> None:
    answer = await ask(site.gate, "/planning", query="jour=2026-12-03&enfant=%C3%A9")
    text = answer.body.decode()
    assert '<span data-first="title">Nora<i hidden></i></span>' in text
    assert '<div class="x" data-first="cells"><b>é</b><i hidden></i></div>' in text
    assert text.replace(f"Nora{END}", "").replace(f"<b>é</b>{END}", "") == PAGE
    (visit,) = site.visits
    assert visit.signed_in is ZOE
    assert visit.query == {"jour": "2026-12-03", "enfant": "é"}


async def test_a_page_built_anew_is_read_anew(site: Site) -> None:
    await ask(site.gate, "/planning")
    site.page.write_text(PAGE.replace("squelette", "autre chose"))
    assert "autre chose" in (await ask(site.gate, "/planning")).body.decode()


@pytest.mark.parametrize("path", ["/planning", "/planning/", "//planning"])
async def test_it_is_there_however_the_address_is_written(site: Site, path: str) -> None:
    assert b">Nora<" in (await ask(site.gate, path)).body


def unpacked(answer: Answer) -> bytes:
    coding = answer.headers.get("content-encoding", "")
    if coding == "br":
        text: bytes = brotli.decompress(answer.body)
        return text
    return gzip.decompress(answer.body) if coding == "gzip" else answer.body


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_it_is_packed_as_the_browser_takes_it(
    site: Site, accepted: str, coding: str | None
) -> None:
    answer = await ask(site.gate, "/planning", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["vary"] == "Accept-Encoding"
    assert b">Nora<" in unpacked(answer)


async def test_its_headers_are_those_of_the_page_without_it(site: Site) -> None:
    filled = await ask(site.gate, "/planning")
    site.found = {}
    built = await ask(site.gate, "/planning")
    assert built.body.decode() == PAGE
    assert filled.headers["cache-control"] == "no-store"
    assert "sha256-" in filled.csp["script-src"]
    own = {"x-request-id", "content-length", "vary", "etag", "last-modified", "accept-ranges"}
    as_filled, as_built = (
        {name: value for name, value in answer.headers.items() if name not in own}
        for answer in (filled, built)
    )
    assert as_filled == as_built
    assert "etag" not in filled.headers  # never «not modified»: it is somebody's


async def test_without_one_the_page_is_as_it_was_built(site: Site) -> None:
    assert (await ask(site.gate, "/accueil")).body.decode() == PAGE
    head = await ask(site.gate, "/planning", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert site.visits == []


async def test_a_failure_is_written_down_and_the_page_does_without(site: Site) -> None:
    site.found = RuntimeError("no such column")
    with capture_logs() as logs:
        answer = await ask(site.gate, "/planning")
    assert (answer.status, answer.body.decode()) == (200, PAGE)
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["first_view_failed"]


async def test_nothing_is_read_for_a_stranger(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "resolve", lambda _: None)
    answer = await ask(site.gate, "/planning")
    assert answer.status == 303
    assert site.visits == []


# --- the real portal, asked without a browser


def child_of(portal: RunningPortal, name: str) -> int:
    with Session(portal.engine) as session:
        return session.exec(select(Child.id).where(Child.first_name == name)).one() or 0


@pytest.mark.usefixtures("quiet")
def test_a_parent_has_their_own_children_in_the_page_and_nobody_else_s(
    portal: RunningPortal,
) -> None:
    zoe, karim = (portal.sign_in(name) for name in ("z-pinceau", "k-benali"))
    nora = f"/planning?enfant={child_of(portal, 'Nora')}&jour=2026-12-03"
    with portal.http(zoe) as http:
        answer = http.get(nora)
        assert (
            '<span data-first="title">Nora\u00a0: décembre 2026<i hidden></i></span>' in answer.text
        )
        assert answer.text.count('data-look="') > 100
        assert answer.headers["cache-control"] == "no-store"
        phone = http.get(nora, headers={"User-Agent": "Mobile"}).text
        assert 'class="card day-card"' in phone
        assert 'class="card day-card"' not in answer.text
    with portal.http(karim) as http:
        answer = http.get(nora)
        assert answer.status_code == 200
        assert '<div data-first="cells"></div>' in answer.text
        assert "Nora" not in answer.text
        own = http.get("/planning?enfant=tous&jour=2026-12-03").text
        assert '<div data-first="cells"><div' in own
        assert "Nora" not in own
    with portal.http() as http:
        answer = http.get(nora)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/connexion?suite=%2Fplanning")
    agent = portal.sign_in("agent.enfance", "/agents/connexion")
    with portal.http(agent) as http:
        assert http.get(nora).headers["location"] == "/agents"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "query",
    [
        "enfant=-1",
        "enfant=99999999999999999999",
        "jour=9999-12-31",
        "jour=%00",
        "enfant[]=1",
        "%ff=%fe",
    ],
)
def test_whatever_the_address_says_the_page_is_served(portal: RunningPortal, query: str) -> None:
    with portal.http(portal.sign_in("z-pinceau")) as http:
        answer = http.get(f"/planning?{query}")
        assert answer.status_code == 200
        assert "first_view_failed" not in portal.log
        assert "</html>" in answer.text
