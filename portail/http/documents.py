"""Files of families: the one route that takes them in, and the one that gives them back."""

from __future__ import annotations

import re
import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import cookies, identity
from portail.access.labels import Audience
from portail.access.urls import HOME, safe_path
from portail.adapters.uploads.parts import BadUploadError, Fault
from portail.adapters.uploads.receive import Upload, body_limit, receiving
from portail.domain.identity import Actor
from portail.http.downloads import file_response
from portail.http.forms import read_on, see_other
from portail.http.protected import door, number
from portail.services.documents import Destination, open_document, send
from portail.services.reach import NotFound

PAGE = "/dossier/documents"
FILES = "/dossier/fichiers"
NO_FILE = "no_file"
_CODE = re.compile(r"[a-z0-9_]{1,40}")
_BATCH = re.compile(r"[A-Za-z0-9_-]{1,40}")


def upload_limits() -> dict[str, int]:
    """What the gate lets through to the route that takes files, in bytes."""
    return {FILES: body_limit()}


async def deposit(request: Request) -> Response:
    """Take files in: `famille`, `type`, `enfant`, `demarche`, `lot` (their receipts), `retour`."""
    if (elsewhere := door(PAGE)) is not None:
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
        return _failed(PAGE, error.fault)


async def _sent(actor: Actor, upload: Upload) -> Response:
    fields = upload.fields
    back = safe_path(fields.get("retour", "")) or PAGE
    if not upload.files:
        return _failed(back, NO_FILE)
    batch = fields.get("lot", "")
    if not _BATCH.fullmatch(batch):
        batch = secrets.token_urlsafe(12)
    try:
        await send(actor, _destination(fields), upload.files, batch)
    except NotFound:
        raise HTTPException(404) from None
    return see_other(_with(back, depot=batch))


async def download(request: Request) -> Response:
    """Give a document back to whoever may read it."""
    if (elsewhere := door(request.url.path)) is not None:
        return elsewhere
    try:
        # zero is the id of nothing
        wanted = number(request.path_params["document_id"]) or 0
        opened = await run_in_threadpool(open_document, identity.actor(), wanted)
    except NotFound:
        raise HTTPException(404) from None
    return file_response(opened.path, opened.mime, opened.name)


def _destination(fields: dict[str, str]) -> Destination:
    code = fields.get("type", "")
    if code and not _CODE.fullmatch(code):
        raise NotFound
    family_id = number(fields.get("famille", ""))
    if family_id is None:
        raise NotFound
    child_id, procedure_id = (number(fields.get(name, "")) for name in ("enfant", "demarche"))
    return Destination(family_id, code, child_id, procedure_id)


def _failed(back: str, code: str) -> Response:
    response = see_other(_with(back, erreur="1"))
    cookies.set_flash(response, "documents", code=code)
    return response


def _with(path: str, **values: str) -> str:
    """A path of ours with these values in its query, in place of those of an earlier sending."""
    parts = urlsplit(path)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if k not in ("depot", "erreur")]
    return f"{parts.path}?{urlencode([*kept, *values.items()])}"


routes = [
    Route(FILES, deposit, methods=["POST"]),
    Route(f"{FILES}/{{document_id}}", download, methods=["GET"]),
]
