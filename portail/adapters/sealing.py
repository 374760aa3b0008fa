"""Seal what the database alone must not give away: medical information, changes that wait.

Fernet (AES-128-CBC with HMAC-SHA256). The keys of the settings are in order: the first one seals,
all of them open, so that a key is replaced by putting a new one first, then `portail reseal`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from portail.settings import settings


class SealBrokenError(Exception):
    """The text was sealed with a key that the settings no longer have, or was altered."""


def seal(value: Any) -> str:
    """A JSON value, sealed with the newest key."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> Any:
    """The value that was sealed.

    Raises:
        SealBrokenError: no key of the settings opens it.
    """
    try:
        return json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken:
        raise SealBrokenError from None


def reseal(sealed: str) -> str:
    """The same value sealed with the newest key.

    Raises:
        SealBrokenError: no key of the settings opens it.
    """
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise SealBrokenError from None


@lru_cache(maxsize=1)
def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings().sealing_key_list()])


def forget_keys() -> None:
    """Read the keys of the settings again."""
    _keys.cache_clear()
