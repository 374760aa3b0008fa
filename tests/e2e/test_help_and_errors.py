"""The help's search, and what one sees when there is nothing to see."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.helpers.browser import visit, watch
from tests.e2e.helpers.pages import NOWHERE
from tests.e2e.helpers.people import name_field, password_field, sign_in
from tests.e2e.helpers.server import Server


def test_the_help_finds_what_one_types_and_says_how_many(page: Page) -> None:
    visit(page, "/aide")
    questions = page.get_by_role("main").get_by_role("group")
    everything = questions.count()
    assert everything > 5
    search = page.get_by_role("main").get_by_role("searchbox", name="Chercher dans l’aide")
    search.press_sequentially("numéro de dossier")
    status = page.get_by_role("main").get_by_role("status")
    for _ in range(50):  # the answers follow what is being typed
        page.wait_for_timeout(100)
        told = re.match(r"(\d+)\s+réponses? à votre recherche", status.inner_text())
        if told and int(told[1]) == questions.count():
            break
    else:
        raise AssertionError(f"«{status.inner_text()}» over {questions.count()} questions")
    assert 0 < questions.count() < everything
    expect(search).to_have_value("numéro de dossier")
    expect(search).to_be_focused()
    assert "numéro" in " ".join(questions.all_text_contents()).lower()

    search.fill("dinosaure volant")
    expect(status).to_have_text(re.compile("Aucune réponse"))
    expect(questions).to_have_count(0)
    expect(page.get_by_role("heading", name="Rien sur ce sujet")).to_be_visible()

    search.fill("")
    expect(questions).to_have_count(everything)


def test_an_answer_unfolds_with_the_keyboard(page: Page) -> None:
    visit(page, "/aide")
    question = page.get_by_role("main").get_by_role("group").first
    question.evaluate("e => e.querySelector('summary').focus()")
    page.keyboard.press("Enter")
    expect(question).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(question).not_to_have_attribute("open", "")


def test_a_page_that_does_not_exist_says_so_and_shows_ways_on(page: Page) -> None:
    watch(page).allow(rf"status of 404.*{NOWHERE}")
    response = visit(page, NOWHERE)
    assert response is not None
    assert response.status == 404
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Cette page n’existe pas")
    expect(page).to_have_title(re.compile("introuvable"))
    for name, title in (
        ("Chercher dans l’aide", "Aide"),
        ("Voir toutes les pages du portail", "Plan du site"),
        ("Revenir à la page d’accueil", "L’enfance à Villejuif, simplement"),
    ):
        page.get_by_role("main").get_by_role("link", name=name).click()
        expect(heading).to_have_text(title)
        expect(heading).to_be_focused()
        page.go_back()
        expect(heading).to_have_text("Cette page n’existe pas")
        expect(heading).to_be_focused()


def test_a_page_that_does_not_exist_when_signed_in(page: Page) -> None:
    watch(page).allow(rf"status of 404.*{NOWHERE}")
    sign_in(page)
    visit(page, NOWHERE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    expect(page.get_by_role("button", name="Déconnexion")).to_be_visible()


def test_a_request_too_large_is_refused_in_french(page: Page) -> None:
    watch(page).allow("status of 413")
    visit(page, "/connexion")
    name_field(page).fill("x" * 70_000)
    password_field(page).fill("x")
    password_field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande n’a pas abouti")
    page.wait_for_timeout(500)  # still there once the page is alive
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande n’a pas abouti")
    page.get_by_role("main").get_by_role("link", name="Revenir à la page d’accueil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L’enfance à Villejuif, simplement")


def test_the_map_of_the_site_leads_to_real_pages(page: Page, server: Server) -> None:
    visit(page, "/plan-du-site")
    links = page.get_by_role("main").get_by_role("link")
    addresses = {str(link.get_attribute("href")) for link in links.all()}
    assert {"/", "/connexion", "/aide", "/accessibilite"} <= addresses
    for address in sorted(addresses):
        answer = page.context.request.get(f"{server.url}{address}", max_redirects=0)
        assert answer.status in (200, 303), f"{address}: {answer.status}"


def test_every_page_of_the_foot_is_a_real_page(page: Page) -> None:
    visit(page, "/")
    names = ("Accessibilité", "Aide", "Plan du site", "Mentions légales", "Données personnelles")
    for name in names:
        page.get_by_role("contentinfo").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(name, re.IGNORECASE))
        expect(page).to_have_title(re.compile(f"^{name} – "))
        here = page.get_by_role("contentinfo").get_by_role("link", name=name, exact=True)
        expect(here).to_have_attribute("aria-current", "page")
