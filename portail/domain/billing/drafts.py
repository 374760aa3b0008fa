"""An invoice or a credit note that is ready to be issued, before it has a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from portail.domain.billing.books import DEFAULT_REGIE, InvoiceKind
from portail.domain.billing.usage import How, Part


class UnitItem(NamedTuple):
    """A part of a reservation; `seq` is how many lines it has been on before."""

    reservation_id: int
    seq: int
    part: Part
    how: How
    cents: int


@dataclass(frozen=True, slots=True)
class FeeItem:
    """A month or a package that begins on a day."""

    child_id: int
    slot_id: int
    first_on: date
    seq: int
    units: int
    cents: int


Item = UnitItem | FeeItem


@dataclass(frozen=True, slots=True)
class Line:
    """A line in words, and what is on it; on a credit note, amounts are those credited."""

    label: str
    quantity: int
    unit_cents: int
    child_id: int | None = None
    child_name: str = ""
    activity: str = ""
    childcare: bool = False
    first_on: date | None = None
    last_on: date | None = None
    items: tuple[Item, ...] = ()
    adjustment_id: int | None = None

    @property
    def total_cents(self) -> int:
        """What the line adds."""
        return self.quantity * self.unit_cents


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who owes it: names, and the lines of a postal address."""

    family_id: int
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice, or a credit note (on the invoice `credits`, or on none)."""

    debtor: Debtor
    period_on: date
    lines: tuple[Line, ...]
    kind: InvoiceKind = InvoiceKind.INVOICE
    regie: str = DEFAULT_REGIE
    quotient: str = ""
    credits: int | None = None
    reason: str = ""
    due_on: date | None = field(default=None)  # sooner than the others

    @property
    def total_cents(self) -> int:
        """Its amount, above zero once issued."""
        return sum(line.total_cents for line in self.lines)
