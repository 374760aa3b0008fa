"""What a parent asked to have of their own data: made in the background, kept for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class DataExport(SQLModel, table=True):
    """The ZIP of an account's data, asked for or ready; one an account."""

    __tablename__ = "data_export"
    __table_args__ = (
        CheckConstraint(
            "(ready_at IS NULL) = (file_key IS NULL) AND (ready_at IS NULL) = (file_bytes IS NULL)",
            name="ready_with_a_file",
        ),
    )

    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    asked_at: datetime = Field(sa_type=Instant)
    next_attempt_at: datetime = Field(sa_type=Instant)  # later, once it has failed
    ready_at: datetime | None = Field(default=None, sa_type=Instant)
    file_key: str | None = Field(default=None, max_length=100)
    file_bytes: int | None = Field(default=None)
