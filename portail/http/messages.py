"""Messages: the one route that takes them in with their files, and the one that gives files."""

from __future__ import annotations

import re
import secrets

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import cookies, identity
from portail.access.labels import Audience
from portail.access.urls import HOME
from portail.adapters.uploads.parts import BadUploadError, Fault
from portail.adapters.uploads.receive import Upload, body_limit, receiving
from portail.domain.identity import Actor
from portail.http.downloads import file_response
from portail.http.forms import read_on, see_other
from portail.http.protected import door, number
from portail.services.messages import NotSent, Written, open_file, send
from portail.services.reach import NotFound

LIST, NEW, CONVERSATION = "/messagerie", "/messagerie/nouveau", "/messagerie/fil"
SENDING = "/messagerie/envoyer"
FILES = "/messagerie/pieces"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


def upload_limits() -> dict[str, int]:
    """What the gate lets through to the route that takes files, in bytes."""
    return {SENDING: body_limit()}


async def take(request: Request) -> Response:
    """Take a message in: `fil` or else `service`, `objet`, `concerne`; `texte`, `cle`, files."""
    if (elsewhere := door(LIST)) is not None:
        return elsewhere
    actor = identity.actor()
    if not actor.is_family:
        return see_other(HOME[Audience.AGENT])
    try:
        async with receiving(request) as upload:
            return await _sent(actor, upload)
    except BadUploadError as error:
        if error.fault is Fault.TOO_MANY_FILES:
            await read_on(request)
        response = see_other(f"{NEW}?erreur=1")
        cookies.set_flash(response, "messages", code=error.fault)
        return response


async def _sent(actor: Actor, upload: Upload) -> Response:
    fields = upload.fields
    key = fields.get("cle", "")
    try:
        thread_id = number(fields.get("fil", ""))
        written = Written(
            key if _KEY.fullmatch(key) else secrets.token_urlsafe(16),
            fields.get("texte", ""),
            thread_id,
            fields.get("service", ""),
            fields.get("objet", ""),
            fields.get("concerne", ""),
        )
        outcome = await send(actor, written, upload.files)
    except NotFound:
        raise HTTPException(404) from None
    if isinstance(outcome, NotSent):
        back = NEW if thread_id is None else f"{CONVERSATION}?n={thread_id}"
        return see_other(f"{back}{'&' if '?' in back else '?'}erreur=1")
    return see_other(f"{CONVERSATION}?n={outcome.thread_id}&envoye=1")


async def file(request: Request) -> Response:
    """Give a file of a message to whoever may read it."""
    if (elsewhere := door(request.url.path)) is not None:
        return elsewhere
    try:
        # zero is the id of nothing
        wanted = number(request.path_params["file_id"]) or 0
        opened = await run_in_threadpool(open_file, identity.actor(), wanted)
    except NotFound:
        raise HTTPException(404) from None
    return file_response(opened.path, opened.mime, opened.name)


routes = [
    Route(SENDING, take, methods=["POST"]),
    Route(f"{FILES}/{{file_id}}", file, methods=["GET"]),
]
