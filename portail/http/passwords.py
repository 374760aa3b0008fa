"""Forgotten passwords: asking for a link, following it, choosing a new password."""

from __future__ import annotations

import re

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import cookies
from portail.http.forms import request_address, see_other, text_fields
from portail.services.password_reset import (
    BadLink,
    Changed,
    Weak,
    change_password,
    request_link,
)

ASK = "/mot-de-passe-oublie"
CHOOSE = "/nouveau-mot-de-passe"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,100}")


async def ask(request: Request) -> Response:
    """Send a link, after the answer: its time must not tell whether the address is known."""
    form = await text_fields(request, "email")
    response = see_other(f"{ASK}?envoye=1")
    work = BackgroundTask(
        run_in_threadpool, request_link, form["email"], address=request_address(request)
    )
    response.background = work
    return response


async def follow(request: Request) -> Response:
    """Open a link from a mail: its secret leaves the address bar for a cookie."""
    response = see_other(CHOOSE)
    secret = request.path_params["secret"]
    # what cannot be one of our secrets is not put in a header: the page says «not valid»
    cookies.set_link(response, secret if SECRET.fullmatch(secret) else "")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def choose(request: Request) -> Response:
    """Set the new password."""
    form = await text_fields(request, "mot_de_passe", "confirmation")
    if form["mot_de_passe"] != form["confirmation"]:
        return _refused("different")
    secret = cookies.link_secret(request.headers.get("cookie", ""))
    outcome = await run_in_threadpool(change_password, secret, form["mot_de_passe"])
    match outcome:
        case Changed():
            response = see_other("/connexion?nouveau=1")
            cookies.clear_link(response)
            cookies.clear_session(response)
            cookies.clear_flash(response)
            return response
        case Weak(missing):
            return _refused("weak", missing=", ".join(c.label for c in missing))
        case BadLink():
            return see_other(CHOOSE)


def _refused(code: str, **values: str) -> Response:
    response = see_other(f"{CHOOSE}?erreur=1")
    cookies.set_flash(response, "new-password", code=code, **values)
    return response


routes = [
    Route(ASK, ask, methods=["POST"]),
    Route("/mot-de-passe/{secret}", follow, methods=["GET"]),
    Route(CHOOSE, choose, methods=["POST"]),
]
