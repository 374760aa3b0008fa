"""A parent writes to the town from what they look at, and reads its answer from a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import samples
from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers import messages as letters
from tests.e2e.helpers.browser import Size, path_of, reload, text_of, visit
from tests.e2e.helpers.people import KARIM, ZOE, labelled, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe
from tests.e2e.test_layout import _fits

__all__ = ["axe"]

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)


@pytest.fixture(scope="module")
def town(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal of these scenarios' own."""
    yield from checked(Server(tmp_path_factory.mktemp("messages")))


@pytest.fixture
def zoe(town: Server, open_context: OpenContext, size: Size) -> Page:
    """Zoé's tab; nothing is unread, nothing begun."""
    town.sql("DELETE FROM failure_count")
    town.sql("DELETE FROM message_draft")
    town.sql("DELETE FROM thread_read")
    town.sql(
        "INSERT INTO thread_read SELECT s.account_id, t.id, t.message_count, t.last_at"
        " FROM message_thread t JOIN subscription s ON s.family_id = t.family_id"
    )
    context = open_context(town, size)
    let_in(context, town, ZOE)
    return context.new_page()


@both_sizes
def test_a_question_about_an_invoice_and_its_answer(zoe: Page, town: Server) -> None:
    before = len(town.mails())
    visit(zoe, "/facturation/payer")
    zoe.get_by_role("link", name=re.compile("^Poser une question")).first.click()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Nouveau message")
    expect(labelled(zoe, "Service")).to_have_value("regie")
    expect(labelled(zoe, "Concerne")).to_have_value(re.compile(r"-facture-\d+$"))
    expect(labelled(zoe, "Objet")).to_have_value(re.compile("^Question sur la facture d"))
    expect(zoe.get_by_text("La régie répond d’habitude sous 5 jours ouvrés")).to_be_visible()
    letters.write(zoe, "Bonjour,\nPourquoi ce montant ?")
    letters.join(zoe, ("certificat.pdf", samples.pdf()))
    thread = letters.send(zoe)
    receipt = town.wait_for_mail(ZOE.email, "accusé de réception de votre message", before)
    assert "Pourquoi ce montant" not in receipt.text
    expect(letters.bubbles(zoe)).to_have_count(1)
    expect(letters.bubbles(zoe)).to_contain_text("Pourquoi ce montant ?")
    with zoe.expect_download() as download:
        zoe.get_by_role("link", name=re.compile("^certificat.pdf")).click()
    assert download.value.suggested_filename == "certificat.pdf"
    # the town answers, while she is elsewhere: on the open conversation she would have read it
    visit(zoe, "/accueil")
    letters.answer(town, thread, "Le repas du 12 sera déduit.")
    mail = town.wait_for_mail(ZOE.email, "une réponse à votre message", before)
    assert "sera déduit" not in mail.text
    visit(zoe, "/accueil")
    expect(letters.unread(zoe)).to_contain_text("1")
    expect(zoe.get_by_text("La régie vous a répondu", exact=True)).to_be_visible()
    link = re.search(r"https?://\S+(/messagerie/fil\S+)", mail.text)
    assert link
    visit(zoe, link[1])
    expect(letters.bubbles(zoe).last).to_contain_text("Le repas du 12 sera déduit.")
    expect(letters.bubbles(zoe).last).to_contain_text("La régie")
    expect(letters.unread(zoe)).to_have_count(0)
    # and she writes again
    letters.write(zoe, "Merci !")
    letters.send(zoe)
    expect(letters.bubbles(zoe)).to_have_count(3)
    zoe.get_by_role("button", name="Clore la conversation").click()
    zoe.get_by_role("alertdialog").get_by_role("button", name="Clore la conversation").click()
    expect(zoe.get_by_text("La conversation est terminée.")).to_be_visible()
    expect(zoe.get_by_role("button", name="Clore la conversation")).to_have_count(0)


@both_sizes
def test_what_is_wrong_is_said_beside_its_field_and_the_text_is_kept(
    zoe: Page, town: Server
) -> None:
    visit(zoe, letters.NEW)
    letters.write(zoe, "Un texte qui a demandé du temps.")
    letters.join(zoe, ("bonne.pdf", samples.pdf()), ("page.html", samples.HTML))
    summary = letters.refused(zoe)
    for words in ("Choisissez le service", "Donnez un objet", "pièce jointe a été refusée"):
        expect(summary).to_contain_text(words)
    expect(labelled(zoe, "Votre message")).to_have_value("Un texte qui a demandé du temps.")
    expect(zoe.get_by_text("Ce type de fichier n’est pas accepté")).to_be_visible()
    expect(zoe.get_by_role("link", name=re.compile("^bonne.pdf"))).to_be_visible()
    letters.write(zoe, "Un texte corrigé.", service="accueil", subject="Objet")
    letters.send(zoe)
    expect(letters.bubbles(zoe)).to_contain_text("Un texte corrigé.")
    expect(zoe.get_by_role("link", name=re.compile("^bonne.pdf"))).to_be_visible()


