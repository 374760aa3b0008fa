"""Papers as PDF: accessible (PDF/UA-1), in French, the same bytes for the same paper."""

from portail.adapters.pdf.laying import certificate_pdf, invoice_pdf, receipt_pdf
from portail.adapters.pdf.papers import (
    CertificatePaper,
    CertifiedChild,
    Heading,
    InvoicePaper,
    PaperLine,
    ReceiptPaper,
    Recipient,
    Way,
)

__all__ = [
    "CertificatePaper",
    "CertifiedChild",
    "Heading",
    "InvoicePaper",
    "PaperLine",
    "ReceiptPaper",
    "Recipient",
    "Way",
    "certificate_pdf",
    "invoice_pdf",
    "receipt_pdf",
]
