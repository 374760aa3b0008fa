"""«Mon compte»: the link that confirms an e-mail address, and the download of one's data."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import cookies, identity
from portail.access.labels import FAMILY_BEFORE_CONSENT, Audience
from portail.access.urls import HOME, sign_in_url
from portail.http.downloads import file_response
from portail.http.forms import see_other
from portail.services import my_data
from portail.services.email_change import EmailChanged, EmailTaken, confirm_email_change
from portail.services.reach import NotFound

CONFIRM = "/adresse-confirmee"
DATA = "/mon-compte/mes-donnees.zip"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,100}")


async def follow(request: Request) -> Response:
    """Open a link from a mail. Mail scanners follow links too: only the button confirms."""
    response = see_other(CONFIRM)
    secret = request.path_params["secret"]
    # what cannot be one of our secrets is not put in a header: the page says «not valid»
    cookies.set_link(response, secret if SECRET.fullmatch(secret) else "")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def confirm(request: Request) -> Response:
    """«Confirmer mon adresse», signed in or not: the link is enough."""
    secret = cookies.link_secret(request.headers.get("cookie", ""))
    outcome = await run_in_threadpool(confirm_email_change, secret)
    match outcome:
        case EmailChanged(email):
            response = see_other(f"{CONFIRM}?fait=1")
            cookies.clear_link(response)
            cookies.set_flash(response, "email-change", code="changed", email=email)
            return response
        case EmailTaken():
            response = see_other(f"{CONFIRM}?fait=1")
            cookies.clear_link(response)
            cookies.set_flash(response, "email-change", code="taken")
            return response
        case _:
            return see_other(CONFIRM)


async def data(_request: Request) -> Response:
    """Everything the portal keeps of whoever asks, as it was prepared."""
    signed_in = identity.current()
    if signed_in is None:
        return see_other(sign_in_url(Audience.FAMILY, my_data.PAGE))
    if not FAMILY_BEFORE_CONSENT.admits(signed_in.actor):
        return see_other(HOME[Audience.AGENT])
    try:
        path = await run_in_threadpool(my_data.open_data, signed_in.actor)
    except NotFound:
        raise HTTPException(404) from None
    return file_response(path, "application/zip", "mes-donnees.zip")


routes = [
    Route("/confirmer-adresse/{secret}", follow, methods=["GET"]),
    Route(CONFIRM, confirm, methods=["POST"]),
    Route(DATA, data, methods=["GET"]),
]
