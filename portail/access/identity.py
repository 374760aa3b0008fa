"""Who is acting now: decided from the cookie alone, at each event and each request."""

from __future__ import annotations

from contextvars import ContextVar

from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.reads import read
from portail.domain.identity import Actor, Forbidden
from portail.services import sessions
from portail.services.sessions import SignedIn

_current: ContextVar[SignedIn | None] = ContextVar("portail_identity", default=None)


def resolve(cookie_header: str) -> SignedIn | None:
    """The person behind a Cookie header, if their session is alive."""
    secret = cookies.session_secret(cookie_header)
    return sessions.find(secret) if secret else None


async def of_event(cookie_header: str) -> SignedIn | None:
    """The same, for the event loop: what has to be written (once a minute) waits in a thread."""
    secret = cookies.session_secret(cookie_header)
    if not secret:
        return None
    found = await read(lambda: sessions.find(secret, touch=False))
    if found is not None and found.touch_due:
        kept: SignedIn | None = await run_in_thread(lambda: sessions.find(secret))
        return kept
    return found


def become(signed_in: SignedIn | None) -> None:
    """Make this person the current one, for the task that calls."""
    _current.set(signed_in)


def current() -> SignedIn | None:
    """The person of the event or request being handled."""
    return _current.get()


def reader() -> Actor | None:
    """Who reads what is open to all: a parent with a text to accept first is a visitor."""
    signed_in = _current.get()
    return None if signed_in is None or signed_in.must_consent else signed_in.actor


def actor() -> Actor:
    """The actor to hand to a service.

    Raises:
        Forbidden: nobody is signed in.
    """
    signed_in = _current.get()
    if signed_in is None:
        raise Forbidden
    return signed_in.actor
