"""Conversations of families with the town's services, and what agents keep for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from portail.domain.identity import Role
from portail.domain.messages import ThreadState
from portail.models.base import Instant, text_enum


class ContactService(SQLModel, table=True):
    """A service of the town that families write to."""

    __tablename__ = "contact_service"
    __table_args__ = (CheckConstraint("answer_days > 0", name="answer_days_positive"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    label: str = Field(max_length=80)
    hint: str = Field(default="", max_length=200)  # what one writes to it about
    answer_days: int  # working days that an answer usually takes
    role: Role = Field(sa_column=Column(text_enum(Role, "role"), nullable=False))  # who answers
    active: bool = Field(default=True)
    rank: int = Field(default=0)


class Thread(SQLModel, table=True):
    """A conversation of one family file with one service.

    Messages are numbered from 1: what was read, and by whom the last one is, are numbers too.
    """

    __tablename__ = "message_thread"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN child_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN about_procedure_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="about_one_thing",
        ),
        CheckConstraint("message_count > 0", name="begins_with_a_message"),
        CheckConstraint("answer_rank BETWEEN 0 AND message_count", name="answer_is_a_message"),
        CheckConstraint("town_read BETWEEN 0 AND message_count", name="town_read_a_message"),
        CheckConstraint("(answer_rank = 0) = (answered_at IS NULL)", name="answered_at_once"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_once"),
        CheckConstraint(
            "state = 'closed' OR (state = 'answered') = (answer_rank = message_count)",
            name="state_is_of_the_last_message",
        ),
        # the list of a family, newest first
        Index("ix_message_thread_family_newest", "family_id", "last_at", "id"),
        # the queue of a service
        Index("ix_message_thread_service_state", "service_id", "state", "last_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    service_id: int = Field(foreign_key="contact_service.id")
    subject: str = Field(max_length=120)
    child_id: int | None = Field(
        default=None, foreign_key="child.id", ondelete="SET NULL", index=True
    )
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id", index=True)
    about_procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )
    # what stands for it in «Suivi de mes démarches»
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", unique=True
    )
    state: ThreadState = Field(sa_column=Column(text_enum(ThreadState, "state"), nullable=False))
    created_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)  # of the last message
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    message_count: int
    answer_rank: int = Field(default=0)  # number of the town's last message; 0: none yet
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    town_read: int = Field(default=0)  # number of the last message that the service has read
    agent_id: int | None = Field(  # to whom it is assigned
        default=None, foreign_key="agent.id", ondelete="SET NULL", index=True
    )


class Message(SQLModel, table=True):
    """A message of a conversation; never changed."""

    __tablename__ = "thread_message"
    __table_args__ = (
        UniqueConstraint("thread_id", "rank"),
        # the same sending twice is one message
        UniqueConstraint("account_id", "client_key"),
        UniqueConstraint("agent_id", "client_key"),
        CheckConstraint("rank > 0", name="rank_positive"),
        CheckConstraint("account_id IS NULL OR NOT from_town", name="town_has_no_account"),
        CheckConstraint("agent_id IS NULL OR from_town", name="family_has_no_agent"),
        CheckConstraint("body <> ''", name="says_something"),
    )

    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="message_thread.id", ondelete="CASCADE")
    rank: int  # from 1
    from_town: bool
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    author: str = Field(max_length=120)  # the name it was signed with
    body: str = Field(sa_type=Text)
    looked_in: str = Field(sa_type=Text)  # what searches look in
    client_key: str = Field(max_length=40)
    sent_at: datetime = Field(sa_type=Instant)


class MessageDraft(SQLModel, table=True):
    """What an account is writing, until it is sent: one new message, and one reply a thread."""

    __tablename__ = "message_draft"
    __table_args__ = (
        Index(
            "uq_message_draft_new",
            "account_id",
            unique=True,
            sqlite_where=text("thread_id IS NULL"),
            postgresql_where=text("thread_id IS NULL"),
        ),
        Index(
            "uq_message_draft_reply",
            "account_id",
            "thread_id",
            unique=True,
            sqlite_where=text("thread_id IS NOT NULL"),
            postgresql_where=text("thread_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    thread_id: int | None = Field(
        default=None, foreign_key="message_thread.id", ondelete="CASCADE", index=True
    )
    client_key: str = Field(max_length=40)
    service: str = Field(default="", max_length=40)  # as chosen, not checked yet
    subject: str = Field(default="", max_length=500)
    body: str = Field(default="", sa_type=Text)
    about: str = Field(default="", max_length=60)
    told: str = Field(default="", sa_type=Text)  # why it was not sent, as JSON
    saved_at: datetime = Field(sa_type=Instant)


class MessageAttachment(SQLModel, table=True):
    """A file that goes with a message, or with a draft that is not sent yet."""

    __tablename__ = "message_attachment"
    __table_args__ = (
        CheckConstraint("(message_id IS NULL) <> (draft_id IS NULL)", name="of_one_text"),
        UniqueConstraint("message_id", "file_id"),
        UniqueConstraint("draft_id", "file_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int | None = Field(
        default=None, foreign_key="thread_message.id", ondelete="CASCADE"
    )
    draft_id: int | None = Field(default=None, foreign_key="message_draft.id", ondelete="CASCADE")
    file_id: int = Field(foreign_key="stored_file.id", index=True)
    name: str = Field(max_length=120)  # as shown and downloaded


class ThreadRead(SQLModel, table=True):
    """Up to which message an account has read a conversation of its family."""

    __tablename__ = "thread_read"

    account_id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    thread_id: int = Field(
        foreign_key="message_thread.id", primary_key=True, ondelete="CASCADE", index=True
    )
    rank: int
    at: datetime = Field(sa_type=Instant)


class ThreadNote(SQLModel, table=True):
    """What agents tell one another: apart from messages, and in no query of a family."""

    __tablename__ = "thread_note"

    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="message_thread.id", ondelete="CASCADE", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    author: str = Field(max_length=120)
    body: str = Field(sa_type=Text)
    written_at: datetime = Field(sa_type=Instant)


class SavedReply(SQLModel, table=True):
    """An answer that a service gives often."""

    __tablename__ = "saved_reply"
    __table_args__ = (UniqueConstraint("service_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    service_id: int = Field(foreign_key="contact_service.id", ondelete="CASCADE")
    title: str = Field(max_length=80)
    body: str = Field(sa_type=Text)
