"""Who acts: the values that services receive and that access decides.

An `Actor` is made by `portail.access` from the server-side session, never from what a client says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an agent may do (product.md §4)."""

    ENFANCE = "enfance"
    REGIE = "regie"
    ADMINISTRATION = "administration"


ROLE_LABELS = {Role.ENFANCE: "Enfance", Role.REGIE: "Régie", Role.ADMINISTRATION: "Administration"}


@dataclass(frozen=True)
class Actor:
    """A signed-in person: exactly one of `account_id` (a parent) and `agent_id` is set."""

    session_id: int
    account_id: int | None = None
    agent_id: int | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def is_family(self) -> bool:
        """Whether this is a parent."""
        return self.account_id is not None

    def account(self) -> int:
        """The parent's account.

        Raises:
            Forbidden: this is not a parent.
        """
        if self.account_id is None:
            raise Forbidden
        return self.account_id

    @property
    def is_agent(self) -> bool:
        """Whether this is a member of the town's staff."""
        return self.agent_id is not None


class Forbidden(Exception):  # noqa: N818  (a refusal, not a fault)
    """The actor may not do this; nothing is said of what exists."""
