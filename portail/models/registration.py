"""A sign-up under way: what was typed and accepted so far, tied to a browser by a cookie."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class RegistrationDraft(SQLModel, table=True):
    """The wizard's memory; purged after a day, emptied of what was typed once it is done."""

    __tablename__ = "registration_draft"
    __table_args__ = (CheckConstraint("step BETWEEN 1 AND 6", name="step_known"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    step: int = 1  # the step shown, from 1 to 5; 6: done, the link is sent
    last_name: str = Field(default="", max_length=80)
    first_name: str = Field(default="", max_length=80)
    email: str = Field(default="", max_length=254)
    user_name: str = Field(default="", max_length=60)
    password_hash: str = Field(default="", max_length=120)
    file_number: str = Field(default="", max_length=20)  # as typed
    file_name: str = Field(default="", max_length=120)
    file_email: str = Field(default="", max_length=254)
    guardian_id: int | None = Field(
        default=None, foreign_key="guardian.id", ondelete="CASCADE", index=True
    )
    terms_hash: str = Field(default="", max_length=64)  # of the text accepted at step 3
    privacy_hash: str = Field(default="", max_length=64)  # of the text accepted at step 4
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
