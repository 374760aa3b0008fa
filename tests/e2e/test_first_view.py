"""The first view of the planning: on the screen before a script has run, and the same after."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import PHONE, Size, visit, watch
from tests.e2e.helpers.people import KARIM, ZOE, Person, let_in
from tests.e2e.helpers.planning import cell, child_id, dock, forget_changes, title
from tests.e2e.helpers.server import Server

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
FIRST = "[data-first=cells] input"
PARTS = ["h1", ".plan-cost summary", ".plan-tools", ".plan-who nav", ".plan-offers", ".plan-room"]
# what paints an element or leads somewhere; the rest is for the ear, or for the pointer
KEPT = [
    "class", "href", "type", "scope", "colspan", "aria-current", "aria-readonly", "d", "width",
    "data-look", "data-mark", "data-kind", "data-face", "data-quiet", "data-tone",
]  # fmt: skip
# every element that is seen, where it is and what it is; what only holds a first view is not told
SEEN = """([parts, kept]) => {
  const HOLDERS = '[data-first], [data-first] + span, [aria-busy="true"] > div'
  const seen = node => {
    if (node.nodeType === 3) return node.data
    const style = node.nodeType === 1 && getComputedStyle(node)
    if (!style || style.display === 'none' || node.matches('.sr-only')) return ''
    const inner = [...node.childNodes].map(seen).join('')
    if (node.matches(HOLDERS)) return inner
    const { x, y, width, height } = node.getBoundingClientRect()
    const said = kept.filter(name => node.getAttribute(name)).map(
      name => `${name}="${node.getAttribute(name)}"`)
    return [`\\n<${node.localName}`, ...said, node.checked ? 'ticked' : '', style.visibility,
            ...[x, y, width, height].map(Math.round)].join(' ') + `>\\n${inner}`
  }
  const all = parts.flatMap(part => [...document.querySelectorAll(part)])
  return document.fonts.ready.then(() => all.map(seen).join(''))
}"""
TITLES = """
window.titles = []
new MutationObserver(() => {
  const now = document.querySelector('h1')?.innerText
  if (now && titles.at(-1) !== now) titles.push(now)
}).observe(document, { childList: true, subtree: true, characterData: true })
"""

Enter = Callable[..., BrowserContext]


@pytest.fixture
def enter(open_context: OpenContext, school: Server, size: Size) -> Enter:
    """The browser of somebody signed in, nothing pending; a phone says that it is one."""
    forget_changes(school)

    def one(person: Person = ZOE) -> BrowserContext:
        context = open_context(school, size, user_agent="Mobile" if size == PHONE else None)
        let_in(context, school, person)
        return context

    return one


class Silence:
    """A server that hears the page, and whose answers wait."""

    def __init__(self, page: Page, *, on: bool = True) -> None:
        self.waiting: list[tuple[WebSocketRoute, Any]] = []
        self.on = on
        page.route_web_socket("**/_event/**", self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def answered(message: Any) -> None:
            if self.on:
                self.waiting.append((socket, message))
            else:
                socket.send(message)

        server.on_message(answered)

    def end(self) -> None:
        """Everything it had to say, in order."""
        self.on = False
        for socket, message in self.waiting:
            socket.send(message)


def seen(page: Page) -> list[str]:
    """What is seen of the planning, and where."""
    text: str = page.evaluate(SEEN, [PARTS, KEPT])
    return text.splitlines()


def as_it_came(context: BrowserContext, path: str) -> Page:
    """The page without its scripts."""
    page = context.new_page()
    watch(page).allow("ERR_FAILED")
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto(path)
    return page


def same(enter: Enter, path: str, person: Person = ZOE) -> list[str]:
    """What is seen of the page alive, which is what was seen of it as it came."""
    first = seen(as_it_came(enter(person), path))
    page = enter(person).new_page()
    visit(page, path)
    alive = seen(page)
    assert "\n".join(unified_diff(alive, first, "alive", "first", lineterm="", n=2)) == ""
    assert page.locator("[data-first]").count() == 0
    return alive


@both_sizes
@pytest.mark.parametrize("who", ["", "Nora"])
@pytest.mark.parametrize("mode", ["", "&modifier=1"])
@pytest.mark.parametrize("view", ["mois", "semaine"])
def test_it_is_what_the_page_shows_once_alive(
    school: Server, enter: Enter, who: str, mode: str, view: str
) -> None:
    child = child_id(school, who) if who else "tous"
    alive = same(enter, f"/planning?enfant={child}&jour=2026-12-03&vue={view}{mode}")
    assert any(line.startswith("<input") and " ticked " in line for line in alive)
    if mode:
        assert any('aria-readonly="false"' in line for line in alive)


@both_sizes
def test_it_is_the_same_for_a_family_of_one_child_and_with_a_place_offered(
    school: Server, enter: Enter
) -> None:
    alive = same(enter, "/planning?jour=2026-12-03", KARIM)
    assert not any('class="chip"' in line and "<a" in line for line in alive)
    waiting = (
        "UPDATE reservation SET state = ?, offered_until = ? WHERE id = (SELECT min(r.id) FROM "
        "reservation r JOIN child c ON c.id = r.child_id WHERE c.first_name = 'Nora' "
        "AND r.state IN ('waiting', 'offered') AND r.cancelled_at IS NULL)"
    )
    school.sql(waiting, "offered", "2026-11-24 11:00:00.000000")
    try:
        alive = same(enter, f"/planning?enfant={child_id(school, 'Nora')}&jour=2026-12-09")
        assert "Places proposées" in alive
    finally:
        school.sql(waiting, "waiting", None)


@both_sizes
def test_it_stays_until_the_data_come_and_takes_no_click(school: Server, enter: Enter) -> None:
    page = enter().new_page()
    silence = Silence(page)
    child = child_id(school, "Nora")
    page.goto(f"/planning?enfant={child}&jour=2026-12-03&vue=semaine&modifier=1")
    box = page.locator(f"{FIRST}:not(:checked)").first
    expect(box).to_be_visible()
    # React is there, and has left it alone
    for _ in range(200):
        if silence.waiting:
            break
        page.wait_for_timeout(50)
    assert silence.waiting
    expect(title(page)).to_contain_text("Nora")
    expect(page.locator(".skeleton")).to_be_hidden()
    place = box.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 9, place["y"] + 9)
    expect(box).not_to_be_checked()
    expect(page.get_by_text("Chargement en cours…")).to_have_count(1)
    silence.end()
    expect(page.locator("[data-first]")).to_have_count(0)
    page.mouse.click(place["x"] + 9, place["y"] + 9)
    expect(dock(page)).to_contain_text("1 réservation en attente")


@both_sizes
def test_from_another_page_the_skeleton_is_shown(school: Server, enter: Enter) -> None:
    page = enter().new_page()
    silence = Silence(page, on=False)
    visit(page, "/accueil")
    silence.on = True
    page.get_by_role("link", name="Planning", exact=True).locator("visible=true").first.click()
    expect(page.locator(".plan-card .skeleton")).to_be_visible()
    expect(title(page)).to_have_text("Planning")
    assert page.locator("[data-first] > *").count() == 0
    expect(page.locator(".plan-tools")).to_be_hidden()
    expect(page.locator(".plan-under")).to_be_hidden()
    silence.end()
    expect(title(page)).to_contain_text("Tous les enfants")
    expect(page.locator(".plan-under")).to_be_visible()


def test_what_the_tab_showed_before_does_not_come_back(school: Server, enter: Enter) -> None:
    page = enter().new_page()
    page.add_init_script(TITLES)
    for day, words in (("2026-12-03", "décembre 2026"), ("2027-01-13", "janvier 2027")):
        visit(page, f"/planning?enfant={child_id(school, 'Nora')}&jour={day}")
        expect(page.locator("[data-first]")).to_have_count(0)
        assert page.evaluate("window.titles") == [f"Nora\u00a0: {words}"]
    expect(cell(page, "Nora, soir, jeudi 14 janvier")).to_be_visible()
