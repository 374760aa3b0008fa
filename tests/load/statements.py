"""A year of invoices for every family of the bench's town: `python -m tests.load.statements`.

Bulk inserts, as the month run leaves them: an invoice a month with its debit, each paid but for the
last two. The town is there (`tests/load/town.py`).
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, func, select

from portail import clock
from portail.database import writing
from portail.demo.town import FIRST_BULK_NUMBER
from portail.domain.billing.books import DEFAULT_REGIE, EntryKind, InvoiceKind, number_of
from portail.domain.documents import add_months
from portail.models import Family, Invoice, LedgerEntry
from portail.settings import PARIS
from tests.load.bookings import BATCH

MONTHS, DUE = 12, 2


def fill() -> int:
    """Give every family its invoices; how many were made."""
    with writing() as session:
        families = session.exec(
            select(Family.id).where(col(Family.number) >= FIRST_BULK_NUMBER)
        ).all()
        rank = int(session.exec(select(func.coalesce(func.max(Invoice.rank), 0))).one())
        rows = _invoices([one or 0 for one in families], rank)
        _insert(session, Invoice, rows)
        made = session.exec(
            select(Invoice.id, Invoice.number).where(col(Invoice.rank) > rank)
        ).all()
        ids = {number: ident or 0 for ident, number in made}
        _insert(session, LedgerEntry, [entry for row in rows for entry in _entries(row, ids)])
    return len(rows)


def _invoices(families: list[int], rank: int) -> list[dict[str, Any]]:
    chance, today = random.Random(3), clock.today()
    rows = []
    for months in range(MONTHS, 0, -1):
        period = add_months(today.replace(day=1), -months)
        issued = add_months(period, 1)
        for family in families:
            rank += 1
            rows.append(
                {
                    "family_id": family,
                    "number": number_of(DEFAULT_REGIE, issued.year, rank),
                    "period_on": period,
                    "issued_on": issued,
                    "due_on": issued + timedelta(days=29),
                    "total_cents": chance.randrange(500, 30_000),
                    "kind": InvoiceKind.INVOICE,
                    "regie": DEFAULT_REGIE,
                    "year": issued.year,
                    "rank": rank,
                }
            )
    return rows


def _entries(row: dict[str, Any], ids: dict[str, int]) -> list[dict[str, Any]]:
    common = {
        "family_id": row["family_id"],
        "regie": row["regie"],
        "invoice_id": ids[row["number"]],
    }
    debit = common | {
        "entry_on": row["issued_on"],
        "kind": EntryKind.INVOICE,
        "debit_cents": row["total_cents"],
        "credit_cents": 0,
        "label": f"Facture {row['number']}",
        "recorded_at": _noon(row["issued_on"]),
    }
    if row["period_on"] >= add_months(clock.today().replace(day=1), -DUE):
        return [debit]
    paid = row["issued_on"] + timedelta(days=12)
    credit = common | {
        "entry_on": paid,
        "kind": EntryKind.PAYMENT,
        "debit_cents": 0,
        "credit_cents": row["total_cents"],
        "label": "Chèque",
        "recorded_at": _noon(paid),
    }
    return [debit, credit]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), PARIS)


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[start : start + BATCH])


if __name__ == "__main__":
    print(f"  {fill()} factures")
