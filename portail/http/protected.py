"""What routes that give private things share: the door, and the ids in their addresses."""

from __future__ import annotations

import re

from starlette.responses import Response

from portail.access import identity
from portail.access.labels import FAMILY, Audience
from portail.access.urls import consent_url, sign_in_url
from portail.http.forms import see_other
from portail.services.reach import NotFound

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def door(wanted: str) -> Response | None:
    """Where to send somebody who is not signed in, or has a text to accept first."""
    signed_in = identity.current()
    if signed_in is None:
        return see_other(sign_in_url(Audience.FAMILY, wanted))
    if FAMILY.admits(signed_in.actor) and FAMILY.waits_for_consent(signed_in.must_consent):
        return see_other(consent_url(wanted))
    return None


def number(text: str) -> int | None:
    """An id; nothing and zero are none.

    Raises:
        NotFound: it is no id of anything.
    """
    if text in ("", "0"):
        return None
    if not _NUMBER.fullmatch(text):
        raise NotFound
    return int(text)
