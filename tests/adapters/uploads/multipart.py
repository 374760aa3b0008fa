"""Multipart requests, whole or not, as a server hands them over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import Message

BOUNDARY = "----WebKitFormBoundaryAbCd1234"


@dataclass(frozen=True)
class Part:
    """A part; its disposition is written as given."""

    content: bytes
    disposition: str
    headers: tuple[str, ...] = ()


def text(name: str, value: str) -> Part:
    """A text field."""
    return Part(value.encode(), f'form-data; name="{name}"')


def file(content: bytes, name: str = "x.pdf", *, field_name: str = "pieces") -> Part:
    """A file, as browsers send one."""
    disposition = f'form-data; name="{field_name}"; filename="{name}"'
    return Part(content, disposition, ("Content-Type: text/html",))


def body(*parts: Part, end: str = "--\r\n") -> bytes:
    """All the parts between their boundaries."""
    out = bytearray()
    for part in parts:
        headers = (f"Content-Disposition: {part.disposition}", *part.headers)
        out += f"--{BOUNDARY}\r\n".encode() + "\r\n".join(headers).encode() + b"\r\n\r\n"
        out += part.content + b"\r\n"
    return bytes(out) + f"--{BOUNDARY}{end}".encode()


def cut(data: bytes, length: int) -> list[bytes]:
    """The same bytes in pieces."""
    return [data[at : at + length] for at in range(0, len(data), length)]


@dataclass
class Client:
    """Sends its pieces, then ends as told: "finish", "leave" or "stay" without a word."""

    pieces: Sequence[bytes]
    then: str = "finish"
    content_type: str = f"multipart/form-data; boundary={BOUNDARY}"
    headers: dict[str, str] = field(default_factory=dict)
    silent: asyncio.Event = field(default_factory=asyncio.Event)

    def request(self) -> Request:
        """The request, its body still to come."""
        waiting = list(self.pieces)

        async def receive() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
            if self.then == "leave":
                return {"type": "http.disconnect"}
            if self.then == "stay":
                self.silent.set()
                await asyncio.Event().wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        headers = {"content-type": self.content_type, **self.headers}
        raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": raw}
        return Request(scope, receive)
