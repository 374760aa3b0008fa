"""A name that is locked, and a password that is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import path_of, visit
from tests.e2e.helpers.people import (
    KARIM,
    PASSWORD,
    ZOE,
    Person,
    fill_sign_in,
    labelled,
    name_field,
    sign_in,
)
from tests.e2e.helpers.server import Server

FREE, LOCK_AFTER = 3, 8
SUBJECT = "choisissez un nouveau"
NEW = "Soleil d’hiver 94"


@pytest.fixture
def karim_as_before(server: Server) -> Iterator[None]:
    """Karim's password comes back after the test."""
    [(kept,)] = server.sql("SELECT password_hash FROM account WHERE user_name = ?", KARIM.name)
    yield
    server.sql("UPDATE account SET password_hash = ? WHERE user_name = ?", kept, KARIM.name)


def test_after_a_few_failures_the_next_try_must_wait(page: Page) -> None:
    alert = page.get_by_role("alert")
    for attempt in range(FREE + 1):
        visit(page, "/connexion")
        fill_sign_in(page, KARIM.name, f"Faux!{attempt}")
        page.wait_for_url(re.compile("erreur=1"))
        expect(alert).to_contain_text("n’ont pas été reconnus")
    fill_sign_in(page, KARIM.name, PASSWORD)  # too soon, even with the right one
    expect(alert).to_contain_text(re.compile(r"Réessayez dans (\d+\s+secondes|une seconde)"))


def test_repeated_failures_lock_the_name_and_the_owner_is_told(page: Page, server: Server) -> None:
    for attempt in range(LOCK_AFTER):
        # the waits that a person would sit through
        server.sql("UPDATE failure_count SET blocked_until = NULL")
        page.context.request.post(
            f"{server.url}/connexion",
            form={"identifiant": ZOE.name, "mot_de_passe": f"Faux!{attempt}", "suite": ""},
            headers={"Origin": server.url},
            max_redirects=0,
        )
    visit(page, "/connexion")
    fill_sign_in(page, ZOE.name, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Réessayez dans 15 minutes")
    expect(name_field(page)).to_have_value(ZOE.name)
    mail = server.wait_for_mail(ZOE.email, "suspendue")
    assert "15 minutes" in mail.text
    assert f"{server.url}/mot-de-passe-oublie" in mail.text


def _link(page: Page, server: Server, person: Person) -> str:
    """Ask for a link, and read the mail."""
    before = len(server.mails())
    _ask(page, person.email)
    return server.wait_for_mail(person.email, SUBJECT, before).link()


def _ask(page: Page, email: str) -> str:
    visit(page, "/connexion")
    page.get_by_role("main").get_by_role("link", name="Mot de passe oublié").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mot de passe oublié")
    labelled(page, "Adresse e-mail").fill(email)
    labelled(page, "Adresse e-mail").press("Enter")
    page.wait_for_url(re.compile("envoye=1"))
    status = page.get_by_role("main").get_by_role("status")
    expect(status).to_contain_text("Si un compte correspond à cette adresse")
    return status.inner_text()


def test_asking_for_a_link_says_the_same_whether_the_address_is_known(
    page: Page, server: Server
) -> None:
    before = len(server.mails())
    unknown = _ask(page, "personne@example.org")
    known = _ask(page, ZOE.email)
    assert unknown == known
    server.wait_for_mail(ZOE.email, SUBJECT, before)
    assert not [m for m in server.mails()[before:] if "personne@" in m.recipient]


def test_a_forgotten_password_from_start_to_end(
    page: Page, server: Server, open_context: OpenContext, karim_as_before: None
) -> None:
    elsewhere = open_context(server).new_page()
    sign_in(elsewhere, KARIM)

    link = _link(page, server, KARIM)
    assert link.startswith(f"{server.url}/mot-de-passe/")
    visit(page, link)
    # the secret has left the address
    assert path_of(page) == "/nouveau-mot-de-passe"
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouveau mot de passe")
    first = labelled(page, "Nouveau mot de passe")
    again = labelled(page, "Confirmation du mot de passe")
    conditions = page.get_by_role("listitem").filter(has_text=re.compile("rempli"))
    expect(conditions.filter(has_text="à remplir")).to_have_count(3)
    for typed, left in (("abc", 3), ("abcdef", 2), ("Abcdef", 1), ("Abcdef!", 0), ("A!", 1)):
        first.fill(typed)
        expect(conditions.filter(has_text="à remplir")).to_have_count(left)

    first.fill("abcdef")
    again.fill("abcdef")
    again.press("Enter")
    page.wait_for_url(re.compile("erreur=1"))
    refusal = page.get_by_text(re.compile("Il manque encore"))
    expect(refusal).to_contain_text("1 majuscule, 1 caractère spécial")
    expect(first).to_have_attribute("aria-invalid", "true")
    assert "majuscule" in str(
        first.evaluate(
            "e => (e.getAttribute('aria-describedby') ?? '').split(' ')"
            ".map(i => document.getElementById(i)?.textContent ?? '').join(' ')"
        )
    )

    first.fill(NEW)
    again.fill(NEW + "?")
    again.press("Enter")
    expect(page.get_by_text("Les deux mots de passe ne sont pas identiques")).to_be_visible()

    first.fill(NEW)
    again.fill(NEW)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(re.compile(r"/connexion\?nouveau=1"))
    expect(page.get_by_text("Votre mot de passe est changé")).to_be_visible()
    server.wait_for_mail(KARIM.email, "a été changé")
    # whoever was in with the old one is out
    elsewhere.wait_for_url(re.compile("/connexion"), timeout=15_000)

    fill_sign_in(page, KARIM.name, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("n’ont pas été reconnus")
    fill_sign_in(page, KARIM.name, NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Karim")

    visit(elsewhere, link)
    expect(elsewhere.get_by_text("Ce lien a déjà servi")).to_be_visible()
    elsewhere.get_by_role("main").get_by_role("link", name="Demander un nouveau lien").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Mot de passe oublié")


def test_a_newer_link_replaces_the_older(page: Page, server: Server) -> None:
    first, second = _link(page, server, ZOE), _link(page, server, ZOE)
    assert first != second
    visit(page, first)
    expect(page.get_by_text("Ce lien a déjà servi")).to_be_visible()
    visit(page, second)
    expect(labelled(page, "Nouveau mot de passe")).to_be_visible()


def test_a_link_too_old_or_cut_says_so(page: Page, server: Server) -> None:
    link = _link(page, server, ZOE)
    server.sql(
        "UPDATE one_time_link SET created_at = '2020-01-01 08:00:00', "
        "expires_at = '2020-01-01 09:00:00'"
    )
    visit(page, link)
    expect(page.get_by_text("Ce lien a expiré")).to_be_visible()
    visit(page, link[:-6])
    expect(page.get_by_text("Ce lien n’est pas valable")).to_be_visible()
