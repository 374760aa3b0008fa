"""Two processes: a tab that comes back on another one goes on where it was."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import watch
from tests.e2e.helpers.people import let_in
from tests.e2e.helpers.planning import FROZEN, cell, dock, open_planning, pending
from tests.e2e.helpers.server import Server

PATIENCE_MS = 60_000  # a process that starts again on a busy machine
NOISE = "WebSocket|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_REFUSED"
EVENINGS = ["lundi 7 décembre", "mardi 8 décembre", "jeudi 10 décembre"]


@pytest.fixture
def pair(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal of two processes, where time stands still."""
    yield from checked(Server(tmp_path, {"PORTAIL_NOW": FROZEN, "PORTAIL_WORKERS": "2"}))


def processes(server: Server) -> set[int]:
    """Those that serve."""
    assert server.process is not None
    pid = server.process.pid
    return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_a_tab_goes_on_when_its_process_dies(pair: Server, open_context: OpenContext) -> None:
    context = open_context(pair)
    let_in(context, pair)
    page = context.new_page()
    watch(page).allow(NOISE)
    open_planning(page, pair, "Nora", "2026-12-03", edit=True)
    first = processes(pair)
    assert len(first) == 2
    cell(page, f"Nora, soir, {EVENINGS[0]}").click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    # one of the two is the tab's: after both, it has changed process
    for done, (victim, evening) in enumerate(zip(first, EVENINGS[1:], strict=True), start=2):
        os.kill(victim, signal.SIGKILL)
        cell(page, f"Nora, soir, {evening}").click()
        expect(dock(page)).to_contain_text(f"{done} réservations en attente", timeout=PATIENCE_MS)
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while len(processes(pair)) < len(first) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert not processes(pair) & first
    for evening in EVENINGS:
        expect(cell(page, f"Nora, soir, {evening}")).to_be_checked()
    assert len(pending(pair)) == len(EVENINGS)


def test_a_click_that_went_down_with_the_processes_is_made_again(
    pair: Server, open_context: OpenContext
) -> None:
    """It was sent, and never read: the page cannot know, and starts from nothing elsewhere."""
    context = open_context(pair)
    let_in(context, pair)
    page = context.new_page()
    watch(page).allow(NOISE)
    lost: list[str | bytes] = []
    losing = False

    def between(tab: WebSocketRoute) -> None:
        server = tab.connect_to_server()

        def sent(packet: str | bytes) -> None:
            if losing and "toggle" in str(packet):
                lost.append(packet)
            else:
                server.send(packet)

        tab.on_message(sent)

    page.route_web_socket(re.compile("/_event"), between)
    open_planning(page, pair, "Nora", "2026-12-03", edit=True)
    losing = True
    cell(page, f"Nora, soir, {EVENINGS[0]}").click()
    while not lost:
        page.wait_for_timeout(20)
    for victim in processes(pair):
        os.kill(victim, signal.SIGKILL)
    losing = False
    expect(dock(page)).to_contain_text("1 réservation en attente", timeout=PATIENCE_MS)
    expect(cell(page, f"Nora, soir, {EVENINGS[0]}")).to_be_checked()
    assert len(pending(pair)) == 1
