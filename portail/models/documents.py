"""Documents of families: what is asked, what was sent, and the files behind them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from portail.domain.documents import Check, Sharing, Subject, Validity
from portail.models.base import Instant, text_enum


class StoredFile(SQLModel, table=True):
    """A file on disk, kept once whoever sent it and however often."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(max_length=64, unique=True)
    storage_name: str = Field(max_length=80, unique=True)
    mime: str = Field(max_length=60)
    extension: str = Field(max_length=8)
    size: int  # bytes
    created_at: datetime = Field(sa_type=Instant)


class DocumentType(SQLModel, table=True):
    """A kind of document that the town asks for."""

    __tablename__ = "document_type"
    __table_args__ = (CheckConstraint("months >= 0", name="months_positive"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=120)
    help: str = Field(default="", max_length=400)
    subject: Subject = Field(sa_column=Column(text_enum(Subject, "subject"), nullable=False))
    validity: Validity = Field(sa_column=Column(text_enum(Validity, "validity"), nullable=False))
    months: int = Field(default=0)  # with Validity.MONTHS
    sharing: Sharing = Field(sa_column=Column(text_enum(Sharing, "sharing"), nullable=False))
    always: bool = Field(default=False)  # asked of everybody, not by an activity alone
    rank: int = Field(default=0)


class Document(SQLModel, table=True):
    """A document sent by a family, or given to it by the town."""

    __table_args__ = (Index("ix_document_family_newest", "family_id", "sent_at"),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    child_id: int | None = Field(
        default=None, foreign_key="child.id", ondelete="CASCADE", index=True
    )
    guardian_id: int | None = Field(default=None, foreign_key="guardian.id", ondelete="SET NULL")
    type_id: int | None = Field(default=None, foreign_key="document_type.id", index=True)
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )
    file_id: int = Field(foreign_key="stored_file.id", index=True)
    name: str = Field(max_length=120)  # as shown and downloaded
    check_state: Check = Field(
        sa_column=Column(text_enum(Check, "check_state"), nullable=False, index=True)
    )
    reason: str = Field(default="", max_length=400)
    valid_until: date | None = Field(default=None)
    from_town: bool = Field(default=False)
    sent_at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")


class UploadReceipt(SQLModel, table=True):
    """What became of each file of a sending, for the page to say; forgotten after a day."""

    __tablename__ = "upload_receipt"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    batch: str = Field(max_length=40)
    name: str = Field(max_length=120)
    outcome: str = Field(max_length=40)  # «kept», «already», or the code of a refusal
    at: datetime = Field(sa_type=Instant)
