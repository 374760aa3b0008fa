"""/creer-mon-compte, from the first step to the first sign-in, on a desk and on a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import reload, visit, watch
from tests.e2e.helpers.people import labelled, name_field, password_field
from tests.e2e.helpers.registration import (
    CLAIRE,
    ELOISE,
    WIZARD,
    accept,
    at_step,
    fill_identity,
    fill_references,
    forget_everybody,
    go_to,
    links,
    new_link,
    submit,
)
from tests.e2e.helpers.server import Server

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
each_step = pytest.mark.parametrize("step", [1, 2, 3, 4, 5])


@pytest.fixture(autouse=True)
def _newcomers(server: Server) -> Iterator[None]:
    forget_everybody(server)
    yield
    forget_everybody(server)


def drafts(server: Server) -> int:
    return int(server.sql("SELECT count(*) FROM registration_draft")[0][0])


def typed_names(server: Server) -> list[tuple[str]]:
    return server.sql("SELECT user_name FROM registration_draft")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def errors(page: Page) -> list[str]:
    """What is written beside the fields."""
    return [text for text in page.locator(".field .error").all_inner_texts() if text]


@both_sizes
def test_claire_creates_her_account_and_sees_her_children(page: Page, server: Server) -> None:
    old = links(server)
    page.goto("/")
    page.get_by_role("link", name="Créer mon compte").click()
    at_step(page, 1)
    fill_identity(page, CLAIRE)
    submit(page, "Confirmation du mot de passe")
    at_step(page, 2)
    # not asked twice: her name and address are there already
    expect(labelled(page, "Nom")).to_have_value("Martin")
    expect(labelled(page, "Adresse e-mail")).to_have_value(CLAIRE.email)
    labelled(page, "Numéro de dossier").fill(CLAIRE.number)
    submit(page, "Numéro de dossier")
    at_step(page, 3)
    accept(page)
    at_step(page, 4)
    accept(page)
    at_step(page, 5)
    recap = page.get_by_role("main")
    for text in ("Claire", "Martin", CLAIRE.email, "c-martin", "10427", "MARTIN"):
        expect(recap).to_contain_text(text)
    expect(recap).not_to_contain_text(CLAIRE.password)
    page.get_by_role("button", name="Valider mon inscription").click()
    expect(page.get_by_role("button", name="Renvoyer le lien")).to_be_visible()
    visit(page, new_link(server, old))
    page.get_by_role("button", name="Activer mon compte").click()
    page.wait_for_url("**/connexion?active=1")
    expect(page.get_by_text("Votre compte est activé")).to_be_visible()
    name_field(page).fill("C-Martin")
    password_field(page).fill(CLAIRE.password)
    password_field(page).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Claire")
    for child in ("Jules", "Emma"):
        expect(page.get_by_role("main").get_by_text(child, exact=True)).to_be_visible()


def test_eloise_is_found_without_accents_or_hyphen(page: Page) -> None:
    go_to(page, 5, ELOISE)
    expect(page.get_by_role("main")).to_contain_text("DUPRÉ-LÉVÊQUE")


@pytest.mark.parametrize(
    "wrong",
    [
        {"Numéro de dossier": "10428"},
        {"Nom": "Durand"},
        {"Adresse e-mail": "autre@example.org"},
    ],
)
def test_a_mismatch_does_not_say_which(page: Page, wrong: dict[str, str]) -> None:
    go_to(page, 2, CLAIRE)
    fill_references(page, CLAIRE, **wrong)
    alert = page.get_by_role("alert").filter(has_text="n’ont pas été reconnues")
    expect(alert).to_be_visible()
    expect(labelled(page, "Numéro de dossier")).to_be_focused()
    typed = wrong.get("Numéro de dossier", CLAIRE.number)
    expect(labelled(page, "Numéro de dossier")).to_have_value(typed)
    at_step(page, 2)


def test_the_sixth_try_is_refused_for_a_while(page: Page) -> None:
    go_to(page, 2, CLAIRE)
    for number in range(5):
        fill_references(page, CLAIRE, **{"Numéro de dossier": f"9999{number}"})
        expect(page.get_by_text("n’ont pas été reconnues")).to_be_visible()
    fill_references(page, CLAIRE)
    expect(page.get_by_text(re.compile("Trop d’essais.*minutes"))).to_be_visible()
    at_step(page, 2)


def test_an_adult_who_has_an_account_is_shown_the_door(page: Page, server: Server) -> None:
    go_to(page, 5, CLAIRE)
    page.get_by_role("button", name="Valider mon inscription").click()
    expect(page.get_by_role("button", name="Renvoyer le lien")).to_be_visible()
    page.context.clear_cookies()
    again = CLAIRE.called("claire-2")
    visit(page, WIZARD)
    fill_identity(page, again, **{
        "Adresse e-mail": "c2@example.org", "Confirmation d’adresse e-mail": "c2@example.org",
    })  # fmt: skip
    submit(page, "Nom")
    at_step(page, 2)
    fill_references(page, CLAIRE)
    expect(page.get_by_text("Vous avez déjà un compte")).to_be_visible()
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="nouveau mot de passe")).to_be_visible()


@pytest.mark.parametrize(
    ("label", "value", "says"),
    [
        ("Adresse e-mail", "a@b", "la fin de l’adresse"),
        ("Confirmation d’adresse e-mail", "autre@example.org", "ne sont pas identiques"),
        ("Nom d’utilisateur", "Z-PINCEAU", "déjà pris"),
        ("Mot de passe", "abcdef", "1 majuscule"),
        ("Mot de passe", "Abcdef", "1 caractère spécial"),
        ("Mot de passe", "Password!1", "trop connu"),
        ("Mot de passe", "A!" * 129, "256 caractères au plus"),
    ],
)
def test_an_error_is_beside_its_field_which_has_the_focus(
    page: Page, label: str, value: str, says: str
) -> None:
    visit(page, WIZARD)
    fill_identity(page, CLAIRE, **{label: value})
    submit(page, "Nom")
    expect(labelled(page, label)).to_be_focused()
    expect(page.locator(".field .error").filter(has_text=says)).to_be_visible()
    assert len(errors(page)) == 1
    expect(labelled(page, label)).to_have_attribute("aria-invalid", "true")
    expect(labelled(page, "Prénom")).to_have_value("Claire")  # nothing typed is lost
    expect(labelled(page, label)).to_have_value(value)


@pytest.mark.parametrize(
    "password", ["Abcde!", "Deux mots 😀!", "A!" * 100], ids=["short", "emoji", "200 characters"]
)
def test_unusual_passwords_and_addresses_are_taken(page: Page, password: str) -> None:
    visit(page, WIZARD)
    fill_identity(page, CLAIRE, **{
        "Mot de passe": password,
        "Confirmation du mot de passe": password,
        "Adresse e-mail": " claire@écoles.fr ",
        "Confirmation d’adresse e-mail": "claire@écoles.fr",
    })  # fmt: skip
    submit(page, "Nom")
    at_step(page, 2)


def test_conditions_turn_met_and_strength_is_told(page: Page) -> None:
    visit(page, WIZARD)
    field = labelled(page, "Mot de passe")
    field.press_sequentially("Abc")
    rules = page.get_by_role("listitem").filter(has_text="majuscule")
    expect(rules).to_contain_text("rempli")
    length = page.get_by_role("listitem").filter(has_text="6 caractères")
    expect(length).to_contain_text("à remplir")
    field.fill("Trois mots sans lien !")
    labelled(page, "Confirmation du mot de passe").focus()
    expect(page.get_by_text(re.compile("Solidité : (Bon|Très bon)"))).to_be_visible()
    expect(field).to_have_attribute("autocomplete", "new-password")


@each_step
def test_a_reload_finds_the_same_step(page: Page, step: int) -> None:
    go_to(page, step, CLAIRE)
    reload(page)
    at_step(page, step)


@each_step
def test_cancelling_keeps_nothing(page: Page, server: Server, step: int) -> None:
    go_to(page, step, CLAIRE)
    assert drafts(server) == (1 if step > 1 else 0)
    page.get_by_role("button", name="Annuler").click()
    page.wait_for_url(f"{server.url}/")
    assert drafts(server) == 0
    assert server.sql("SELECT 1 FROM account WHERE first_name = 'Claire'") == []


def test_one_goes_back_without_losing_anything(page: Page) -> None:
    go_to(page, 5, CLAIRE)
    for step in (4, 3, 2, 1):
        page.get_by_role("button", name="Retour").click()
        at_step(page, step)
    expect(labelled(page, "Nom d’utilisateur")).to_have_value("c-martin")
    expect(page.get_by_text("déjà enregistré")).to_be_visible()
    submit(page, "Nom d’utilisateur")
    at_step(page, 2)
    expect(labelled(page, "Numéro de dossier")).to_have_value("10427")


def test_a_server_killed_at_each_step_loses_nothing(
    own_server: Server, open_context: OpenContext
) -> None:
    page = open_context(own_server).new_page()
    watch(page).allow("WebSocket|ERR_CONNECTION|Failed to load")
    for step in (1, 2, 3, 4, 5):
        if step == 1:
            visit(page, WIZARD)
            fill_identity(page, CLAIRE)
            # a field is kept as one leaves it; a word still on its way is nobody's to save
            wait_until(lambda: typed_names(own_server) == [("c-martin",)])
        own_server.kill()
        expect(page.get_by_text("Connexion au serveur perdue")).to_be_visible()
        own_server.start()
        expect(page.get_by_text("Connexion au serveur perdue")).to_be_hidden(timeout=20_000)
        at_step(page, step)
        if step == 1:
            # as typed, though nothing was accepted yet; passwords are never kept in clear
            for label in ("Nom", "Prénom", "Adresse e-mail", "Nom d’utilisateur"):
                expect(labelled(page, label)).not_to_have_value("")
            for label in ("Mot de passe", "Confirmation du mot de passe"):
                labelled(page, label).fill(CLAIRE.password)
            submit(page, "Nom")
        elif step == 2:
            fill_references(page, CLAIRE)
        elif step < 5:
            accept(page)
        if step < 5:
            at_step(page, step + 1)
    page.get_by_role("button", name="Valider mon inscription").click()
    expect(page.get_by_role("button", name="Renvoyer le lien")).to_be_visible()


def test_the_link_says_what_to_do_whatever_became_of_it(page: Page, server: Server) -> None:
    old = links(server)
    go_to(page, 5, CLAIRE)
    page.get_by_role("button", name="Valider mon inscription").click()
    first = new_link(server, old)
    page.get_by_role("button", name="Renvoyer le lien").click()
    expect(page.get_by_text("Un nouveau lien vient de partir")).to_be_visible()
    second = new_link(server, [*old, first])
    visit(page, first)
    expect(page.get_by_text("Ce lien a expiré")).to_be_visible()
    visit(page, second[:-8])
    expect(page.get_by_text("recopiez-le en entier")).to_be_visible()
    expect(page.get_by_role("button", name="Renvoyer le lien")).to_be_visible()
    visit(page, second)
    page.get_by_role("button", name="Activer mon compte").click()
    page.wait_for_url("**/connexion?active=1")
    visit(page, second)
    expect(page.get_by_text("Ce lien a déjà servi")).to_be_visible()
    link = page.get_by_role("main").get_by_role("link", name="Se connecter")
    expect(link).to_be_visible()


def test_after_72_hours_a_new_link_is_sent(page: Page, server: Server) -> None:
    old = links(server)
    go_to(page, 5, CLAIRE)
    page.get_by_role("button", name="Valider mon inscription").click()
    link = new_link(server, old)
    shift = "strftime('%Y-%m-%d %H:%M:%f000', {}, '-72 hours', '-1 minutes')"
    server.sql(
        f"UPDATE one_time_link SET created_at = {shift.format('created_at')}, "
        f"expires_at = {shift.format('expires_at')}"
    )
    visit(page, link)
    expect(page.get_by_text("Ce lien a expiré")).to_be_visible()
    page.get_by_role("button", name="Renvoyer le lien").click()
    expect(page.get_by_text("un nouveau lien vient d’y être envoyé")).to_be_visible()
    visit(page, new_link(server, [*old, link]))
    expect(page.get_by_role("button", name="Activer mon compte")).to_be_visible()
