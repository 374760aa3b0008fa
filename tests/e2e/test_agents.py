"""Two doors: the staff's and the parents'; and the mailbox of the demo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import path_of, visit
from tests.e2e.helpers.people import INES, PASSWORD, ZOE, fill_sign_in, labelled, sign_in
from tests.e2e.helpers.server import Server


@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_an_agent_signs_in_at_her_own_door(page: Page) -> None:
    visit(page, "/agents")
    assert path_of(page) == "/agents/connexion"
    expect(page.get_by_role("heading", level=1)).to_have_text("Espace des agents")
    sign_in(page, INES)
    assert path_of(page) == "/agents"
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Le portail aujourd’hui")).to_be_visible()
    expect(main.get_by_role("term").first).to_be_visible()


def test_the_doors_do_not_open_for_one_another(page: Page) -> None:
    visit(page, "/agents/connexion")
    fill_sign_in(page, ZOE.name, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("n’ont pas été reconnus")
    visit(page, "/connexion")
    fill_sign_in(page, INES.name, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("n’ont pas été reconnus")


def test_a_parent_on_the_agents_page_is_sent_home_and_the_other_way_round(
    open_context: OpenContext, server: Server
) -> None:
    for person, other in ((ZOE, INES), (INES, ZOE)):
        page = open_context(server).new_page()
        sign_in(page, person)
        for path in (other.home, other.door):
            visit(page, path)
            assert path_of(page) == person.home
            expect(page.get_by_role("heading", level=1)).to_have_text(
                f"Bonjour {person.first_name}"
            )


def test_an_agent_leaves_by_her_own_door(page: Page) -> None:
    sign_in(page, INES)
    page.get_by_role("banner").get_by_role("button", name="Déconnexion").click()
    page.wait_for_url(re.compile("/agents/connexion"))
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()


def test_the_mails_of_the_demo_can_be_read(page: Page, server: Server) -> None:
    before = len(server.mails())
    visit(page, "/mot-de-passe-oublie")
    labelled(page, "Adresse e-mail").fill(ZOE.email)
    labelled(page, "Adresse e-mail").press("Enter")
    link = server.wait_for_mail(ZOE.email, "choisissez un nouveau", before).link()
    visit(page, "/demo/courriels")
    newest = page.get_by_role("main").get_by_role("listitem").first
    expect(newest).to_contain_text(ZOE.email)
    newest.get_by_role("link", name=re.compile("choisissez un nouveau mot de passe")).click()
    expect(page.get_by_text("Bonjour Zoé")).to_be_visible()
    button = page.get_by_role("link", name="Choisir un nouveau mot de passe")
    expect(button).to_have_attribute("href", link)
    page.goto(str(button.get_attribute("href")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouveau mot de passe")
