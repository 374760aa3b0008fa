"""What accounts are told of: their choices, what was told, and what waits for the daily digest."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from portail.domain.notifications import Choice, Notification
from portail.models.base import Instant, text_enum


class NotificationChoice(SQLModel, table=True):
    """When an account wants to be told of a kind; without a row: the kind's default."""

    __tablename__ = "notification_choice"

    account_id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    kind: Notification = Field(sa_column=Column(text_enum(Notification, "kind"), primary_key=True))
    choice: Choice = Field(sa_column=Column(text_enum(Choice, "choice"), nullable=False))


class Told(SQLModel, table=True):
    """Something that an account was told: never the same one twice."""

    __table_args__ = (UniqueConstraint("account_id", "kind", "about"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: Notification = Field(sa_column=Column(text_enum(Notification, "kind"), nullable=False))
    about: str = Field(max_length=120)
    told_at: datetime = Field(sa_type=Instant, index=True)


class Reminded(SQLModel, table=True):
    """An evening whose reminders of deadlines are all sent: those that are missing were missed."""

    evening: date = Field(primary_key=True)
    done_at: datetime = Field(sa_type=Instant)


class Digest(SQLModel, table=True):
    """The daily mail of an account: one a day, whoever sends it."""

    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    day: date
    made_at: datetime = Field(sa_type=Instant, index=True)


class DigestLine(SQLModel, table=True):
    """A line for the daily mail; without a `digest_id` it waits for the next one."""

    __tablename__ = "digest_line"
    __table_args__ = (
        Index(
            "ix_digest_line_waiting",
            "account_id",
            "created_at",
            sqlite_where=sql("digest_id IS NULL"),
            postgresql_where=sql("digest_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    kind: Notification = Field(sa_column=Column(text_enum(Notification, "kind"), nullable=False))
    line: str = Field(sa_column=Column(Text, nullable=False))
    url: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Instant)
    digest_id: int | None = Field(
        default=None, foreign_key="digest.id", ondelete="CASCADE", index=True
    )
