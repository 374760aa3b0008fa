"""Who did what: every action of weight, with its actor, without the data itself."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class ActionLog(SQLModel, table=True):
    """One action. No actor: the portal itself (worker, command line) or somebody not signed in."""

    __tablename__ = "action_log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    action: str = Field(max_length=60)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    agent_id: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="SET NULL", index=True
    )
    subject: str = Field(default="", max_length=80)  # «account 12», «family 10001»
