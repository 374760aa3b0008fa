"""Where a link that somebody wrote may lead: this site, the web, a mail, a telephone."""

from __future__ import annotations

import re
from enum import StrEnum

MAX_LENGTH = 2_000
_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
# a name before the host would pass for it: https://ville.fr@ailleurs.example
_WEB = re.compile(r"https?://[^/?#@]+(?:[/?#].*)?", re.IGNORECASE)
_CONTACT = re.compile(r"(?:mailto:[^?#@/]+@[^?#@/]+|tel:\+?[0-9().\-]{3,30})", re.IGNORECASE)


class Leads(StrEnum):
    """Where an address leads."""

    HERE = "here"
    WEB = "web"
    CONTACT = "contact"


def leads(address: str) -> Leads | None:
    """Where an address leads; nothing when no link of ours may have it.

    Only what is known to be harmless passes: every other scheme, and an address that a browser
    could read otherwise than we do, is nothing.
    """
    if not address or len(address) > MAX_LENGTH or _NOT_IN_AN_ADDRESS.search(address):
        return None
    if address.startswith("/") and not address.startswith("//"):
        return Leads.HERE
    if _WEB.fullmatch(address):
        return Leads.WEB
    return Leads.CONTACT if _CONTACT.fullmatch(address) else None
