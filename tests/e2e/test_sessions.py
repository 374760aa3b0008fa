"""Sessions: ended in one tab, ended everywhere; about to end, and kept; ended by time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import PHONE, path_of, text_of, visit
from tests.e2e.helpers.people import (
    CHILDREN,
    INES,
    KARIM,
    PASSWORD,
    ZOE,
    age_session,
    fill_sign_in,
    let_in,
    sign_in,
)
from tests.e2e.helpers.server import Server

PRIVATE = (*CHILDREN, "Zoé", "PINCEAU", "10001")
IDLE_MINUTES = 30
# the portal looks at its sessions every 5 seconds
PATIENCE_MS = 15_000


def _nothing_private(page: Page) -> None:
    """For a while, look at every word of the page: none may even pass by."""
    for _ in range(8):
        page.wait_for_load_state("domcontentloaded")
        words = text_of(page)
        found = [name for name in PRIVATE if name in words]
        assert not found, f"{path_of(page)} shows {found}"
        page.wait_for_timeout(30)


def _back(page: Page, times: int) -> None:
    for _ in range(times):
        page.go_back(wait_until="commit")
        if page.url == "about:blank":
            return
        _nothing_private(page)


def test_a_sign_out_in_one_tab_empties_the_other_and_back_shows_nothing(
    context: BrowserContext,
) -> None:
    leaving, other = context.new_page(), context.new_page()
    visit(leaving, "/")
    sign_in(leaving)
    visit(other, "/aide")
    visit(other, "/accueil")
    other.get_by_role("banner").get_by_role("link", name="Aide", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Aide")
    other.get_by_role("banner").get_by_role("link", name=re.compile("Villejuif")).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    visit(leaving, "/accueil")

    leaving.get_by_role("banner").get_by_role("button", name="Déconnexion").click()
    leaving.wait_for_url(re.compile("/connexion"))
    expect(leaving.get_by_text("Vous êtes déconnecté")).to_be_visible()
    other.wait_for_url(re.compile("/connexion"))
    for page in (leaving, other):
        _nothing_private(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    for page in (leaving, other):
        _back(page, 5)


def test_the_way_forward_shows_nothing_either(page: Page) -> None:
    sign_in(page)
    visit(page, "/aide")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    visit(page, "/plan-du-site")
    page.get_by_role("banner").get_by_role("button", name="Déconnexion").click()
    page.wait_for_url(re.compile("/connexion"))
    _back(page, 3)
    page.go_forward(wait_until="commit")
    _nothing_private(page)


def test_on_a_phone_the_sign_out_is_in_the_menu(open_context: OpenContext, server: Server) -> None:
    page = open_context(server, PHONE, has_touch=True, is_mobile=True).new_page()
    sign_in(page)
    page.get_by_role("button", name="Plus").click()
    menu = page.get_by_role("navigation", name="Plus")
    menu.get_by_role("button", name="Déconnexion").click()
    page.wait_for_url(re.compile("/connexion"))
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    _back(page, 3)


def test_another_person_in_the_same_browser_sees_only_their_own(page: Page) -> None:
    sign_in(page)
    page.get_by_role("banner").get_by_role("button", name="Déconnexion").click()
    page.wait_for_url(re.compile("/connexion"))
    sign_in(page, KARIM)
    _nothing_private(page)
    expect(page.get_by_role("main").get_by_text("Lina", exact=True)).to_be_visible()


def test_another_browser_stays_signed_in(open_context: OpenContext, server: Server) -> None:
    here, there = open_context(server).new_page(), open_context(server).new_page()
    sign_in(here)
    sign_in(there)
    here.get_by_role("banner").get_by_role("button", name="Déconnexion").click()
    here.wait_for_url(re.compile("/connexion"))
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_a_session_about_to_end_warns_and_can_be_kept(page: Page, server: Server) -> None:
    sign_in(page)
    age_session(server, ZOE, IDLE_MINUTES - 1)
    dialog = page.get_by_role("alertdialog", name="Êtes-vous toujours là ?")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    expect(dialog).to_contain_text("une minute")
    stay = dialog.get_by_role("button", name="Rester connecté")
    expect(stay).to_be_focused()
    page.keyboard.press("Escape")  # no answer is not an answer
    expect(dialog).to_be_visible()
    stay.click()
    expect(dialog).to_have_count(0)
    [(still,)] = server.sql(
        "SELECT count(*) FROM web_session WHERE ended_at IS NULL "
        "AND seen_at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 minute') "
        "AND account_id = (SELECT id FROM account WHERE user_name = 'z-pinceau')"
    )
    assert still >= 1
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_the_warning_holds_the_focus(page: Page, server: Server) -> None:
    sign_in(page)
    age_session(server, ZOE, IDLE_MINUTES - 1)
    dialog = page.get_by_role("alertdialog")
    stay = dialog.get_by_role("button", name="Rester connecté")
    expect(stay).to_be_focused(timeout=PATIENCE_MS)
    for key in ("Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(key)
        inside = page.evaluate(
            "() => { const a = document.activeElement; "
            "return a === document.body || a.closest('dialog') !== null }"
        )
        assert inside, f"{key} leaves the dialog"
    page.keyboard.press("Tab")
    stay.press("Enter")
    expect(dialog).to_have_count(0)


def test_a_session_that_ended_says_so_and_comes_back(page: Page, server: Server) -> None:
    sign_in(page)
    visit(page, "/accueil?x=1")
    age_session(server, ZOE, IDLE_MINUTES + 1)
    page.wait_for_url(re.compile(r"/connexion\?fin=1"), timeout=PATIENCE_MS)
    expect(page.get_by_text("Votre session a pris fin faute d’activité")).to_be_visible()
    _nothing_private(page)
    fill_sign_in(page, ZOE.name, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    assert path_of(page) == "/accueil?x=1"


def test_a_session_that_ended_while_no_page_was_open_asks_to_sign_in(
    page: Page, server: Server
) -> None:
    sign_in(page)
    page.goto("about:blank")
    age_session(server, ZOE, IDLE_MINUTES + 1)
    visit(page, "/accueil")
    assert path_of(page).startswith("/connexion")
    _nothing_private(page)


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_an_agents_session_that_ended_leads_to_the_agents_door(page: Page, server: Server) -> None:
    let_in(page.context, server, INES)
    visit(page, "/agents")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Inès")
    age_session(server, INES, IDLE_MINUTES + 1)
    page.wait_for_url(re.compile(r"/agents/connexion\?fin=1"), timeout=PATIENCE_MS)
