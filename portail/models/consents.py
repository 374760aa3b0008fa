"""What an account accepted: which text, which version, when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from portail.domain.consents import ConsentText
from portail.models.base import Instant, text_enum


class Consent(SQLModel, table=True):
    """One text accepted by one account, and perhaps withdrawn later. Never deleted before it."""

    __table_args__ = (
        Index(
            "ix_consent_live",
            "account_id",
            "text",
            "text_hash",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    text: ConsentText = Field(sa_column=Column(text_enum(ConsentText, "text"), nullable=False))
    version: str = Field(max_length=20)
    text_hash: str = Field(max_length=64)
    accepted_at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
