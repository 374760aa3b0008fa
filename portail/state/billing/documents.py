"""Where the documents of billing are downloaded: routes of the server, which check who asks."""

from __future__ import annotations


def invoice_pdf(invoice_id: int) -> str:
    """An invoice or a credit note."""
    return f"/facturation/facture/{invoice_id}.pdf"


def receipt_pdf(payment_id: int) -> str:
    """The receipt of a payment."""
    return f"/facturation/recu/{payment_id}.pdf"


def certificate_pdf(family_id: int, year: int) -> str:
    """The «attestation fiscale» of a year."""
    return f"/facturation/attestation/{family_id}-{year}.pdf"
