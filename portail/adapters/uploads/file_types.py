"""What a file is, from its first bytes alone: names and browsers say what they like."""

from __future__ import annotations

from enum import StrEnum

import filetype  # type: ignore[import-untyped]

from portail.adapters.uploads.verdicts import Reason, UnsoundError

HEAD = 4096  # bytes one must look at
_PDF = b"%PDF-"
_BLANK = b"\x00\t\n\x0c\r "
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HEADER_WITHIN = 1024  # where readers look for the header of a PDF
_IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/apng": "PNG"}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_HEIF_OTHERS = frozenset({b"avif", b"avis"})  # the same box, another codec
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word, Excel and PowerPoint until 2003
_PLAIN_TEXT = frozenset(range(32, 127)) | frozenset(b"\t\n\x0c\r")


class FileType(StrEnum):
    """The types we accept, as Pillow calls the images."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIF = "HEIF"


def file_type(head: bytes) -> FileType:
    """What the file that begins so is.

    A PDF may follow blanks, as some programs write, but nothing else: what comes before its
    header is what another program would see first (a page, an archive).

    Raises:
        UnsoundError: EMPTY, NOT_ALLOWED or UNKNOWN_TYPE.
    """
    if not head:
        raise UnsoundError(Reason.EMPTY)
    start = head.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK)
    if start.startswith(_PDF) and len(head) - len(start) <= _HEADER_WITHIN - len(_PDF):
        return FileType.PDF
    if _is_heif(head):
        return FileType.HEIF
    guessed = filetype.guess_mime(head)
    if guessed in _IMAGES:
        return FileType(_IMAGES[guessed])
    if guessed or start.startswith((b"<", b"{\\rtf", _OLE)) or _is_text(head):
        raise UnsoundError(Reason.NOT_ALLOWED)
    raise UnsoundError(Reason.UNKNOWN_TYPE)


def _is_heif(head: bytes) -> bool:
    """Whether it begins as a HEIF picture; the library that guesses knows iPhones' only."""
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIF_BRANDS:
        return False
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in range(16, length - 3, 4)}
    return not brands & _HEIF_OTHERS


def _is_text(head: bytes) -> bool:
    """Whether it is something written: a page without its first tag, a script, a table."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(byte in _PLAIN_TEXT or byte >= 128 for byte in head)  # noqa: PLR2004
