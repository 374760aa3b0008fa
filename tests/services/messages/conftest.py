"""An empty store, services to write to, and two families."""

from __future__ import annotations

from tests.services.documents.conftest import _empty_store
from tests.services.messages.letters import agents, karim, town, zoe

__all__ = ["_empty_store", "agents", "karim", "town", "zoe"]
