"""Papers as PDF: what they say, how they can be read, and where pages break."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from portail.adapters.pdf import (
    CertificatePaper,
    CertifiedChild,
    Heading,
    InvoicePaper,
    PaperLine,
    ReceiptPaper,
    Recipient,
    Way,
    certificate_pdf,
    invoice_pdf,
    receipt_pdf,
)
from portail.adapters.pdf.letters import COVERED

HEADING = Heading(
    "Villejuif",
    "Régie des accueils",
    "Mairie, 94800 Villejuif",
    "01 00 00 00 00",
    "familles@villejuif.example",
    "du lundi au vendredi",
    "#0b5c6b",
    "https://familles.villejuif.example",
)
ZOE = Recipient("Zoé Pinceau", ("12 rue des Lilas", "94800 Villejuif"), 10001)
MENTIONS = ("Service hors du champ de la TVA.",)


def line(
    child: str = "Nora", label: str = "Matin", quantity: int = 4, unit: int = 350
) -> PaperLine:
    return PaperLine(
        child,
        "1_Accueil matin",
        label,
        quantity,
        unit,
        quantity * unit,
        date(2026, 10, 5),
        date(2026, 10, 29),
    )


def invoice(*lines: PaperLine) -> InvoicePaper:
    lines = lines or (line(),)
    return InvoicePaper(
        HEADING,
        ZOE,
        "2026-ACC-000123",
        date(2026, 10, 1),
        date(2026, 11, 5),
        date(2026, 11, 30),
        lines,
        sum(one.total_cents for one in lines),
        quotient="612 €",
        reference="FA2026000123",
        ways=(Way("En ligne", "Par carte bancaire."),),
        mentions=MENTIONS,
    )


RECEIPT = ReceiptPaper(
    HEADING,
    ZOE,
    "FA2026000123X",
    datetime(2026, 11, 24, 20, 15, tzinfo=UTC),
    "carte bancaire",
    (("2026-ACC-000123", date(2026, 10, 1), 3694),),
    3694,
    MENTIONS,
)
CERTIFICATE = CertificatePaper(
    HEADING,
    ZOE,
    2025,
    date(2026, 3, 1),
    (CertifiedChild("Nora Pinceau", date(2021, 5, 3), 41250),),
    41250,
    MENTIONS,
)
ALL: dict[str, Callable[[], bytes]] = {
    "invoice": lambda: invoice_pdf(invoice()),
    "credit note": lambda: invoice_pdf(replace(invoice(), credit_of="2026-ACC-000122")),
    "receipt": lambda: receipt_pdf(RECEIPT),
    "certificate": lambda: certificate_pdf(CERTIFICATE),
    "two hundred lines": lambda: invoice_pdf(
        invoice(*(line("Nora", f"Journée {n}") for n in range(200)))
    ),
}


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def pages(content: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in read(content).pages]


@pytest.fixture(params=list(ALL))
def made(request: pytest.FixtureRequest) -> bytes:
    return ALL[request.param]()


def test_every_paper_can_be_heard(made: bytes) -> None:
    root: Any = read(made).trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    information = read(made).metadata
    assert information is not None
    assert (information.title or "").endswith("– Villejuif")


def test_every_font_is_ours_and_inside(made: bytes) -> None:
    for page in read(made).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert "Figtree" in inner["/BaseFont"]
            assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_other_programs_open_it(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(made)
    for command in (["pdfinfo", str(path)], ["qpdf", "--check", str(path)]):
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not here (the Makefile installs it with apt-get)")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        if command[0] == "pdfinfo":
            assert "Tagged:          yes" in done.stdout


def test_the_same_paper_is_the_same_bytes() -> None:
    assert invoice_pdf(invoice()) == invoice_pdf(invoice())


def test_an_invoice_says_who_what_how_much_and_until_when() -> None:
    (text,) = pages(invoice_pdf(invoice(line("Nora"), line("Sami", "Soir", 3, 765))))
    for words in (
        "Facture 2026-ACC-000123",
        "Zoé Pinceau",
        "94800 Villejuif",
        "Octobre 2026",
        "5 novembre 2026",
        "30 novembre 2026",
        "du 5 au 29 octobre",
        "3,50 €",
        "Sous-total pour Nora",
        "14,00 €",
        "22,95 €",
        "36,95 €",
        "612 €",
        "FA2026000123",
        "Par carte bancaire.",
        "hors du champ de la TVA",
        "page 1 sur 1",
    ):
        assert words in text, words


def test_an_invoice_says_what_a_credit_paid_of_it() -> None:
    (text,) = pages(invoice_pdf(replace(invoice(), credited_cents=1_000)))
    for words in ("Total de la facture", "-10,00 €", "Reste à payer", "4,00 €", "30 novembre 2026"):
        assert words in text, words
    assert "Total à payer" not in text
    (text,) = pages(invoice_pdf(replace(invoice(), credited_cents=1_400, ways=())))
    assert "0,00 €" in text[text.index("Reste à payer") :]
    assert "régler avant" not in text


def test_a_credit_note_says_which_invoice_it_corrects_and_why() -> None:
    paper = replace(invoice(), credit_of="2026-ACC-000099", reason="Absence justifiée", ways=())
    (text,) = pages(invoice_pdf(paper))
    assert "Avoir 2026-ACC-000123" in text
    assert "2026-ACC-000099" in text
    assert "Absence justifiée" in text
    assert "régler" not in text


def test_a_receipt_says_when_and_for_which_invoices() -> None:
    (text,) = pages(receipt_pdf(RECEIPT))
    for words in ("24 novembre 2026 à 21 h 15", "36,94 €", "2026-ACC-000123", "carte bancaire"):
        assert words in text, words


def test_a_certificate_names_the_children_and_what_was_paid() -> None:
    (text,) = pages(certificate_pdf(CERTIFICATE))
    for words in ("Attestation fiscale 2025", "Nora Pinceau", "3 mai 2021", "412,50 €"):
        assert words in text, words


@pytest.mark.parametrize("name", ["*Zoé*", "#import", "$x$ _y_", "<a>", "`b` = c", "\\n // d", '"'])
def test_names_are_printed_as_they_are(name: str) -> None:
    one = replace(ZOE, name=name, address=(name,))
    paper = replace(invoice(line(name, name)), recipient=one, reason=name, quotient=name)
    (text,) = pages(invoice_pdf(paper))
    assert text.count(name) >= 4


@pytest.mark.parametrize("count", [1, 5, 6, 20, *range(22, 31), 60, 200])
def test_the_total_is_never_alone_on_a_page(count: int) -> None:
    lines = [line("Nora", f"Journée {n}", 1) for n in range(count)]
    (page,) = [text for text in pages(invoice_pdf(invoice(*lines))) if "Total à payer" in text]
    assert f"Journée {count - 1}" in page
    assert page.index("Quantité") < page.index("Total à payer")


@pytest.mark.parametrize("before", range(1, 60))
def test_a_subtotal_is_never_alone_on_a_page(before: int) -> None:
    lines = [line("Nora", f"Journée {n}", 1) for n in range(before)]
    made = pages(invoice_pdf(invoice(*lines, line("Sami", "Soir", 1))))
    (page,) = [text for text in made if "Sous-total pour Nora" in text]
    assert f"Journée {before - 1}" in page


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Hồng", "Łukasz Żółć", "Ștefan", "Ольга Петрова", "Ῥόδος", "Đặng № 3"]
)
def test_names_of_other_alphabets_are_printed_too(name: str) -> None:
    paper = replace(invoice(line(name, name)), recipient=replace(ZOE, name=name))
    (text,) = pages(invoice_pdf(paper))
    assert text.count(name) >= 3


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Zoé 😀", "Zoé \ufffd"),
        ("李小龍", "\ufffd" * 3),
        ("Zo\u0065\u0301", "Zoé"),
        ("Jean\u2011Luc", "Jean-Luc"),
        ("a\x07b\ufeffc", "abc"),
        ("a\tb", "a b"),
    ],
)
def test_a_letter_without_a_shape_does_not_stop_the_paper(name: str, printed: str) -> None:
    paper = replace(invoice(line(name, name)), recipient=replace(ZOE, name=name))
    (text,) = pages(invoice_pdf(paper))
    assert text.count(printed) >= 3


def test_every_letter_said_to_be_covered_can_be_printed() -> None:
    runs = [run for font in json.loads(COVERED.read_text("ascii")).values() for run in font]
    letters = " ".join(chr(code) for low, high in runs for code in range(low, high + 1))
    # in both weights: a name is bold at the top, plain in a line
    assert invoice_pdf(replace(invoice(line("Nora", letters)), credit_of=letters))


def test_a_long_address_pushes_the_title_down() -> None:
    rows = tuple(f"Ligne {n} de l’adresse" for n in range(9))
    paper = replace(invoice(), recipient=replace(ZOE, name="Dupré-Lévêque " * 12, address=rows))
    heights: dict[str, float] = {}

    def visit(text: str, matrix: list[float], *_: Any) -> None:
        for words in (rows[-1], "Facture 2026"):
            if words in text:
                heights.setdefault(words, matrix[5])

    read(invoice_pdf(paper)).pages[0].extract_text(visitor_text=visit)
    assert heights[rows[-1]] > heights["Facture 2026"]


def test_long_names_wrap_and_nothing_is_lost() -> None:
    name = "Accueil de loisirs du mercredi après-midi avec repas et goûter " * 3
    text = "".join(pages(invoice_pdf(invoice(line("Nora", name.strip()))))[0].split())
    assert "".join(name.split()) in text
