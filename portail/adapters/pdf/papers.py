"""What is printed: invoices, receipts and tax certificates, ready to be laid out.

Amounts are cents; days are those of Europe/Paris. Texts are printed as they are, never read as
markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Heading:
    """The town, at the top of each paper. `brand`: its colour, «#0b5c6b»."""

    town: str
    service: str  # the régie
    address: str
    phone: str
    email: str
    hours: str
    brand: str
    portal: str  # address of the portal


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom it is for: names, the lines of a postal address, the number of the family file."""

    name: str
    address: tuple[str, ...]
    family_number: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of an invoice; on a credit note, what is credited. `child`: empty for the family."""

    child: str
    activity: str
    label: str
    quantity: int
    unit_cents: int
    total_cents: int
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay, and what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An invoice or, when `credit_of` is not None, a credit note (on no invoice when empty)."""

    heading: Heading
    recipient: Recipient
    number: str
    period_on: date  # first day of the month
    issued_on: date
    due_on: date
    lines: tuple[PaperLine, ...]
    total_cents: int
    credited_cents: int = 0  # of the total: paid at its issue by what the town owed
    quotient: str = ""  # in words, as it was used
    reference: str = ""  # to pay online
    ways: tuple[Way, ...] = ()
    mentions: tuple[str, ...] = ()
    credit_of: str | None = None  # number of the invoice that it corrects
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A payment received: the invoices it covers, each with its month and cents."""

    heading: Heading
    recipient: Recipient
    reference: str
    received_at: datetime
    means: str  # «carte bancaire, par PayFiP»
    invoices: tuple[tuple[str, date, int], ...]
    total_cents: int
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertifiedChild:
    """What was paid for a child's care in the year."""

    name: str
    birth_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """The yearly tax certificate («attestation fiscale»)."""

    heading: Heading
    recipient: Recipient
    year: int
    made_on: date
    children: tuple[CertifiedChild, ...]
    total_cents: int
    mentions: tuple[str, ...] = ()
