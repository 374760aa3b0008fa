"""What is due on invoices, and what a payment changes of it.

Until the statement of account (`services/billing/ledger.py`) takes over, with these two functions:
an invoice is due in full or paid.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, select

from portail.models import Invoice


def remaining(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """What is still due on each of these invoices, in cents."""
    rows = session.exec(select(Invoice).where(col(Invoice.id).in_(invoice_ids)))
    return {row.id or 0: 0 if row.paid_on else row.total_cents for row in rows}


def record_payment(
    session: Session,
    payment_id: int,  # noqa: ARG001  (the statement of account keeps it)
    on: date,
    lines: Sequence[tuple[int, int]],
    label: str,  # noqa: ARG001
) -> None:
    """Write down that a payment covers these invoices, each for so many cents.

    The caller holds the invoices, and has seen that no more is paid than is due.
    """
    for invoice_id, _ in lines:
        invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
        invoice.paid_on = on
        session.add(invoice)
    session.flush()
