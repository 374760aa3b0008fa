"""Papers out of the books: what an invoice, a receipt or a tax certificate is to say."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.pdf import (
    CertificatePaper,
    CertifiedChild,
    Heading,
    InvoicePaper,
    PaperLine,
    ReceiptPaper,
    Recipient,
    Way,
)
from portail.domain.billing.books import EntryKind, InvoiceKind
from portail.models import (
    CreditUse,
    Family,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Payment,
    PaymentInvoice,
)
from portail.services.billing import certificates, facts
from portail.settings import settings
from portail.texts import papers as texts


def invoice(session: Session, row: Invoice) -> InvoicePaper:
    """An invoice or a credit note, from what was written when it was issued."""
    family = session.get_one(Family, row.family_id)
    lines = session.exec(
        select(InvoiceLine)
        .where(InvoiceLine.invoice_id == row.id)
        .order_by(col(InvoiceLine.position))
    ).all()
    town, credit = settings(), row.kind is InvoiceKind.CREDIT_NOTE
    credited = _credited(session, row)
    payable = not credit and credited < row.total_cents
    mentions = texts.credit_note if credit else texts.invoice
    return InvoicePaper(
        heading=_heading(),
        recipient=Recipient(
            row.debtor_name or family.name, tuple(row.debtor_address.splitlines()), family.number
        ),
        number=row.number,
        period_on=row.period_on,
        issued_on=row.issued_on,
        due_on=row.due_on,
        lines=_by_child([_line(line) for line in lines]),
        total_cents=row.total_cents,
        credited_cents=credited,
        quotient=row.quotient,
        reference=reference(row.number) if payable else "",
        ways=_ways() if payable else (),
        mentions=mentions(town.town_service, town.town_email),
        credit_of=_corrected(session, row) if credit else None,
        reason=row.reason,
    )


def receipt(session: Session, row: Payment) -> ReceiptPaper:
    """The receipt of an online payment that was settled."""
    covered = session.exec(
        select(col(Invoice.number), col(Invoice.period_on), col(PaymentInvoice.cents))
        .join(PaymentInvoice, col(PaymentInvoice.invoice_id) == col(Invoice.id))
        .where(PaymentInvoice.payment_id == row.id)
        .order_by(col(Invoice.id))
    ).all()
    return ReceiptPaper(
        heading=_heading(),
        recipient=_recipient(session, session.get_one(Family, row.family_id)),
        reference=row.reference,
        received_at=row.settled_at or row.created_at,
        means=texts.means(row.provider),
        invoices=tuple((number, period_on, cents) for number, period_on, cents in covered),
        total_cents=row.amount_cents,
        mentions=texts.RECEIPT,
    )


def certificate(session: Session, family: Family, year: int) -> CertificatePaper | None:
    """The tax certificate of a family's year as it is true today; None: nothing to certify."""
    children = certificates.children(session, family, year)
    if not children:
        return None
    return CertificatePaper(
        heading=_heading(),
        recipient=_recipient(session, family),
        year=year,
        made_on=clock.today(),
        children=tuple(
            CertifiedChild(f"{one.first_name} {one.last_name}".strip(), one.birth_on, one.cents)
            for one in children
        ),
        total_cents=sum(one.cents for one in children),
        mentions=texts.CERTIFICATE,
    )


def digest(paper: CertificatePaper) -> str:
    """What makes a certificate another one: to whom, which children, how much."""
    to = paper.recipient
    said = [to.name, to.family_number, paper.year, *(asdict(one) for one in paper.children)]
    return sha256(json.dumps(said, default=str).encode()).hexdigest()


def reference(number: str) -> str:
    """What to say with a payment: the number of the invoice in letters and digits alone."""
    return "".join(char for char in number.upper() if char.isalnum())


def _heading() -> Heading:
    town = settings()
    return Heading(
        town=town.town_name,
        service=town.town_service,
        address=town.town_address,
        phone=town.town_phone,
        email=town.town_email,
        hours=town.town_hours,
        brand=town.town_brand,
        portal=town.base_url,
    )


def _ways() -> tuple[Way, ...]:
    """The ways to pay that the town offers."""
    town = settings()
    online = [Way("En ligne", texts.online(town.base_url))] if town.online_payment else []
    counter = [Way("Au guichet", town.counter_payment)] if town.counter_payment else []
    return (*online, *counter)


def _recipient(session: Session, family: Family) -> Recipient:
    debtor = facts.debtor(session, family)
    return Recipient(debtor.name, tuple(debtor.address.splitlines()), family.number)


def _line(row: InvoiceLine) -> PaperLine:
    return PaperLine(
        child=row.child_name,
        activity=row.activity,
        label=row.label,
        quantity=row.quantity,
        unit_cents=row.unit_cents,
        total_cents=row.total_cents,
        first_on=row.first_on,
        last_on=row.last_on,
    )


def _by_child(lines: list[PaperLine]) -> tuple[PaperLine, ...]:
    """The lines of a child together, in the order of the children; the family's own last."""
    children = list(dict.fromkeys(line.child for line in lines if line.child))
    place = {child: n for n, child in enumerate(children)}
    return tuple(sorted(lines, key=lambda line: place.get(line.child, len(place))))


def _credited(session: Session, row: Invoice) -> int:
    """What a credit of the family paid of it on the day it was issued; never what came later."""
    uses = session.exec(
        select(CreditUse.cents, CreditUse.used_at, LedgerEntry.recorded_at)
        .join(LedgerEntry, col(LedgerEntry.invoice_id) == col(CreditUse.invoice_id))
        .where(CreditUse.invoice_id == row.id, LedgerEntry.kind == EntryKind.INVOICE)
    )
    return sum(
        cents
        for cents, used_at, issued_at in uses
        if clock.paris(used_at).date() <= clock.paris(issued_at).date()
    )


def _corrected(session: Session, row: Invoice) -> str:
    """The number of the invoice that a credit note is on; empty: it is on none."""
    query = select(Invoice.number).where(Invoice.id == row.credits_invoice_id)
    return session.exec(query).first() or ""
