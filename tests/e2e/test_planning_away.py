"""The planning when the connection, the time or another parent moves under one's feet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import watch
from tests.e2e.helpers.people import MARC, let_in
from tests.e2e.helpers.planning import (
    FROZEN,
    VALIDATION,
    cell,
    dock,
    line,
    open_planning,
    pending,
    title,
)
from tests.e2e.helpers.server import Server

PATIENCE_MS = 30_000
LOST = "Connexion au serveur perdue"
NOISE = "ERR_CONNECTION_REFUSED|WebSocket|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INTERNET"
SOIR_7, SOIR_8 = "Nora, soir, lundi 7 décembre", "Nora, soir, mardi 8 décembre"
SOIR_10 = "Nora, soir, jeudi 10 décembre"


@pytest.fixture
def still(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal of the test's own, stopped and started at will, where time stands still."""
    yield from checked(Server(tmp_path, {"PORTAIL_NOW": FROZEN}))


def zoes(open_context: OpenContext, server: Server) -> tuple[BrowserContext, Page]:
    context = open_context(server)
    let_in(context, server)
    page = context.new_page()
    watch(page).allow(NOISE)
    open_planning(page, server, "Nora", "2026-12-03", edit=True)
    return context, page


def test_clicks_made_while_the_server_is_away_are_sent_when_it_is_back(
    still: Server, open_context: OpenContext
) -> None:
    _, page = zoes(open_context, still)
    cell(page, SOIR_7).click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    still.stop()
    expect(page.get_by_text(LOST)).to_be_visible(timeout=PATIENCE_MS)
    cell(page, SOIR_8).click()
    expect(cell(page, SOIR_8)).to_be_checked()  # painted at once
    still.start()
    expect(page.get_by_text(LOST)).to_have_count(0, timeout=PATIENCE_MS)
    expect(dock(page)).to_contain_text("2 réservations en attente", timeout=PATIENCE_MS)
    expect(cell(page, SOIR_7)).to_be_checked()
    expect(cell(page, SOIR_8)).to_be_checked()
    days = {day for _, _, day, _ in pending(still)}
    assert days == {"2026-12-07", "2026-12-08"}


def test_clicks_made_offline_are_kept(still: Server, open_context: OpenContext) -> None:
    context, page = zoes(open_context, still)
    context.set_offline(True)
    cell(page, SOIR_8).click()
    cell(page, SOIR_8).click()  # and changes her mind
    cell(page, SOIR_7).click()
    cell(page, SOIR_10).click()
    expect(cell(page, SOIR_7)).to_be_checked()
    page.wait_for_timeout(500)
    context.set_offline(False)
    # two at once are only there once every click has been heard
    expect(dock(page)).to_contain_text("2 réservations en attente", timeout=PATIENCE_MS)
    expect(cell(page, SOIR_7)).to_be_checked()
    expect(cell(page, SOIR_8)).not_to_be_checked()
    assert {day for _, _, day, _ in pending(still)} == {"2026-12-07", "2026-12-10"}


def test_a_click_lost_with_the_server_is_made_again(
    still: Server, open_context: OpenContext
) -> None:
    """The server dies with the click in its hands: nothing of it was written."""
    _, page = zoes(open_context, still)
    still.kill()
    cell(page, SOIR_7).click()  # sent to nobody, or kept: either way not answered
    expect(cell(page, SOIR_7)).to_be_checked()
    assert pending(still) == set()
    still.start()
    expect(dock(page)).to_contain_text("1 réservation en attente", timeout=PATIENCE_MS)
    expect(cell(page, SOIR_7)).to_be_checked()
    assert {day for _, _, day, _ in pending(still)} == {"2026-12-07"}


def test_a_deadline_that_passes_between_the_click_and_the_confirmation(
    still: Server, open_context: OpenContext
) -> None:
    context, page = zoes(open_context, still)
    cell(page, SOIR_7).click()
    cell(page, "Nora, repas, lundi 7 décembre").click()
    expect(dock(page)).to_contain_text("2 réservations en attente")
    page.close()
    still.stop()
    still.settings["PORTAIL_NOW"] = "2026-12-07T08:00"  # meals: too late; the evening: till nine
    # a session of two weeks ago has ended, and texts of the demo are of the other day
    still.start()
    let_in(context, still)
    page = context.new_page()
    watch(page).allow(NOISE)
    page.goto(VALIDATION)
    expect(page.get_by_text("n’est plus possible")).to_be_visible()
    expect(line(page, "Lundi 7 décembre", "Repas", "Trop tard")).to_have_count(1)
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_role("heading", name="C’est fait, sauf ce qui suit")).to_be_visible()
    expect(line(page, "Lundi 7 décembre", "Soir", "Réservé")).to_have_count(1)
    expect(line(page, "Lundi 7 décembre", "Repas", "reste en attente")).to_have_count(1)
    assert {slot for _, slot, _, _ in pending(still)} == {"RESTAURATION_MAT_REPAS"}


def test_two_parents_see_each_other_s_marks(still: Server, open_context: OpenContext) -> None:
    """Marc joins Zoé's file; what one chooses shows on the other's grid."""
    still.sql(
        "INSERT INTO guardian (family_id, last_name, first_name, email, email_key, phone) "
        "SELECT id, 'Delmas', 'Marc', 'marc@example.org', 'marc@example.org', '' "
        "FROM family WHERE number = 10001"
    )
    still.sql(
        "INSERT INTO subscription (account_id, family_id, guardian_id, created_at) "
        "SELECT a.id, g.family_id, g.id, '2026-11-01 09:00:00.000000' "
        "FROM account a, guardian g WHERE a.user_name = ? AND g.email = 'marc@example.org'",
        MARC.name,
    )
    _, page = zoes(open_context, still)
    other = open_context(still)
    let_in(other, still, MARC)
    marcs = other.new_page()
    open_planning(marcs, still, "Nora", "2026-12-03", edit=True)
    cell(marcs, SOIR_7).click()
    expect(dock(marcs)).to_contain_text("1 réservation en attente")
    page.reload()
    expect(title(page)).to_contain_text("Nora")
    expect(cell(page, SOIR_7)).to_have_attribute("data-mark", "other")
    assert f"réservation en attente par {MARC.first_name}" in (
        cell(page, SOIR_7).get_attribute("aria-label") or ""
    )
    expect(cell(page, SOIR_7)).not_to_be_checked()
