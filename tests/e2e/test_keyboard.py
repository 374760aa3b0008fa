"""With a keyboard alone: everything is reached, in order, and one sees where one is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import PHONE, Size, visit
from tests.e2e.helpers.pages import each_page, stand_before
from tests.e2e.helpers.people import PASSWORD, ZOE, name_field, password_field, sign_in
from tests.e2e.helpers.server import Server

# what can be focused and is shown, as the browser's Tab key sees it
REACHABLE = """() => {
  const seen = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]')
    && !(e.closest('details:not([open])') && e.tagName !== 'SUMMARY')
    && !e.closest('dialog:not([open])') && !e.closest('[popover]:not(:popover-open)')
  const all = [...document.querySelectorAll(
    'a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea, '
    + 'summary, [tabindex="0"]')].filter(seen)
  const groups = new Set()
  const one = e => {  // Tab stops once in a group of radio buttons
    if (e.type !== 'radio') return true
    const known = groups.has(e.name); groups.add(e.name); return !known
  }
  // in the grid of the planning, Tab stops once and arrows do the rest (tests/e2e/test_planning.py)
  const own = e => e.tabIndex >= 0 || !e.closest('.plan-grid')
  window.reachable = all.filter(one).filter(own)
  return window.reachable.length
}"""
FOCUSED = """() => {
  const e = document.activeElement
  if (!e || e === document.body || e === document.documentElement) return null
  const style = getComputedStyle(e), box = e.getBoundingClientRect()
  const ring = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
  const x = box.left + box.width / 2, y = box.top + box.height / 2
  const top = document.elementFromPoint(x, y)
  const radio = e.type === 'radio' ? window.reachable.find(r => r.name === e.name) : e
  return {
    place: window.reachable.indexOf(radio),
    name: `${e.tagName} ${(e.getAttribute('aria-label') || e.innerText || e.name || e.id)
      .trim().slice(0, 40)}`,
    ring: ring(style),
    hidden: top === null || !(e.contains(top) || top.contains(e) || top.closest('label')),
  }
}"""


def _walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the page has been gone through once."""
    count = page.evaluate(REACHABLE)
    stops: list[dict[str, Any]] = []
    for _ in range(2 * count + 10):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stops and stop is not None and stop["place"] == stops[-1]["place"]:
            continue  # the next part of a date
        if stop is None or any(stop["place"] == s["place"] for s in stops):
            break
        stops.append(stop)
    missing = page.evaluate(
        "places => window.reachable.filter((_, i) => !places.includes(i)).map(e => e.outerHTML)",
        [stop["place"] for stop in stops],
    )
    assert not missing, f"Tab never reaches {missing}"
    return stops


@each_page
@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_tab_reaches_all_in_order_and_shows_where_one_is(
    route: str, size: Size, server: Server, open_context: OpenContext
) -> None:
    page = stand_before(open_context(server, size), server, route)
    stops = _walk(page)
    assert stops[0]["name"] == "A Aller au contenu"
    order = [stop["place"] for stop in stops]
    assert order == sorted(order), [stop["name"] for stop in stops]
    assert not [stop["name"] for stop in stops if not stop["ring"]], "no visible focus"
    assert not [stop["name"] for stop in stops if stop["hidden"]], "focus hidden by something"


@pytest.mark.parametrize("path", ["/", "/connexion", "/aide", "/accessibilite"])
def test_the_skip_link_comes_first_and_works(path: str, page: Page) -> None:
    visit(page, path)
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(
        "() => { const a = document.activeElement, m = document.querySelector('main'); "
        "return m.contains(a) || !m.querySelector('a[href], button, input, summary') }"
    ), "after the skip link, Tab does not go on in the content"


def test_signing_in_with_the_keyboard_alone(page: Page) -> None:
    visit(page, "/connexion")
    for _ in range(30):
        page.keyboard.press("Tab")
        if name_field(page).evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type(ZOE.name)
    page.keyboard.press("Tab")
    expect(password_field(page)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_the_focus_moves_to_the_title_after_a_navigation_only(page: Page) -> None:
    visit(page, "/")
    assert page.evaluate("document.activeElement === document.body"), "a cold load moves nothing"
    title = page.get_by_role("heading", level=1)
    links = page.get_by_role("banner").get_by_role("navigation", name="Aide")
    for name in ("Aide", "Plan du site"):
        links.get_by_role("link", name=name, exact=True).press("Enter")
        expect(title).to_have_text(name)
        expect(title).to_be_focused()
        assert page.evaluate("window.scrollY") == 0
    page.go_back()
    expect(title).to_have_text("Aide")
    expect(title).to_be_focused()


def test_the_focus_moves_to_the_greeting_of_a_page_that_fills_up(page: Page) -> None:
    sign_in(page)
    title = page.get_by_role("heading", level=1)
    banner = page.get_by_role("banner")
    banner.get_by_role("link", name="Aide", exact=True).press("Enter")
    expect(title).to_have_text("Aide")
    banner.get_by_role("link", name="Mon espace", exact=True).press("Enter")
    expect(title).to_have_text("Bonjour Zoé")
    expect(title).to_be_focused()


def test_a_dialog_holds_the_focus_and_gives_it_back(page: Page) -> None:
    visit(page, "/demo/composants")
    opener = page.get_by_role("button", name="Tout supprimer…")
    opener.press("Enter")
    dialog = page.get_by_role("dialog", name="Supprimer les 3 modifications en attente ?")
    expect(dialog).to_be_visible()
    for key in ("Tab",) * 5 + ("Shift+Tab",) * 5:
        page.keyboard.press(key)
        assert page.evaluate(
            "() => { const a = document.activeElement; "
            "return a === document.body || a.closest('dialog') !== null }"
        ), f"{key} leaves the dialog"
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()
    opener.press("Enter")
    dialog.get_by_role("button", name="Retour").press("Enter")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()


def test_the_menu_of_the_phone_opens_closes_and_leads_on(
    open_context: OpenContext, server: Server
) -> None:
    page = open_context(server, PHONE).new_page()
    sign_in(page)
    more = page.get_by_role("button", name="Plus")
    menu = page.get_by_role("navigation", name="Plus")
    expect(menu).not_to_be_visible()
    more.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[popover]') !== null"), (
        "after it opens, Tab goes into the menu"
    )
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()
    expect(more).to_be_focused()
    more.press("Enter")
    menu.get_by_role("button", name="Fermer").press("Enter")
    expect(menu).not_to_be_visible()
