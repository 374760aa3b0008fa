"""The lines of a family become documents: an invoice for each régie, credit notes beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portail.domain.billing.books import InvoiceKind
from portail.domain.billing.drafts import Debtor, Draft, Line


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and where it goes; `credits` is the invoice on which it is given back.

    Lines that credit an invoice have amounts above zero; others may be below (an agent's gesture).
    """

    regie: str
    line: Line
    credits: int | None = None
    due_on: date | None = None  # to be paid sooner than the others


def arrange(
    debtor: Debtor, period_on: date, lines: Iterable[Placed], quotient: str, reason: str
) -> list[Draft]:
    """The documents of a family for a month, credit notes first: they may pay for what follows.

    What is given back is a credit note on the invoice that asked for it. Lines below zero stay on
    the invoice as long as it is above zero; else they are a credit note of their own. `reason` is
    that of the credit notes.
    """
    by_regie: dict[str, list[Placed]] = defaultdict(list)
    for one in lines:
        by_regie[one.regie].append(one)
    found: list[Draft] = []
    for regie in sorted(by_regie):
        placed = by_regie[regie]
        credited: dict[int, list[Line]] = defaultdict(list)
        for one in placed:
            if one.credits is not None:
                credited[one.credits].append(one.line)
        note = Draft(debtor, period_on, (), InvoiceKind.CREDIT_NOTE, regie, reason=reason)
        found += [
            replace(note, lines=tuple(credited[invoice_id]), credits=invoice_id)
            for invoice_id in sorted(credited)
        ]
        asked = [one for one in placed if one.credits is None]
        due_on = min((one.due_on for one in asked if one.due_on), default=None)
        found += _asked(debtor, period_on, regie, [one.line for one in asked], quotient, due_on)
    return found


def _asked(
    debtor: Debtor,
    period_on: date,
    regie: str,
    lines: Sequence[Line],
    quotient: str,
    due_on: date | None,
) -> Iterator[Draft]:
    total = sum(line.total_cents for line in lines)
    invoiced = lines if total > 0 else [line for line in lines if line.total_cents > 0]
    below = [] if total > 0 else [line for line in lines if line.total_cents < 0]
    if below:
        yield Draft(
            debtor,
            period_on,
            tuple(replace(line, unit_cents=-line.unit_cents) for line in below),
            InvoiceKind.CREDIT_NOTE,
            regie,
        )
    if invoiced:
        yield Draft(
            debtor, period_on, tuple(invoiced), InvoiceKind.INVOICE, regie, quotient, due_on=due_on
        )
