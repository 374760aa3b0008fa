"""Two families in two schools, and an empty store."""

from __future__ import annotations

from tests.services.documents.conftest import _empty_store, karim, zoe

__all__ = ["_empty_store", "karim", "zoe"]
