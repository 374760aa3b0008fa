"""The gate in front of a small site of the test's own: who passes, how much, and what leaves."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from portail import clock
from portail.access import identity
from portail.access.gate import MAX_BODY, Gate
from portail.access.labels import AGENT, FAMILY, PUBLIC
from portail.domain.identity import Actor
from portail.services.sessions import SignedIn
from portail.settings import settings
from tests.access.asgi import SAME_ORIGIN, ask

SCRIPTS = ["window.a = 1;\n", "window.b = «é»;", '{"json": true}']
STYLE = "p{color:red}"
PAGE = (
    f"<html><head><style>{STYLE}</style><script src='/assets/x.js'></script>"
    f"<script>{SCRIPTS[0]}</script><script type=module>{SCRIPTS[1]}</script>"
    f"<script type=application/json>{SCRIPTS[2]}</script></head><body>page</body></html>"
)
PAGES = {
    "/": PUBLIC,
    "/aide": PUBLIC,
    "/connexion": PUBLIC,
    "/agents/connexion": PUBLIC,
    "/accueil": FAMILY,
    "/planning": FAMILY,
    "/agents": AGENT,
}
PRIVATE = ("/accueil", "/agents")
HTML = "text/html; charset=utf-8"


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def boom(_request: Request) -> Response:
    raise RuntimeError("secret of the house")


async def refuse(request: Request) -> Response:
    raise HTTPException(int(request.path_params["status"]))


async def data(_request: Request) -> Response:
    return JSONResponse({"a": 1}, 503)


@pytest.fixture
def site(tmp_path: Path) -> ASGIApp:
    """A gate around a few pages and routes."""
    static = tmp_path / "site"
    for name in ("aide", "connexion", "agents", "agents/connexion", "accueil", "planning"):
        for file in (f"{name}.html", f"{name}/index.html"):
            (static / file).parent.mkdir(parents=True, exist_ok=True)
            (static / file).write_text(PAGE.replace(">page<", f">page {name}<"))
    (static / "index.html").write_text(PAGE)
    (static / "erreur.html").write_text("<script>erreur()</script>une erreur")
    (static / "404.html").write_text("<script>perdu()</script>introuvable")
    (static / "assets").mkdir()
    (static / "assets" / "x.js").write_text("x")
    (static / "robots.txt").write_text("x")
    (tmp_path / "outside.html").write_text("<script>outside()</script>")
    inner = Starlette(
        routes=[
            Route("/echo", echo, methods=["POST"]),
            Route("/depot", echo, methods=["POST"]),
            Route("/boom", boom, methods=["GET", "POST"]),
            Route("/mot-de-passe/boom", boom),
            Route("/refuse/{status}", refuse, methods=["GET", "POST"]),
            Route("/data", data),
            Mount("/", StaticFiles(directory=static, html=True)),
        ]
    )
    return Gate(inner, static=static, pages=PAGES, upload_limits={"/depot": 2 * MAX_BODY})


def sign_in_as(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in = SignedIn(actor, "Zoé Pinceau", clock.now())
    monkeypatch.setattr(identity, "resolve", lambda _: signed_in)


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- private pages


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        ("/accueil", "", "/connexion"),
        ("/agents", "", "/agents/connexion"),
        ("/planning", "mois=11", "/connexion?suite=%2Fplanning%3Fmois%3D11"),
        ("/planning", "x=%C3%A9", "/connexion?suite=%2Fplanning%3Fx%3D%25C3%25A9"),
        ("/planning/", "", "/connexion?suite=%2Fplanning%2F"),
        ("/planning.html", "", "/connexion?suite=%2Fplanning.html"),
    ],
)
async def test_a_stranger_is_sent_to_the_door_with_the_page_asked_for(
    site: ASGIApp, path: str, query: str, target: str
) -> None:
    answer = await ask(site, path, query=query)
    assert answer.status == 303
    assert answer.headers["location"] == target
    assert b"page" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "//accueil",
        "/./accueil",
        "/x/../accueil",
        "/accueil//",
        "/accueil/.",
        "/accueil/index.html",
        "//agents",
        "/agents/../accueil.html",
        "/agents/index.html",
    ],
)
async def test_however_it_is_written_a_private_page_is_private(site: ASGIApp, path: str) -> None:
    answer = await ask(site, path)
    assert answer.status == 303
    assert answer.headers["cache-control"] == "no-store"


async def test_who_may_see_a_page_sees_it(site: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await ask(site, "/aide")).body.count(b"page aide") == 1
    sign_in_as(Actor(1, account_id=1), monkeypatch)
    assert b"page accueil" in (await ask(site, "/accueil")).body
    assert (await ask(site, "/agents")).headers["location"] == "/accueil"
    assert (await ask(site, "/connexion")).headers["location"] == "/accueil"
    assert (await ask(site, "/aide")).status == 200
    sign_in_as(Actor(1, agent_id=1), monkeypatch)
    assert b"page agents" in (await ask(site, "/agents")).body
    assert (await ask(site, "/accueil")).headers["location"] == "/agents"
    assert (await ask(site, "/agents/connexion")).headers["location"] == "/agents"


async def test_a_page_is_served_without_a_detour(site: ASGIApp) -> None:
    """No redirection to «/aide/», which the files alone would give."""
    answer = await ask(site, "/aide")
    assert (answer.status, answer.headers["content-type"]) == (200, HTML)


# --- from where


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "OURS"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "OURS.evil.example"},
        {"referer": "OURS/connexion"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_post_from_elsewhere_is_refused(
    site: ASGIApp, method: str, headers: dict[str, str]
) -> None:
    said = {name: value.replace("OURS", settings().base_url) for name, value in headers.items()}
    answer = await ask(site, "/echo", method, said)
    assert answer.status == 403
    assert b"une erreur" in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "OURS"},
        {"sec-fetch-site": "same-origin", "origin": "OURS"},
    ],
)
async def test_a_post_from_our_pages_is_taken(site: ASGIApp, headers: dict[str, str]) -> None:
    said = {name: value.replace("OURS", settings().base_url) for name, value in headers.items()}
    answer = await ask(site, "/echo", "POST", said, body=[b"abc"])
    assert (answer.status, answer.body) == (200, b"3")


# --- how much


@pytest.mark.parametrize(("path", "limit"), [("/echo", MAX_BODY), ("/depot", 2 * MAX_BODY)])
async def test_a_body_has_a_limit_said_or_not(site: ASGIApp, path: str, limit: int) -> None:
    for extra, status in ((0, 200), (1, 413)):
        size = limit + extra
        said = {**SAME_ORIGIN, "content-length": str(size)}
        assert (await ask(site, path, "POST", said, body=[b"x" * size])).status == status
        pieces = [b"x" * (size // 2), b"x" * (size - size // 2)]
        unsaid = await ask(site, path, "POST", SAME_ORIGIN, body=pieces)
        assert unsaid.status == status
        lie = {**SAME_ORIGIN, "content-length": "3"}
        assert (await ask(site, path, "POST", lie, body=pieces)).status == status
    # without its scripts, which would show the page of this address instead
    assert unsaid.body == b"une erreur"


@pytest.mark.parametrize("length", ["abc", "-1", "1.5", "²", "", "1" * 5_000, "10000000000"])
async def test_a_length_that_is_none_is_refused(site: ASGIApp, length: str) -> None:
    said = {**SAME_ORIGIN, "content-length": length}
    assert (await ask(site, "/echo", "POST", said, body=[b"abc"])).status == 413


# --- errors


@pytest.mark.parametrize(
    ("path", "method", "status", "text"),
    [
        ("/boom", "GET", 500, "une erreur"),
        ("/boom", "POST", 500, "une erreur"),
        ("/refuse/400", "POST", 400, "une erreur"),
        ("/refuse/403", "GET", 403, "une erreur"),
        ("/refuse/404", "GET", 404, "introuvable"),
        ("/nothing", "GET", 404, "introuvable"),
        ("/echo", "PUT", 405, "une erreur"),
    ],
)
async def test_errors_are_said_on_a_page_of_ours(
    site: ASGIApp, path: str, method: str, status: int, text: str
) -> None:
    answer = await ask(site, path, method, SAME_ORIGIN)
    assert answer.status == status
    assert text in answer.body.decode()
    script = "perdu()" if status == 404 else "erreur()"
    assert answer.csp["script-src"] == f"'self' {hashed(script)}"


async def test_an_answer_for_programs_keeps_its_form(site: ASGIApp) -> None:
    answer = await ask(site, "/data")
    assert (answer.status, answer.body) == (503, b'{"a":1}')


async def test_an_error_says_nothing_of_the_house(site: ASGIApp) -> None:
    with capture_logs() as log:
        answer = await ask(site, "/boom")
    assert b"secret" not in answer.body
    assert [line["event"] for line in log] == ["request_failed", "request"]


# --- paths


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.html",
        "/../../outside.html",
        "/..%2foutside.html",
        "/assets/../../outside.html",
        "/aide/../../outside.html",
        "//../outside.html",
        "/....//outside.html",
        "/../outside",
        "/\\..\\outside.html",
        "/../../../../../../../../usr/bin/env",
        "/aide\x00.html",
        "/\x00",
        "/" + "a" * 300,
        "/" + "a" * 300 + ".html",
        "/" + "a/" * 3_000,
        "/\udcff",
    ],
)
async def test_no_path_leads_outside_and_none_breaks_the_server(site: ASGIApp, path: str) -> None:
    answer = await ask(site, path)
    assert answer.status == 404
    assert b"outside" not in answer.body
    assert hashed("outside()") not in answer.headers["content-security-policy"]
    assert answer.csp["script-src"] == f"'self' {hashed('perdu()')}"


# --- what leaves


async def test_pages_post_to_the_bank_whose_page_takes_a_form(
    site: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portail.access.csp.form_origin", lambda: "https://banque.example")
    policy = (await ask(site, "/")).csp
    assert policy["form-action"] == "'self' https://banque.example"


async def test_other_sites_post_only_where_nothing_is_done_in_anybodys_name(tmp_path: Path) -> None:
    taken = PlainTextResponse("ok")
    gate = Gate(taken, static=tmp_path, pages={}, from_elsewhere=("/paiement/",))
    statuses = [
        (await ask(gate, path, "POST", {"sec-fetch-site": "cross-site"})).status
        for path in ("/paiement/notification", "/paiements", "/connexion", "/")
    ]
    assert statuses == [200, 403, 403, 403]


async def test_the_policy_of_a_page_is_strict_and_has_its_own_hashes(site: ASGIApp) -> None:
    for path in ("/", "/aide", "/aide/", "/aide.html"):
        policy = (await ask(site, path)).csp
        assert policy["default-src"] == "'none'"
        words = policy["script-src"].split()
        assert words[0] == "'self'"
        assert set(words[1:]) == {hashed(script) for script in SCRIPTS}
        assert policy["style-src"] == f"'self' {hashed(STYLE)}"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        everything = " ".join(policy.values())
        assert "unsafe" not in everything
        assert "*" not in everything
        assert "http:" not in everything
        assert all(word.startswith(("'self'", "ws://")) for word in policy["connect-src"].split())


async def test_what_is_not_a_page_may_do_nothing(site: ASGIApp) -> None:
    for path in ("/data", "/robots.txt"):
        policy = (await ask(site, path)).csp
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy


async def test_a_changed_page_has_a_new_policy(site: Gate) -> None:
    file = site.static / "aide.html"
    before = (await ask(site, "/aide")).csp["script-src"]
    file.write_text("<script>autre()</script>")
    after = (await ask(site, "/aide")).csp["script-src"]
    assert after == f"'self' {hashed('autre()')}" != before


async def test_an_unchanged_page_keeps_the_policy_it_came_with(site: ASGIApp) -> None:
    first = await ask(site, "/aide")
    again = await ask(site, "/aide", headers={"if-none-match": first.headers["etag"]})
    assert again.status == 304
    assert "content-security-policy" not in again.headers
    assert again.headers["cache-control"] == first.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/aide", "/nothing", "/boom", "/data", "/robots.txt"])
async def test_every_answer_has_the_headers_that_protect(site: ASGIApp, path: str) -> None:
    headers = (await ask(site, path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert len(headers["x-request-id"]) == 12
    assert "strict-transport-security" not in headers  # over http it would lock people out


async def test_over_https_browsers_are_told_to_stay_there(
    site: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAIL_PUBLIC_URL", "https://familles.ville.fr")
    settings.cache_clear()
    try:
        answer = await ask(site, "/aide")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert "wss://familles.ville.fr" in answer.csp["connect-src"]
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/", "no-cache"),
        ("/aide", "no-cache"),
        ("/accueil", "no-store"),
        ("/assets/x.js", "public, max-age=31536000, immutable"),
        ("/assets/none.js", "no-cache"),
        ("/nothing", "no-cache"),
    ],
)
async def test_what_browsers_keep(
    site: ASGIApp, monkeypatch: pytest.MonkeyPatch, path: str, cache: str
) -> None:
    sign_in_as(Actor(1, account_id=1), monkeypatch)
    assert (await ask(site, path)).headers["cache-control"] == cache


async def test_each_request_is_logged_with_its_own_reference_and_no_query(site: ASGIApp) -> None:
    with capture_logs(processors=[merge_contextvars]) as log:
        first = await ask(site, "/aide", query="nom=Pinceau")
        second = await ask(site, "/aide")
    references = [answer.headers["x-request-id"] for answer in (first, second)]
    assert [line["request_id"] for line in log] == references
    assert references[0] != references[1]
    assert [line["path"] for line in log] == ["/aide", "/aide"]
    assert "Pinceau" not in str(log)


@pytest.mark.parametrize(
    "path", ["/mot-de-passe/boom", "//mot-de-passe/boom", "/x/../mot-de-passe/boom"]
)
async def test_the_secret_of_a_link_is_not_logged(site: ASGIApp, path: str) -> None:
    with capture_logs() as log:
        await ask(site, path)
    assert {line["path"] for line in log} == {"/mot-de-passe/…"}


@pytest.mark.parametrize("path", ["/agenda/abcdef.ics", "//agenda/abcdef.ics"])
async def test_the_secret_of_a_calendar_is_not_logged(site: ASGIApp, path: str) -> None:
    with capture_logs() as log:
        await ask(site, path)
    assert {line["path"] for line in log} == {"/agenda/…"}
