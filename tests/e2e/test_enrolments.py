"""«Inscriptions»: a family asks, sees what became of it, and takes it back."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import samples
from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import SIZES, path_of, visit
from tests.e2e.helpers.people import ZOE, let_in
from tests.e2e.helpers.server import ROOT, Server

MORNING = "1_Accueil matin maternelle"
CERTIFY = "Je certifie l’exactitude de ces informations"


def zoe(server: Server, open_context: OpenContext, size: str = "desktop") -> Page:
    context = open_context(server, SIZES[size])
    let_in(context, server)
    return context.new_page()


@pytest.fixture
def page(own_server: Server, open_context: OpenContext) -> Page:
    return zoe(own_server, open_context)


def choose(page: Page, kind: str, *children: str) -> None:
    """«Activité*», «Personne*», «Inscrire»."""
    who = page.get_by_role("group", name=re.compile("^Personne"))
    for box in who.get_by_role("checkbox").all():
        box.uncheck()
    for child in children:
        who.get_by_label(child, exact=True).check()
    page.get_by_label(re.compile(r"^Activité\s*\*?$")).select_option(label=kind)
    page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_role("heading", level=2, name=kind)).to_be_focused()


def activity(page: Page, label: str) -> Locator:
    return page.locator("details").filter(has=page.get_by_role("heading", name=label, exact=True))


def unfold(page: Page, label: str) -> Locator:
    found = activity(page, label)
    found.locator("summary").first.click()
    return found


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_zoe_enrols_nora_with_the_health_form_filled_on_screen(
    size: str, own_server: Server, open_context: OpenContext
) -> None:
    page = zoe(own_server, open_context, size)
    visit(page, "/inscriptions")
    page.get_by_role("link", name="Inscrire Nora").click()
    page.wait_for_url("**/inscriptions/nouvelle*")
    choose(page, "Activités périscolaires", "Nora")
    offer = unfold(page, MORNING)
    expect(offer.get_by_text("3,50\u00a0€", exact=True).first).to_be_visible()
    for words in ("7\u00a0h\u00a030", re.compile("^Du .* septembre 20"), "Assurance scolaire"):
        expect(offer.get_by_text(words).first).to_be_visible()
    offer.get_by_role("button", name="fiche sanitaire de Nora").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Arachide")).to_be_visible()
    dialog.get_by_role("button", name=CERTIFY).click()
    expect(page.get_by_text("La fiche sanitaire de Nora est certifiée.")).to_be_visible()
    offer.get_by_role("button", name="Enregistrer").click()
    expect(offer.get_by_text("Demande enregistrée")).to_be_visible()
    expect(offer.get_by_text("Nora", exact=True)).to_be_visible()
    offer.get_by_role("link", name="Suivi de mes démarches").click()
    page.wait_for_url("**/dossier")
    table = page.get_by_role("table")
    row = table.get_by_role("row").filter(has_text=f"Demande d’inscription à l’activité {MORNING}")
    expect(row.first).to_contain_text("Demandée")
    mail = own_server.wait_for_mail(ZOE.email, "accusé de réception de votre demande d’inscription")
    assert f"{MORNING} (Nora)" in mail.text
    visit(page, "/inscriptions")
    mine = (
        activity(page, "Activités périscolaires")
        .get_by_role("listitem")
        .filter(has=page.get_by_role("heading", name=MORNING, exact=True))
    )
    expect(mine.get_by_role("listitem").filter(has_text="Nora")).to_contain_text("Demandée")
    visit(page, "/dossier/documents")
    expect(page.get_by_text(f"pour {MORNING}").first).to_be_attached()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_is_missing_is_filled_in_and_sent_from_the_request(
    size: str, own_server: Server, open_context: OpenContext
) -> None:
    page = zoe(own_server, open_context, size)
    visit(page, "/inscriptions/nouvelle")
    choose(page, "Activités périscolaires", "Audrey")
    offer = unfold(page, "3_Accueil mercredi élémentaire matin")
    for words in ("L’inscription n’est pas limitée", "Matin\u00a0: 24\u00a0places par jour"):
        expect(offer.get_by_text(words)).to_be_visible()
    offer.get_by_role("button", name="fiche sanitaire de Audrey").click()
    dialog = page.get_by_role("dialog")
    # it opens at its top, however long it is
    expect(dialog.get_by_role("heading", level=2)).to_be_in_viewport()
    dialog.get_by_role("button", name="Compléter ou corriger").click()
    expect(dialog.get_by_label("Allergies")).to_be_focused()
    dialog.get_by_label("Allergies").fill("Fruits à coque")
    dialog.get_by_label("Téléphone du médecin").fill("01")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_text("n’est pas complet").first).to_be_visible()
    expect(dialog.get_by_label("Allergies")).to_have_value("Fruits à coque")
    dialog.get_by_label("Téléphone du médecin").fill("01 00 00 20 20")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_text("C’est enregistré.")).to_be_in_viewport()
    expect(dialog.get_by_text("Fruits à coque")).to_be_visible()
    dialog.get_by_role("button", name=CERTIFY).click()
    expect(offer.get_by_text("Fiche sanitaire fournie")).to_be_visible()
    # the other document, refused then accepted, without leaving the page
    offer.get_by_role("button", name="Assurance scolaire de Audrey").click()
    files = dialog.get_by_label("Choisir un ou plusieurs fichiers")
    send = dialog.get_by_role("button", name="Déposer", exact=True)
    files.set_input_files({"name": "a.txt", "mimeType": "", "buffer": b"rien"})
    send.click()
    expect(dialog.get_by_text("«\u00a0a.txt\u00a0»")).to_be_visible()
    files.set_input_files({"name": "a.pdf", "mimeType": "", "buffer": samples.pdf()})
    send.click()
    expect(page.get_by_text("Assurance scolaire (Audrey)\u00a0: bien arrivé")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(offer.get_by_text("à fournir")).to_have_count(0)
    offer.get_by_role("button", name="Enregistrer").click()
    expect(offer.get_by_text("Demande enregistrée")).to_be_visible()


def test_another_child_s_link_ticks_that_child_and_no_other(page: Page) -> None:
    for child in ("Audrey", "Nora"):
        visit(page, "/inscriptions")
        page.get_by_role("link", name=f"Inscrire {child}").click()
        page.wait_for_url("**/inscriptions/nouvelle*")
        who = page.get_by_role("group", name=re.compile("^Personne"))
        expect(who.get_by_label(child)).to_be_checked()
        expect(who.get_by_role("checkbox", checked=True)).to_have_count(1)
        page.get_by_role("link", name="Les activités de mes enfants").first.click()
        page.wait_for_url("**/inscriptions")


def test_several_children_in_one_go_and_their_days_beside(page: Page, own_server: Server) -> None:
    own_server.sql("DELETE FROM enrolment WHERE state = 'validated' AND usual_days <> ''")
    own_server.sql("UPDATE document SET check_state = 'accepted'")
    visit(page, "/inscriptions/nouvelle")
    page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_text("Choisissez un type d’activité.")).to_be_visible()
    expect(page.get_by_text("Choisissez au moins un enfant.")).to_be_visible()
    choose(page, "Restauration scolaire", "Christopher", "Nora")
    offer = activity(page, "Restauration scolaire maternelle")
    children = offer.get_by_role("group", name=re.compile("^Enfant"))
    days = offer.get_by_role("group", name=re.compile("^Jours habituels"))
    # nothing ticked: said beside, and nothing typed is lost
    entry = offer.get_by_label("Date d’entrée")
    proposed = entry.input_value()
    entry.fill("2099-01-01")
    offer.get_by_role("button", name="Enregistrer").click()
    for words in ("Cochez au moins un enfant.", "Cochez au moins un jour."):
        expect(offer.get_by_role("status").get_by_text(words)).to_be_visible()
        expect(offer.get_by_role("group").get_by_text(words)).to_be_visible()
    expect(offer.get_by_role("status").locator(".notice")).to_be_focused()
    children.get_by_label("Christopher").check()
    children.get_by_label("Nora").check()
    days.get_by_label("Lundi").check()
    offer.get_by_role("button", name="Enregistrer").click()
    expect(offer.get_by_text("La date d’entrée doit être comprise")).to_have_count(2)
    expect(entry).to_have_value("2099-01-01")
    expect(days.get_by_label("Lundi")).to_be_checked()
    entry.fill(proposed)
    offer.get_by_role("button", name="Enregistrer").click()
    told = offer.get_by_role("status")
    expect(told).to_contain_text("Christopher, Restauration scolaire maternelle")
    expect(told).to_contain_text("Nora, Restauration scolaire maternelle")
    rows = own_server.sql(
        "SELECT usual_days, state FROM enrolment WHERE usual_days <> '' AND state = 'validated' "
        "AND entry_on = ?",
        proposed,
    )
    assert rows == [("1", "validated")] * 2


def test_a_child_too_old_is_not_offered_the_activity(page: Page) -> None:
    visit(page, "/inscriptions/nouvelle")
    choose(page, "Activités périscolaires", "Audrey")
    expect(activity(page, "1_Accueil matin élémentaire")).to_be_visible()
    expect(page.get_by_text(MORNING)).to_have_count(0)


def test_a_request_is_taken_back_and_the_next_one_moves_up(page: Page) -> None:
    visit(page, "/inscriptions")
    block = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="6_Passerelle maternelle", exact=True)
    )
    expect(block).to_contain_text("Liste d’attente, rang\u00a01")
    block.get_by_role("button", name="Retirer la demande pour Nora").click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_role("button", name="Retirer ma demande").click()
    expect(page.get_by_text("la demande est retirée")).to_be_visible()
    expect(block).to_contain_text("Demandée")
    expect(block).not_to_contain_text("Liste d’attente")


def test_a_refusal_by_an_agent_is_seen_with_its_reason(page: Page, own_server: Server) -> None:
    ((number,),) = own_server.sql(
        "SELECT e.id FROM enrolment e JOIN child c ON c.id = e.child_id "
        "WHERE c.first_name = 'Audrey' AND e.state = 'requested'"
    )

    def portail(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "portail.cli", "enrolments", *arguments],
            cwd=ROOT,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(ROOT),
                "PORTAIL_DATA_DIR": str(own_server.data_dir),
                "PORT": str(own_server.port),
                "NO_COLOR": "1",
                **own_server.settings,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert "Audrey Pinceau" in portail("list", "--agent", "agent.enfance").stdout
    reason = ["--reason", "Le groupe est complet."]
    refused = portail("refuse", str(number), "--agent", "agent.regie", *reason)
    assert refused.returncode == 1
    done = portail("refuse", str(number), "--agent", "agent.enfance", *reason)
    assert done.stdout.strip() == "Demande : Refusée."
    visit(page, "/inscriptions")
    expect(page.get_by_text("Motif\u00a0: Le groupe est complet.")).to_be_visible()
    own_server.wait_for_mail(ZOE.email, "est refusée")


def test_the_address_of_a_child_of_another_opens_nothing(page: Page, own_server: Server) -> None:
    ((lina,),) = own_server.sql("SELECT id FROM child WHERE first_name = 'Lina'")
    visit(page, f"/inscriptions/nouvelle?enfant={lina}&type=periscolaire")
    expect(page.get_by_role("button", name="Inscrire", exact=True)).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.get_by_text("Lina")).to_have_count(0)
    assert path_of(page).startswith("/inscriptions/nouvelle")
