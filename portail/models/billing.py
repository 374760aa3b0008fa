"""Invoices («factures»), as the family file shows them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Invoice(SQLModel, table=True):
    """An issued invoice; what is on it never changes."""

    __table_args__ = (
        CheckConstraint("total_cents > 0", name="total_positive"),
        CheckConstraint("due_on >= issued_on", name="due_after_issue"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", index=True)
    number: str = Field(max_length=30, unique=True)
    period_on: date  # first day of the month it is for
    issued_on: date
    due_on: date
    total_cents: int
    paid_on: date | None = Field(default=None)
