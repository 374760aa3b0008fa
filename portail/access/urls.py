"""Where people are sent: the doors, and back to the page they asked for."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from portail.access.labels import Audience

SIGN_IN = {Audience.FAMILY: "/connexion", Audience.AGENT: "/agents/connexion"}
HOME = {Audience.FAMILY: "/accueil", Audience.AGENT: "/agents"}
CONSENT = "/conditions-a-accepter"


def safe_path(wanted: str) -> str:
    """A path of this site, or nothing: an address from outside is never followed."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return ""
    if any(ord(c) < ord(" ") for c in wanted) or "\\" in wanted:
        return ""
    parts = urlsplit(wanted)
    return "" if parts.scheme or parts.netloc else wanted


def sign_in_url(door: Audience, wanted: str = "", *, ended: bool = False) -> str:
    """The sign-in page, remembering the page that was asked for.

    Args:
        door: for parents or for agents.
        wanted: path of the page asked for.
        ended: a session has just ended for want of use; the page says so.
    """
    query = {"fin": "1"} if ended else {}
    wanted = safe_path(wanted)
    # «/accueil» alone needs no memory, «/accueil?x=1» does
    if wanted not in ("", "/", *HOME.values()) and wanted.split("?")[0] not in SIGN_IN.values():
        query["suite"] = wanted
    return f"{SIGN_IN[door]}?{urlencode(query)}" if query else SIGN_IN[door]


def after_sign_in(door: Audience, wanted: str = "") -> str:
    """Where to go once signed in: the page asked for, else home."""
    return safe_path(wanted) or HOME[door]


def consent_url(wanted: str = "") -> str:
    """The texts to accept, remembering the page that was asked for."""
    wanted = safe_path(wanted)
    if wanted and wanted.split("?")[0] not in (HOME[Audience.FAMILY], CONSENT):
        return f"{CONSENT}?{urlencode({'suite': wanted})}"
    return CONSENT
