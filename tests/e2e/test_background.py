"""What is finished in the background, or by an agent, appears on the open page by itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import samples
from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import Size, visit
from tests.e2e.helpers.people import KARIM, ZOE, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe
from tests.e2e.test_dossier import card, field
from tests.e2e.test_layout import _fits

__all__ = ["axe"]

DATA, DOCUMENTS = "/mon-compte/consentements", "/dossier/documents"
BOTH = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
AGENT = ("--agent", "agent.enfance")
MARK = "window.mark = true"  # gone once the page is loaded again


@pytest.fixture(scope="module")
def town(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal of two processes: what one does, the tabs of the other show."""
    yield from checked(Server(tmp_path_factory.mktemp("fond"), {"PORTAIL_WORKERS": "2"}))


@pytest.fixture
def zoe(town: Server, open_context: OpenContext, size: Size) -> Page:
    """Zoé's tab; she has asked for nothing yet."""
    town.sql("DELETE FROM failure_count")
    town.sql("DELETE FROM data_export")
    context = open_context(town, size)
    let_in(context, town, ZOE)
    return context.new_page()


def mine(page: Page) -> Locator:
    return page.locator(".card").filter(has=page.get_by_role("heading", name="Mes données"))


def stayed(page: Page) -> None:
    """The page was not loaded again meanwhile."""
    assert page.evaluate("window.mark") is True


def a_pdf(name: str, number: int) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": samples.pdf(number)}


@BOTH
def test_an_export_is_prepared_and_appears_ready(
    zoe: Page, town: Server, open_context: OpenContext, axe: str, tmp_path: Path
) -> None:
    other, mails = zoe.context.new_page(), len(town.mails())
    for page in (zoe, other):
        visit(page, DATA)
        expect(mine(page).get_by_role("button", name="Préparer mes données")).to_be_visible()
        page.evaluate(MARK)
    # as if a file were long to make
    town.sql(
        "CREATE TRIGGER slow AFTER INSERT ON data_export BEGIN UPDATE data_export"
        " SET next_attempt_at = '2999-01-01 00:00:00.000000'; END"
    )
    mine(zoe).get_by_role("button", name="Préparer mes données").dblclick()
    state = mine(zoe).get_by_role("status")
    expect(state).to_contain_text("Vos données sont en préparation.")
    expect(state).to_be_focused()
    expect(mine(other).get_by_role("status")).to_contain_text("en préparation")  # unasked
    _in_every_light(zoe, axe)
    assert town.sql("SELECT count(*) FROM data_export") == [(1,)]
    town.sql("DROP TRIGGER slow")
    town.sql("UPDATE data_export SET next_attempt_at = asked_at")
    for page in (zoe, other):
        expect(mine(page).get_by_role("status")).to_contain_text("Vos données sont prêtes")
        stayed(page)
    mail = town.wait_for_mail(ZOE.email, "vos données sont prêtes", mails)
    assert DATA in mail.text
    link = mine(zoe).get_by_role("link", name=re.compile(r"^Télécharger mes données \(ZIP,.*o\)$"))
    with zoe.expect_download() as started:
        link.click()
    started.value.save_as(tmp_path / "mine.zip")
    packed = zipfile.ZipFile(tmp_path / "mine.zip")
    assert "Christopher" in packed.read("mes-donnees.json").decode()
    _in_every_light(zoe, axe)
    _fits(zoe, "what is ready")
    context = open_context(town)
    let_in(context, town, KARIM)
    assert context.request.get(f"{town.url}/mon-compte/mes-donnees.zip").status == 404


@BOTH
def test_a_document_that_an_agent_looked_at_moves_on_open_pages(zoe: Page, town: Server) -> None:
    visit(zoe, DOCUMENTS)
    zoe.get_by_label("Quel document").select_option(label="Justificatif de domicile")
    form = zoe.locator("form.deposit").last
    # before it is there, the last form is a folded one
    expect(form.get_by_role("button", name="Déposer", exact=True)).to_be_visible()
    number = int(town.sql("SELECT max(id) FROM document")[0][0]) + 1
    name = f"loyer-{number}.pdf"
    form.get_by_label("Choisir un ou plusieurs fichiers").set_input_files([a_pdf(name, number)])
    form.get_by_role("button", name="Déposer", exact=True).click()
    line = zoe.get_by_role("listitem").filter(has_text=name).last
    expect(line).to_contain_text("À vérifier")
    zoe.evaluate(MARK)
    # what one is doing meanwhile is left alone
    zoe.get_by_label("Quel document").select_option(label="Justificatif de domicile")
    town.run("documents", "refuse", str(number), *AGENT, "--reason", "Illisible")
    expect(line).to_contain_text("Refusé")
    expect(line).to_contain_text("Motif : Illisible")
    news = zoe.get_by_role("status").filter(has_text="Mis à jour.")
    expect(news).to_have_text(f"Mis à jour. {name}\u00a0: Refusé.")
    expect(zoe.locator("form.deposit").last).to_be_visible()
    stayed(zoe)


