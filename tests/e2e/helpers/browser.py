"""Browsers that complain: an error in a page, in the console, or a word to another host."""

from __future__ import annotations

import re
from typing import TypedDict
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    WebError,
    WebSocket,
)

HYDRATED = '"is_hydrated_rx_state_":true'
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Size(TypedDict):
    """A window, in CSS pixels."""

    width: int
    height: int


DESKTOP: Size = {"width": 1366, "height": 900}
PHONE: Size = {"width": 390, "height": 844}
SIZES: dict[str, Size] = {"desktop": DESKTOP, "phone": PHONE}

_watches: dict[BrowserContext, Watch] = {}


class Watch:
    """Listens to every page of a context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        """Listen from now on; `origin` is the portal's."""
        self.host = urlsplit(origin).netloc
        self.problems: list[str] = []
        self.allowed: list[re.Pattern[str]] = []
        self.hydrations: dict[Page, int] = {}
        context.on("weberror", self._error)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", self._page)
        _watches[context] = self

    def allow(self, pattern: str) -> None:
        """Accept the problems that match, in this test."""
        self.allowed.append(re.compile(pattern))

    def check(self) -> None:
        """Fail on whatever was heard and not accepted."""
        left = [p for p in self.problems if not any(a.search(p) for a in self.allowed)]
        assert not left, "\n".join(left)

    def _error(self, error: WebError) -> None:
        where = error.page.url if error.page else "?"
        self.problems.append(f"page error on {where}: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            source = message.location.get("url", "")
            self.problems.append(f"console: {message.text} ({source})")

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.problems.append(f"request to another host: {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} at {response.url}")

    def _page(self, page: Page) -> None:
        self.hydrations[page] = 0

        def received(frame: str | bytes) -> None:
            if isinstance(frame, str) and HYDRATED in frame:
                self.hydrations[page] += 1

        def opened(socket: WebSocket) -> None:
            self._address(socket.url)
            socket.on("framereceived", received)

        page.on("websocket", opened)


def watch(page: Page) -> Watch:
    """What listens to this page."""
    return _watches[page.context]


def forget(context: BrowserContext) -> None:
    """The context is closed."""
    _watches.pop(context, None)


def visit(page: Page, path: str) -> Response | None:
    """Open an address, and wait until the page is alive: its state has come and is shown."""
    before = watch(page).hydrations[page]
    response = page.goto(path)
    alive(page, before)
    return response


def reload(page: Page) -> None:
    """Load the page anew, and wait until it is alive."""
    before = watch(page).hydrations[page]
    page.reload()
    alive(page, before)


def alive(page: Page, before: int = 0) -> None:
    """Wait until the server has filled the page."""
    heard = watch(page)
    for _ in range(500):
        if heard.hydrations[page] > before:
            break
        page.wait_for_timeout(20)
    else:
        raise AssertionError(f"{page.url} never came alive")
    page.evaluate(FRAMES)


def text_of(page: Page) -> str:
    """All the words of the page, hidden ones included."""
    while True:
        try:
            return str(page.evaluate("document.body ? document.body.textContent : ''"))
        except Error as error:
            if "context was destroyed" not in str(error):  # it was leaving: look at the next one
                raise


def path_of(page: Page) -> str:
    """The address without the host."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
