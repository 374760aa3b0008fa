"""Documents are given their numbers and written, with what they change of the books.

The caller's transaction holds the families' rows. The counter of a régie and year is held from
there to its end: numbers follow each other in the order of the commits, and a transaction that
fails gives its numbers back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel, col

from portail import clock
from portail.database import insert_many, insert_unless_there, new_ids
from portail.domain.billing.books import EntryKind, InvoiceKind, number_of
from portail.domain.billing.drafts import Draft, FeeItem, Line, UnitItem
from portail.models import (
    Adjustment,
    BilledFee,
    BilledReservation,
    Invoice,
    InvoiceCounter,
    InvoiceLine,
    LedgerEntry,
)
from portail.services.billing import ledger

Row = dict[str, object]
Values = tuple[object, ...]
_BILLED = ("reservation_id", "seq", "line_id", "part", "how", "cents")
LEDGER: Table = LedgerEntry.__table__  # type: ignore[attr-defined]


class AlreadyBilledError(Exception):
    """A line written by an agent is on an invoice already."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as it was issued."""

    id: int
    number: str
    draft: Draft
    due_on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What the documents issued together share; `agent_id` is whoever has them issued."""

    issued_on: date
    due_on: date
    run_id: int | None = None
    agent_id: int | None = None


def issue(session: Session, drafts: Sequence[Draft], terms: Terms) -> list[Issued]:
    """Issue these documents, in this order.

    Raises:
        IntegrityError: something on them has been billed meanwhile, or an amount is not above 0.
        AlreadyBilledError: likewise, of a line written by an agent.
    """
    if not drafts:
        return []
    year = terms.issued_on.year
    rank = _ranks(session, [one.regie for one in drafts], year)
    numbered = [(one, next(rank[one.regie])) for one in drafts]
    rows = [_invoice(one, year, number, terms) for one, number in numbered]
    ids = new_ids(session, Invoice, len(rows))
    _insert(session, Invoice, [{"id": i, **row} for i, row in zip(ids, rows, strict=True)])
    issued = [
        Issued(ident, str(row["number"]), one, _due_on(one, terms))
        for ident, row, (one, _) in zip(ids, rows, numbered, strict=True)
    ]
    _lines(session, issued)
    _entries(session, issued, terms)
    families = {(one.draft.debtor.family_id, one.draft.regie) for one in issued}
    ledger.use_credits(session, families)
    return issued


def _ranks(session: Session, regies: Sequence[str], year: int) -> dict[str, Iterator[int]]:
    """The next ranks of each régie, as many as asked; the counters are held, in one order."""
    ranks: dict[str, Iterator[int]] = {}
    for regie in sorted(set(regies)):
        count = regies.count(regie)
        session.execute(
            insert_unless_there(session, InvoiceCounter, "regie", "year").values(
                regie=regie, year=year, last=0
            )
        )
        last = session.execute(
            update(InvoiceCounter)
            .where(col(InvoiceCounter.regie) == regie, col(InvoiceCounter.year) == year)
            .values(last=InvoiceCounter.last + count)
            .returning(col(InvoiceCounter.last))
            .execution_options(synchronize_session=False)
        ).scalar_one()
        ranks[regie] = iter(range(last - count + 1, last + 1))
    return ranks


def _invoice(one: Draft, year: int, rank: int, terms: Terms) -> Row:
    return {
        "family_id": one.debtor.family_id,
        "number": number_of(one.regie, year, rank),
        "period_on": one.period_on.isoformat(),
        "issued_on": terms.issued_on.isoformat(),
        "due_on": _due_on(one, terms).isoformat(),
        "total_cents": one.total_cents,
        "kind": one.kind.value,
        "regie": one.regie,
        "year": year,
        "rank": rank,
        "line_count": len(one.lines),
        "run_id": terms.run_id,
        "credits_invoice_id": one.credits,
        "reason": one.reason,
        "quotient": one.quotient,
        "debtor_name": one.debtor.name,
        "debtor_address": one.debtor.address,
        "agent_id": terms.agent_id,
    }


def _due_on(one: Draft, terms: Terms) -> date:
    sooner = min(one.due_on or terms.due_on, terms.due_on)
    return max(sooner, terms.issued_on)


def _lines(session: Session, issued: Sequence[Issued]) -> None:
    placed = [
        (one, position, line)
        for one in issued
        for position, line in enumerate(one.draft.lines, start=1)
    ]
    ids = new_ids(session, InvoiceLine, len(placed))
    rows = [
        _line(ident, one.id, position, line)
        for ident, (one, position, line) in zip(ids, placed, strict=True)
    ]
    _insert(session, InvoiceLine, rows)
    units, fees, adjustments = list[Values](), list[Row](), list[tuple[int, int]]()
    for ident, (one, _, line) in zip(ids, placed, strict=True):
        sign = -1 if one.draft.kind is InvoiceKind.CREDIT_NOTE else 1
        for item in line.items:
            if isinstance(item, UnitItem):
                number, seq, part, how, cents = item
                units.append((number, seq, ident, str(part), str(how), sign * cents))
            else:
                fees.append(_fee(item, ident, sign, one.draft.debtor.family_id))
        if line.adjustment_id is not None:
            adjustments.append((line.adjustment_id, ident))
    insert_many(session, BilledReservation, _BILLED, units)
    _insert(session, BilledFee, fees)
    for adjustment_id, line_id in adjustments:
        taken = session.execute(
            update(Adjustment)
            .where(col(Adjustment.id) == adjustment_id, col(Adjustment.line_id).is_(None))
            .values(line_id=line_id)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            raise AlreadyBilledError


def _line(ident: int, invoice_id: int, position: int, line: Line) -> Row:
    return {
        "id": ident,
        "invoice_id": invoice_id,
        "position": position,
        "child_id": line.child_id,
        "child_name": line.child_name,
        "activity": line.activity,
        "label": line.label,
        "quantity": line.quantity,
        "unit_cents": line.unit_cents,
        "total_cents": line.total_cents,
        "childcare": line.childcare,
        "first_on": line.first_on.isoformat() if line.first_on else None,
        "last_on": line.last_on.isoformat() if line.last_on else None,
    }


def _fee(item: FeeItem, line_id: int, sign: int, family_id: int) -> Row:
    return {
        "child_id": item.child_id,
        "family_id": family_id,
        "slot_id": item.slot_id,
        "first_on": item.first_on.isoformat(),
        "seq": item.seq,
        "line_id": line_id,
        "units": item.units,
        "cents": sign * item.cents,
    }


def _entries(session: Session, issued: Sequence[Issued], terms: Terms) -> None:
    """A debit for each invoice; a credit for each credit note, on what it corrects first."""
    rows: list[Row] = []
    corrected = {one.draft.credits for one in issued if one.draft.credits is not None}
    left = defaultdict(int, ledger.settleable(session, corrected) if corrected else {})
    for one in issued:
        draft = one.draft
        entry: Row = {
            "family_id": draft.debtor.family_id,
            "regie": draft.regie,
            "entry_on": terms.issued_on,
            "debit_cents": 0,
            "credit_cents": 0,
            "invoice_id": one.id,
            "credit_note_id": None,
            "recorded_at": clock.now(),
            "agent_id": terms.agent_id,
        }
        if draft.kind is InvoiceKind.INVOICE:
            entry |= {"kind": EntryKind.INVOICE, "label": f"Facture {one.number}"}
            rows.append(entry | {"debit_cents": draft.total_cents})
            continue
        entry |= {
            "kind": EntryKind.CREDIT_NOTE,
            "label": f"Avoir {one.number}",
            "credit_note_id": one.id,
        }
        on_it = 0
        if draft.credits is not None:
            on_it = min(left[draft.credits], draft.total_cents)
            left[draft.credits] -= on_it
        if on_it:
            rows.append(entry | {"credit_cents": on_it, "invoice_id": draft.credits})
        if draft.total_cents > on_it:
            free = draft.total_cents - on_it
            rows.append(entry | {"credit_cents": free, "invoice_id": None})
    if rows:
        # straight to the table: the mapper would cost more than the database
        session.connection().execute(insert(LEDGER), rows)


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    if rows:
        insert_many(session, table, list(rows[0]), [tuple(row.values()) for row in rows])
