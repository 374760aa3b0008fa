"""Our two cookies: the session's secret, and what was typed in a form that was refused."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from portail.settings import settings

FLASH_SECONDS = 300
LINK_SECONDS = 3600
DRAFT_SECONDS = 24 * 3600


def _name(base: str) -> str:
    # __Host-: sent over https only, to this host only, and no sub-domain can plant one
    return f"__Host-{base}" if settings().secure_cookies else base


def _read(header: str, base: str) -> str:
    try:
        morsel = SimpleCookie(header).get(_name(base))
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _set(response: Response, base: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        _name(base),
        value,
        max_age=max_age,
        path="/",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _delete(response: Response, base: str) -> None:
    response.delete_cookie(
        _name(base), path="/", secure=settings().secure_cookies, httponly=True, samesite="lax"
    )


def session_secret(header: str) -> str:
    """The session's secret in a Cookie header; empty when there is none."""
    return _read(header, "portail_session")


def set_session(response: Response, secret: str) -> None:
    """Give the browser its session, until it is closed or the session ends."""
    _set(response, "portail_session", secret)


def clear_session(response: Response) -> None:
    """Take the session's cookie back."""
    _delete(response, "portail_session")


def link_secret(header: str) -> str:
    """The secret of the one-time link being used; empty when there is none."""
    return _read(header, "portail_link")


def set_link(response: Response, secret: str) -> None:
    """Keep a one-time link's secret out of the address of the page that uses it."""
    _set(response, "portail_link", secret, LINK_SECONDS)


def clear_link(response: Response) -> None:
    """Forget the one-time link."""
    _delete(response, "portail_link")


def draft_token(header: str) -> str:
    """What ties a sign-up under way to this browser; empty when there is none."""
    return _read(header, "portail_draft")


def set_draft(response: Response, token: str) -> None:
    """Tie a sign-up to this browser for a day."""
    _set(response, "portail_draft", token, DRAFT_SECONDS)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_key(), salt="portail-flash")


def set_flash(response: Response, form: str, **values: str | int | dict[str, str]) -> None:
    """Remember what a form needs afterwards, such as why it was refused: never a password."""
    content = _serializer().dumps({"form": form, **values})
    _set(response, "portail_flash", content, FLASH_SECONDS)


def flash(header: str, form: str) -> dict[str, Any]:
    """What `set_flash` kept for this form; empty when nothing, or too old, or forged."""
    raw = _read(header, "portail_flash")
    if not raw:
        return {}
    try:
        content = _serializer().loads(raw, max_age=FLASH_SECONDS)
    except BadSignature:
        return {}
    matches = isinstance(content, dict) and content.get("form") == form
    return content if matches else {}


def clear_flash(response: Response) -> None:
    """Forget what was kept for a refused form."""
    _delete(response, "portail_flash")
