"""«Mon compte»: address, password, screen, devices, family files, consents, data."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import DESKTOP, PHONE, path_of, visit
from tests.e2e.helpers.people import ZOE, labelled, let_in, sign_in
from tests.e2e.helpers.server import Server

NEW_EMAIL, NEW_PASSWORD = "zoe.nouvelle@example.org", "Grand!cerf-volant"
INFORMATION, FILES, CONSENTS = (
    *("/mon-compte", "/mon-compte/souscriptions"),
    "/mon-compte/consentements",
)


@pytest.fixture
def page(own_server: Server, open_context: OpenContext) -> Page:
    """Zoé's browser, on a portal whose town the test may change."""
    context = open_context(own_server)
    let_in(context, own_server)
    return context.new_page()


def card(page: Page, title: str) -> Locator:
    return page.locator("section.card").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )


def save(card: Locator) -> None:
    card.get_by_role("button", name="Enregistrer").click()


def field(card: Locator, label: str) -> Locator:
    return card.get_by_label(re.compile(rf"^{re.escape(label)}\s*\*?$"))


def test_the_way_to_each_page_and_what_they_say(page: Page) -> None:
    visit(page, "/accueil")
    page.get_by_role("banner").get_by_role("link", name="Mon compte").click()
    mine = card(page, "Mes informations")
    for value in ("Pinceau", "Zoé", "z-pinceau", ZOE.email):
        expect(mine.get_by_text(value, exact=True)).to_be_visible()
    side = page.get_by_role("navigation", name="Mon compte")
    for label in ("Mes souscriptions", "Mes consentements"):
        side.get_by_role("link", name=label).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(label)
        here = side.locator("[aria-current=page]")
        expect(here).to_have_text(label)


def test_an_address_changes_from_its_own_mailbox(
    page: Page, own_server: Server, open_context: OpenContext
) -> None:
    visit(page, INFORMATION)
    form = card(page, "Changer mon adresse e-mail")
    field(form, "Adresse e-mail").fill("pas une adresse")
    save(form)
    expect(form.get_by_text("Erreur")).to_be_attached()
    expect(field(form, "Adresse e-mail")).to_have_value("pas une adresse")
    expect(field(form, "Adresse e-mail")).to_be_focused()
    field(form, "Adresse e-mail").fill(NEW_EMAIL)
    save(form)
    expect(form.get_by_text("attend votre confirmation")).to_be_visible()
    mail = own_server.wait_for_mail(NEW_EMAIL, "confirmez votre nouvelle")
    link = re.findall(r"https?://\S+/confirmer-adresse/\S+", mail.text)[0]
    # another device, where nobody is signed in: following the link changes nothing yet
    phone = open_context(own_server, PHONE).new_page()
    phone.goto(link)
    assert path_of(phone) == "/adresse-confirmee"
    expect(phone.get_by_text(NEW_EMAIL)).to_be_visible()
    visit(page, INFORMATION)
    expect(card(page, "Mes informations").get_by_text(ZOE.email)).to_be_visible()
    phone.get_by_role("button", name="Confirmer mon adresse e-mail").click()
    expect(phone.get_by_text("a maintenant l’adresse")).to_be_visible()
    visit(page, INFORMATION)
    expect(card(page, "Mes informations").get_by_text(NEW_EMAIL)).to_be_visible()
    told = own_server.wait_for_mail(ZOE.email, "a été changée")
    assert "z•••@example.org" in told.text
    phone.goto(link)
    expect(phone.get_by_text("a déjà servi")).to_be_visible()


def test_a_password_changes_and_the_other_devices_are_signed_out(
    page: Page, own_server: Server, open_context: OpenContext
) -> None:
    elsewhere = open_context(own_server, PHONE).new_page()
    sign_in(elsewhere)
    visit(page, INFORMATION)
    form = card(page, "Changer mon mot de passe")
    save(form)
    expect(page.locator("#erreurs")).to_be_focused()
    field(form, "Ancien mot de passe").fill("Bienvenue!1")
    field(form, "Mot de passe").fill("Password!1")
    field(form, "Confirmation du mot de passe").fill("Password!1")
    save(form)
    expect(form.get_by_text("trop connu").first).to_be_visible()
    expect(field(form, "Mot de passe")).to_have_value("Password!1")
    field(form, "Mot de passe").fill(NEW_PASSWORD)
    field(form, "Confirmation du mot de passe").fill(NEW_PASSWORD)
    save(form)
    expect(form.get_by_text("Votre mot de passe est changé")).to_be_visible()
    expect(field(form, "Mot de passe")).to_have_value("")
    elsewhere.wait_for_url("**/connexion*")
    visit(page, "/accueil")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    own_server.wait_for_mail(ZOE.email, "mot de passe a été changé")


def test_a_device_is_signed_out_from_another(
    page: Page, own_server: Server, open_context: OpenContext
) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    phone = open_context(own_server, PHONE, user_agent=agent).new_page()
    sign_in(phone)
    visit(page, INFORMATION)
    devices = card(page, "Appareils connectés")
    expect(devices.get_by_text("Safari sur iPhone")).to_be_visible()
    expect(devices.get_by_text("Cet appareil")).to_be_visible()
    devices.get_by_role("button", name="Déconnecter").click()
    expect(devices.get_by_role("status")).to_contain_text("Safari sur iPhone")
    phone.wait_for_url("**/connexion*")


