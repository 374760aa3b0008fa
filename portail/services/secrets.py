"""Random secrets given out, and the hashes kept of them."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """A secret for a cookie or a link: 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """What is kept of a secret. It is random and long: a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
