"""A freed place, from the worker to its parent: mail, home page, planning, answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import SIZES, visit
from tests.e2e.helpers.people import ZOE, let_in
from tests.e2e.helpers.planning import FROZEN, cell, child_id, open_planning
from tests.e2e.helpers.server import Server

SLOT, DAY = "3_MERCREDI_MATIN_MAT_MATIN", "2026-12-09"
ROUNDS, ROUND_MS = 40, 500
MORNING = "Nora, matin, mercredi 9 décembre"


@pytest.fixture
def still(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal of the test's own, where the clock stands still."""
    yield from checked(Server(tmp_path, {"PORTAIL_NOW": FROZEN}))


def free_a_place(server: Server) -> None:
    """Nora, who waits for the full Wednesday, becomes the first; somebody else gives up."""
    (slot,) = server.sql("SELECT id FROM slot WHERE code = ?", SLOT)[0]
    server.sql(
        "UPDATE reservation SET booked_at = '2026-01-01 00:00:00.000000' "
        "WHERE child_id = ? AND slot_id = ? AND day = ? AND state = 'waiting'",
        *(child_id(server, "Nora"), slot, DAY),
    )
    server.sql(
        "UPDATE reservation SET cancelled_at = '2026-11-23 07:00:00.000000' WHERE id = (SELECT "
        "min(id) FROM reservation WHERE slot_id = ? AND day = ? AND state = 'booked')",
        *(slot, DAY),
    )


def offered_to(server: Server) -> set[str]:
    """For whom the place is kept now."""
    rows = server.sql(
        "SELECT c.first_name FROM reservation r "
        "JOIN child c ON c.id = r.child_id JOIN slot s ON s.id = r.slot_id "
        "WHERE s.code = ? AND r.day = ? AND r.state = 'offered' AND r.cancelled_at IS NULL",
        *(SLOT, DAY),
    )
    return {name for (name,) in rows}


def told(server: Server, open_context: OpenContext, size: str) -> Page:
    """Zoé has the mail; her home page, then her planning say it too."""
    free_a_place(server)
    mail = server.wait_for_mail(ZOE.email, "une place s’est libérée pour Nora")
    assert "à accepter avant le mardi 24 novembre" in mail.subject
    context = open_context(server, SIZES[size])
    let_in(context, server)
    page = context.new_page()
    visit(page, "/accueil")
    line = page.get_by_role("listitem").filter(has_text="Une place s’est libérée")
    expect(line).to_contain_text("Matin, mercredi 9 décembre (Nora)")
    line.get_by_role("link", name="Répondre").click()
    page.wait_for_url("**/planning*")
    open_planning(page, server, "Nora", DAY)
    expect(page.get_by_role("heading", name="Places proposées")).to_be_visible()
    return page


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_freed_place_is_offered_and_accepted(
    size: str, still: Server, open_context: OpenContext
) -> None:
    page = told(still, open_context, size)
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_text("Place acceptée")).to_be_visible()
    calendar = page.get_by_role("link", name="Ajouter à mon agenda").get_attribute("href")
    answer = page.context.request.get(f"{still.url}{calendar}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "20261209" in answer.text()
    expect(cell(page, MORNING)).to_have_attribute("data-look", "b")
    expect(cell(page, MORNING)).to_be_checked()
    assert still.sql(
        "SELECT r.state FROM reservation r JOIN slot s ON s.id = r.slot_id "
        "WHERE r.child_id = ? AND s.code = ? AND r.day = ?",
        *(child_id(still, "Nora"), SLOT, DAY),
    ) == [("booked",)]


def test_a_declined_place_goes_to_the_next(still: Server, open_context: OpenContext) -> None:
    page = told(still, open_context, "desktop")
    assert offered_to(still) == {"Nora"}
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_role("heading", name="Places proposées")).to_have_count(0)
    expect(cell(page, MORNING)).not_to_be_checked()
    for _ in range(ROUNDS):  # the worker's next one
        if offered_to(still):
            break
        page.wait_for_timeout(ROUND_MS)
    assert len(offered_to(still) - {"Nora"}) == 1
