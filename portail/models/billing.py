"""Invoices, credit notes, the statement of account; what keeps anything from being billed twice.

What is issued and what is in the books is never changed nor deleted: triggers of the database
(migration 0007) refuse it, whoever asks. Amounts are cents.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from portail.domain.billing.books import DEFAULT_REGIE, EntryKind, InvoiceKind
from portail.domain.billing.usage import How, Part
from portail.models.base import Instant, text_enum


class InvoiceCounter(SQLModel, table=True):
    """The last number given; held by whoever issues, so that a failure leaves no gap."""

    __tablename__ = "invoice_counter"

    regie: str = Field(max_length=20, primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class BillingRun(SQLModel, table=True):
    """The issue of a month. It goes on after `last_family_id` when it was interrupted."""

    __tablename__ = "billing_run"

    id: int | None = Field(default=None, primary_key=True)
    period_on: date = Field(unique=True)
    issued_on: date
    due_on: date
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    last_family_id: int = Field(default=0)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")


class Invoice(SQLModel, table=True):
    """An issued invoice or credit note. Paid or not is what the statement of account says."""

    __table_args__ = (
        CheckConstraint("total_cents > 0", name="total_positive"),
        CheckConstraint("due_on >= issued_on", name="due_after_issue"),
        Index("uq_invoice_rank", "regie", "year", "rank", unique=True),
        Index("ix_invoice_run_id", "run_id"),
        Index("ix_invoice_credits_invoice_id", "credits_invoice_id"),
        # whose document has yet to be made
        Index(
            "ix_invoice_without_pdf",
            "id",
            sqlite_where=text("pdf_sha256 IS NULL"),
            postgresql_where=text("pdf_sha256 IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", index=True)
    number: str = Field(max_length=30, unique=True)
    period_on: date  # first day of the month it is for
    issued_on: date
    due_on: date
    total_cents: int
    kind: InvoiceKind = Field(sa_column=Column(text_enum(InvoiceKind, "kind"), nullable=False))
    regie: str = Field(default=DEFAULT_REGIE, max_length=20)
    year: int  # of its number
    rank: int
    line_count: int = Field(default=1)  # no line may be added later
    run_id: int | None = Field(default=None, foreign_key="billing_run.id")
    credits_invoice_id: int | None = Field(default=None, foreign_key="invoice.id")
    reason: str = Field(default="", max_length=300)  # why a credit note was made
    quotient: str = Field(default="", max_length=120)  # in words, as it was used
    debtor_name: str = Field(default="", max_length=300)
    debtor_address: str = Field(default="", max_length=300)  # lines
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    # the document, made once
    pdf_key: str | None = Field(default=None, max_length=100)
    pdf_sha256: str | None = Field(default=None, max_length=64)
    pdf_bytes: int | None = Field(default=None)


class InvoiceLine(SQLModel, table=True):
    """A line, in the words of the day it was issued; on a credit note, what is credited."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        CheckConstraint("total_cents = quantity * unit_cents", name="total_is_product"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        UniqueConstraint("invoice_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    position: int  # from 1
    child_id: int | None = Field(default=None, foreign_key="child.id", ondelete="SET NULL")
    child_name: str = Field(default="", max_length=80)
    activity: str = Field(default="", max_length=120)
    label: str = Field(max_length=200)
    quantity: int
    unit_cents: int
    total_cents: int
    childcare: bool  # it counts for the tax certificate: supervision, no meal, no surcharge
    first_on: date | None = Field(default=None)
    last_on: date | None = Field(default=None)


class BilledReservation(SQLModel, table=True):
    """A part of a reservation on a line. `seq` counts from 0: what is billed twice collides.

    What changed after the issue is billed again, for the difference. Negative: credited.
    """

    __tablename__ = "billed_reservation"

    reservation_id: int = Field(foreign_key="reservation.id", primary_key=True)
    seq: int = Field(primary_key=True)
    line_id: int = Field(foreign_key="invoice_line.id", index=True)
    part: Part = Field(sa_column=Column(text_enum(Part, "part"), nullable=False))
    how: How = Field(sa_column=Column(text_enum(How, "how"), nullable=False))
    cents: int


