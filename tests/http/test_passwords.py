"""Forgotten passwords over HTTP: the same answer to everybody, and a secret that shows nowhere."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from portail.database import reading
from portail.models import OutboxMail
from portail.services import sessions
from tests import factories
from tests.factories import PASSWORD
from tests.http.browser import Browser

pytestmark = pytest.mark.usefixtures("db")
NEW = "Nouveau!1"


async def ask_for_link(browser: Browser) -> str:
    await browser.post("/mot-de-passe-oublie", email="zoe@example.org")
    with reading() as session:
        mail = session.exec(select(OutboxMail).order_by(col(OutboxMail.id).desc())).first()
    assert mail is not None
    found = re.search(r"/mot-de-passe/([\w-]+)", mail.text)
    assert found is not None
    return found[1]


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="zoe@example.org")


async def test_the_same_answer_whether_the_address_is_known_or_not(zoe: int) -> None:
    seen = []
    for email in ("zoe@example.org", "personne@example.org", "", "pas une adresse"):
        browser = Browser()
        answer = await browser.post("/mot-de-passe-oublie", email=email)
        headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
        seen.append((answer.status, headers, answer.body, browser.attributes))
    assert all(one == seen[0] for one in seen)
    assert seen[0][1]["location"] == "/mot-de-passe-oublie?envoye=1"
    with reading() as session:
        assert len(session.exec(select(OutboxMail)).all()) == 1


async def test_a_link_leaves_the_address_for_a_cookie_and_changes_the_password(zoe: int) -> None:
    browser, open_elsewhere = Browser(), Browser()
    await open_elsewhere.post("/connexion", identifiant="z-pinceau", mot_de_passe=PASSWORD)
    before = open_elsewhere.cookies["portail_session"]
    secret = await ask_for_link(browser)
    answer = await browser.get(f"/mot-de-passe/{secret}")
    assert answer.headers["location"] == "/nouveau-mot-de-passe"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert browser.cookies["portail_link"] == secret
    assert "httponly" in browser.attributes["portail_link"].lower()
    changed = await browser.post("/nouveau-mot-de-passe", mot_de_passe=NEW, confirmation=NEW)
    assert changed.headers["location"] == "/connexion?nouveau=1"
    assert "portail_link" not in browser.cookies
    assert sessions.find(before) is None
    entered = await browser.post("/connexion", identifiant="z-pinceau", mot_de_passe=NEW)
    assert entered.headers["location"] == "/accueil"


@pytest.mark.parametrize(("password", "again"), [("court", "court"), (NEW, "Autre!12")])
async def test_a_refused_password_may_be_tried_again(zoe: int, password: str, again: str) -> None:
    browser = Browser()
    await browser.get(f"/mot-de-passe/{await ask_for_link(browser)}")
    refused = await browser.post("/nouveau-mot-de-passe", mot_de_passe=password, confirmation=again)
    assert refused.headers["location"] == "/nouveau-mot-de-passe?erreur=1"
    assert NEW not in str(browser.attributes)
    changed = await browser.post("/nouveau-mot-de-passe", mot_de_passe=NEW, confirmation=NEW)
    assert changed.headers["location"] == "/connexion?nouveau=1"


async def test_without_a_link_nothing_changes(zoe: int) -> None:
    answer = await Browser().post("/nouveau-mot-de-passe", mot_de_passe=NEW, confirmation=NEW)
    assert answer.headers["location"] == "/nouveau-mot-de-passe"
    entered = await Browser().post("/connexion", identifiant="z-pinceau", mot_de_passe=PASSWORD)
    assert entered.headers["location"] == "/accueil"


@pytest.mark.parametrize("secret", ["€", "a\r\nSet-Cookie: x=y", "a;b", "x" * 5_000, "\x00", "é"])
async def test_what_cannot_be_a_secret_goes_into_no_header(secret: str) -> None:
    browser = Browser()
    with capture_logs() as log:
        answer = await browser.get(f"/mot-de-passe/{secret}")
    assert answer.headers["location"] == "/nouveau-mot-de-passe"
    assert browser.cookies.get("portail_link", "") in ("", '""')
    assert list(browser.cookies) in ([], ["portail_link"])
    assert "request_failed" not in [line["event"] for line in log]


async def test_the_secret_of_a_link_and_the_address_are_not_logged(zoe: int) -> None:
    browser = Browser()
    with capture_logs() as log:
        secret = await ask_for_link(browser)
        await browser.get(f"/mot-de-passe/{secret}")
        await browser.post("/nouveau-mot-de-passe", mot_de_passe=NEW, confirmation=NEW)
    assert [line["path"] for line in log] == [
        "/mot-de-passe-oublie",
        "/mot-de-passe/…",
        "/nouveau-mot-de-passe",
    ]
    assert not any(word in str(log) for word in (secret, "zoe@example.org", NEW))
