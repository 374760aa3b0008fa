"""Receipts and tax certificates as they were given to families; an invoice's own is in its row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class Receipt(SQLModel, table=True):
    """The receipt («reçu») of a payment, made once."""

    payment_id: int = Field(foreign_key="payment.id", primary_key=True)
    pdf_key: str = Field(max_length=100)
    pdf_sha256: str = Field(max_length=64)
    pdf_bytes: int
    made_at: datetime = Field(sa_type=Instant)


class TaxCertificate(SQLModel, table=True):
    """A certificate («attestation fiscale») of a family and year; another when the facts change."""

    __tablename__ = "tax_certificate"
    __table_args__ = (UniqueConstraint("family_id", "year", "facts_sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id")
    year: int
    facts_sha256: str = Field(max_length=64)  # of what it says
    pdf_key: str = Field(max_length=100)
    pdf_sha256: str = Field(max_length=64)
    pdf_bytes: int
    made_at: datetime = Field(sa_type=Instant)
