"""«Suivre dans mon agenda»: an address that programs read without signing in; renewed, ended."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import SIZES, path_of, visit
from tests.e2e.helpers.people import KARIM, ZOE, Person, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe  # noqa: F401  (a fixture)

FOLLOWERS = {"desktop": KARIM, "phone": ZOE}  # one a window: each renews their own


@pytest.fixture(autouse=True)
def _nothing_followed(server: Server) -> None:
    server.sql("DELETE FROM calendar_address")


def agenda_page(
    server: Server, open_context: OpenContext, size: str, who: Person, **options: object
) -> Page:
    context = open_context(server, SIZES[size], **options)
    let_in(context, server, who)
    page = context.new_page()
    visit(page, "/planning")
    page.get_by_role("link", name="Suivre dans mon agenda").click()
    page.wait_for_url("**/planning/agenda")
    return page


def address(page: Page) -> Locator:
    return page.get_by_label("Votre adresse privée")


def fetched(url: str, tag: str = "") -> tuple[int, str, bytes]:
    """Its status, its tag and its content, as a program without cookies gets them."""
    headers = {"If-None-Match": tag} if tag else {}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=10
        ) as got:
            return got.status, got.headers["ETag"], got.read()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read()


def no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_address_is_made_read_renewed_and_ended(
    size: str,
    server: Server,
    open_context: OpenContext,
    axe: str,  # noqa: F811
) -> None:
    page = agenda_page(
        server,
        open_context,
        size,
        FOLLOWERS[size],
        permissions=["clipboard-read", "clipboard-write"],
    )
    expect(address(page)).to_have_count(0)
    page.get_by_role("button", name="Créer mon adresse").click()
    expect(page.get_by_text("L’adresse est prête")).to_be_visible()
    expect(page.locator("#agenda-fait")).to_be_focused()
    first = address(page).input_value()
    assert first.startswith(f"{server.url}/agenda/")
    no_sideways(page)
    _in_every_light(page, axe, (size,))

    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_text("Adresse copiée.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == first
    to_follow = page.get_by_role("link", name="Ouvrir dans mon agenda")
    expect(to_follow).to_have_attribute("href", first.replace("http://", "webcal://"))

    status, tag, content = fetched(first)
    assert status == 200
    read = IcsCalendarStream.calendar_from_ics(content.decode())
    ((booked,),) = server.sql(
        "SELECT count(*) FROM reservation r JOIN subscription s ON s.family_id = r.family_id"
        " JOIN account a ON a.id = s.account_id WHERE a.user_name = ? AND r.cancelled_at IS NULL"
        " AND r.state NOT IN ('waiting', 'offered') AND r.day >= date('now')",
        FOLLOWERS[size].name,
    )
    assert len(read.events) >= booked > 0
    assert fetched(first, tag)[0] == 304

    page.get_by_role("button", name="Renouveler l’adresse").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="Annuler")).to_be_focused()
    _in_every_light(page, axe, (size,))
    dialog.get_by_role("button", name="Annuler").click()
    expect(dialog).to_have_count(0)
    assert fetched(first)[0] == 200
    page.get_by_role("button", name="Renouveler l’adresse").click()
    dialog.get_by_role("button", name="Renouveler l’adresse").click()
    expect(page.get_by_text("L’adresse est renouvelée")).to_be_visible()
    expect(page.get_by_text("Adresse copiée.")).to_have_count(0)
    second = address(page).input_value()
    assert second != first
    assert fetched(first)[0] == 404
    assert fetched(second)[2] == content

    page.get_by_role("button", name="Arrêter").click()
    dialog.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("button", name="Créer mon adresse")).to_be_visible()
    assert fetched(second)[0] == 404
    # what the server wrote of it all
    assert "/agenda/…" in server.log
    assert first.rsplit("/", 1)[1].removesuffix(".ics") not in server.log


def test_the_help_is_on_the_page_and_leads_to_it(server: Server, open_context: OpenContext) -> None:
    page = agenda_page(server, open_context, "desktop", KARIM)
    page.get_by_text("suivre les réservations sur un iPhone").click()
    expect(page.get_by_text("S’abonner").first).to_be_visible()
    visit(page, "/aide")
    page.get_by_role("searchbox").fill("thunderbird")
    page.get_by_text("avec Outlook ou Thunderbird").click()
    page.get_by_role("main").get_by_role("link", name="Suivre dans mon agenda").click()
    page.wait_for_url("**/planning/agenda")
    assert path_of(page) == "/planning/agenda"


def test_without_a_clipboard_the_address_is_selected(
    server: Server, open_context: OpenContext
) -> None:
    page = agenda_page(server, open_context, "desktop", KARIM)
    page.get_by_role("button", name="Créer mon adresse").click()
    field = address(page)
    expect(field).to_be_visible()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_text("L’adresse est sélectionnée")).to_be_visible()
    expect(field).to_be_focused()
    assert page.evaluate("String(getSelection())") == field.input_value()