def asked_to_be_called(zoe: Page, child: str, name: str) -> Locator:
    """A child's card, on which another first name is asked for."""
    visit(zoe, "/dossier/enfants")
    zoe.get_by_role("link", name=re.compile(child)).first.click()
    identity = card(zoe, "Identité et école")
    identity.get_by_role("button", name="Modifier").click()
    field(identity, "Prénom").fill(name)
    identity.get_by_role("button", name="Enregistrer").click()
    return identity


def test_an_answer_appears_on_the_open_pages_of_a_request_and_of_a_child(
    zoe: Page, town: Server
) -> None:
    identity = asked_to_be_called(zoe, "Audrey", "Audrey-Lou")
    expect(identity).to_contain_text("Nouvelle valeur demandée")
    request = zoe.context.new_page()
    visit(
        request, str(identity.get_by_role("link", name="Ouvrir ma demande").get_attribute("href"))
    )
    state = card(request, "Où en est cette démarche")
    expect(state).to_contain_text("Document demandé")
    for page in (zoe, request):
        page.evaluate(MARK)
    number = request.url.rsplit("=", 1)[1]
    town.run("procedures", "refuse", number, *AGENT, "--reason", "Sans livret de famille")
    expect(state).to_contain_text("Refusée")
    expect(card(request, "Historique")).to_contain_text("Sans livret de famille")
    news = request.get_by_role("status").filter(has_text="Votre démarche a changé d’état")
    expect(news).to_contain_text("Refusée")
    expect(identity).not_to_contain_text("Nouvelle valeur demandée")
    for page in (zoe, request):
        stayed(page)


def first_conversation(town: Server) -> int:
    """Zoé's first, with the service of children."""
    found = town.sql(
        "SELECT t.id FROM message_thread t JOIN family f ON f.id = t.family_id"
        " JOIN contact_service s ON s.id = t.service_id"
        " WHERE f.number = 10001 AND s.code = 'enfance' ORDER BY t.id LIMIT 1"
    )
    return int(found[0][0])


def test_an_answer_of_a_service_appears_in_its_conversation_and_in_the_menu(
    zoe: Page, town: Server
) -> None:
    number = first_conversation(town)
    all_read(town)
    conversation, home = zoe, zoe.context.new_page()
    visit(home, "/accueil")
    home.evaluate(MARK)
    door = home.locator("nav a[href='/messagerie']").first
    before = door.inner_text()
    said = f"Réponse {town.sql('SELECT count(*) FROM thread_message')[0][0]}"
    town.run("messages", "answer", str(number), *AGENT, "--text", said)
    expect(door).not_to_have_text(before)
    expect(door).to_contain_text("en attente")
    # read, it is counted no more; what comes next comes by itself
    visit(conversation, f"/messagerie/fil?n={number}")
    expect(conversation.get_by_text(said)).to_be_visible()
    conversation.evaluate(MARK)
    town.run("messages", "answer", str(number), *AGENT, "--text", f"{said}, suite")
    expect(conversation.get_by_text(f"{said}, suite")).to_be_visible()
    news = conversation.get_by_role("status").filter(has_text="Un nouveau message est arrivé.")
    expect(news).to_have_count(1)
    for page in (conversation, home):
        stayed(page)


def all_read(town: Server) -> None:
    """Every parent has read every answer."""
    town.sql(
        "INSERT OR REPLACE INTO thread_read SELECT s.account_id, t.id, t.message_count, t.last_at"
        " FROM message_thread t JOIN subscription s ON s.family_id = t.family_id"
    )


@BOTH
def test_an_answer_appears_in_the_open_list_which_stays_as_it_was_asked(
    zoe: Page, town: Server
) -> None:
    (number,) = town.sql(
        "SELECT t.id FROM message_thread t JOIN family f ON f.id = t.family_id"
        " JOIN contact_service s ON s.id = t.service_id"
        " WHERE f.number = 10001 AND s.code = 'enfance' ORDER BY t.last_at LIMIT 1"
    )[0]
    all_read(town)
    visit(zoe, "/messagerie?service=enfance")
    lines = zoe.locator(".thread")
    expect(lines.first).to_be_visible()
    expect(zoe.locator(".thread[data-unread=yes]")).to_have_count(0)
    zoe.evaluate(MARK)
    # what one is doing meanwhile is left alone
    search = zoe.get_by_label("Chercher dans mes messages")
    search.press_sequentially("cantine")
    said = f"Réponse {town.sql('SELECT count(*) FROM thread_message')[0][0]}"
    town.run("messages", "answer", str(number), *AGENT, "--text", said)
    expect(lines.first).to_contain_text(said)
    expect(lines.first).to_contain_text("Nouvelle réponse")
    expect(zoe.get_by_role("status").filter(has_text="vous a répondu.")).to_have_count(1)
    expect(search).to_have_value("cantine")
    expect(search).to_be_focused()
    expect(zoe.get_by_label("Service")).to_have_value("enfance")
    stayed(zoe)


