"""The PDFs of invoices, credit notes, payments and tax certificates: made once, kept, given back.

What is kept is never made again: it is read to the end and compared with its hash each time it is
opened. Two who make the same one at once keep one: the database says whose.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters import storage
from portail.adapters.pdf import certificate_pdf, invoice_pdf, receipt_pdf
from portail.database import Work, insert_unless_there, reading, working_alone, writing
from portail.domain.billing.books import InvoiceKind
from portail.domain.identity import Actor
from portail.domain.payments import PaymentState
from portail.models import Invoice, Payment, Receipt, TaxCertificate
from portail.services.billing import papers
from portail.services.reach import NotFound, my_family, my_family_ids

log = structlog.get_logger("portail.billing")
BATCH = 100
KINDS = {InvoiceKind.INVOICE: "Facture", InvoiceKind.CREDIT_NOTE: "Avoir"}


class LostPaperError(Exception):
    """A PDF is not there any more, or not as it was made: the town has to bring back its copy."""


@dataclass(frozen=True)
class Opened:
    """A PDF to send back, and the name to save it by."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a PDF is, its hash, its length: the columns of that name."""

    pdf_key: str
    pdf_sha256: str
    pdf_bytes: int


def invoice(actor: Actor, invoice_id: int) -> Opened:
    """The PDF of an invoice or a credit note of the actor's families.

    Raises:
        NotFound: there is none for this person.
        LostPaperError: it was made, and is not what it was.
    """
    _parent(actor)
    with reading() as session:
        row = session.exec(
            select(Invoice).where(
                Invoice.id == invoice_id, col(Invoice.family_id).in_(my_family_ids(actor))
            )
        ).first()
    if row is None:
        raise NotFound
    return _opened(_of_invoice(row), f"{KINDS[row.kind]}-{row.number}.pdf")


def receipt(actor: Actor, payment_id: int) -> Opened:
    """The PDF of the receipt of an online payment of the actor's families.

    Raises:
        NotFound: there is none for this person, or it is not paid.
        LostPaperError: it was made, and is not what it was.
    """
    _parent(actor)
    with reading() as session:
        row = session.exec(
            select(Payment).where(
                Payment.id == payment_id,
                Payment.state == PaymentState.PAID,
                col(Payment.family_id).in_(my_family_ids(actor)),
            )
        ).first()
        if row is None:
            raise NotFound
        kept = _known(session, Receipt, payment_id=payment_id)
        paper = papers.receipt(session, row)
    if kept is None:
        kept = _once(receipt_pdf(paper), _row_of(Receipt, payment_id=payment_id))
    return _opened(kept, f"Reçu-{row.reference}.pdf")


def certificate(actor: Actor, family_id: int, year: int) -> Opened:
    """The PDF of a family's tax certificate of a year: the newest that is still true.

    Raises:
        NotFound: nothing to certify, or not to this person.
        LostPaperError: it was made, and is not what it was.
    """
    _parent(actor)
    with reading() as session:
        family = my_family(session, actor, family_id)
        paper = papers.certificate(session, family, year)
        if paper is None:
            raise NotFound
        facts = papers.digest(paper)
        which = {"family_id": family_id, "year": year, "facts_sha256": facts}
        kept = _known(session, TaxCertificate, **which)
    if kept is None:
        kept = _once(certificate_pdf(paper), _row_of(TaxCertificate, **which))
    return _opened(kept, f"Attestation-fiscale-{year}-dossier-{family.number}.pdf")


def make_missing(rest: float = 0, most: int = 1_000_000) -> int:
    """Make the PDFs of invoices and credit notes that have none, one after the other; how many.

    One process does it at a time. One that cannot be made is passed over until the next time.

    Args:
        rest: how long to leave the machine to others after each, in times what it took.
        most: how many at most; a stop of the process waits for them.
    """
    made = last = 0
    with working_alone(Work.PAPERS) as mine:
        while mine and made < most and (rows := _without(last)):
            for row in rows[: most - made]:
                last, begun = row.id or 0, time.perf_counter()
                try:
                    _of_invoice(row)
                    made += 1
                except Exception:
                    log.exception("paper_failed", invoice=last)
                time.sleep(rest * (time.perf_counter() - begun))
    return made


def _parent(actor: Actor) -> None:
    if not actor.is_family:
        raise NotFound


def _without(after: int) -> Sequence[Invoice]:
    query = select(Invoice).where(col(Invoice.pdf_sha256).is_(None), col(Invoice.id) > after)
    with reading() as session:
        return session.exec(query.order_by(col(Invoice.id)).limit(BATCH)).all()


def _of_invoice(row: Invoice) -> _Kept:
    if (kept := _kept(row)) is not None:
        return kept
    with reading() as session:
        paper = papers.invoice(session, row)

    def write(session: Session, mine: _Kept) -> _Kept | None:
        session.execute(
            update(Invoice)
            .where(col(Invoice.id) == row.id, col(Invoice.pdf_sha256).is_(None))
            .values(pdf_key=mine.pdf_key, pdf_sha256=mine.pdf_sha256, pdf_bytes=mine.pdf_bytes)
            .execution_options(synchronize_session=False)
        )
        return _known(session, Invoice, id=row.id)

    return _once(invoice_pdf(paper), write)


def _row_of(
    table: type[Receipt | TaxCertificate], **which: object
) -> Callable[[Session, _Kept], _Kept | None]:
    """Adds the row of a PDF, unless somebody was faster."""

    def write(session: Session, mine: _Kept) -> _Kept | None:
        session.execute(
            insert_unless_there(session, table, *which).values(
                **which,
                pdf_key=mine.pdf_key,
                pdf_sha256=mine.pdf_sha256,
                pdf_bytes=mine.pdf_bytes,
                made_at=clock.now(),
            )
        )
        return _known(session, table, **which)

    return write


def _once(content: bytes, write: Callable[[Session, _Kept], _Kept | None]) -> _Kept:
    """Keep what was just made, or take that of whoever was faster: then nothing is left of ours.

    When the database fails, nobody can say whether it knows the file: `storing.tidy` will.
    """
    digest = sha256(content).hexdigest()
    mine = _Kept(storage.keep_content(content, digest), digest, len(content))
    with writing() as session:
        kept = write(session, mine)
    if kept is None:
        raise NotFound
    if kept != mine:
        storage.remove(mine.pdf_key)
    return kept


def _known(session: Session, table: type[Any], **which: object) -> _Kept | None:
    row = session.exec(
        select(table).filter_by(**which).execution_options(populate_existing=True)
    ).first()
    return None if row is None else _kept(row)


def _kept(row: Invoice | Receipt | TaxCertificate) -> _Kept | None:
    if row.pdf_key is None or row.pdf_sha256 is None or row.pdf_bytes is None:
        return None
    return _Kept(row.pdf_key, row.pdf_sha256, row.pdf_bytes)


def _opened(kept: _Kept, name: str) -> Opened:
    try:
        return Opened(storage.whole_path(kept.pdf_key, kept.pdf_sha256), name)
    except (FileNotFoundError, storage.AlteredFileError) as error:
        log.error("paper_lost", key=kept.pdf_key)  # noqa: TRY400  (the cause is raised below)
        raise LostPaperError from error
