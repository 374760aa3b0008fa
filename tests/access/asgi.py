"""One request to an ASGI application, exactly as written: no client tidies the path up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message
from starlette.types import Scope as AsgiScope

from portail.settings import settings

SAME_ORIGIN: Mapping[str, str] = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def csp(self) -> dict[str, str]:
        """The policy, by directive."""
        parts = self.headers.get("content-security-policy", "").split("; ")
        return {name: value for name, _, value in (part.partition(" ") for part in parts)}


async def ask(
    app: ASGIApp,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    query: str = "",
    body: Iterable[bytes] = (),
) -> Answer:
    """Send one request; the body in as many pieces as given."""
    pieces = [*body]
    messages: list[Message] = []
    said = {"host": settings().base_url.removeprefix("http://"), **(headers or {})}
    scope: AsgiScope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in said.items()],
        "client": ("192.0.2.1", 1234),
        "server": ("127.0.0.1", settings().port),
    }

    pieces.append(b"")

    async def receive() -> Message:
        if not pieces:
            await asyncio.Event().wait()  # the client stays, and says nothing more
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    whole = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(int(start["status"]), Headers(raw=[*start["headers"]]), whole)
