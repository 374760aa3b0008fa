"""Attempts to pay online («paiements»), the invoices each covers, and all that was said of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from portail.domain.payments import PaymentState, Problem
from portail.models.base import Instant, text_enum


class Payment(SQLModel, table=True):
    """One attempt; it is written before the bank's service hears of it."""

    __table_args__ = (
        CheckConstraint("amount_cents >= 100", name="one_euro_at_least"),
        CheckConstraint(
            "(state IN ('mismatch', 'cleared')) = (problem IS NOT NULL)", name="mismatch_says_why"
        ),
        UniqueConstraint("provider", "operation"),
        # the attempts of a family, newest first
        Index("ix_payment_family_newest", "family_id", "created_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    family_id: int = Field(foreign_key="family.id")
    reference: str = Field(max_length=30, unique=True)  # «refdet»
    provider: str = Field(max_length=20)
    amount_cents: int
    state: PaymentState = Field(
        sa_column=Column(text_enum(PaymentState, "state"), nullable=False, index=True)
    )
    problem: Problem | None = Field(
        default=None, sa_column=Column(text_enum(Problem, "problem"), nullable=True)
    )
    operation: str | None = Field(default=None, max_length=64)  # its name at the bank
    redirect: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )  # while it is open
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    look_at: datetime | None = Field(default=None, sa_type=Instant, index=True)  # ask again then
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )


class PaymentInvoice(SQLModel, table=True):
    """An invoice that an attempt covers, and for how much."""

    __tablename__ = "payment_invoice"
    __table_args__ = (
        CheckConstraint("cents > 0", name="cents_positive"),
        # nobody pays twice: one open or paid attempt on an invoice
        Index(
            "uq_payment_invoice_live",
            "invoice_id",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
    )

    payment_id: int = Field(foreign_key="payment.id", primary_key=True, ondelete="CASCADE")
    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True)
    cents: int
    live: bool


class Heard(StrEnum):
    """By which way something was learnt of an attempt."""

    STARTED = "started"  # by the parent
    PREPARED = "prepared"  # the service took it
    FAILED = "failed"  # it did not
    NOTIFIED = "notified"
    RETURNED = "returned"
    ASKED = "asked"  # by the portal itself
    UNANSWERED = "unanswered"
    CLEARED = "cleared"  # by an agent


class PaymentEvent(SQLModel, table=True):
    """One line of an attempt's history: what was sent or received. Nothing of a card."""

    __tablename__ = "payment_event"

    id: int | None = Field(default=None, primary_key=True)
    payment_id: int = Field(foreign_key="payment.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=Instant)
    heard: Heard = Field(sa_column=Column(text_enum(Heard, "heard"), nullable=False))
    state: PaymentState = Field(
        sa_column=Column(text_enum(PaymentState, "state"), nullable=False)
    )  # after it
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
