"""Signing in and out by native forms: the same answer to strangers, a cookie to those we know."""

from __future__ import annotations

import re

import pytest
from structlog.testing import capture_logs

from portail.domain.throttling import SIGN_IN_NAME
from portail.services import sessions
from portail.settings import settings
from tests import factories
from tests.access.asgi import Answer
from tests.access.test_urls import OUTSIDE
from tests.factories import PASSWORD
from tests.http.browser import Browser

pytestmark = pytest.mark.usefixtures("db")
COOKIE = "portail_session"


async def enter(
    browser: Browser,
    name: str = "z-pinceau",
    password: str = PASSWORD,
    suite: str = "",
    door: str = "/connexion",
) -> Answer:
    return await browser.post(door, identifiant=name, mot_de_passe=password, suite=suite)


@pytest.mark.parametrize(
    ("door", "home"), [("/connexion", "/accueil"), ("/agents/connexion", "/agents")]
)
async def test_the_right_password_gives_a_session(door: str, home: str) -> None:
    factories.account("known")
    factories.agent("known")
    browser = Browser()
    answer = await enter(browser, "known", door=door)
    assert (answer.status, answer.headers["location"]) == (303, home)
    assert answer.headers["cache-control"] == "no-store"
    assert sessions.find(browser.cookies[COOKIE]) is not None
    attributes = browser.attributes[COOKIE].lower()
    assert "httponly" in attributes
    assert "samesite=lax" in attributes
    assert "path=/" in attributes
    assert "domain" not in attributes
    assert "max-age" not in attributes  # ends with the browser


async def test_over_https_the_cookie_is_bound_to_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.account("z-pinceau")
    monkeypatch.setenv("PORTAIL_PUBLIC_URL", "https://familles.ville.fr")
    settings.cache_clear()
    try:
        browser = Browser()
        await enter(browser)
        assert COOKIE not in browser.cookies
        assert "secure" in browser.attributes[f"__Host-{COOKIE}"].lower()
        assert (await browser.get("/connexion")).headers["location"] == "/accueil"
        stolen = Browser()
        stolen.cookies[COOKIE] = browser.cookies[f"__Host-{COOKIE}"]
        assert "location" not in (await stolen.get("/connexion")).headers
    finally:
        monkeypatch.undo()
        settings.cache_clear()


async def test_a_secret_chosen_by_somebody_else_is_never_taken() -> None:
    factories.account("z-pinceau")
    browser = Browser()
    browser.cookies[COOKIE] = "chosen"
    await enter(browser)
    assert browser.cookies[COOKIE] != "chosen"
    assert sessions.find("chosen") is None


async def test_the_same_answer_to_a_wrong_password_and_to_an_unknown_name() -> None:
    factories.account("known")
    seen = []
    for name in ("known", "nobody"):
        browser = Browser()
        answer = await enter(browser, name, "Faux!1")
        assert COOKIE not in browser.cookies
        kept = re.sub(r"portail_flash=[^;]*", "portail_flash=", browser.attributes["portail_flash"])
        own = ("x-request-id", "set-cookie")  # these differ from one request to the next
        headers = {name: text for name, text in answer.headers.items() if name not in own}
        seen.append((answer.status, headers, answer.body, kept))
    assert seen[0] == seen[1]
    assert seen[0][1]["location"] == "/connexion?erreur=1"


async def test_a_refusal_keeps_the_name_and_never_the_password() -> None:
    browser = Browser()
    answer = await enter(browser, "z-pinceau", "Tr0p-secret!")
    everything = str(answer) + str(browser.attributes)
    assert "Tr0p-secret" not in everything
    assert "portail_flash" in browser.cookies


async def test_a_locked_name_gets_the_same_address_as_a_wrong_password() -> None:
    factories.account("z-pinceau")
    browser = Browser()
    for _ in range(SIGN_IN_NAME.free + 2):
        answer = await enter(browser, password="Faux!1")
        assert answer.headers["location"] == "/connexion?erreur=1"
    assert (await enter(browser)).headers["location"] == "/connexion?erreur=1"
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("suite", [path for path in OUTSIDE if "\x00" not in path])
async def test_signing_in_never_leads_out_of_the_portal(suite: str) -> None:
    factories.account("z-pinceau")
    browser = Browser()
    refused = await enter(browser, "nobody", suite=suite)
    assert refused.headers["location"] == "/connexion?erreur=1"
    assert (await enter(browser, suite=suite)).headers["location"] == "/accueil"


