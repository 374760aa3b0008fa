"""Password hashing with bcrypt. Slow on purpose: call it in a thread, never on the event loop."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

import bcrypt

from portail.settings import settings

# bcrypt reads 72 bytes at most: a digest of any password fits. The key sets these digests apart
# from plain SHA-256 lists, which could otherwise be tried against a stolen table.
_CONTEXT = b"portail-famille/password/1"


def _prepared(password: str) -> bytes:
    return base64.b64encode(hmac.digest(_CONTEXT, password.encode(), hashlib.sha256))


def hash_password(password: str) -> str:
    """A salted hash at the current cost."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(settings().bcrypt_cost)).decode()


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether the password is the right one; takes the same time when there is no account."""
    wanted = password_hash or _nobody(settings().bcrypt_cost)
    return bcrypt.checkpw(_prepared(password), wanted.encode()) and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return password_hash.split("$")[2] != f"{settings().bcrypt_cost:02d}"


def prepare() -> None:
    """Make nobody's hash ahead: the first unknown name must not take longer than the next."""
    _nobody(settings().bcrypt_cost)


@lru_cache(maxsize=2)
def _nobody(cost: int) -> str:
    return bcrypt.hashpw(b"nobody", bcrypt.gensalt(cost)).decode()