def test_a_draft_is_found_again(zoe: Page, town: Server) -> None:
    visit(zoe, letters.NEW)
    letters.write(zoe, "Je reviens", service="enfance", subject="Plus tard")
    expect(zoe.get_by_text("2\u00a0990 caractères restants")).to_be_visible()
    for _ in range(100):
        if town.sql("SELECT 1 FROM message_draft WHERE body = 'Je reviens'"):
            break
        zoe.wait_for_timeout(50)
    reload(zoe)
    expect(zoe.get_by_text("Votre brouillon est repris")).to_be_visible()
    expect(labelled(zoe, "Votre message")).to_have_value("Je reviens")
    expect(labelled(zoe, "Objet")).to_have_value("Plus tard")
    expect(labelled(zoe, "Service")).to_have_value("enfance")
    zoe.get_by_role("button", name="Effacer le brouillon").click()
    expect(labelled(zoe, "Votre message")).to_have_value("")
    reload(zoe)
    expect(zoe.get_by_text("Votre brouillon est repris")).to_have_count(0)


def test_a_double_click_sends_once(zoe: Page, town: Server) -> None:
    ((before,),) = town.sql("SELECT count(*) FROM thread_message")
    visit(zoe, letters.NEW)
    letters.write(zoe, "Une fois", service="enfance", subject="Une fois")
    zoe.get_by_role("button", name="Envoyer").dblclick()
    zoe.wait_for_url(re.compile("envoye=1"))
    assert town.sql("SELECT count(*) FROM thread_message") == [(before + 1,)]


@both_sizes
def test_messages_are_found_by_their_words(zoe: Page, axe: str) -> None:
    visit(zoe, letters.LIST)
    zoe.get_by_label("Chercher dans mes messages").fill("CERTIFICAT médecin")
    zoe.get_by_role("button", name="Chercher").click()
    zoe.wait_for_url(re.compile("recherche="))
    lines = zoe.locator(".thread")
    found = lines.filter(has_text="Question sur ma facture")
    expect(found).to_have_count(1)
    expect(found.locator("mark").first).to_have_text(
        re.compile("certificat|médecin", re.IGNORECASE)
    )
    _in_every_light(zoe, axe)
    expect(lines.filter(has_text="Menu sans arachide")).to_have_count(0)
    zoe.get_by_label("Chercher dans mes messages").fill("dinosaure")
    zoe.get_by_role("button", name="Chercher").click()
    expect(zoe.get_by_text("Aucune conversation ne correspond")).to_be_visible()


def test_a_child_and_a_procedure_lead_to_a_message_about_them(zoe: Page, town: Server) -> None:
    ((child,),) = town.sql("SELECT id FROM child WHERE first_name = 'Nora'")
    visit(zoe, f"/dossier/enfants/fiche?enfant={child}")
    zoe.get_by_role("link", name="Poser une question").click()
    expect(labelled(zoe, "Concerne")).to_have_value(re.compile(f"-enfant-{child}$"))
    expect(labelled(zoe, "Service")).to_have_value("enfance")
    ((mine, thread),) = town.sql("SELECT procedure_id, id FROM message_thread ORDER BY id LIMIT 1")
    visit(zoe, f"/dossier/demarche?n={mine}")
    zoe.get_by_role("link", name="Lire la conversation").click()
    zoe.wait_for_url(re.compile(f"n={thread}$"))
    ((other,),) = town.sql(
        "SELECT max(p.id) FROM procedure p JOIN family f ON f.id = p.family_id"
        " WHERE p.kind = 'enrolment' AND f.number = 10001"
    )
    visit(zoe, f"/dossier/demarche?n={other}")
    zoe.get_by_role("link", name="Poser une question").click()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Nouveau message")


def test_karim_opens_neither_the_conversation_nor_its_file(
    zoe: Page, town: Server, open_context: OpenContext
) -> None:
    visit(zoe, letters.NEW)
    letters.write(zoe, "Rien que pour la mairie", service="enfance", subject="Privé")
    letters.join(zoe, ("privé.pdf", samples.pdf()))
    thread = letters.send(zoe)
    address = zoe.get_by_role("link", name=re.compile("^privé.pdf")).get_attribute("href")
    assert address
    assert zoe.context.request.get(f"{town.url}{address}").status == 200
    context = open_context(town)
    let_in(context, town, KARIM)
    page = context.new_page()
    visit(page, f"/messagerie/fil?n={thread}")
    expect(page.get_by_text("n’existe pas, ou n’est pas la vôtre")).to_be_visible()
    assert "Rien que pour la mairie" not in text_of(page)
    assert context.request.get(f"{town.url}{address}").status == 404


def test_a_long_conversation_does_not_scroll_sideways(zoe: Page, town: Server) -> None:
    visit(zoe, letters.NEW)
    letters.write(
        zoe, "mot" * 200 + "\nhttps://exemple.fr/" + "x" * 300, service="enfance", subject="O" * 120
    )
    letters.join(zoe, ("nom-de-fichier-" + "tres-long-" * 7 + ".pdf", samples.pdf()))
    thread = letters.send(zoe)
    assert path_of(zoe) == f"/messagerie/fil?n={thread}&envoye=1"
    _fits(zoe, "a conversation")
    zoe.set_viewport_size({"width": 390, "height": 844})
    visit(zoe, letters.LIST)
    _fits(zoe, "the list")
