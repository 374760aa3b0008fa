"""What a file is, from its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.adapters.uploads.file_types import HEAD, FileType, file_type
from portail.adapters.uploads.verdicts import Reason, UnsoundError
from tests import samples


def _zip(name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (samples.pdf(), FileType.PDF),
        (b"\xef\xbb\xbf\r\n" + samples.pdf(), FileType.PDF),
        (b"\n" * 1000 + samples.pdf(), FileType.PDF),
        (samples.jpeg(), FileType.JPEG),
        (samples.png(), FileType.PNG),
        (samples.animated_png(), FileType.PNG),
        (samples.heic(), FileType.HEIF),
        (b"\x00\x00\x00\x18ftypheix\x00\x00\x00\x00mif1heix", FileType.HEIF),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", FileType.HEIF),
    ],
)
def test_what_we_accept(content: bytes, expected: FileType) -> None:
    assert file_type(content[:HEAD]) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Reason.EMPTY),
        (samples.SVG, Reason.NOT_ALLOWED),
        (b'<?xml version="1.0"?>' + samples.SVG, Reason.NOT_ALLOWED),
        (samples.HTML, Reason.NOT_ALLOWED),
        (b"\xef\xbb\xbf  <HTML>", Reason.NOT_ALLOWED),
        (b"Bonjour <b>", Reason.NOT_ALLOWED),
        (samples.HTML + samples.pdf(), Reason.NOT_ALLOWED),
        (b"GIF89a" + samples.pdf(), Reason.NOT_ALLOWED),
        (_zip(), Reason.NOT_ALLOWED),
        (_zip() + samples.pdf(), Reason.NOT_ALLOWED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.NOT_ALLOWED),
        (b"{\\rtf1 }", Reason.NOT_ALLOWED),
        (b"MZ" + bytes(100), Reason.NOT_ALLOWED),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", Reason.NOT_ALLOWED),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", Reason.NOT_ALLOWED),
        (b"\n" * 1020 + samples.pdf(), Reason.UNKNOWN_TYPE),
        (b"\x01\x02junk\x80" + samples.pdf(), Reason.UNKNOWN_TYPE),
        (bytes(500), Reason.UNKNOWN_TYPE),
    ],
)
def test_what_we_refuse(content: bytes, expected: Reason) -> None:
    with pytest.raises(UnsoundError) as caught:
        file_type(content[:HEAD])
    assert caught.value.reason is expected


@given(st.binary(max_size=200))
def test_anything_has_an_answer(head: bytes) -> None:
    found: FileType | Reason
    try:
        found = file_type(head)
    except UnsoundError as error:
        found = error.reason
    assert found in (*FileType, Reason.EMPTY, Reason.NOT_ALLOWED, Reason.UNKNOWN_TYPE)