def test_the_layout_of_a_phone_on_a_wide_screen(page: Page) -> None:
    visit(page, INFORMATION)
    bar = page.get_by_role("navigation", name="Raccourcis")
    expect(bar).to_be_hidden()
    form = card(page, "Accessibilité mobile")
    form.get_by_label("Activer l’ergonomie mobile").check()
    save(form)
    expect(form.get_by_text("est activée")).to_be_visible()
    for path in ("/accueil", INFORMATION, "/aide"):
        visit(page, path)
        expect(bar).to_be_visible()
        assert page.locator(".frame").evaluate("e => getComputedStyle(e).fontSize") == "19px"
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
    visit(page, INFORMATION)
    for control in form.get_by_role("button").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 56
    form.get_by_label("Activer l’ergonomie mobile").uncheck()
    save(form)
    expect(bar).to_be_hidden()


def test_mails_are_chosen(page: Page) -> None:
    visit(page, INFORMATION)
    form = card(page, "Notifications par e-mail")
    form.get_by_label("Actualités").uncheck()
    save(form)
    expect(form.get_by_role("status")).to_contain_text("enregistré")
    visit(page, INFORMATION)
    expect(form.get_by_label("Actualités")).not_to_be_checked()
    expect(form.get_by_label("Réponses")).to_be_checked()


def test_a_family_file_more_then_less(page: Page) -> None:
    visit(page, FILES)
    form = card(page, "Ajouter un dossier famille")
    save(form)
    expect(page.locator("#erreurs")).to_be_focused()
    field(form, "Numéro de dossier").fill("10 427")
    field(form, "Nom").fill("dupont")
    field(form, "Adresse e-mail").fill("claire.martin@example.org")
    save(form)
    refusal = form.get_by_role("alert").filter(has_text="n’ont pas été reconnues")
    expect(refusal).to_be_focused()
    expect(field(form, "Nom")).to_have_value("dupont")
    field(form, "Nom").fill("martin")
    save(form)
    files = card(page, "Service enfance")
    expect(files.get_by_role("status")).to_contain_text("10427")
    visit(page, "/accueil")
    expect(page.get_by_role("heading", name="MARTIN")).to_be_visible()
    visit(page, FILES)
    files.get_by_role("button", name="Retirer").nth(1).click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("10427")
    question.get_by_role("button", name="Annuler").click()
    expect(question).to_be_hidden()
    files.get_by_role("button", name="Retirer").nth(1).click()
    question.get_by_role("button", name="Retirer ce dossier").click()
    expect(files.get_by_role("status")).to_contain_text("n’est plus relié")
    expect(files.get_by_role("button", name="Retirer")).to_have_count(1)


def test_a_consent_withdrawn_is_asked_for_before_anything_else(page: Page) -> None:
    visit(page, CONSENTS)
    page.get_by_role("button", name="Retirer").first.click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("votre compte ne peut plus servir")
    question.get_by_role("button", name="Retirer mon accord").click()
    page.wait_for_url("**/conditions-a-accepter")
    visit(page, FILES)
    assert path_of(page).startswith("/conditions-a-accepter?suite=")
    expect(page.get_by_role("button", name="Préparer mes données")).to_be_visible()
    page.get_by_role("button", name="Accepter").click()
    expect(page.locator("#erreurs")).to_be_focused()
    page.get_by_label(re.compile("^J’ai lu et j’accepte")).check()
    page.get_by_role("button", name="Accepter").click()
    page.wait_for_url(f"**{FILES}")
    visit(page, CONSENTS)
    expect(page.get_by_text("Retiré le")).to_be_visible()


def test_one_s_data_in_a_file(page: Page, tmp_path: Path) -> None:
    visit(page, CONSENTS)
    page.get_by_role("button", name="Préparer mes données").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger mes données").click()
    file = tmp_path / "mine.zip"
    download.value.save_as(file)
    assert download.value.suggested_filename == "mes-donnees.zip"
    with zipfile.ZipFile(file) as packed:
        text = packed.read("mes-donnees.json").decode()
    assert "Christopher" in text
    assert "Lina" not in text


def test_a_deletion_is_asked_acknowledged_and_taken_back(page: Page, own_server: Server) -> None:
    visit(page, CONSENTS)
    page.get_by_role("button", name="Demander la suppression de mon compte").click()
    question = page.get_by_role("alertdialog")
    question.get_by_role("button", name="Demander la suppression").click()
    expect(page.get_by_text("Demande reçue le")).to_be_visible()
    mail = own_server.wait_for_mail(ZOE.email, "suppression de compte")
    assert "Sans réponse de notre part" in mail.text
    visit(page, CONSENTS)
    page.get_by_role("button", name="Annuler ma demande").click()
    expect(page.get_by_text("est annulée")).to_be_visible()
    expect(page.get_by_role("button", name="Demander la suppression")).to_be_visible()


def test_a_stranger_and_an_open_door(own_server: Server, open_context: OpenContext) -> None:
    stranger = open_context(own_server, DESKTOP).new_page()
    stranger.goto(CONSENTS)
    assert path_of(stranger).startswith("/connexion?suite=")
    expect(labelled(stranger, "Mot de passe")).to_be_visible()
    stranger.goto("/adresse-confirmee")
    expect(stranger.get_by_text("Ce lien n’est pas valable")).to_be_visible()
