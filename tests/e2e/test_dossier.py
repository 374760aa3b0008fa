"""«Dossier»: procedures, coordinates, children; what each household of a shared child sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import samples
from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import DESKTOP, PHONE, Size, path_of, text_of, visit, watch
from tests.e2e.helpers.people import CHILDREN, KARIM, MARC, ZOE, Person, let_in
from tests.e2e.helpers.server import Server

DOSSIER, CHILD, REQUEST = "/dossier", "/dossier/enfants/fiche", "/dossier/demarche"
COORDINATES = "/dossier/coordonnees"
both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)


@pytest.fixture(scope="module")
def town(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal that these scenarios change, each its own corner of it."""
    yield from checked(Server(tmp_path_factory.mktemp("dossier")))


@pytest.fixture
def page(town: Server, open_context: OpenContext, size: Size) -> Page:
    """Zoé's browser."""
    context = open_context(town, size)
    let_in(context, town)
    return context.new_page()


def other_browser(town: Server, open_context: OpenContext, person: Person) -> Page:
    context = open_context(town, DESKTOP)
    let_in(context, town, person)
    return context.new_page()


def card(page: Page, title: str | re.Pattern[str]) -> Locator:
    return page.locator("section.card").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )


def field(card: Locator, label: str) -> Locator:
    return card.get_by_label(re.compile(rf"^{re.escape(label)}\s*\*?$"))


def save(card: Locator) -> None:
    card.get_by_role("button", name="Enregistrer").click()


def value_of(card: Locator, label: str) -> Locator:
    """What a row of the file says."""
    return card.locator("dl > div").filter(has=card.page.get_by_text(label, exact=True))


def plain(page: Page) -> str:
    """The words of the page, its spaces made ordinary."""
    return text_of(page).replace("\u00a0", " ").replace("\u202f", " ")


