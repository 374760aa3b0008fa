"""PDFs of the tests: who has what, what is in the store, what a PDF says."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TypeVar

from pypdf import PdfReader
from sqlmodel import SQLModel, select

from portail import clock
from portail.database import reading, writing
from portail.domain.payments import PaymentState
from portail.models import Invoice, Payment, PaymentInvoice, Receipt, TaxCertificate
from portail.services.billing import ledger
from portail.settings import settings

Row = TypeVar("Row", bound=SQLModel)


def row(invoice_id: int) -> Invoice:
    with reading() as session:
        return session.get_one(Invoice, invoice_id)


def rows(table: type[Row]) -> list[Row]:
    with reading() as session:
        return list(session.exec(select(table)))


def attempt(
    family: int, invoice_id: int, state: PaymentState = PaymentState.PAID, cents: int = 700
) -> int:
    """An online payment of an invoice; returns its id."""
    with writing() as session:
        made = Payment(
            family_id=family,
            reference=f"REF{invoice_id:07d}{state.name}",
            provider="payfip_ws",
            amount_cents=cents,
            state=state,
            operation=f"op-{invoice_id}-{state}",
            created_at=clock.now(),
            settled_at=clock.now(),
        )
        session.add(made)
        session.flush()
        ident = made.id or 0
        live = state is PaymentState.PAID
        session.add(PaymentInvoice(payment_id=ident, invoice_id=invoice_id, cents=cents, live=live))
        if live:
            covered = [(invoice_id, cents)]
            ledger.record_payment(session, ident, clock.today(), covered, "Paiement en ligne")
    return ident


def on_disk() -> set[str]:
    """The names of the files of the store, half-written ones too."""
    folder: Path = settings().files_dir
    return {path.name for path in folder.glob("*/*/*") if path.is_file()}


def known() -> set[str]:
    """The names that the database has."""
    found = {one.pdf_key for one in rows(Invoice)}
    found |= {one.pdf_key for one in rows(Receipt)} | {one.pdf_key for one in rows(TaxCertificate)}
    return {key for key in found if key}


def text(content: bytes) -> str:
    """What a PDF says, spaces of all kinds as one."""
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