async def test_signing_in_leads_to_the_page_asked_for() -> None:
    factories.account("z-pinceau")
    suite = "/planning?semaine=48"
    refused = await enter(Browser(), "nobody", suite=suite)
    assert refused.headers["location"] == "/connexion?erreur=1&suite=%2Fplanning%3Fsemaine%3D48"
    assert (await enter(Browser(), suite=suite)).headers["location"] == suite


async def test_signing_out_ends_the_session_and_empties_the_browser() -> None:
    factories.account("z-pinceau")
    browser = Browser()
    await enter(browser)
    secret = browser.cookies[COOKIE]
    answer = await browser.post("/deconnexion")
    assert answer.headers["location"] == "/connexion?deconnecte=1"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert COOKIE not in browser.cookies
    assert sessions.find(secret) is None


async def test_agents_leave_by_their_own_door_and_strangers_by_the_first() -> None:
    factories.agent("agent.regie")
    browser = Browser()
    await enter(browser, "agent.regie", door="/agents/connexion")
    assert (await browser.post("/deconnexion")).headers["location"].startswith("/agents/connexion?")
    assert (await Browser().post("/deconnexion")).headers["location"].startswith("/connexion?")


async def test_signing_in_again_ends_the_session_that_was_there() -> None:
    factories.account("z-pinceau")
    factories.account("k-benali")
    browser, other = Browser(), Browser()
    await enter(browser)
    await enter(other)
    first = browser.cookies[COOKIE]
    await enter(browser, "k-benali")
    assert sessions.find(first) is None
    assert sessions.find(browser.cookies[COOKIE]) is not None
    assert sessions.find(other.cookies[COOKIE]) is not None


# --- what is not a form of ours


FORM = "application/x-www-form-urlencoded"
PARTS = b'--x\r\nContent-Disposition: form-data; name="identifiant"%s\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (FORM, b"identifiant=z&mot_de_passe=x", 303),
        (FORM, b"", 303),
        (FORM, b"%ff%fe=%ff&identifiant=%ff", 303),
        (FORM, b"identifiant=a%00b", 400),
        (FORM, b"identifiant=" + b"x" * 5_000, 400),
        (FORM, b"&".join(b"a%d=1" % n for n in range(50)), 400),
        ("multipart/form-data; boundary=x", PARTS % (b"", b"z"), 303),
        ("multipart/form-data; boundary=x", PARTS % (b'; filename="a"', b"z"), 400),
        ("multipart/form-data; boundary=x; charset=unicode_escape", PARTS % (b"", b"\\ud800"), 400),
        ("multipart/form-data; boundary=x; charset=idna", PARTS % (b"", b"\xff.\xff"), 303),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 303),
        ("application/json", b'{"identifiant": "z"}', 303),
        ("", b"identifiant=z", 303),
    ],
)
async def test_a_body_of_another_form_is_refused_without_a_fault(
    kind: str, body: bytes, status: int
) -> None:
    browser = Browser()
    with capture_logs() as log:
        answer = await browser.send("/connexion", body, {"content-type": kind})
    assert answer.status == status
    assert COOKIE not in browser.cookies
    assert "request_failed" not in [line["event"] for line in log]


async def test_no_name_and_no_password_is_logged() -> None:
    factories.account("z-pinceau")
    with capture_logs() as log:
        await enter(Browser(), "z-pinceau", "Tr0p-secret!")
        await enter(Browser(), "zoe.inconnue@example.org")
        await enter(Browser())
    assert [line["path"] for line in log] == ["/connexion"] * 3
    assert not re.search(r"z-pinceau|Tr0p-secret|zoe\.inconnue|Bienvenue|192\.0\.2", str(log))