def a_pdf(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": samples.pdf()}


def id_of(town: Server, first_name: str) -> int:
    return int(town.sql("SELECT id FROM child WHERE first_name = ?", first_name)[0][0])


def open_child(page: Page, town: Server, first_name: str) -> None:
    visit(page, f"{CHILD}?enfant={id_of(town, first_name)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first_name)


def number_of(page: Page) -> int:
    """The procedure whose page this is."""
    return int(path_of(page).split("n=")[1].split("&")[0])


# --- procedures and invoices


@both_sizes
def test_the_way_to_the_dossier_and_its_pages(page: Page, size: Size) -> None:
    visit(page, "/accueil")
    if size == PHONE:
        page.get_by_role("button", name="Plus").click()
    menu = page.get_by_role("navigation", name="Plus" if size == PHONE else "Principal")
    menu.get_by_role("link", name="Dossier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon dossier")
    side = page.get_by_role("navigation", name="Dossier")
    for label in ("Mes enfants", "Mes coordonnées", "Mes documents", "Mon dossier"):
        side.get_by_role("link", name=label).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(label)
        expect(side.locator("[aria-current=page]")).to_have_text(label)
    due = card(page, "Factures en attente").get_by_role("listitem")
    expect(due).to_have_count(1)
    expect(due).to_contain_text("36,94\u00a0€")
    expect(due).to_contain_text("À payer avant le")


@both_sizes
def test_procedures_are_paged_newest_first(page: Page) -> None:
    visit(page, DOSSIER)
    listed = card(page, "Suivi de mes démarches")
    lines = listed.locator("tbody").get_by_role("row")
    expect(lines).to_have_count(10)
    dates = _dates(lines)
    following = listed.get_by_role("button", name="Suivant")
    place = 1
    while following.is_enabled():  # two pages, and a third once others have asked for much
        place += 1
        following.click()
        expect(listed.get_by_text(f"Page {place} sur ")).to_be_visible()
        dates += _dates(lines)
    assert place >= 2
    expect(lines.filter(has_text="adresse e-mail")).to_have_count(1)  # the oldest
    assert dates == sorted(dates, reverse=True)
    assert len(dates) >= 18
    listed.get_by_role("button", name="Précédent").click()
    expect(listed.get_by_text(f"Page {place - 1} sur ")).to_be_visible()


def _dates(lines: Locator) -> list[tuple[str, ...]]:
    found = [re.findall(r"\d\d/\d\d/\d{4}", text)[0] for text in lines.all_text_contents()]
    return [tuple(reversed(one.split("/"))) for one in found]


def test_procedures_are_filtered_and_open(page: Page) -> None:
    visit(page, DOSSIER)
    listed = card(page, "Suivi de mes démarches")
    lines = listed.locator("tbody").get_by_role("row")
    listed.get_by_label("Enfant").select_option("Audrey")
    expect(lines.filter(has_not_text="(Audrey)")).to_have_count(0)
    listed.get_by_label("État").select_option("Refusée")
    expect(listed.get_by_role("status").filter(has_text="démarche")).to_have_text("1\u00a0démarche")
    lines.get_by_role("link", name="Absence signalée (Audrey)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Absence signalée")
    expect(page.get_by_text("pour Audrey")).to_be_visible()
    history = card(page, "Historique").get_by_role("listitem")
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("Refusée")
    expect(history.first).to_contain_text("n’était pas lisible")
    expect(history.last).to_contain_text("Demandée par vous")
    expect(page.get_by_role("button", name="Retirer ma demande")).to_have_count(0)


def test_a_filter_that_finds_nothing_says_so(page: Page) -> None:
    visit(page, DOSSIER)
    listed = card(page, "Suivi de mes démarches")
    listed.get_by_label("Enfant").select_option("Christopher")
    listed.get_by_label("État").select_option("Refusée")
    expect(listed.get_by_text("Aucune démarche ne correspond")).to_be_visible()
    listed.get_by_label("État").select_option("")
    expect(listed.locator("tbody").get_by_role("row").first).to_be_visible()


# --- coordinates


@both_sizes
def test_a_telephone_changes_at_once_and_is_written_one_way(page: Page, size: Size) -> None:
    typed, kept = (
        ("06.98.76.54.32", "06 98 76 54 32") if size == PHONE else ("0612345678", "06 12 34 56 78")
    )
    visit(page, COORDINATES)
    zoe = card(page, "Zoé Pinceau")
    zoe.get_by_role("button", name="Modifier").click()
    expect(field(zoe, "Nom")).to_be_focused()
    field(zoe, "Téléphone").fill("06 12")
    field(zoe, "Téléphone professionnel").fill("01 45 59 20 00")
    save(zoe)
    summary = page.locator("#erreurs")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("n’est pas complet")
    expect(field(zoe, "Téléphone")).to_have_value("06 12")
    expect(field(zoe, "Téléphone professionnel")).to_have_value("01 45 59 20 00")
    expect(field(zoe, "Téléphone")).to_have_attribute("aria-invalid", "true")
    expect(zoe.locator("#champ-phone-erreur")).to_contain_text("n’est pas complet")
    summary.get_by_role("link").click()
    expect(field(zoe, "Téléphone")).to_be_focused()
    field(zoe, "Téléphone").fill(typed)
    save(zoe)
    expect(zoe.get_by_role("status")).to_contain_text("C’est enregistré")
    expect(value_of(zoe, "Téléphone")).to_contain_text(kept)
    visit(page, COORDINATES)
    expect(value_of(zoe, "Téléphone")).to_contain_text(kept)
    expect(zoe.get_by_role("status")).to_be_empty()


def test_a_form_may_be_left_without_a_change(page: Page) -> None:
    visit(page, COORDINATES)
    zoe = card(page, "Zoé Pinceau")
    zoe.get_by_role("button", name="Modifier").click()
    field(zoe, "Prénom").fill("Zaza")
    zoe.get_by_role("button", name="Annuler").click()
    expect(field(zoe, "Prénom")).to_have_count(0)
    zoe.get_by_role("button", name="Modifier").click()
    expect(field(zoe, "Prénom")).to_have_value("Zoé")
    save(zoe)
    expect(zoe.get_by_role("status")).to_contain_text("Rien n’a changé")


def test_an_address_waits_for_a_proof_and_an_agent(page: Page, town: Server) -> None:
    visit(page, COORDINATES)
    home = card(page, re.compile(r"^Dossier n° 10001"))
    expect(home).to_contain_text("850,00\u00a0€")
    home.get_by_role("button", name="Modifier : adresse").click()
    field(home, "Rue").fill("7 rue des Acacias")
    field(home, "Code postal").fill("94 800")
    save(home)
    expect(home.get_by_role("status")).to_contain_text("Déposez maintenant un justificatif")
    row = value_of(home, "Adresse")
    expect(row).to_contain_text("12 rue des Lilas")
    expect(row).to_contain_text("Nouvelle valeur demandée : 7 rue des Acacias, 94800")
    row.get_by_role("link", name="Déposer le justificatif").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("adresse")
    number = number_of(page)
    state = card(page, "Où en est cette démarche")
    expect(state).to_contain_text("Document demandé")
    expect(state).to_contain_text("justificatif de domicile de moins de trois mois")
    changes = card(page, "Ce qui change")
    expect(changes.get_by_role("row").last).to_contain_text("12 rue des Lilas")
    expect(changes.get_by_role("row").last).to_contain_text("7 rue des Acacias")
    received = town.wait_for_mail(ZOE.email, f"accusé de réception de votre démarche n° {number}")
    assert "Il manque un justificatif" in received.text

    form = card(page, "Déposer le justificatif")
    form.locator("#depot-demarche-fichiers").set_input_files(a_pdf("facture.pdf"))
    form.get_by_role("button", name="Déposer").click()
    expect(page.locator("#resultats")).to_be_focused()
    expect(page.locator("#resultats")).to_contain_text("Votre document est arrivé")
    expect(state).to_contain_text("Demandée")
    file = state.get_by_role("link", name="facture.pdf")
    with page.expect_download() as download:
        file.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    expect(card(page, "Historique").get_by_role("listitem")).to_have_count(2)

    agent = ("--agent", "agent.enfance")
    town.run("procedures", "accept", str(number), *agent)
    town.run("procedures", "accept", str(number), *agent, ends=1)  # answered already
    visit(page, f"{REQUEST}?n={number}")
    expect(state).to_contain_text("Validée")
    expect(card(page, "Historique").get_by_role("listitem").first).to_contain_text(
        "Validée par la mairie"
    )
    expect(page.get_by_role("button", name="Retirer ma demande")).to_have_count(0)
    visit(page, COORDINATES)
    expect(row).to_contain_text("7 rue des Acacias")
    expect(row).not_to_contain_text("Lilas")
    expect(row.get_by_role("link")).to_have_count(0)
    answered = town.wait_for_mail(ZOE.email, f"votre demande n° {number} est acceptée")
    assert "le changement est en place" in answered.text


def test_a_change_is_withdrawn_through_its_dialog(page: Page, town: Server) -> None:
    open_child(page, town, "Audrey")
    identity = card(page, "Identité et école")
    identity.get_by_role("button", name="Modifier").click()
    field(identity, "Prénom").fill("Audrey-Lou")
    save(identity)
    expect(identity).to_contain_text("Nouvelle valeur demandée : Audrey-Lou Pinceau")
    identity.get_by_role("link", name="Ouvrir ma demande").click()
    page.get_by_role("button", name="Retirer ma demande").click()
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("button", name="Annuler")).to_be_focused()
    question.get_by_role("button", name="Annuler").click()
    expect(question).to_be_hidden()
    expect(card(page, "Où en est cette démarche")).to_contain_text("Document demandé")
    page.get_by_role("button", name="Retirer ma demande").click()
    question.get_by_role("button", name="Retirer ma demande").click()
    expect(question).to_be_hidden()
    expect(page.get_by_text("Votre demande est retirée")).to_be_visible()
    expect(card(page, "Où en est cette démarche")).to_contain_text("Retirée")
    expect(card(page, "Déposer le justificatif")).to_have_count(0)
    open_child(page, town, "Audrey")
    expect(identity).to_contain_text("Audrey Pinceau")
    expect(identity).not_to_contain_text("Audrey-Lou")


# --- a child's page


def test_the_children_are_listed_with_their_way(page: Page) -> None:
    visit(page, "/dossier/enfants")
    names = page.locator(".child-card h2")
    expect(names).to_have_count(4)
    for name in CHILDREN:
        expect(names.filter(has_text=name)).to_have_count(1)
    nora = page.locator(".child-card").filter(has_text="Nora")
    expect(nora).to_contain_text("Allergies et PAI")
    expect(page.locator(".child-card").filter(has_text="Sami")).to_contain_text("arde alternée")
    nora.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora")
    page.get_by_role("link", name="Mes enfants").first.click()
    expect(names).to_have_count(4)


@both_sizes
def test_medical_information_changes_and_a_pai_waits_for_its_proof(
    page: Page, town: Server, size: Size
) -> None:
    child = "Christopher" if size == DESKTOP else "Audrey"
    open_child(page, town, child)
    health = card(page, "Informations médicales")
    health.get_by_role("button", name="Modifier").click()
    expect(field(health, "Allergies")).to_be_focused()
    field(health, "Téléphone du médecin").fill("01")
    field(health, "Allergies").fill("Arachide\nKiwi")
    save(health)
    expect(page.locator("#erreurs")).to_be_focused()
    expect(field(health, "Allergies")).to_have_value("Arachide\nKiwi")
    field(health, "Téléphone du médecin").fill("01 00 00 20 99")
    health.get_by_role("group", name="Régime alimentaire").get_by_label("Sans porc").check()
    pai = health.get_by_role("group", name="Projet d’accueil individualisé")
    pai.get_by_label("Oui").check()
    field(health, "Ce que prévoit le PAI").fill("Trousse d’urgence")
    save(health)
    told = health.get_by_role("status")
    expect(told).to_contain_text("C’est enregistré")
    expect(told).to_contain_text("projet d’accueil individualisé signé")
    expect(value_of(health, "Allergies")).to_contain_text("Kiwi")
    expect(value_of(health, "Régime alimentaire")).to_contain_text("Sans porc")
    waits = value_of(health, "Projet d’accueil individualisé (PAI)")
    expect(waits).to_contain_text("Aucun PAI")
    expect(waits).to_contain_text("Trousse d’urgence")
    waits.get_by_role("link", name="Déposer le justificatif").click()
    expect(card(page, "Où en est cette démarche")).to_contain_text("Document demandé")
    # what is sealed is not in the list, nor in clear in the database
    visit(page, DOSSIER)
    assert "Kiwi" not in text_of(page)
    rows = town.sql("SELECT sealed FROM medical_record UNION SELECT new_value FROM field_change")
    assert not any("Kiwi" in row[0] or "Trousse" in row[0] for row in rows)


@both_sizes
def test_a_person_to_collect_is_added_then_removed(page: Page, town: Server, size: Size) -> None:
    name = "Lucie" if size == DESKTOP else "Ginette"
    open_child(page, town, "Nora")
    people = card(page, "Personnes autorisées à venir chercher l’enfant")
    expect(people.locator(".todo > li")).to_have_count(2)
    people.get_by_role("button", name="Ajouter une personne").click()
    save(people)
    expect(page.locator("#erreurs").get_by_role("link")).to_have_count(4)
    field(people, "Nom").fill("Morel")
    field(people, "Prénom").fill(name)
    field(people, "Téléphone").fill("0698765432")
    field(people, "Lien avec l’enfant").fill("tante")
    save(people)
    expect(people.get_by_role("status")).to_contain_text("C’est enregistré")
    added = people.locator(".todo > li").filter(has_text=f"{name} Morel")
    expect(added).to_contain_text("Tante, 06 98 76 54 32")
    added.get_by_role("link", name="Joindre sa pièce d’identité").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ajout d’une personne")
    form = page.locator("form.deposit")
    form.locator("input[type=file]").first.set_input_files(a_pdf(f"identité de {name}.pdf"))
    form.get_by_role("button", name="Déposer").click()
    expect(page.locator("#resultats")).to_contain_text("Votre document est arrivé")
    open_child(page, town, "Nora")
    expect(added).to_contain_text("À vérifier par la mairie")
    expect(added.get_by_role("link", name="Joindre")).to_have_count(0)
    with page.expect_download() as download:
        added.get_by_role("link", name=f"identité de {name}.pdf").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    added.get_by_role("button", name="Retirer").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text(f"{name} Morel")
    question.get_by_role("button", name="Annuler").click()
    expect(added).to_be_visible()
    added.get_by_role("button", name="Retirer").click()
    question.get_by_role("button", name="Retirer cette personne").click()
    expect(people.get_by_role("status")).to_contain_text(f"{name} Morel n’est plus autorisé")
    expect(people.locator(".todo > li")).to_have_count(2)


@both_sizes
def test_documents_are_beside_what_they_prove(page: Page, town: Server) -> None:
    open_child(page, town, "Nora")
    health = card(page, "Informations médicales")
    for label, file in (
        ("Projet d’accueil individualisé (PAI)", "PAI de Nora signé.pdf"),
        ("Vaccinations", "vaccins-nora.pdf"),
    ):
        row = value_of(health, label)
        expect(row).to_contain_text("Accepté")
        with page.expect_download() as download:
            row.get_by_role("link", name=file).click()
        assert download.value.suggested_filename == file
    awa = page.locator(".todo > li").filter(has_text="Awa Traoré")
    expect(awa.get_by_role("link", name="carte d’identité d’Awa.pdf")).to_be_visible()
    open_child(page, town, "Christopher")
    insurance = card(page, "Assurance")
    expect(insurance).to_contain_text("Expire bientôt")
    insurance.get_by_role("link", name="Déposer l’attestation d’assurance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes documents")


def test_permissions_are_decided(page: Page, town: Server) -> None:
    open_child(page, town, "Audrey")
    permissions = card(page, "Autorisations")
    expect(permissions.get_by_text("Pas encore de réponse.")).to_have_count(3)
    permissions.get_by_role("group", name="Photos").get_by_label("Je n’autorise pas").check()
    permissions.get_by_role("group", name="Sorties").get_by_label("J’autorise").check()
    save(permissions)
    expect(permissions.get_by_role("status")).to_contain_text("sont enregistrées")
    expect(permissions.get_by_text("Pas encore de réponse.")).to_have_count(1)
    open_child(page, town, "Audrey")
    group = permissions.get_by_role("group", name="Photos")
    expect(group.get_by_label("Je n’autorise pas")).to_be_checked()
    expect(group).to_contain_text("par votre foyer")
    expect(
        permissions.get_by_role("group", name="Sorties").get_by_label("J’autorise")
    ).to_be_checked()
    save(permissions)
    expect(permissions.get_by_role("status")).to_contain_text("Rien n’a changé")


def test_a_child_s_page_is_certified_once_a_year(page: Page, town: Server) -> None:
    open_child(page, town, "Christopher")
    button = page.get_by_role("button", name="Je certifie l’exactitude")
    button.click()
    expect(page.get_by_text("votre certification est enregistrée")).to_be_visible()
    expect(button).to_have_count(0)
    expect(page.get_by_text("Certifié le")).to_be_visible()
    visit(page, "/dossier/enfants")
    mine = page.locator(".child-card").filter(has_text="Christopher")
    expect(mine).to_contain_text("certifiée")
    visit(page, COORDINATES)
    button.click()
    expect(page.get_by_text("Certifié le")).to_be_visible()
    expect(button).to_have_count(0)


def test_an_insurance_changes_at_once(page: Page, town: Server) -> None:
    open_child(page, town, "Christopher")
    insurance = card(page, "Assurance")
    expect(insurance).to_contain_text("Mutuelle des écoles")
    insurance.get_by_role("button", name="Modifier").click()
    field(insurance, "Assureur").fill("")
    save(insurance)
    expect(page.locator("#erreurs")).to_be_focused()
    field(insurance, "Assureur").fill("MAE")
    field(insurance, "Numéro de contrat").fill("A-778")
    field(insurance, "Valable jusqu’au").fill("2027-08-31")
    save(insurance)
    expect(insurance.get_by_role("status")).to_contain_text("C’est enregistré")
    expect(insurance).to_contain_text("MAE, contrat n°\u00a0A-778, jusqu’au 31 août 2027")


# --- the home page


@both_sizes
def test_home_says_what_waits_and_leads_there(page: Page) -> None:
    # which lines there are, and in what order, is a matter of the day and the hour: tests/state
    visit(page, "/accueil")
    todo = card(page, "À faire").get_by_role("listitem")
    invoice = todo.filter(has_text="36,94\u00a0€")
    expect(invoice).to_have_count(1)
    expect(invoice).to_contain_text("Facture d")
    invoice.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(re.compile("Bonjour|Introuvable"))
    expect(page.get_by_role("main").get_by_text("36,94\u00a0€").first).to_be_visible()
    visit(page, "/accueil")
    links = todo.get_by_role("link")
    ways = [(str(one.get_attribute("href")), one.inner_text()) for one in links.all()]
    assert "/dossier/documents" in [address for address, _ in ways]
    for address, words in ways:
        visit(page, "/accueil")
        links.filter(has_text=words).and_(page.locator(f'[href="{address}"]')).first.click()
        expect(page).to_have_url(re.compile(f"{re.escape(address)}$"))
        title = page.get_by_role("heading", level=1)
        expect(title, words).not_to_have_text(re.compile("Bonjour|Introuvable|n’existe pas"))
    visit(page, "/accueil")
    page.locator(".children").get_by_role("link", name="Audrey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Audrey")
    visit(page, "/accueil")
    expect(card(page, "Aujourd’hui et demain")).to_be_visible()


# --- two households, and a stranger to both

HERS = (
    *("Lilas", "Acacias", "Zoé", "zoe.pinceau", "06 00 00 10 01", "850", "36,94", "10001"),
    *("Odile", "Awa", "Christopher", "Nora", "Audrey", "Absence signalée"),
)


def test_each_household_of_a_shared_child_sees_its_own(
    town: Server, open_context: OpenContext, page: Page
) -> None:
    marc = other_browser(town, open_context, MARC)
    addresses = ("/accueil", DOSSIER, "/dossier/enfants", COORDINATES, "/dossier/documents")
    sami = f"{CHILD}?enfant={id_of(town, 'Sami')}"
    for address in (*addresses, sami):
        visit(marc, address)
        expect(marc.locator("main .skeleton")).to_have_count(0)
        text = plain(marc)
        assert not [word for word in HERS if word in text], address
        assert "Marc" in text, address
    visit(marc, "/dossier/enfants")
    expect(marc.locator(".child-card")).to_have_count(1)
    visit(marc, COORDINATES)
    expect(marc.get_by_text("41 boulevard Maxime-Gorki")).to_be_visible()
    visit(marc, sami)
    expect(marc.get_by_text("Cet enfant vit dans deux foyers")).to_be_visible()
    expect(card(marc, "Informations médicales")).to_contain_text("Pollens de graminées")
    expect(card(marc, "Personnes autorisées à venir chercher l’enfant")).to_contain_text(
        "Julie Delmas"
    )
    expect(card(marc, "Autorisations")).to_contain_text("par l’autre foyer")

    visit(page, sami)  # and the other way round
    expect(card(page, "Informations médicales")).to_contain_text("Pollens de graminées")
    expect(page.get_by_text("Odile Pinceau").first).to_be_visible()
    hers = plain(page)
    assert not [word for word in ("Julie", "Marc", "Gorki", "2 110", "10003") if word in hers]


def test_what_one_parent_asks_the_other_sees_without_who(
    town: Server, open_context: OpenContext, page: Page
) -> None:
    visit(page, f"{CHILD}?enfant={id_of(town, 'Sami')}")
    health = card(page, "Informations médicales")
    health.get_by_role("button", name="Modifier").click()
    health.get_by_role("group", name="Vaccinations").get_by_label("Non").check()
    field(health, "Traitements").fill("Ventoline")
    save(health)
    expect(health.get_by_role("status")).to_contain_text("C’est enregistré")
    marc = other_browser(town, open_context, MARC)
    visit(marc, f"{CHILD}?enfant={id_of(town, 'Sami')}")
    his = card(marc, "Informations médicales")
    expect(value_of(his, "Traitements")).to_contain_text("Ventoline")
    waits = value_of(his, "Vaccinations")
    expect(waits).to_contain_text("Demandé par l’autre foyer.")
    expect(waits.locator(".waiting").get_by_role("link")).to_have_count(0)
    his.get_by_role("button", name="Modifier").click()
    his.get_by_role("group", name="Vaccinations").get_by_label("Non").check()
    save(his)
    expect(marc.locator("#erreurs")).to_contain_text("Une demande attend déjà")


def test_another_family_finds_nothing_at_her_addresses(
    town: Server, open_context: OpenContext, page: Page
) -> None:
    nora = id_of(town, "Nora")
    ((request, family),) = town.sql(
        "SELECT id, family_id FROM procedure WHERE child_id = ? ORDER BY id LIMIT 1", nora
    )
    visit(page, "/dossier/documents")
    fold = page.locator("details.deposit-fold").first
    fold.locator("summary").click()
    fold.locator("input[type=file]").first.set_input_files(a_pdf("secret.pdf"))
    fold.get_by_role("button", name="Déposer").click()
    expect(page.locator("#resultats")).to_contain_text("Votre document est arrivé")
    ((document,),) = town.sql("SELECT id FROM document WHERE name = 'secret.pdf'")
    mine = f"/dossier/fichiers/{document}"
    assert page.context.request.get(mine).status == 200

    karim = other_browser(town, open_context, KARIM)
    words = (*CHILDREN, "Pinceau", "PINCEAU", "secret.pdf")
    for address in (f"{CHILD}?enfant={nora}", f"{REQUEST}?n={request}"):
        visit(karim, address)
        expect(karim.get_by_role("heading", level=1)).to_have_text("Introuvable")
        assert not [word for word in words if word in text_of(karim)], address
    watch(karim).allow(f"status of 404.*{mine}")
    answer = karim.goto(mine)
    assert answer is not None
    assert answer.status == 404
    expect(karim.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    assert not [word for word in words if word in text_of(karim)]
    visit(karim, f"{CHILD}?enfant={id_of(town, 'Lina')}")
    expect(karim.get_by_role("heading", level=1)).to_contain_text("Lina")
    assert family  # hers, and he was never told
    visit(page, f"{REQUEST}?n={request}")
    expect(page.get_by_text("pour Nora")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?enfant=", "?enfant=x", "?enfant=999999999999", "?n=-1"])
def test_an_address_that_is_of_nothing(page: Page, query: str) -> None:
    for path in (CHILD, REQUEST):
        visit(page, f"{path}{query}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Introuvable")
