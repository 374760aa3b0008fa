"""The links «Se désabonner»: sealed, good for one thing, with nothing in them to read.

They need no row, and die with the address they were sent to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portail.adapters.sealing import SealBrokenError, seal, unseal
from portail.domain.notifications import CHOSEN, Notification
from portail.models import Account
from portail.services.secrets import secret_hash
from portail.settings import settings

PAGE = "/desabonnement"
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,400}")
PURPOSE = "desabonnement"
DIGEST = "digest"
HASH = 24  # characters: enough to tell two addresses apart


@dataclass(frozen=True)
class Subscribed:
    """What a link stops: a kind, or without one whatever is in the daily digest."""

    account_id: int
    address: str  # as `address_hash` gives it
    kind: Notification | None


def unsubscribe_url(account: Account, kind: Notification | None) -> str:
    """Where one stops being told; without a kind, what the daily digest says."""
    value = [PURPOSE, account.id, address_hash(account), kind.value if kind else DIGEST]
    return f"{settings().base_url}{PAGE}/{seal(value).rstrip('=')}"


def read_token(token: str) -> Subscribed | None:
    """What a link stops; nothing when it is not one of ours."""
    if not TOKEN.fullmatch(token):
        return None
    try:
        value = unseal(token + "=" * (-len(token) % 4))
    except SealBrokenError:
        return None
    match value:
        case [str(purpose), int(account_id), str(address), str(kind)] if purpose == PURPOSE:
            if kind == DIGEST:
                return Subscribed(account_id, address, None)
            found = next((one for one in CHOSEN if one.value == kind), None)
            return None if found is None else Subscribed(account_id, address, found)
    return None


def address_hash(account: Account) -> str:
    """What ties a link to the address it was sent to."""
    return secret_hash(account.email_key)[:HASH]
