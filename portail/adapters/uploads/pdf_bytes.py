"""A PDF read as bytes, before any library believes what it says of itself.

Readers mend broken files each in its own way: an object that one of them ignores (an older version,
a table of contents that lies) is run by another. So the names that make a PDF act are looked for in
every byte, and in every stream once inflated, whatever the file says it is. Inflating is counted as
it goes: what would fill the memory stops at a limit, and never exists.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

from portail.adapters.uploads.verdicts import Reason, UnsoundError

MAX_STREAMS = 20_000
MAX_STREAM = 128 * 1024 * 1024  # inflated: a page scanned at 600 dots per inch in colour is 100 MB
MAX_INFLATED = 400 * 1024 * 1024  # all streams together
MAX_OBJECT_STREAM = 32 * 1024 * 1024  # objects, which a library will turn into Python ones

# long enough not to come up by chance in a picture
ACTIVE_NAMES = frozenset(
    {
        "JavaScript",
        "Launch",
        "EmbeddedFile",
        "EmbeddedFiles",
        "RichMedia",
        "Rendition",
        "SubmitForm",
        "ImportData",
    }
)
# short: looked for among objects only, where chance has no part, and as keys: fonts give their
# letters such names
ACTIVE_KEYS = frozenset({"JS", "AA", "EF", "XFA"})

_PIECE = 64 * 1024
_INFLATED_PIECE = 1024 * 1024
_OVERLAP = 64  # longer than the longest name with all its letters escaped, and what ends it
_MAX_DICTIONARY = 16 * 1024  # bytes before «stream» where its dictionary is looked for
_MAX_FILTERS = 4
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
_SHRINKING = frozenset({b"FlateDecode", b"LZWDecode", b"RunLengthDecode", b"BrotliDecode"})
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def _written(names: Iterable[str]) -> bytes:
    """A pattern of these names however they are written: «/JS», «/#4aS», «/#4A#53»."""
    ways = (
        b"".join(b"(?:%c|#%x%s)" % (code, code >> 4, _digit(code & 15)) for code in name.encode())
        for name in sorted(names)
    )
    return rb"/(?:" + b"|".join(ways) + rb")(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"


def _digit(value: int) -> bytes:
    lower = b"%x" % value
    return b"[%s%s]" % (lower, lower.upper()) if lower.isalpha() else lower


_BLANKS = rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*"
_VALUE = rb"(?:[(<\[]|\d+[\x00\t\n\x0c\r ]+\d+[\x00\t\n\x0c\r ]+R)"  # not a letter's neighbour
_ACTIVE = re.compile(_written(ACTIVE_NAMES))
_ACTIVE_KEY = re.compile(_written(ACTIVE_KEYS) + _BLANKS + _VALUE)
_ENCRYPT = re.compile(_written({"Encrypt"}) + _BLANKS + _VALUE)


def scan(content: bytes) -> None:
    """Look at all the bytes of a PDF.

    Raises:
        UnsoundError: ACTIVE_PDF, ENCRYPTED_PDF or TOO_COMPLEX.
    """
    objects = b"\n".join(_outside_streams(content))
    if _ENCRYPT.search(objects):
        raise UnsoundError(Reason.ENCRYPTED_PDF)
    if _ACTIVE.search(content) or _ACTIVE_KEY.search(objects):
        raise UnsoundError(Reason.ACTIVE_PDF)
    left = MAX_INFLATED
    for count, found in enumerate(_STREAM.finditer(content)):
        if count >= MAX_STREAMS:
            raise UnsoundError(Reason.TOO_COMPLEX)
        names = _dictionary_names(content, found.start())
        of_objects = b"ObjStm" in names
        _check_filters(names, of_objects=of_objects)
        limit = MAX_OBJECT_STREAM if of_objects else MAX_STREAM
        left -= _inflate(content, found.end(), min(limit, left), of_objects=of_objects)


def _outside_streams(content: bytes) -> Iterator[bytes]:
    """What lies between streams: objects, tables, trailers."""
    at = 0
    for found in _STREAM.finditer(content):
        if found.start() < at:
            continue
        yield content[at : found.start()]
        end = content.find(b"endstream", found.end())
        if end < 0:
            return  # to its end; the library says whether it can be read
        at = end
    yield content[at:]


def _dictionary_names(content: bytes, stream_at: int) -> list[bytes]:
    """The names, unescaped, between the start of an object and its stream."""
    start = content.rfind(b"obj", max(0, stream_at - _MAX_DICTIONARY), stream_at)
    text = content[start if start >= 0 else max(0, stream_at - _MAX_DICTIONARY) : stream_at]
    return [
        _ESCAPE.sub(lambda code: bytes.fromhex(code[1].decode()), name)
        for name in _NAME.findall(text)
    ]


def _check_filters(names: list[bytes], *, of_objects: bool) -> None:
    """Refuse filters upon filters, which nobody needs: a bomb in a bomb.

    A stream of objects must be readable by `_inflate`: compressed as all programs do, or not.
    """
    filters = [name for name in names if name.endswith(b"Decode")]
    shrinking = sum(name in _SHRINKING for name in filters)
    unusual = of_objects and (
        any(name != b"FlateDecode" for name in filters) or b"Predictor" in names
    )
    if shrinking > 1 or len(filters) > _MAX_FILTERS or unusual:
        raise UnsoundError(Reason.TOO_COMPLEX)


def _inflate(content: bytes, start: int, limit: int, *, of_objects: bool) -> int:
    """Inflate what begins here, if it is deflated at all; returns the length it had.

    Nothing is kept but the piece at hand. What is broken is inflated as far as it goes, as readers
    do.

    Raises:
        UnsoundError: ACTIVE_PDF, or TOO_COMPLEX when it is longer than `limit`.
    """
    if not _is_deflated(content[start : start + 2]):
        return 0
    inflater = zlib.decompressobj()
    length, tail, at = 0, b"", start
    while not inflater.eof:
        given = inflater.unconsumed_tail
        if not given:
            given, at = content[at : at + _PIECE], at + _PIECE
        if not given:
            break
        try:
            piece = inflater.decompress(given, _INFLATED_PIECE)
        except zlib.error:
            break
        length += len(piece)
        if length > limit:
            raise UnsoundError(Reason.TOO_COMPLEX)
        seen = tail + piece
        if _ACTIVE.search(seen) or (of_objects and _ACTIVE_KEY.search(seen)):
            raise UnsoundError(Reason.ACTIVE_PDF)
        tail = piece[-_OVERLAP:]
    return length


def _is_deflated(start: bytes) -> bool:
    """Whether these two bytes are a header of zlib (RFC 1950)."""
    header = int.from_bytes(start, "big")
    return len(start) == 2 and start[0] & 15 == 8 and header % 31 == 0  # noqa: PLR2004
