"""The server goes away and comes back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import text_of, visit, watch
from tests.e2e.helpers.people import labelled, sign_in
from tests.e2e.helpers.server import Server

PATIENCE_MS = 30_000
LOST = "Connexion au serveur perdue"


def test_a_lost_connection_is_told_in_french_until_it_is_back(
    own_server: Server, open_context: OpenContext
) -> None:
    context = open_context(own_server)
    home, forgotten = context.new_page(), context.new_page()
    watch(home).allow("ERR_CONNECTION_REFUSED|WebSocket|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
    sign_in(home)
    visit(forgotten, "/mot-de-passe-oublie")
    labelled(forgotten, "Adresse e-mail").fill("zoe.pinceau@example.org")

    own_server.stop()
    for page in (home, forgotten):
        expect(page.get_by_text(LOST)).to_be_visible(timeout=PATIENCE_MS)
    assert _told(home, LOST)
    # what is on the screen stays, and what was typed too
    expect(home.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    expect(labelled(forgotten, "Adresse e-mail")).to_have_value("zoe.pinceau@example.org")
    for english in ("Cannot connect", "Check if", "Connection Error", "Reconnecting"):
        assert english not in text_of(home)

    own_server.start()
    for page in (home, forgotten):
        expect(page.get_by_text(LOST)).to_have_count(0, timeout=PATIENCE_MS)
    expect(home.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    expect(labelled(forgotten, "Adresse e-mail")).to_have_value("zoe.pinceau@example.org")
    # and the page works
    home.get_by_role("banner").get_by_role("link", name="Aide", exact=True).click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Aide")
    home.get_by_role("searchbox").press_sequentially("dossier")
    expect(home.get_by_role("main").get_by_role("status")).to_contain_text("réponse")


def _told(page: Page, words: str) -> bool:
    """Whether a screen reader is told: in a live region that holds these words and no page."""
    regions = page.get_by_role("status").filter(has_text=words)
    return regions.count() == 1 and regions.get_by_role("main").count() == 0
