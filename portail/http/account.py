"""«Mon compte»: the link that confirms an e-mail address, and the download of one's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from portail.access import cookies, identity
from portail.access.labels import FAMILY_BEFORE_CONSENT, Audience
from portail.access.urls import HOME, sign_in_url
from portail.adapters import storage
from portail.domain.identity import Actor
from portail.http.forms import see_other
from portail.services.email_change import EmailChanged, EmailTaken, confirm_email_change
from portail.services.export import export_my_data

CONFIRM = "/adresse-confirmee"
DATA = "/mon-compte/mes-donnees.zip"
PIECE = 256 * 1024  # bytes
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
    """Everything the portal keeps of whoever asks."""
    signed_in = identity.current()
    if signed_in is None:
        return see_other(sign_in_url(Audience.FAMILY, "/mon-compte/consentements"))
    if not FAMILY_BEFORE_CONSENT.admits(signed_in.actor):
        return see_other(HOME[Audience.AGENT])
    packed = await run_in_threadpool(_packed, signed_in.actor)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="mes-donnees.zip"',
        "Content-Length": str(packed.seek(0, SEEK_END)),
    }
    return StreamingResponse(_pieces(packed), media_type="application/zip", headers=headers)


def _packed(actor: Actor) -> IO[bytes]:
    """The ZIP, on disk: a family's documents may be hundreds of megabytes.

    It has no name there, and is gone once it is closed. (A FileResponse would need one: the server
    opens the file after we have answered, and nobody tells us when it is done.)
    """
    file = TemporaryFile(dir=storage.temporary_folder())  # noqa: SIM115  (`_pieces` closes it)
    export_my_data(actor, file)
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


routes = [
    Route("/confirmer-adresse/{secret}", follow, methods=["GET"]),
    Route(CONFIRM, confirm, methods=["POST"]),
    Route(DATA, data, methods=["GET"]),
]
