"""The real portal, built as in production, seen through one Chromium.

Run apart from the other tests (sync Playwright, sockets): pytest tests/e2e -o addopts="-q".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portail import frontend
from tests.e2e.helpers.browser import DESKTOP, SIZES, Size, Watch, forget
from tests.e2e.helpers.planning import FROZEN
from tests.e2e.helpers.server import Server

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 10_000

OpenContext = Callable[..., BrowserContext]
MakeServer = Callable[..., Server]


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the pre-rendered pages, built if it is stale."""
    frontend.build()
    return frontend.STATIC


def checked(server: Server) -> Iterator[Server]:
    """Prepare and start a portal; once it has stopped, its log must be clean."""
    server.prepare()
    server.start()
    yield server
    server.stop()
    assert not server.problems(), server.log[-6000:]


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The portal that most scenarios share, at the real time."""
    yield from checked(Server(tmp_path_factory.mktemp("portail")))


@pytest.fixture(scope="session")
def frozen_server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another one, where it is and stays Thursday 16 March 2023, 9 o'clock."""
    settings = {"PORTAIL_NOW": "2023-03-16T09:00"}
    yield from checked(Server(tmp_path_factory.mktemp("portail-2023"), settings))


@pytest.fixture(scope="session")
def school(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal where it is a Monday of school, for scenarios of the planning."""
    yield from checked(Server(tmp_path_factory.mktemp("ecole"), {"PORTAIL_NOW": FROZEN}))


@pytest.fixture
def own_server(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal that the test may stop and start."""
    yield from checked(Server(tmp_path))


@pytest.fixture(autouse=True)
def _forgiving(request: pytest.FixtureRequest) -> None:
    """Failures counted in one scenario do not slow down the next."""
    if "server" in request.fixturenames:
        server: Server = request.getfixturevalue("server")
        server.sql("DELETE FROM failure_count")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """Open as many separate browsers as wanted; each is watched, and checked at the end."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(server: Server, size: Size = DESKTOP, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": size["width"], "height": size["height"]},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            **options,
        )
        context.set_default_timeout(TIMEOUT_MS)
        opened.append((context, Watch(context, server.url)))
        return context

    yield open_one
    for context, _ in opened:
        context.close()
        forget(context)
    for _, watch in opened:
        watch.check()


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    """The window; `both_sizes` asks for the desktop's and the phone's."""
    return SIZES[getattr(request, "param", "desktop")]


@pytest.fixture
def context(open_context: OpenContext, server: Server, size: Size) -> BrowserContext:
    """A browser that has never seen the portal."""
    return open_context(server, size)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of it."""
    return context.new_page()
