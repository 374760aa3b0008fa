"""Invoices and the statement of account, for the copy of one's data."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlmodel import Session, col, select

from portail.models import Invoice, InvoiceLine
from portail.services.billing import ledger


def exported_invoices(session: Session, family_id: int) -> list[dict[str, Any]]:
    """What was issued to this household, with its lines, oldest first."""
    of_family = Invoice.family_id == family_id
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in session.exec(
        select(InvoiceLine)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(of_family)
        .order_by(col(InvoiceLine.invoice_id), col(InvoiceLine.position))
    ):
        lines[line.invoice_id].append(
            {
                "enfant": line.child_name,
                "activite": line.activity,
                "libelle": line.label,
                "quantite": line.quantity,
                "prix_unitaire_centimes": line.unit_cents,
                "montant_centimes": line.total_cents,
            }
        )
    rows = session.exec(select(Invoice).where(of_family).order_by(col(Invoice.id)))
    return [
        {
            "nature": row.kind.value,
            "numero": row.number,
            "mois": f"{row.period_on:%Y-%m}",
            "emise_le": row.issued_on.isoformat(),
            "a_payer_avant_le": row.due_on.isoformat(),
            "quotient": row.quotient,
            "montant_centimes": row.total_cents,
            "lignes": lines[row.id or 0],
        }
        for row in rows
    ]


def exported_statement(session: Session, family_id: int) -> list[dict[str, Any]]:
    """The debits and credits of this household, oldest first."""
    return [
        {
            "le": entry.entry_on.isoformat(),
            "libelle": entry.label,
            "debit_centimes": entry.debit_cents,
            "credit_centimes": entry.credit_cents,
        }
        for entry in ledger.statement(session, [family_id])
    ]
