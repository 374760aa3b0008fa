"""Papers laid out by Typst: the templates beside this file, fed with JSON and never with markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import local
from typing import Any, cast

import typst

from portail.adapters.pdf.letters import beyond_figtree, shown
from portail.adapters.pdf.papers import (
    CertificatePaper,
    InvoicePaper,
    PaperLine,
    ReceiptPaper,
    Recipient,
)
from portail.domain.moments import PARIS
from portail.texts.french import euros, moment, month, plain_day, sentence, span

FOLDER = Path(__file__).parent
# one for each thread: a compiler remembers fonts and templates between two papers
_own = local()


def invoice_pdf(paper: InvoicePaper) -> bytes:
    """An invoice or a credit note."""
    credit = paper.credit_of is not None
    left = paper.total_cents - paper.credited_cents
    data = {
        "title": f"{'Avoir' if credit else 'Facture'} {paper.number}",
        "kind": "Avoir" if credit else "Facture",
        "number": paper.number,
        "period": sentence(month(paper.period_on)),
        "issued": plain_day(paper.issued_on),
        "due": "" if credit or not left else plain_day(paper.due_on),
        "credit_of": paper.credit_of or "",
        "reason": paper.reason,
        "quotient": paper.quotient,
        "groups": [_group(child, lines) for child, lines in _by_child(paper.lines)],
        "total": euros(paper.total_cents),
        "credited": euros(-paper.credited_cents) if paper.credited_cents else "",
        "left": euros(left),
        "reference": paper.reference,
        "ways": [asdict(way) for way in paper.ways],
        "mentions": paper.mentions,
        "credit": credit,
    }
    return _laid("invoice.typ", paper, data, paper.issued_on)


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """The receipt of a payment."""
    data = {
        "title": f"Reçu {paper.reference}",
        "reference": paper.reference,
        "received": moment(paper.received_at),
        "means": paper.means,
        "invoices": [
            {"number": number, "period": sentence(month(period)), "amount": euros(cents)}
            for number, period, cents in paper.invoices
        ],
        "total": euros(paper.total_cents),
        "mentions": paper.mentions,
    }
    return _laid("receipt.typ", paper, data, paper.received_at.astimezone(PARIS).date())


def certificate_pdf(paper: CertificatePaper) -> bytes:
    """The tax certificate of a year."""
    data = {
        "title": f"Attestation fiscale {paper.year}",
        "year": str(paper.year),
        "made": plain_day(paper.made_on),
        "children": [
            {"name": one.name, "birth": plain_day(one.birth_on), "amount": euros(one.cents)}
            for one in paper.children
        ],
        "total": euros(paper.total_cents),
        "mentions": paper.mentions,
    }
    return _laid("certificate.typ", paper, data, paper.made_on)


def _by_child(lines: Iterable[PaperLine]) -> Iterator[tuple[str, list[PaperLine]]]:
    """In the order of the paper; what is for the whole family has no name."""
    for child, of in groupby(lines, key=lambda line: line.child):
        yield child, list(of)


def _group(child: str, lines: list[PaperLine]) -> dict[str, Any]:
    return {
        "child": child,
        "lines": [
            {
                "activity": line.activity,
                "label": line.label,
                "dates": _dates(line),
                "quantity": str(line.quantity),
                "unit": euros(line.unit_cents),
                "amount": euros(line.total_cents),
            }
            for line in lines
        ],
        "total": euros(sum(line.total_cents for line in lines)),
    }


def _dates(line: PaperLine) -> str:
    if line.first_on is None or line.last_on is None:
        return ""
    return span(line.first_on, line.last_on)


def _laid(
    template: str,
    paper: InvoicePaper | ReceiptPaper | CertificatePaper,
    data: Mapping[str, Any],
    made_on: date,
) -> bytes:
    whole = {
        **data,
        "heading": asdict(paper.heading),
        "recipient": _recipient(paper.recipient),
        "date": [made_on.year, made_on.month, made_on.day],
    }
    text = json.dumps(shown(whole), ensure_ascii=False)
    fonts = "all" if beyond_figtree(text) else "figtree"
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": text, "fonts": fonts},
        pdf_standards="ua-1",
        timestamp=int(datetime.combine(made_on, time(12), PARIS).timestamp()),
    )
    return cast("bytes", made)  # one PDF, for no file was named


def _recipient(one: Recipient) -> dict[str, Any]:
    return {"name": one.name, "address": one.address, "file": str(one.family_number)}


def _compiler(template: str) -> typst.Compiler:
    known: dict[str, typst.Compiler] | None = getattr(_own, "compilers", None)
    if known is None:
        known = _own.compilers = {}
    if template not in known:
        known[template] = typst.Compiler(
            str(FOLDER / template), root=str(FOLDER), font_paths=_fonts()
        )
    return known[template]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone: a paper is the same whatever the machine has."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER / "fonts")]
    )
