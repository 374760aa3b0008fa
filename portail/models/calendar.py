"""The private addresses that telephones follow («Suivre dans mon agenda»)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class CalendarAddress(SQLModel, table=True):
    """One an account and family; it ends with the subscription that joins them.

    The secret is looked for by its hash; its sealed copy is for the page that shows it again.
    """

    __tablename__ = "calendar_address"

    subscription_id: int = Field(
        foreign_key="subscription.id", primary_key=True, ondelete="CASCADE"
    )
    secret_hash: str = Field(max_length=64, unique=True)
    sealed: str
    created_at: datetime = Field(sa_type=Instant)
    renewed_at: datetime | None = Field(default=None, sa_type=Instant)
