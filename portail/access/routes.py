"""Which pages exist: links are shown only to these."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_routes: set[str] = set()


def register(routes: Iterable[str]) -> None:
    """Say which pages exist, before any is built."""
    _routes.update(routes)


def exists(path: str) -> bool:
    """Whether a page answers at this path."""
    return urlsplit(path).path in _routes