class BilledFee(SQLModel, table=True):
    """A month or a package of a child on a line; `seq` as above."""

    __tablename__ = "billed_fee"

    child_id: int = Field(foreign_key="child.id", primary_key=True)
    family_id: int = Field(foreign_key="family.id", primary_key=True)
    slot_id: int = Field(foreign_key="slot.id", primary_key=True)
    first_on: date = Field(primary_key=True)  # of the period
    seq: int = Field(primary_key=True)
    line_id: int = Field(foreign_key="invoice_line.id", index=True)
    units: int
    cents: int


class Adjustment(SQLModel, table=True):
    """A line written by an agent, for the next invoice of a month; billed once."""

    __table_args__ = (
        CheckConstraint("cents <> 0", name="cents_not_zero"),
        Index("ix_adjustment_family_id", "family_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    child_id: int | None = Field(default=None, foreign_key="child.id", ondelete="SET NULL")
    regie: str = Field(default=DEFAULT_REGIE, max_length=20)
    period_on: date  # not before the run of this month
    label: str = Field(max_length=200)
    cents: int  # negative: in favour of the family
    childcare: bool = Field(default=False)
    reason: str = Field(default="", max_length=300)  # for the town
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    made_at: datetime = Field(sa_type=Instant)
    line_id: int | None = Field(default=None, foreign_key="invoice_line.id", unique=True)


class LedgerEntry(SQLModel, table=True):
    """A debit or a credit of a family's statement of account; the balance is their sum.

    `invoice_id` is the invoice that the entry is about: its debit, or a credit that pays for it.
    A credit without one is at the family's disposal: `CreditUse` says what it went to.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint(
            "(debit_cents > 0 AND credit_cents = 0) OR (debit_cents = 0 AND credit_cents > 0)",
            name="one_side",
        ),
        # each invoice is owed once, each payment pays an invoice once
        Index(
            "uq_ledger_entry_invoice",
            "invoice_id",
            unique=True,
            sqlite_where=text("kind = 'invoice'"),
            postgresql_where=text("kind = 'invoice'"),
        ),
        Index(
            "uq_ledger_entry_payment",
            "payment_id",
            "invoice_id",
            unique=True,
            sqlite_where=text("payment_id IS NOT NULL"),
            postgresql_where=text("payment_id IS NOT NULL"),
        ),
        Index("ix_ledger_entry_invoice_id", "invoice_id"),
        Index("ix_ledger_entry_family", "family_id", "entry_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id")
    regie: str = Field(default=DEFAULT_REGIE, max_length=20)
    entry_on: date
    kind: EntryKind = Field(sa_column=Column(text_enum(EntryKind, "kind"), nullable=False))
    debit_cents: int = Field(default=0)
    credit_cents: int = Field(default=0)
    label: str = Field(max_length=200)
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id")
    credit_note_id: int | None = Field(default=None, foreign_key="invoice.id")
    payment_id: int | None = Field(default=None, foreign_key="payment.id")
    recorded_at: datetime = Field(sa_type=Instant)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")


class CreditUse(SQLModel, table=True):
    """Part of a credit at the family's disposal went to an invoice, or was given back («lettrage»).

    It moves nothing on the statement: both sides are there already.
    """

    __tablename__ = "credit_use"
    __table_args__ = (
        CheckConstraint("cents > 0", name="cents_positive"),
        CheckConstraint("(invoice_id IS NULL) <> (debit_id IS NULL)", name="one_target"),
    )

    id: int | None = Field(default=None, primary_key=True)
    credit_id: int = Field(foreign_key="ledger_entry.id", index=True)
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id", index=True)
    debit_id: int | None = Field(default=None, foreign_key="ledger_entry.id", index=True)
    cents: int
    used_at: datetime = Field(sa_type=Instant)
