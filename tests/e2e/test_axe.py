"""axe-core over every page: two windows, light and dark; and states that a load does not show."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import DESKTOP, FRAMES, PHONE, SIZES, visit
from tests.e2e.helpers.pages import each_page, stand_before
from tests.e2e.helpers.people import KARIM, ZOE, age_session, fill_sign_in, labelled, sign_in
from tests.e2e.helpers.server import Server
from tests.e2e.helpers.tools import installed

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN = """async tags => {
  const found = await axe.run(document, {
    runOnly: tags, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } },
  })
  return found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id} (${rule.impact}): ${node.target.join(' ')} | ${
      node.any.concat(node.all, node.none).map(check => check.message).join('; ').slice(0, 300)}`))
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return (installed() / "axe-core" / "axe.min.js").read_text()


def _violations(page: Page, axe: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def _in_every_light(page: Page, axe: str, sizes: tuple[str, ...] = ("desktop", "phone")) -> None:
    problems: list[str] = []
    for name in sizes:
        page.set_viewport_size({"width": SIZES[name]["width"], "height": SIZES[name]["height"]})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(FRAMES)
            problems += [f"{name} {scheme}: {found}" for found in _violations(page, axe)]
    assert not problems, "\n".join(problems)


@each_page
def test_every_page_is_accessible(
    route: str, server: Server, open_context: OpenContext, axe: str
) -> None:
    _in_every_light(stand_before(open_context(server), server, route), axe)


def _refused(page: Page, server: Server) -> None:
    visit(page, "/connexion")
    fill_sign_in(page, "z-pinceau", "Faux!1")
    expect(page.get_by_role("alert")).to_contain_text("n’ont pas été reconnus")


def _signed_out(page: Page, server: Server) -> None:
    visit(page, "/connexion?deconnecte=1")
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()


def _link_sent(page: Page, server: Server) -> None:
    visit(page, "/mot-de-passe-oublie")
    labelled(page, "Adresse e-mail").fill(ZOE.email)
    labelled(page, "Adresse e-mail").press("Enter")
    page.wait_for_url(re.compile("envoye=1"))
    expect(page.get_by_text("Si un compte correspond")).to_be_visible()


def _new_password_refused(page: Page, server: Server) -> None:
    before = len(server.mails())
    _link_sent(page, server)
    visit(page, server.wait_for_mail(ZOE.email, "choisissez un nouveau", before).link())
    labelled(page, "Nouveau mot de passe").fill("abcdef")
    labelled(page, "Confirmation du mot de passe").fill("abcdef")
    labelled(page, "Confirmation du mot de passe").press("Enter")
    page.wait_for_url(re.compile("erreur=1"))
    labelled(page, "Nouveau mot de passe").fill("Abcdef")
    expect(page.get_by_text("Il manque encore")).to_be_visible()


def _help_found(page: Page, server: Server) -> None:
    visit(page, "/aide")
    page.get_by_role("searchbox").fill("dossier")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("réponse")
    page.get_by_role("main").get_by_role("group").first.evaluate("e => { e.open = true }")


def _help_not_found(page: Page, server: Server) -> None:
    visit(page, "/aide")
    page.get_by_role("searchbox").fill("dinosaure")
    expect(page.get_by_role("heading", name="Rien sur ce sujet")).to_be_visible()


def _mails(page: Page, server: Server) -> None:
    before = len(server.mails())
    _link_sent(page, server)
    server.wait_for_mail(ZOE.email, "choisissez un nouveau", before)
    visit(page, "/demo/courriels")
    expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()


def _welcome_signed_in(page: Page, server: Server) -> None:
    sign_in(page)
    visit(page, "/")
    expect(page.get_by_role("link", name="Aller à mon espace")).to_be_visible()


def _session_warning(page: Page, server: Server) -> None:
    sign_in(page)
    age_session(server, ZOE, 29)
    expect(page.get_by_role("alertdialog")).to_be_visible(timeout=15_000)


def _dialog(page: Page, server: Server) -> None:
    visit(page, "/demo/composants")
    page.get_by_role("button", name="Tout supprimer…").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _upload_form(page: Page, server: Server) -> None:
    sign_in(page)
    visit(page, "/dossier/documents")
    page.locator("summary").first.click()
    form = page.locator("form.deposit").first
    form.get_by_role("button", name="Déposer").click()
    expect(form.get_by_role("status")).to_have_text("Choisissez d’abord un fichier.")


def _child(page: Page, server: Server) -> None:
    sign_in(page)
    ((child,),) = server.sql("SELECT id FROM child WHERE first_name = 'Nora'")
    visit(page, f"/dossier/enfants/fiche?enfant={child}")
    expect(page.get_by_text("Arachide")).to_be_visible()


def _child_medical(page: Page, server: Server) -> None:
    _child(page, server)
    page.get_by_role("button", name="Modifier : informations médicales").click()
    expect(labelled(page, "Allergies")).to_be_focused()


def _child_medical_refused(page: Page, server: Server) -> None:
    _child_medical(page, server)
    labelled(page, "Téléphone du médecin").fill("01")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#erreurs")).to_be_focused()


def _removal_of_a_person(page: Page, server: Server) -> None:
    _child(page, server)
    page.get_by_role("button", name="Retirer Odile Pinceau").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()


def _offers(page: Page, server: Server) -> None:
    sign_in(page)
    ((child,),) = server.sql("SELECT id FROM child WHERE first_name = 'Audrey'")
    visit(page, f"/inscriptions/nouvelle?enfant={child}&type=periscolaire")
    offer = page.locator("details").filter(has_text="3_Accueil mercredi élémentaire matin")
    offer.locator("summary").first.click()
    expect(offer.get_by_label("Date d’entrée")).to_be_visible()


def _health_form(page: Page, server: Server) -> None:
    _offers(page, server)
    page.get_by_role("button", name="fiche sanitaire de Audrey").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _health_form_being_filled_in(page: Page, server: Server) -> None:
    _health_form(page, server)
    page.get_by_role("button", name="Compléter ou corriger").click()
    expect(page.get_by_role("dialog").get_by_label("Allergies")).to_be_focused()


def _paper_being_sent(page: Page, server: Server) -> None:
    _offers(page, server)
    page.get_by_role("button", name="Assurance scolaire de Audrey").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _coordinates(page: Page, server: Server) -> None:
    sign_in(page)
    visit(page, "/dossier/coordonnees")
    page.get_by_role("button", name="Modifier : adresse").click()
    expect(labelled(page, "Rue")).to_be_focused()


def _coordinates_refused(page: Page, server: Server) -> None:
    _coordinates(page, server)
    labelled(page, "Code postal").fill("94")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#erreurs")).to_be_focused()


def _address_waits(page: Page, server: Server) -> None:
    """Karim's: other scenarios look at Zoé's."""
    sign_in(page, KARIM)
    visit(page, "/dossier/coordonnees")
    if page.get_by_text("Nouvelle valeur demandée").count() == 0:
        page.get_by_role("button", name="Modifier : adresse").click()
        labelled(page, "Rue").fill("5 allée Georges-Brassens")
        page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Nouvelle valeur demandée")).to_be_visible()


def _proof_asked(page: Page, server: Server) -> None:
    _address_waits(page, server)
    page.get_by_role("link", name="Déposer le justificatif").click()
    expect(page.get_by_role("heading", name="Ce qui change")).to_be_visible()


def _withdrawal(page: Page, server: Server) -> None:
    _proof_asked(page, server)
    page.get_by_role("button", name="Retirer ma demande").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()


def _conversation(page: Page, server: Server) -> None:
    sign_in(page)
    ((thread,),) = server.sql("SELECT min(id) FROM message_thread")
    visit(page, f"/messagerie/fil?n={thread}")
    expect(page.locator(".bubble").first).to_be_visible()


def _message_refused(page: Page, server: Server) -> None:
    sign_in(page)
    visit(page, "/messagerie/nouveau")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#erreurs")).to_be_focused()


@pytest.mark.parametrize(
    "reach",
    [
        _conversation,
        _message_refused,
        _upload_form,
        _refused,
        _signed_out,
        _link_sent,
        _new_password_refused,
        _help_found,
        _help_not_found,
        _mails,
        _welcome_signed_in,
        _session_warning,
        _dialog,
        _child,
        _child_medical,
        _child_medical_refused,
        _removal_of_a_person,
        _offers,
        _health_form,
        _health_form_being_filled_in,
        _paper_being_sent,
        _coordinates,
        _coordinates_refused,
        _address_waits,
        _proof_asked,
        _withdrawal,
    ],
)
def test_every_state_is_accessible(
    reach: Callable[[Page, Server], None], page: Page, server: Server, axe: str
) -> None:
    reach(page, server)
    _in_every_light(page, axe)


def test_the_menu_of_the_phone_is_accessible(
    open_context: OpenContext, server: Server, axe: str
) -> None:
    page = open_context(server, PHONE).new_page()
    sign_in(page)
    page.get_by_role("button", name="Plus").click()
    expect(page.get_by_role("navigation", name="Plus")).to_be_visible()
    _in_every_light(page, axe, ("phone",))


def test_the_page_is_not_one_live_region(page: Page, server: Server) -> None:
    """Axe does not say it: a page inside a live region is read aloud at each change."""
    for path in ("/", "/connexion"):
        visit(page, path)
        live = page.get_by_role("status").or_(page.get_by_role("alert"))
        assert live.get_by_role("main").count() == 0
        assert live.get_by_role("navigation").count() == 0


def test_axe_would_see_a_defect(open_context: OpenContext, server: Server, axe: str) -> None:
    page: Any = open_context(server, DESKTOP).new_page()
    visit(page, "/aide")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.querySelector('main input').removeAttribute('id')")
    found = " ".join(_violations(page, axe))
    assert "color-contrast" in found
    assert "label" in found
