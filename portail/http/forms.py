"""Reading requests: named text fields of native forms, and where they come from."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse

from portail.access.addresses import client_address

MAX_FIELD = 4_000  # characters


async def text_fields(request: Request, *names: str) -> dict[str, str]:
    """The values of these fields, stripped of nothing; a missing one is empty.

    Raises:
        HTTPException: 400 when the body is not a form of short text fields.
    """
    async with request.form(max_files=0, max_fields=20) as form:
        values = {name: form.get(name, "") for name in names}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if len(texts) != len(names) or any(len(value) > MAX_FIELD for value in texts.values()):
        raise HTTPException(400)
    if not all(_storable(value) for value in texts.values()):
        raise HTTPException(400)
    return texts


def _storable(text: str) -> bool:
    """Whether it can be written as UTF-8, and kept by PostgreSQL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def request_address(request: Request) -> str:
    """The network address of a request's client, for throttles."""
    peer = request.client.host if request.client else ""
    return client_address(peer, request.headers.get("x-forwarded-for", ""))


def see_other(path: str) -> RedirectResponse:
    """Send the browser to a page after a post; the answer is not kept."""
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
    response.headers["Cache-Control"] = "no-store"
    return response


async def read_on(request: Request) -> None:
    """Take in what is still coming, for the browser to listen to the answer."""
    with suppress(ClientDisconnect):
        async for _ in request.stream():
            pass