def test_a_decision_appears_in_the_open_list_of_procedures(zoe: Page, town: Server) -> None:
    identity = asked_to_be_called(zoe, "Sami", "Sami-Jo")
    link = identity.get_by_role("link", name="Ouvrir ma demande")
    number = str(link.get_attribute("href")).rsplit("=", 1)[1]
    visit(zoe, "/dossier")
    zoe.get_by_label("Enfant").select_option(label="Sami")
    line = zoe.get_by_role("row").filter(has=zoe.locator(f"a[href$='n={number}']"))
    expect(line).to_contain_text("Document demandé")
    zoe.get_by_label("État").select_option(label="Document demandé")
    expect(line).to_have_count(1)
    zoe.evaluate(MARK)
    other = zoe.context.new_page()
    visit(other, "/dossier")
    other.evaluate(MARK)
    town.run("procedures", "refuse", number, *AGENT, "--reason", "Sans livret de famille")
    expect(other.locator("tr").filter(has=other.locator(f"a[href$='n={number}']"))).to_contain_text(
        "Refusée"
    )
    expect(other.get_by_role("status").filter(has_text="Refusée.")).to_have_count(1)
    # it has left what was chosen, which is chosen still
    expect(line).to_have_count(0)
    expect(zoe.get_by_label("Enfant").locator("option:checked")).to_have_text("Sami")
    expect(zoe.get_by_label("État").locator("option:checked")).to_have_text("Document demandé")
    for page in (zoe, other):
        stayed(page)


def test_an_answer_that_comes_behind_another_tab_is_unread_until_it_is_seen(
    zoe: Page, town: Server
) -> None:
    number = first_conversation(town)
    zoe.add_init_script(
        "let behind = false; Object.defineProperty(document, 'hidden', { get: () => behind });"
        " window.put = (where) => { behind = where === 'behind';"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    visit(zoe, f"/messagerie/fil?n={number}")
    home = zoe.context.new_page()
    visit(home, "/accueil")
    door = home.locator("nav a[href='/messagerie']").first
    read = (
        "SELECT max(r.rank) = max(t.message_count) FROM thread_read r"
        " JOIN message_thread t ON t.id = r.thread_id JOIN account a ON a.id = r.account_id"
        f" WHERE t.id = {number} AND a.user_name = 'z-pinceau'"
    )
    expect(zoe.locator("[data-last='0']")).to_have_count(1)  # what was there is read
    before = door.inner_text()
    zoe.evaluate("window.put('behind')")
    said = f"Réponse {town.sql('SELECT count(*) FROM thread_message')[0][0]}"
    town.run("messages", "answer", str(number), *AGENT, "--text", said)
    expect(zoe.get_by_text(said)).to_be_visible()
    expect(zoe.get_by_text("Nouveau", exact=True)).to_have_count(1)
    expect(door).not_to_have_text(before)
    assert town.sql(read) == [(0,)]
    zoe.evaluate("window.put('before')")
    expect(door).to_have_text(before)
    assert town.sql(read) == [(1,)]
    # what comes while it is looked at is read as it comes
    town.run("messages", "answer", str(number), *AGENT, "--text", f"{said}, suite")
    expect(zoe.get_by_text(f"{said}, suite")).to_be_visible()
    expect(zoe.locator("[data-last='0']")).to_have_count(1)
    assert town.sql(read) == [(1,)]
    expect(door).to_have_text(before)


def test_a_tab_is_called_as_the_conversation_is(zoe: Page, town: Server) -> None:
    ((number, subject),) = town.sql(
        "SELECT t.id, t.subject FROM message_thread t JOIN family f ON f.id = t.family_id"
        " WHERE f.number = 10001 ORDER BY t.id LIMIT 1"
    )
    visit(zoe, "/messagerie")
    assert zoe.title().startswith("Mes messages – ")
    zoe.locator(f".thread a[href$='n={number}']").click()
    expect(zoe).to_have_title(re.compile(f"^{re.escape(subject)} – "))
    expect(zoe.locator("title")).to_have_count(1)
    visit(zoe, "/messagerie/fil?n=999999")
    expect(zoe).to_have_title(re.compile("^Introuvable – "))
