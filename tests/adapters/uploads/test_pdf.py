"""PDFs that only show their pages are taken as they are; the others are refused, and quickly."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from portail.adapters.uploads.examiner import report
from portail.adapters.uploads.inspection import examine
from portail.adapters.uploads.verdicts import Kind, Reason, Sound, Unsound
from tests import samples

LIMIT = 10 * 1024 * 1024
SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def _examined(content: bytes, folder: Path) -> Sound | Unsound:
    path = folder / "0"
    path.write_bytes(content)
    return examine(path, LIMIT)


def _reason(content: bytes, folder: Path) -> str:
    """The same without a process: for what neither fills the memory nor takes time."""
    path = folder / "0"
    path.write_bytes(content)
    return str(report(path, folder / "clean", LIMIT).get("reason", ""))


def _dictionary(key: str, value: str = "x") -> DictionaryObject:
    return DictionaryObject({NameObject(key): TextStringObject(value)})


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(),
        samples.pdf(200),
        samples.pdf_opening_on_a_page(),
        samples.page_pdf(),
        samples.page_pdf(head=b"\r\n\r\n"),
        samples.pdf() + b"\x00garbage after the end",
        samples.object_stream_pdf(b"[3 0 R /Fit]"),
        # a text that looks like one, and a font that names its letters so
        samples.page_pdf(samples.stream(b"BT (see /JS) Tj ET"), b"(/AA and /JS)"),
        samples.page_pdf(samples.stream(b"BT ET"), b"<< /Differences [1 /AA /JS /EF 4 /XFA] >>"),
        samples.page_pdf(
            samples.stream(zlib.compress(b"BT ET").hex().encode() + b">", b"/Filter [/AHx /Fl]")
        ).replace(b"[/AHx /Fl]", b"[/ASCIIHexDecode /FlateDecode]"),
        samples.updated_pdf(samples.page_pdf(), 4, samples.stream(b"BT (2) Tj ET")),
    ],
    ids=range(11),
)
def test_a_plain_pdf_is_kept_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    found = _examined(content, tmp_path)
    assert found == Sound(
        Kind.PDF,
        "application/pdf",
        "pdf",
        tmp_path / "0",
        hashlib.sha256(content).hexdigest(),
        len(content),
    )
    assert (tmp_path / "0").read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf_with_script(),
        samples.pdf_with_attachment(),
        samples.pdf_opening_a_site(),
        samples.object_stream_pdf(SCRIPT),
        samples.object_stream_pdf(b"<< /S /#4aavaScript /#4a#53 (x) >>"),
        samples.object_stream_pdf(SCRIPT, live=False),
    ],
    ids=["script", "attachment", "site", "object stream", "escaped", "left over"],
)
def test_a_pdf_that_acts_is_refused(tmp_path: Path, content: bytes) -> None:
    assert _examined(content, tmp_path) == Unsound(Reason.ACTIVE_PDF)


@pytest.mark.parametrize(
    "entry",
    [
        b"/OpenAction << /S /JavaScript /JS (x) >>",
        b"/OpenAction << /S /#4AavaScript /JS (x) >>",
        b"/OpenAction << /S /#4a#61#76#61#53#63#72#69#70#74 /JS (x) >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/OpenAction << /S/Launch/F(cmd.exe)>>",
        b"/OpenAction << /S /L#61unch /F (cmd.exe) >>",
        b"/OpenAction << /S /SubmitForm /F (http://x) >>",
        b"/OpenAction << /S /ImportData /F (x) >>",
        b"/OpenAction << /S /GoToR /F (x) >>",
        b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (x) >> >>",
        b"/OpenAction << /S /Rendition /JS (x) >>",
        b"/AA << /WC 4 0 R >>",
        b"/A#41\n%comment\n<< /WC 4 0 R >>",
        b"/AA 4 0 R",
        b"/Names << /JavaScript << /Names [(x) 4 0 R] >> >>",
        b"/Names << /EmbeddedFiles 4 0 R >>",
        b"/AF [<< /Type /Filespec /EF << /F 4 0 R >> >>]",
        b"/X << /Type /EmbeddedFile >>",
        b"/AcroForm << /XFA [(x) 4 0 R] >>",
        b"/AcroForm << /XFA 4 0 R >>",
        b"/X << /Subtype /RichMedia >>",
    ],
)
def test_every_way_to_act(tmp_path: Path, entry: bytes) -> None:
    assert _reason(samples.page_pdf(catalogue=entry), tmp_path) == Reason.ACTIVE_PDF


def test_a_reference_to_an_action_is_followed(tmp_path: Path) -> None:
    away = samples.page_pdf(
        samples.stream(b"BT ET"),
        b"<< /S 6 0 R /URI (http://x) >>",
        b"/URI",
        catalogue=b"/OpenAction 5 0 R",
    )
    assert _reason(away, tmp_path) == Reason.ACTIVE_PDF


def test_an_older_version_counts(tmp_path: Path) -> None:
    first = samples.page_pdf(samples.stream(b"BT ET"), SCRIPT, catalogue=b"/OpenAction 5 0 R")
    latest = samples.updated_pdf(first, 5, b"[3 0 R /Fit]")
    assert _reason(latest, tmp_path) == Reason.ACTIVE_PDF


def test_an_object_hidden_in_a_stream_counts(tmp_path: Path) -> None:
    """The table of contents points into what looks like the bytes of a picture."""
    hidden = b"5 0 obj\n<< /AA << /O 3 0 R >> >>\nendobj"
    content = samples.page_pdf(samples.stream(hidden), b"[3 0 R /Fit]")
    at = content.index(b"5 0 obj\n[")
    moved = content.replace(b"%010d" % at, b"%010d" % content.index(hidden))
    assert _reason(moved, tmp_path) == Reason.ACTIVE_PDF


def test_a_script_in_a_deflated_stream_of_no_type_counts(tmp_path: Path) -> None:
    packed = samples.stream(zlib.compress(SCRIPT), b"/Filter /FlateDecode")
    assert _reason(samples.page_pdf(packed), tmp_path) == Reason.ACTIVE_PDF


@pytest.mark.parametrize("owner", [None, "owner"])
def test_a_pdf_with_a_password_is_refused(tmp_path: Path, owner: str | None) -> None:
    content = samples.encrypted_pdf("" if owner else "secret", owner)
    assert _examined(content, tmp_path) == Unsound(Reason.ENCRYPTED_PDF)


@pytest.mark.parametrize(
    "sample",
    [
        samples.bomb_pdf,
        samples.bombs_pdf,
        samples.nested_bomb_pdf,
        samples.hidden_nested_bomb_pdf,
        samples.letters_bomb_pdf,
        samples.objects_bomb_pdf,
    ],
)
def test_a_bomb_is_refused(tmp_path: Path, sample: Callable[[], bytes]) -> None:
    content = sample()
    assert len(content) < LIMIT
    assert _examined(content, tmp_path) == Unsound(Reason.TOO_COMPLEX)


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf(201),
        samples.object_stream_pdf(SCRIPT, entries=b"/DecodeParms << /Predictor 12 >>"),
        samples.object_stream_pdf(SCRIPT).replace(b"/FlateDecode", b"/LZWDecode  "),
        samples.page_pdf(*[samples.stream(b"x")] * 20_001),
        samples.pdf_with("/X", ArrayObject([NameObject("/x")] * 200_000)),
        samples.page_pdf(samples.stream(b"x", b"/Filter [" + b"/ASCIIHexDecode " * 20 + b"]")),
    ],
    ids=["pages", "predictor", "lzw", "streams", "array", "filters"],
)
def test_what_is_too_complicated_is_refused(tmp_path: Path, content: bytes) -> None:
    assert _reason(content, tmp_path) == Reason.TOO_COMPLEX


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(1000),
        samples.pdf()[:300],
        samples.raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Kids [] /Count 0 >>"]),
        samples.raw_pdf([b"<< /Type /Catalog >>"]),
        samples.raw_pdf([b"(x)"], trailer=b""),
        samples.page_pdf(catalogue=b"/X " + b"[" * 100_000 + b"]" * 100_000),
    ],
    ids=range(7),
)
def test_a_broken_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    assert _reason(content, tmp_path) == Reason.CORRUPT
