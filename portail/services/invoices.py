"""Invoices due, as the family file and the home page list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from portail.database import reading
from portail.domain.identity import Actor
from portail.models import Invoice
from portail.services.billing import ledger
from portail.services.reach import my_family_ids


@dataclass(frozen=True)
class DueInvoice:
    """An invoice that is not paid; `period_on` is the first day of its month.

    `due_cents` is what is left to pay of it.
    """

    id: int
    family_id: int
    number: str
    period_on: date
    due_on: date
    due_cents: int


def due_invoices(actor: Actor) -> tuple[DueInvoice, ...]:
    """The unpaid invoices of the actor's families, the first due first."""
    with reading() as session:
        return read_due(session, actor)


def read_due(session: Session, actor: Actor) -> tuple[DueInvoice, ...]:
    """The same within the caller's session."""
    rows = session.exec(
        select(Invoice)
        .where(col(Invoice.family_id).in_(my_family_ids(actor)), ledger.is_due())
        .order_by(col(Invoice.due_on), col(Invoice.id))
    ).all()
    due = ledger.remaining(session, [row.id or 0 for row in rows])
    return tuple(
        DueInvoice(
            row.id or 0, row.family_id, row.number, row.period_on, row.due_on, due[row.id or 0]
        )
        for row in rows
    )
