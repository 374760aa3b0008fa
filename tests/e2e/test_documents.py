"""«Mes documents»: sent from a phone or a desk, refused with a reason, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from tests import samples
from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import DESKTOP, PHONE, path_of, text_of, visit, watch
from tests.e2e.helpers.people import KARIM, ZOE, let_in
from tests.e2e.helpers.server import Server

PAGE = "/dossier/documents"
SENDING = "**/dossier/fichiers"
SLOW = 4_000_000  # bytes a second, up
TABLES = ("document", "stored_file", "procedure", "procedure_event", "action_log", "outbox_mail")


@pytest.fixture(scope="module")
def town(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal whose documents these scenarios may add to."""
    for server in checked(Server(tmp_path_factory.mktemp("documents"))):
        server.wait_for_papers()
        yield server


@pytest.fixture
def desk(town: Server, open_context: OpenContext) -> Page:
    """Zoé at a desk."""
    return entered(open_context(town, DESKTOP), town)


@pytest.fixture
def phone(town: Server, open_context: OpenContext) -> Page:
    """Zoé with her telephone."""
    return entered(open_context(town, PHONE, has_touch=True, is_mobile=True), town)


def entered(context: BrowserContext, town: Server, person: Any = ZOE) -> Page:
    town.sql("DELETE FROM failure_count")
    let_in(context, town, person)
    page = context.new_page()
    visit(page, PAGE)
    return page


def payload(name: str, content: bytes) -> FilePayload:
    # browsers say a type too: nobody believes it
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def asked(page: Page, title: str) -> Locator:
    """What is asked, or already given, by its title."""
    return page.locator(".papers > li").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )


def unfold(page: Page, title: str) -> Locator:
    """The form of something asked, opened."""
    line = asked(page, title)
    line.locator("summary").click()
    return line.locator("form")


def other(page: Page, label: str) -> Locator:
    """The form of a document nobody asked for."""
    page.get_by_label("Quel document").select_option(label=label)
    form = page.locator("form.deposit").last
    expect(form.get_by_role("button", name="Déposer")).to_be_visible()
    return form


def press(form: Locator) -> None:
    form.get_by_role("button", name="Déposer", exact=True).click()


def deposit(form: Locator, *files: FilePayload) -> None:
    form.get_by_label("Choisir un ou plusieurs fichiers").set_input_files(list(files))
    press(form)


def told(page: Page) -> Locator:
    return page.locator("#resultats")


def held(town: Server) -> tuple[list[Any], set[str]]:
    """Every row and every file there is."""
    rows = [town.sql(f"SELECT count(*) FROM {table}") for table in TABLES]
    files = {str(path) for path in (town.data_dir / "fichiers").rglob("*") if path.is_file()}
    return rows, files


def test_what_is_asked_comes_first_and_says_what_to_do(desk: Page) -> None:
    expect(desk.get_by_text("documents à fournir.")).to_be_visible()
    first = desk.locator(".papers > li").first
    expect(first).to_contain_text("Assurance scolaire, Audrey")
    expect(first).to_contain_text("Refusé")
    expect(first).to_contain_text("Motif : L’attestation est celle de l’an dernier")
    expect(asked(desk, "Assurance scolaire, Christopher")).to_contain_text("Expire bientôt")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Règlement intérieur").click()
    assert download.value.suggested_filename == "Règlement intérieur des accueils.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_a_photo_of_9_mb_from_a_telephone_with_its_bar(phone: Page, town: Server) -> None:
    expect(asked(phone, "Assurance scolaire, Sami")).to_contain_text("À fournir")
    form = unfold(phone, "Assurance scolaire, Sami")
    camera = form.get_by_label("Prendre une photo")
    expect(camera).to_be_visible()
    expect(camera).to_have_attribute("capture", "environment")
    bar = form.get_by_role("progressbar", name="Avancement de l’envoi")
    expect(bar).to_be_hidden()
    photo = samples.large_photo()
    assert len(photo) > 8_500_000
    camera.set_input_files(payload("IMG_2034.JPG", photo))
    slow = phone.context.new_cdp_session(phone)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": SLOW})
    press(form)
    expect(bar).to_be_visible()
    expect(form.get_by_role("status")).to_have_text("Envoi en cours…")
    seen = set()
    while bar.is_visible():
        seen.add(bar.evaluate("bar => bar.value"))
        phone.wait_for_timeout(50)
        if len(seen) > 3:
            break
    assert any(0 < value < 1 for value in seen), seen
    expect(told(phone)).to_contain_text("Votre document est arrivé.", timeout=60_000)
    expect(told(phone)).to_contain_text("IMG_2034.jpg")
    expect(told(phone)).to_be_focused()
    sami = asked(phone, "Assurance scolaire").filter(has_text="IMG_2034.jpg")
    expect(sami).to_contain_text("À vérifier par la mairie")
    expect(asked(phone, "Assurance scolaire, Sami")).to_have_count(0)
    # what the camera wrote, and its weight, are gone
    kept = town.sql("SELECT mime, size FROM stored_file ORDER BY id DESC LIMIT 1")[0]
    assert (kept[0], kept[1] < len(photo)) == ("image/jpeg", True)


REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "page.pdf": (samples.HTML, "Ce type de fichier n’est pas accepté"),
    "dessin.svg": (samples.SVG, "Ce type de fichier n’est pas accepté"),
    "vide.pdf": (b"", "Ce fichier est vide"),
    "bombe.pdf": (samples.bomb_pdf, "trop compliqué à vérifier"),
    "lourd.pdf": (b"%PDF-1.7\n" + b"x" * 11 * 1024 * 1024, "Ce fichier est trop lourd"),
    "secret.pdf": (samples.encrypted_pdf, "protégé par un mot de passe"),
    "programme.pdf": (samples.pdf_with_script, "contient des programmes"),
    "geante.png": (samples.huge_png, "Cette image est trop grande"),
    "../../../etc/été 🎨.pdf": (samples.HTML, "Ce type de fichier n’est pas accepté"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_is_told_why_and_nothing_else_changes(
    desk: Page, town: Server, name: str
) -> None:
    made, why = REFUSED[name]
    content = made if isinstance(made, bytes) else made()
    before = held(town)
    deposit(other(desk, "Justificatif de domicile"), payload(name, content))
    expect(told(desk)).to_contain_text("Ce fichier n’a pas été gardé.", timeout=45_000)
    expect(told(desk)).to_contain_text(why)
    expect(told(desk)).to_contain_text(name.rsplit("/", 1)[-1])
    expect(told(desk)).not_to_contain_text("..")
    assert held(town) == before


def test_several_at_once_some_good_and_the_same_one_twice(desk: Page, town: Server) -> None:
    before = held(town)
    good = payload("recto.jpg", samples.pdf(3))  # a PDF, whatever it is called
    deposit(
        other(desk, "Projet d’accueil individualisé (PAI), Nora"),
        good,
        payload("verso.png", samples.png()),
        payload("page.pdf", samples.HTML),
        payload("Nora 🎒 (1).pdf", samples.pdf(4)),
    )
    expect(told(desk)).to_contain_text("3 fichiers sur 4 sont arrivés.")
    lines = told(desk).get_by_role("listitem")
    expect(lines).to_have_count(4)
    expect(lines.nth(0)).to_contain_text("recto.pdf")
    expect(lines.nth(2)).to_contain_text("n’est pas accepté")
    expect(lines.nth(3)).to_contain_text("Nora 🎒 (1).pdf")
    rows, files = held(town)
    assert rows[0][0][0] == before[0][0][0][0] + 3
    assert len(files) == len(before[1]) + 3
    deposit(other(desk, "Projet d’accueil individualisé (PAI), Nora"), good)
    expect(told(desk)).to_contain_text("Déjà reçu")
    assert held(town) == (rows, files)


def test_a_document_may_be_taken_back_until_it_is_checked(desk: Page, town: Server) -> None:
    deposit(other(desk, "Justificatif de domicile"), payload("bail.pdf", samples.pdf(5)))
    line = desk.get_by_role("listitem").filter(
        has=desk.get_by_role("link", name="bail.pdf (télécharger)")
    )
    expect(line).to_contain_text("Justificatif de domicile")
    line.get_by_role("button", name="Retirer").click()
    dialog = desk.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Annuler").click()
    expect(line).to_be_visible()
    line.get_by_role("button", name="Retirer").click()
    dialog.get_by_role("button", name="Retirer ce document").click()
    expect(told(desk)).to_contain_text("« bail.pdf » est retiré")
    expect(line).to_have_count(0)
    settled = asked(desk, "Vaccinations").filter(has_text="vaccins-nora.pdf")
    expect(settled.get_by_role("button", name="Retirer")).to_have_count(0)


def test_a_lost_connection_keeps_the_chosen_files(desk: Page, town: Server) -> None:
    watch(desk).allow(r"ERR_FAILED")
    form = other(desk, "Justificatif de domicile")
    press(form)
    expect(form.get_by_role("status")).to_have_text("Choisissez d’abord un fichier.")
    before = held(town)
    desk.route(SENDING, lambda route: route.abort())
    deposit(form, payload("a.pdf", samples.pdf(6)))
    expect(form.get_by_role("status")).to_contain_text("vos fichiers sont toujours choisis")
    field = form.get_by_label("Choisir un ou plusieurs fichiers")
    assert field.evaluate("field => field.files.length") == 1
    assert held(town) == before
    desk.unroute(SENDING)
    press(form)
    expect(told(desk)).to_contain_text("Votre document est arrivé.")


def test_pressing_twice_sends_once(desk: Page) -> None:
    waiting: list[Route] = []
    desk.route(SENDING, lambda route: waiting.append(route))  # noqa: PLW0108  (it wants a function)
    form = other(desk, "Justificatif de domicile")
    deposit(form, payload("b.pdf", samples.pdf(7)))
    expect(form.get_by_role("progressbar")).to_be_visible()
    press(form)
    desk.wait_for_timeout(200)
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(told(desk)).to_contain_text("Votre document est arrivé.")


def test_signed_out_meanwhile_one_is_shown_the_door(desk: Page, town: Server) -> None:
    form = other(desk, "Justificatif de domicile")
    desk.context.clear_cookies()
    before = held(town)
    deposit(form, payload("c.pdf", samples.pdf(8)))
    desk.wait_for_url(re.compile("/connexion"))
    assert held(town) == before


def test_eleven_files_are_too_many(desk: Page, town: Server) -> None:
    before = held(town)
    files = [payload(f"{n}.pdf", samples.pdf()) for n in range(11)]
    deposit(other(desk, "Justificatif de domicile"), *files)
    expect(told(desk)).to_contain_text("10 fichiers à la fois")
    assert path_of(desk) == f"{PAGE}?erreur=1"
    assert held(town) == before


def test_karim_with_the_addresses_of_zoe_s_documents_finds_nothing(
    desk: Page, town: Server, open_context: OpenContext
) -> None:
    links = desk.locator("main a[href^='/dossier/fichiers/']")
    addresses = [str(link.get_attribute("href")) for link in links.all()]
    assert len(addresses) > 5
    page = entered(open_context(town, DESKTOP), town, KARIM)
    watch(page).allow("status of 404")
    expect(page.get_by_role("link", name="vaccins-lina.pdf")).to_be_visible()  # his own
    for address in (*addresses, "/dossier/fichiers/999999"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page).to_have_title(re.compile("introuvable"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
        assert not re.search("Pinceau|Nora|Sami|Audrey|Christopher", text_of(page))


def test_a_child_s_mail_of_refusal_reaches_the_family_and_its_page(
    desk: Page, town: Server
) -> None:
    deposit(other(desk, "Justificatif de domicile"), payload("loyer.pdf", samples.pdf(9)))
    expect(told(desk)).to_contain_text("Votre document est arrivé.")
    number = town.sql("SELECT max(id) FROM document")[0][0]
    sent = len(town.mails())
    town.run(
        "documents", "refuse", str(number), "--agent", "agent.enfance", "--reason", "Illisible"
    )
    mail = town.wait_for_mail(ZOE.email, "un document n’a pas été accepté", sent)
    assert "Illisible" in mail.text
    visit(desk, PAGE)
    line = desk.get_by_role("listitem").filter(has_text="loyer.pdf")
    expect(line).to_contain_text("Refusé")
    expect(line).to_contain_text("Motif : Illisible")
