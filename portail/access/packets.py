"""What may come in by the websocket: checked before Reflex reads it, refused without a word.

Reflex writes down events it does not understand, with the headers of the connection: a session's
secret would be in the logs. So what is not an event of ours never reaches it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from portail.access.labels import handler_function

MAX_FRAME = 64 * 1024  # characters: no event of ours comes near
MAX_DEPTH = 20  # lists in lists
_NAMESPACE = "/_event,"
# engine.io: close, ping, pong; socket.io: leave. Neither carries anything
_BARE = frozenset({"1", "2", "3", f"41{_NAMESPACE}"})
_SURROGATES = re.compile("[\ud800-\udfff]")

_Path = Annotated[str, StringConstraints(pattern=r"^/", max_length=8_000)]


class _Router(BaseModel):
    """Where the tab says it is; the rest of `router_data` is the server's to fill in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pathname: _Path = "/"
    as_path: Annotated[_Path, Field(alias="asPath")] = "/"
    query: dict[str, str | list[str]] = {}


class _Event(BaseModel):
    """A call of a handler."""

    model_config = ConfigDict(strict=True)

    name: str
    payload: dict[str, Any] | None = None
    router_data: _Router = _Router()


class _Boot(BaseModel):
    """What a tab says when it connects: its first event, and the states it was built for."""

    model_config = ConfigDict(strict=True)

    event: _Event | None = None
    state_schema: str | None = None


class _ClientError(BaseModel):
    """A page's own report of an error."""

    model_config = ConfigDict(strict=True)

    error_type: str = ""
    message: str = ""
    substate: str = ""


_EVENTS: dict[str, TypeAdapter[Any]] = {
    "event": TypeAdapter(tuple[_Event]),
    "client_error": TypeAdapter(tuple[_ClientError]),
    "ping": TypeAdapter(tuple[()]),
}


class BadPacketError(Exception):
    """Not something that our pages send; the message says what, never repeats it."""


def refusal(text: str) -> str | None:
    """Why one packet is not heard; nothing when it may pass.

    A page may come to send it (one older than the server calls a handler that is no more, half an
    emoji is left in a field): it is no reason to end its connection.

    Raises:
        BadPacketError: no page of ours sends this.
    """
    if len(text) > MAX_FRAME:
        raise BadPacketError("size")
    if text in _BARE:
        return None
    for head, read in ((f"40{_NAMESPACE}", _boot), (f"42{_NAMESPACE}", _event)):
        if text.startswith(head):
            value = _parsed(text.removeprefix(head) or "{}")
            event = read(value)
            if event is not None and handler_function(event.name) is None:
                return "unknown handler"
            return None if all(map(_storable, _texts(value))) else "text"
    raise BadPacketError("kind")


def _boot(value: Any) -> _Event | None:
    try:
        return _Boot.model_validate(value).event
    except ValidationError:
        raise BadPacketError("connection") from None


def _event(value: Any) -> _Event | None:
    match value:
        case [str(kind), *arguments] if kind in _EVENTS:
            try:
                (*checked,) = _EVENTS[kind].validate_python(tuple(arguments))
            except ValidationError:
                raise BadPacketError("event") from None
            return checked[0] if kind == "event" else None
        case _:
            raise BadPacketError("event")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadPacketError("json") from None


def _storable(text: str) -> bool:
    """Whether it can be written as UTF-8, and kept by PostgreSQL."""
    return "\x00" not in text and not _SURROGATES.search(text)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every piece of text in a value, keys included."""
    if depth > MAX_DEPTH:
        raise BadPacketError("depth")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _texts(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, depth + 1)
