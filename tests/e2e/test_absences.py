"""«Signaler une absence»: from the days to the document that goes with them, on both windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import SIZES, path_of, visit
from tests.e2e.helpers.people import ZOE, labelled, let_in
from tests.e2e.helpers.planning import child_id
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe  # noqa: F401  (a fixture)

# Thursday 16 March 2023, 9 o'clock: Friday's meals may be cancelled until 11, today's no more
TODAY, FRIDAY, NEXT = "2023-03-16", "2023-03-17", "2023-03-20"


@pytest.fixture
def still(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal of the test's own, where the clock stands still."""
    yield from checked(Server(tmp_path, {"PORTAIL_NOW": "2023-03-16T09:00"}))


def absence_page(
    server: Server, open_context: OpenContext, size: str = "desktop", query: str = ""
) -> Page:
    context = open_context(server, SIZES[size])
    let_in(context, server)
    page = context.new_page()
    visit(page, f"/planning/absence{query}")
    return page


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_zoe_tells_an_absence_and_is_told_what_it_changes(
    size: str, still: Server, open_context: OpenContext
) -> None:
    nora = child_id(still, "Nora")
    page = absence_page(still, open_context, size, f"?enfant={nora}&jour={TODAY}")
    expect(labelled(page, "Enfant")).to_have_value(str(nora))
    expect(labelled(page, "Premier jour")).to_have_value(TODAY)
    days = page.get_by_role("listitem").filter(has_text="Restauration scolaire maternelle")
    expect(days).to_have_count(1)
    expect(days.first).to_contain_text("Jeudi 16 mars 2023")
    expect(days.first).to_contain_text("La mairie décide")
    labelled(page, "Dernier jour").fill(FRIDAY)
    expect(days).to_have_count(2)
    expect(days.nth(1)).to_contain_text("Annulez-la plutôt sur le planning")
    expect(days.nth(1)).to_contain_text("jusqu’au jeudi 16 mars à 11\u00a0h")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Signaler l’absence").click()
    page.wait_for_url("**/dossier/demarche*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Absence du 16 au 17 mars")
    expect(page.get_by_role("status").get_by_text("L’absence est signalée.")).to_be_visible()
    expect(page.get_by_role("heading", name="Joindre un document")).to_be_visible()
    mail = still.wait_for_mail(ZOE.email, "accusé de réception de votre démarche")
    assert "Absence du 16 au 17 mars (Nora)" in mail.text
    assert "La mairie décide de ce qui reste dû" in mail.text
    # told once: the same days lead to the same procedure
    procedure = path_of(page).split("&")[0]
    visit(page, f"/planning/absence?enfant={nora}&jour={FRIDAY}")
    expect(page.get_by_text("Une absence est déjà signalée du 16 au 17 mars.")).to_be_visible()
    page.get_by_role("link", name="Voir cette démarche").click()
    page.wait_for_url(f"**{procedure}")
    page.get_by_role("button", name="Retirer ma demande").first.click()
    page.get_by_role("alertdialog").get_by_role("button", name="Retirer ma demande").click()
    expect(page.get_by_text("Votre demande est retirée.")).to_be_visible()


def test_what_is_wrong_is_said_beside(still: Server, open_context: OpenContext) -> None:
    page = absence_page(still, open_context)
    send = page.get_by_role("button", name="Signaler l’absence")
    labelled(page, "Dernier jour").fill("2023-03-01")
    send.click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Le dernier jour est avant le premier.")
    labelled(page, "Premier jour").fill("2023-03-01")
    labelled(page, "Dernier jour").fill(TODAY)
    expect(page.get_by_text(re.compile("à partir du 13/03/2023"))).to_be_visible()
    # Saturday: nothing is booked. The last day follows the first.
    labelled(page, "Premier jour").fill("2023-03-18")
    expect(labelled(page, "Dernier jour")).to_have_value("2023-03-18")
    expect(page.get_by_text("Rien n’est réservé ces jours-là")).to_be_visible()
    send.click()
    expect(page.locator("#rien-a-signaler")).to_be_focused()
    assert path_of(page) == "/planning/absence"


def test_every_state_of_the_page_is_accessible(
    still: Server,
    open_context: OpenContext,
    axe: str,  # noqa: F811
) -> None:
    nora = child_id(still, "Nora")
    page = absence_page(still, open_context, query=f"?enfant={nora}&jour={TODAY}")
    labelled(page, "Dernier jour").fill(NEXT)
    expect(page.get_by_text("Annulez-la plutôt").first).to_be_visible()
    _in_every_light(page, axe)
    page.get_by_role("button", name="Signaler l’absence").click()
    page.wait_for_url("**/dossier/demarche*")
    visit(page, f"/planning/absence?enfant={nora}&jour={TODAY}")
    expect(page.get_by_role("heading", name="Absences signalées")).to_be_visible()
    labelled(page, "Premier jour").fill("")
    page.get_by_role("button", name="Signaler l’absence").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _in_every_light(page, axe)
