"""What a handler may know of its page: the address's query, the cookies. Never authority."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import reflex as rx

from portail.access import cookies
from portail.access.addresses import client_address

MAX_DIGITS = 10  # fewer than PostgreSQL's integers have


def query(state: rx.State) -> dict[str, str]:
    """The query of the page's address."""
    path = str(state.router_data.get("asPath", ""))
    return dict(parse_qsl(urlsplit(path).query))


def number_in_query(state: rx.State, name: str) -> int:
    """A number of the page's address; 0, which is nothing's, when it is none."""
    text = query(state).get(name, "")
    short = text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS
    return int(text) if short else 0


def cookie_header(state: rx.State) -> str:
    """The Cookie header of the connection."""
    return str(state.router_data.get("headers", {}).get("cookie", ""))


def address(state: rx.State) -> str:
    """The network address of the connection, for throttles."""
    headers = state.router_data.get("headers", {})
    peer = str(headers.get("asgi-scope-client", ""))
    return client_address(peer, str(headers.get("x-forwarded-for", "")))


def flash(state: rx.State, form: str) -> dict[str, Any]:
    """What a refused form kept, when this page shows the refusal."""
    return cookies.flash(cookie_header(state), form) if "erreur" in query(state) else {}
