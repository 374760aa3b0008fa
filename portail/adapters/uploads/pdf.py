"""Whether a PDF opens, and does nothing but show its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from portail.adapters.uploads import pdf_bytes
from portail.adapters.uploads.verdicts import Reason, UnsoundError

MAX_PAGES = 200
MAX_OBJECTS = 100_000
MAX_DECODED = 32 * 1024 * 1024  # by the library, for each stream
MAX_DECODED_IN_ALL = 4 * MAX_DECODED
_FREE = 65_535  # the generation of numbers that are not objects
_ACTIVE = {f"/{name}" for name in pdf_bytes.ACTIVE_NAMES}
_ACTIVE_KEYS = _ACTIVE | {f"/{name}" for name in pdf_bytes.ACTIVE_KEYS}
_SHRINKING = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
_SHRINKING |= {"/BrotliDecode"}
_PICTURES = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF"})
_PICTURES |= {"/JBIG2Decode"}
_HARMLESS_OPENINGS = frozenset({"/GoTo", "/Named"})


def check(path: Path) -> None:
    """Read all of a PDF.

    Raises:
        UnsoundError: CORRUPT (no page), ENCRYPTED_PDF, ACTIVE_PDF or TOO_COMPLEX.
        Exception: whatever the library raises on a broken file.
    """
    content = path.read_bytes()
    # before the library: it inflates streams of objects as soon as it opens a file
    pdf_bytes.scan(content)
    with apply_configuration(
        lzw_maximum_output_length=MAX_DECODED,
        run_length_maximum_output_length=MAX_DECODED,
        zlib_maximum_output_length=MAX_DECODED,
        brotli_maximum_output_length=MAX_DECODED,
        array_based_stream_maximum_output_length=MAX_DECODED,
        stream_decoding_work_maximum_length=MAX_DECODED * 2,
        zlib_maximum_recovery_input_length=256 * 1024,
        page_tree_maximum_entries=10_000,
        jbig2dec_binary=None,  # no other program is ever run
    ):
        try:
            _read(PdfReader(io.BytesIO(content), strict=False))
        except LimitReachedError:
            raise UnsoundError(Reason.TOO_COMPLEX) from None


def _read(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise UnsoundError(Reason.ENCRYPTED_PDF)
    decoded = 0
    for found in _objects(reader):
        is_key = isinstance(found, DictionaryObject) and not _ACTIVE_KEYS.isdisjoint(found)
        if is_key or (isinstance(found, NameObject) and found in _ACTIVE):
            raise UnsoundError(Reason.ACTIVE_PDF)
        if isinstance(found, StreamObject):
            decoded += _decoded_length(found)
            if decoded > MAX_DECODED_IN_ALL:
                raise UnsoundError(Reason.TOO_COMPLEX)
    _check_opening(reader.root_object)
    pages = len(reader.pages)
    if not pages:
        raise UnsoundError(Reason.CORRUPT)
    if pages > MAX_PAGES:
        raise UnsoundError(Reason.TOO_COMPLEX)


def _objects(reader: PdfReader) -> Iterator[PdfObject]:
    """Every object of the file, each once.

    Those of the tables, used or not, then those that only a reference leads to: the library looks
    for these in the bytes, as readers do.
    """
    numbers = [
        (generation, number)
        for generation, entries in reader.xref.items()
        if generation != _FREE
        for number in entries
    ]
    numbers += [(0, number) for number in reader.xref_objStm]
    seen = set(numbers)
    waiting: list[PdfObject | None] = [reader.trailer]
    count = 0
    while waiting or numbers:
        if not waiting:
            generation, number = numbers.pop()
            waiting.append(IndirectObject(number, generation, reader).get_object())
        found = waiting.pop()
        count += 1
        if count > MAX_OBJECTS * 10 or len(seen) > MAX_OBJECTS:
            raise UnsoundError(Reason.TOO_COMPLEX)
        if isinstance(found, IndirectObject):
            key = (found.generation, found.idnum)
            if key not in seen:
                seen.add(key)
                numbers.append(key)
            continue
        if found is not None:
            yield found
        if isinstance(found, DictionaryObject):
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, ArrayObject):
            waiting += list.__iter__(found)


def _decoded_length(stream: StreamObject) -> int:
    """How long a stream is once decoded, when `pdf_bytes` could not tell.

    Raises:
        UnsoundError: TOO_COMPLEX, for filters upon filters.
        LimitReachedError: the library found it too long.
    """
    value = _entry(stream, "/Filter")
    names = value if isinstance(value, ArrayObject) else [value] if value else []
    filters = [str(name.get_object()) for name in names]
    if sum(name in _SHRINKING for name in filters) > 1:
        raise UnsoundError(Reason.TOO_COMPLEX)
    # pictures are not decoded: their readers have their own limits, and nothing runs in them
    if filters[:1] == ["/FlateDecode"] or _SHRINKING.isdisjoint(filters):
        return 0
    if not _PICTURES.isdisjoint(filters):
        raise UnsoundError(Reason.TOO_COMPLEX)  # squeezed twice, and not as programs do
    length = len(stream.get_data())
    stream.decoded_self = None  # the library would keep it as long as the file
    return length


def _check_opening(root: DictionaryObject) -> None:
    """A PDF may open on one of its pages, and do nothing else by itself."""
    opening = _entry(root, "/OpenAction")
    if (
        isinstance(opening, DictionaryObject)
        and str(_entry(opening, "/S")) not in _HARMLESS_OPENINGS
    ):
        raise UnsoundError(Reason.ACTIVE_PDF)


def _entry(dictionary: DictionaryObject, key: str) -> PdfObject | None:
    """The value itself, wherever it is written: the library's own `get` gives references."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401
