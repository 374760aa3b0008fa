"""The words of the books: kinds of documents and entries, numbers, how credits are shared out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

DEFAULT_REGIE = "enfance"  # of what names none in the catalogue
_WIDTH = 6


class InvoiceKind(StrEnum):
    """What an issued document is; both have an amount above zero."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"  # «avoir»: lowers what is owed


class EntryKind(StrEnum):
    """What a line of the statement of account comes from."""

    OPENING = "opening"  # what was owed, or owed to the family, before the portal
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    MANUAL = "manual"


def number_of(regie: str, year: int, rank: int) -> str:
    """What people read: «2026-000012», «CANTINE-2026-000012» for another régie than the usual."""
    number = f"{year}-{rank:0{_WIDTH}d}"
    return number if regie == DEFAULT_REGIE else f"{regie.upper()}-{number}"


def share_out(cents: int, needs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """So many cents over those who need them, the first served first: (key, cents above zero)."""
    shares: list[tuple[int, int]] = []
    for key, need in needs:
        given = min(cents, need)
        if given > 0:
            shares.append((key, given))
            cents -= given
    return shares
