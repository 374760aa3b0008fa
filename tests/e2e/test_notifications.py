"""What one is told of by mail: chosen on «Mon compte», stopped from a mail without signing in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import DESKTOP, PHONE, Size, path_of, visit
from tests.e2e.helpers.people import ZOE, let_in
from tests.e2e.helpers.server import ROOT, Server
from tests.e2e.test_account import INFORMATION, card, save
from tests.e2e.test_axe import _in_every_light, axe  # noqa: F401  (a fixture)

SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
PLACES = "Places libérées"
TELL = """
from sqlmodel import select
from portail import clock
from portail.database import writing
from portail.domain.notifications import Notification
from portail.models import Account
from portail.services.notifications import Notice, tell
with writing() as session:
    account = session.exec(select(Account).where(Account.user_name_key == "z-pinceau")).one()
    context = {"first_name": "Zoé", "child": "Nora", "what": "Matin", "day": "lundi",
               "until": "mardi", "url": "http://localhost/planning"}
    about = f"essai {clock.now().isoformat()}"
    tell(session, account, Notice(Notification.PLACES, "place_offered", context, "Nora", about))
"""


def a_place_is_offered(server: Server, folder: str) -> str:
    """Zoé is told of one; the link «Se désabonner» of the mail."""
    path = server.data_dir / folder
    path.mkdir(exist_ok=True)
    (path / "telling.py").write_text(TELL)
    before = len(server.mails())
    server.settings["PYTHONPATH"] = f"{path}:{ROOT}"
    server.python("telling")
    mail = server.wait_for_mail(ZOE.email, "place s’est libérée", before)
    link = re.search(r"https?://\S+/desabonnement/\S+", mail.text)
    assert link
    return link.group()


@pytest.mark.parametrize("window", SIZES)
def test_each_kind_has_its_choice_and_it_is_kept(
    window: Size, own_server: Server, open_context: OpenContext
) -> None:
    context = open_context(own_server, window)
    let_in(context, own_server)
    page = context.new_page()
    visit(page, INFORMATION)
    form = card(page, "Notifications par e-mail")
    places = form.get_by_role("group", name=PLACES)
    expect(places.get_by_label("Tout de suite")).to_be_checked()
    expect(places.get_by_text("le résumé peut arriver trop tard")).to_be_visible()
    expect(form.get_by_role("heading", name="Toujours envoyés")).to_be_visible()
    expect(form.get_by_role("group", name="Réponses à mes demandes")).to_have_count(0)
    places.get_by_label("Dans le résumé du jour").check()
    form.get_by_role("group", name="Actualités").get_by_label("Jamais").check()
    save(form)
    expect(form.get_by_role("status")).to_contain_text("Vos choix sont enregistrés")
    visit(page, INFORMATION)
    expect(places.get_by_label("Dans le résumé du jour")).to_be_checked()
    expect(form.get_by_role("group", name="Actualités").get_by_label("Jamais")).to_be_checked()
    expect(
        form.get_by_role("group", name="Nouvelles factures").get_by_label("Tout de suite")
    ).to_be_checked()
    kept = own_server.sql("SELECT kind, choice FROM notification_choice ORDER BY kind")
    assert kept == [("news", "never"), ("places", "daily")]


@pytest.mark.parametrize("window", SIZES)
def test_a_mail_is_stopped_by_its_link_without_signing_in(
    window: Size,
    own_server: Server,
    open_context: OpenContext,
    axe: str,  # noqa: F811
) -> None:
    link = a_place_is_offered(own_server, "telling")
    page = open_context(own_server, window).new_page()
    page.goto(link)
    assert path_of(page) == "/desabonnement"  # the link has left the address
    expect(page.get_by_text(PLACES)).to_be_visible()
    assert own_server.sql("SELECT * FROM notification_choice") == []  # following changes nothing
    _in_every_light(page, axe)
    page.get_by_role("button", name="Se désabonner").click()
    expect(page.get_by_text("C’est fait")).to_be_visible()
    assert own_server.sql("SELECT kind, choice FROM notification_choice") == [("places", "never")]
    _in_every_light(page, axe)
    page.get_by_role("button", name="Revenir en arrière").click()
    expect(page.get_by_text("Vous recevez de nouveau")).to_be_visible()
    assert own_server.sql("SELECT choice FROM notification_choice") == [("now",)]
    _in_every_light(page, axe)
    page.goto(link[:-9])
    expect(page.get_by_text("Lien inconnu ou trop ancien")).to_be_visible()
    _in_every_light(page, axe)


def test_a_mail_reader_stops_it_in_one_click(own_server: Server, open_context: OpenContext) -> None:
    link = a_place_is_offered(own_server, "telling")
    reader = open_context(own_server).request
    form: dict[str, str | float | bool] = {"List-Unsubscribe": "One-Click"}
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for headers in (elsewhere, {}):  # again is the same
        answer = reader.post(link, form=form, headers=headers)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert own_server.sql("SELECT kind, choice FROM notification_choice") == [("places", "never")]
    assert reader.post(link[:-9], form=form).status == 404


def test_every_model_is_shown_as_html_and_as_text(page: Page) -> None:
    visit(page, "/demo/courriels")
    page.get_by_role("link", name="Voir tous les modèles").click()
    lines = page.get_by_role("main").get_by_role("listitem")
    expect(page.get_by_role("heading", level=1)).to_have_text("Modèles de courriels")
    expect(lines.filter(has_text="daily_digest")).to_be_visible()
    assert lines.count() > 20
    for path in ("/demo/courriels/modeles/daily_digest/html", "/demo/courriels/modeles/x/html"):
        answer = page.context.request.get(path)
        assert answer.status == (200 if "digest" in path else 404)
