"""Every HTTP route and page of the portal, asked for by a stranger."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Mount, Route

from portail import portail as application
from portail.access.labels import Audience
from portail.adapters.payment.places import DEMO_PAGE, DEMO_SERVICE
from portail.demo.payfip.routes import CONTROL, payfip_routes
from portail.http.unsubscribe import LINK
from portail.services.notifications.tokens import PAGE
from portail.services.payments.starting import NOTIFICATION, RETURN
from tests.access.conftest import RunningPortal

pytestmark = pytest.mark.usefixtures("quiet")

# what banks call and their pages post to: each only names a payment, whoever is signed in; and
# what mail readers post to: the link itself says what to stop
FROM_ELSEWHERE = {NOTIFICATION, f"{RETURN}/{{reference}}", DEMO_SERVICE, LINK}
# routes anybody may call: each decides for itself, from a password, a link's secret or nothing
PUBLIC = {
    ("POST", "/connexion"),
    ("POST", "/agents/connexion"),
    ("POST", "/deconnexion"),
    ("POST", "/mot-de-passe-oublie"),
    ("GET", "/mot-de-passe/{secret}"),
    ("POST", "/nouveau-mot-de-passe"),
    ("POST", "/activation"),
    ("POST", "/activation/renvoyer"),
    ("GET", "/activation/{secret}"),
    ("GET", "/confirmer-adresse/{secret}"),
    ("POST", "/adresse-confirmee"),
    ("GET", "/agenda/{secret}.ics"),
    ("GET", LINK),
    ("POST", PAGE),
    ("GET", "/facturation"),  # to «Payer», which has a door
    ("GET", "/actualites/flux.atom"),  # the public articles, and no others
    ("GET", "/actualites/flux.rss"),
    ("GET", "/healthz"),
    ("GET", "/ville/icone.svg"),
    ("GET", "/ville/logo.{kind}"),
    ("GET", "/demo/courriels/{mail_id:courriel}"),  # demo only
    ("GET", "/demo/courriels/modeles/{kind}/{form}"),  # demo only
    *{(way, path) for way in ("GET", "POST") for path in FROM_ELSEWHERE},
    *{("GET", route.path) for route in payfip_routes()},  # demo only: no one of the portal's there
    *{("POST", path) for path in (DEMO_PAGE, CONTROL)},
    ("GET", "/ping"),
    ("GET", "/_health"),
}
PAGES = [page for page in application.PAGES if page.route.startswith("/")]
DOORS = {Audience.FAMILY: "/connexion", Audience.AGENT: "/agents/connexion"}


def routes() -> set[tuple[str, str]]:
    """What the portal and Reflex answer, pages and the websocket apart."""
    reflex = application.app._api
    assert reflex is not None
    found = [route for route in [*application.routes.routes, *reflex.routes] if route is not None]
    assert {route.path for route in found if isinstance(route, Mount)} <= {"/_event", ""}
    return {
        (method, route.path)
        for route in found
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }


def filled(path: str) -> str:
    return re.sub(r"\{[\w:]+\}", "x", path)


def test_the_public_routes_are_written_here() -> None:
    """A route that is not in the list must refuse a stranger: see the next test."""
    assert routes() >= PUBLIC


def test_every_other_route_refuses_a_stranger(portal: RunningPortal) -> None:
    with portal.http() as http:
        for method, path in sorted(routes() - PUBLIC):
            answer = http.request(method, filled(path))
            to_door = answer.status_code == 303 and answer.headers["location"].startswith(
                tuple(DOORS.values())
            )
            assert to_door or answer.status_code in (401, 403, 404), (method, path)


def test_every_private_page_sends_a_stranger_to_its_door(portal: RunningPortal) -> None:
    private = [page for page in PAGES if page.access.audience is not Audience.PUBLIC]
    assert private
    with portal.http() as http:
        for page in private:
            answer = http.get(page.route)
            assert answer.status_code == 303, page.route
            door, _, query = answer.headers["location"].partition("?")
            assert door == DOORS[page.access.audience]
            assert query == "" or query.startswith("suite=%2F")
            assert answer.headers["cache-control"] == "no-store"


def test_every_public_page_is_there_for_a_stranger(portal: RunningPortal) -> None:
    with portal.http() as http:
        for page in PAGES:
            if page.access.audience is Audience.PUBLIC:
                answer = http.get(page.route)
                assert answer.status_code in (200, 404), page.route  # 404: built before it came
                assert "unsafe" not in answer.headers["content-security-policy"]


def test_every_post_from_another_site_is_refused(portal: RunningPortal) -> None:
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    with portal.http() as http:
        for method, path in sorted(routes()):
            if method != "GET" and path not in FROM_ELSEWHERE:
                assert http.request(method, filled(path), headers=evil).status_code == 403, path


def test_reflex_takes_no_files(portal: RunningPortal) -> None:
    with portal.http() as http:
        answer = http.post("/_upload", files={"files": b"x"})
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_may_not_read_our_answers(portal: RunningPortal, origin: str) -> None:
    with portal.http() as http:
        answer = http.get("/healthz", headers={"Origin": origin})
        preflight = http.options(
            "/connexion", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        )
    assert answer.headers.get("access-control-allow-origin") not in (origin, "*")
    assert preflight.headers.get("access-control-allow-origin") not in (origin, "*")
