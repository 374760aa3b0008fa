"""Accounts of parents, agents, and what lets them in: sessions, one-time links, failure counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from portail.domain.identity import Role
from portail.models.base import Instant, text_enum


class Account(SQLModel, table=True):
    """A person's sign-in («compte internaute»); reaches families through subscriptions."""

    __table_args__ = (
        # a name with an @ could pass for somebody's e-mail address at sign-in
        CheckConstraint("user_name_key NOT LIKE '%@%'", name="user_name_has_no_at"),
        CheckConstraint("email_key LIKE '%_@_%'", name="email_has_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_name: str = Field(max_length=60)
    user_name_key: str = Field(max_length=60, unique=True)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254, unique=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    password_hash: str = Field(max_length=120)
    created_at: datetime = Field(sa_type=Instant)
    activated_at: datetime | None = Field(default=None, sa_type=Instant)
    password_changed_at: datetime = Field(sa_type=Instant)
    large_targets: bool = Field(default=False)  # «ergonomie mobile», obeyed on any screen
    deletion_requested_at: datetime | None = Field(default=None, sa_type=Instant)


class Agent(SQLModel, table=True):
    """A member of the town's staff, with a sign-in of their own."""

    __table_args__ = (
        CheckConstraint("user_name_key NOT LIKE '%@%'", name="user_name_has_no_at"),
        CheckConstraint("email_key LIKE '%_@_%'", name="email_has_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_name: str = Field(max_length=60)
    user_name_key: str = Field(max_length=60, unique=True)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254, unique=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    password_hash: str = Field(max_length=120)
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class AgentRole(SQLModel, table=True):
    """One role of one agent."""

    __tablename__ = "agent_role"

    agent_id: int = Field(foreign_key="agent.id", primary_key=True, ondelete="CASCADE")
    role: Role = Field(sa_column=Column(text_enum(Role, "role"), primary_key=True))


class WebSession(SQLModel, table=True):
    """A signed-in browser. The cookie holds the secret; here is only its hash."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (agent_id IS NULL)", name="one_owner"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    agent_id: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="CASCADE", index=True
    )
    device: str = Field(default="", max_length=120)
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class LinkPurpose(StrEnum):
    """What a one-time link lets its holder do; a link of one purpose opens nothing else."""

    RESET_PASSWORD = "reset_password"  # noqa: S105  (a purpose, not a secret)
    ACTIVATE = "activate"
    CHANGE_EMAIL = "change_email"


class OneTimeLink(SQLModel, table=True):
    """A secret sent by mail: hashed, bound to a purpose, expiring, used once."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        CheckConstraint("(account_id IS NULL) <> (agent_id IS NULL)", name="one_owner"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    purpose: LinkPurpose = Field(
        sa_column=Column(text_enum(LinkPurpose, "purpose"), nullable=False)
    )
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    agent_id: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="CASCADE", index=True
    )
    email: str = Field(default="", max_length=254)  # the new address that a link confirms
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class FailureCount(SQLModel, table=True):
    """Failures of a key (a hash of a typed name or of an address) within its window."""

    __tablename__ = "failure_count"
    __table_args__ = (
        UniqueConstraint("kind", "key_hash"),
        CheckConstraint("failures > 0", name="failures_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    key_hash: str = Field(max_length=64)
    failures: int
    started_at: datetime = Field(sa_type=Instant)
    blocked_until: datetime | None = Field(default=None, sa_type=Instant)
