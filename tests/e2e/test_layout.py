"""Nothing wider than the window, nothing that jumps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import FRAMES, Size
from tests.e2e.helpers.pages import come_in, each_page, look_at, stand_before
from tests.e2e.helpers.server import Server

# 320: WCAG 1.4.10; 683: a window of 1366 at 200 %
WIDTHS = (320, 390, 683, 1366)
TOO_WIDE = """() => {
  const root = document.documentElement, room = root.clientWidth
  if (root.scrollWidth <= room) return []
  return [...document.querySelectorAll('body *')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > room + 1)
    .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
    .slice(0, 8).concat(`page ${root.scrollWidth} > ${room}`)
}"""
SHIFTS = """
window.shifts = []
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue
    const moved = entry.sources.map(s => s.node?.nodeType === 1
      ? `${s.node.tagName}.${s.node.className}` : String(s.node?.textContent).slice(0, 30))
    window.shifts.push([entry.value, moved.join(', ')])
  }
}).observe({ type: 'layout-shift', buffered: true })
"""
MAX_SHIFT = 0.1
LATENCY_MS = 250


def _fits(page: Page, what: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(FRAMES)
        assert page.evaluate(TOO_WIDE) == [], f"{what} at {width} px"
    # the browser's own text size doubled (WCAG 1.4.4)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate(FRAMES)
    assert page.evaluate(TOO_WIDE) == [], f"{what} with text twice as big"
    page.evaluate("document.documentElement.style.fontSize = ''")


@each_page
def test_no_page_scrolls_sideways(route: str, server: Server, open_context: OpenContext) -> None:
    _fits(stand_before(open_context(server), server, route), route)


def test_a_child_s_page_and_its_form_do_not_scroll_sideways(
    server: Server, open_context: OpenContext
) -> None:
    page = stand_before(open_context(server), server, "/dossier/enfants")
    page.get_by_role("link", name="Nora").click()
    expect(page.get_by_text("Arachide")).to_be_visible()
    _fits(page, "a child's page")
    page.get_by_role("button", name="Modifier : informations médicales").click()
    expect(page.locator("#champ-allergies")).to_be_focused()
    _fits(page, "its form")


def test_folded_documents_open_without_scrolling_sideways(
    server: Server, open_context: OpenContext
) -> None:
    page = stand_before(open_context(server), server, "/dossier/documents")
    folds = page.locator("details.deposit-fold")
    expect(folds.first).to_be_visible()
    folds.evaluate_all("all => all.forEach(e => { e.open = true })")
    _fits(page, "the documents")


@each_page
@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_nothing_jumps_while_a_page_fills_up(
    route: str, size: Size, server: Server, open_context: OpenContext
) -> None:
    context = open_context(server, size)
    come_in(context, server, route)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    # what the server says comes well after the first paint, as on a phone
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )
    look_at(page, route)
    page.wait_for_timeout(200)
    shifts: list[list[Any]] = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < MAX_SHIFT, shifts
