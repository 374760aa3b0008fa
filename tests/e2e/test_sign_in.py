"""The front door: by form, by e-mail address, refused, and back to where one was going."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.helpers.browser import path_of, visit, watch
from tests.e2e.helpers.people import (
    CHILDREN,
    KARIM,
    PASSWORD,
    ZOE,
    fill_sign_in,
    name_field,
    password_field,
    sign_in,
)
from tests.e2e.helpers.server import Server

TILES = ("Mon dossier", "Inscription", "Planning", "Facturation", "Nous contacter", "Actualités")
both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)


@both_sizes
def test_zoe_signs_in_with_enter_and_finds_her_children_and_six_tiles(page: Page) -> None:
    sign_in(page, ZOE)
    main = page.get_by_role("main")
    for child in CHILDREN:
        expect(main.get_by_text(child, exact=True)).to_be_visible()
    for tile in TILES:
        expect(main.get_by_role("heading", level=2, name=tile, exact=True)).to_be_visible()
    # and what is to do, what is booked, and the file; important news stay until they are read
    others = main.get_by_role("heading", level=2).filter(has_not_text="Important")
    expect(others).to_have_count(len(TILES) + 3)
    expect(main.get_by_text("Dossier n° 10001 « PINCEAU »")).to_be_visible()


def test_the_sign_in_works_before_anything_but_the_page_has_loaded(page: Page) -> None:
    watch(page).allow("net::ERR_FAILED.*[.]js")
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/connexion")
    fill_sign_in(page, ZOE.name, PASSWORD)
    page.wait_for_url("**/accueil")
    page.unroute_all()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_signing_in_by_e_mail_address(page: Page) -> None:
    page.goto("/connexion")
    fill_sign_in(page, KARIM.email.upper(), PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Karim")
    assert path_of(page) == "/accueil"


@both_sizes
def test_a_parent_sees_no_other_family(page: Page) -> None:
    sign_in(page, KARIM)
    expect(page.get_by_role("main").get_by_text("Lina", exact=True)).to_be_visible()
    for child in CHILDREN:
        expect(page.get_by_text(child)).to_have_count(0)


def _refusal(page: Page, name: str, password: str) -> str:
    visit(page, "/connexion")
    fill_sign_in(page, name, password)
    page.wait_for_url(re.compile("erreur=1"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("identifiants")
    expect(name_field(page)).to_have_value(name)
    expect(password_field(page)).to_have_value("")
    return alert.inner_text()


def test_a_refusal_says_the_same_for_a_wrong_password_and_an_unknown_name(page: Page) -> None:
    wrong = _refusal(page, ZOE.name, "Bienvenue!2")
    unknown = _refusal(page, "personne-ici", "Bienvenue!2")
    by_email = _refusal(page, ZOE.email, "Bienvenue!2")
    assert wrong == unknown == by_email
    assert not re.search("mot de passe|nom d’utilisateur", wrong, re.IGNORECASE)


def test_a_refusal_is_not_shown_again_on_the_next_visit(page: Page) -> None:
    _refusal(page, ZOE.name, "Bienvenue!2")
    visit(page, "/connexion")
    expect(page.get_by_text("identifiants n’ont pas")).to_have_count(0)
    expect(name_field(page)).to_have_value("")


def test_after_a_refusal_the_right_password_opens(page: Page) -> None:
    _refusal(page, ZOE.name, "Bienvenue!2")
    password_field(page).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_the_password_can_be_shown_and_hidden(page: Page) -> None:
    visit(page, "/connexion")
    password_field(page).fill("un secret")
    page.get_by_role("button", name="Afficher le mot de passe").click()
    expect(password_field(page)).to_have_attribute("type", "text")
    expect(password_field(page)).to_have_value("un secret")
    page.get_by_role("button", name="Masquer le mot de passe").click()
    expect(password_field(page)).to_have_attribute("type", "password")


def test_a_deep_link_is_found_again_after_the_sign_in(page: Page) -> None:
    visit(page, "/accueil?x=1")
    assert path_of(page) == "/connexion?suite=%2Faccueil%3Fx%3D1"
    fill_sign_in(page, ZOE.name, "Bienvenue!2")  # also after a mistake
    page.wait_for_url(re.compile("erreur=1"))
    expect(page.get_by_role("alert")).to_contain_text("identifiants")
    password_field(page).fill(PASSWORD)
    password_field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    assert path_of(page) == "/accueil?x=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"]
)
def test_the_way_back_never_leaves_the_portal(page: Page, server: Server, elsewhere: str) -> None:
    page.goto(f"/connexion?suite={elsewhere}")
    fill_sign_in(page, ZOE.name, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    assert page.url == f"{server.url}/accueil"


def test_who_is_signed_in_has_no_use_for_the_sign_in_page(page: Page) -> None:
    sign_in(page)
    visit(page, "/connexion")
    assert path_of(page) == "/accueil"


def test_the_welcome_page_leads_to_ones_own_space(page: Page) -> None:
    sign_in(page)
    visit(page, "/")
    page.get_by_role("main").get_by_role("link", name="Aller à mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")


def test_a_reload_keeps_one_signed_in(page: Page) -> None:
    sign_in(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
