"""The parts of a multipart body, told one after the other as its bytes arrive.

The library finds the boundaries; what is a file, what is a field, and how many of each one may send
is decided here. Nothing is written: see `receive`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MAX_FILES = 10
MAX_FIELDS = 20
MAX_FIELD = 4_000  # characters
MAX_FIELD_NAME = 100  # characters
_BYTES_PER_CHARACTER = 4  # UTF-8, at most
_EXTENDED_NAME = re.compile(
    r"""filename\*\s*=\s*"?(utf-8|iso-8859-1)'[\w-]*'([^;"\s]*)""", re.IGNORECASE
)
_ESCAPED_BY_BROWSERS = (("%22", '"'), ("%0D", " "), ("%0A", " "))


class Fault(StrEnum):
    """Why a whole request is refused."""

    NOT_MULTIPART = "not_multipart"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_FILES = "too_many_files"
    TOO_MANY_FIELDS = "too_many_fields"
    FIELD_TOO_LONG = "field_too_long"
    INTERRUPTED = "interrupted"


FAULT_MESSAGES: dict[Fault, str] = {
    Fault.NOT_MULTIPART: "L’envoi n’a pas pu être lu : rechargez la page, puis recommencez.",
    Fault.BROKEN: "L’envoi est arrivé incomplet : vérifiez votre connexion, puis recommencez.",
    Fault.TOO_LARGE: "L’envoi est trop lourd : déposez les fichiers en plusieurs fois.",
    Fault.TOO_MANY_FILES: (
        f"Vous pouvez déposer {MAX_FILES} fichiers à la fois : déposez les autres ensuite."
    ),
    Fault.TOO_MANY_FIELDS: "L’envoi n’a pas pu être lu : rechargez la page, puis recommencez.",
    Fault.FIELD_TOO_LONG: "Un texte est trop long : raccourcissez-le, puis recommencez.",
    Fault.INTERRUPTED: "L’envoi a été interrompu : vérifiez votre connexion, puis recommencez.",
}


class BadUploadError(Exception):
    """Nothing of the request can be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    @property
    def message(self) -> str:
        """What to tell the person who sent it."""
        return FAULT_MESSAGES[self.fault]


class FileSink(Protocol):
    """What takes the bytes of one file."""

    def write(self, data: bytes) -> None:
        """Take some more."""

    def close(self) -> None:
        """That was all of it."""


class Opener(Protocol):
    """What makes a sink for each file that begins."""

    def __call__(self, field_name: str, raw_name: str) -> FileSink:
        """The sink of a file sent in this field, under this name."""


@dataclass
class _Part:
    """The part being read."""

    disposition: bytes = b""
    header: bytes = b""
    value: bytes = b""
    name: str = ""
    raw_name: str | None = None  # of a file; of nothing else
    text: bytearray = field(default_factory=bytearray)
    sink: FileSink | None = None


class PartReader:
    """Tells fields from files, and gives each file to a sink of its own."""

    def __init__(self, content_type: str, open_sink: Opener, max_files: int = MAX_FILES) -> None:
        """Read what a Content-Type announces.

        Raises:
            BadUploadError: NOT_MULTIPART.
        """
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise BadUploadError(Fault.NOT_MULTIPART)
        self.fields: dict[str, str] = {}
        self._open_sink = open_sink
        self._max_files = max_files
        self._files = self._texts = 0
        self._complete = False
        self._part = _Part()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._all_read,
                },
            )
        except FormParserError:  # a boundary nobody would write
            raise BadUploadError(Fault.NOT_MULTIPART) from None

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            BadUploadError: BROKEN, or too much of something.
        """
        try:
            self._parser.write(data)
        except FormParserError:
            raise BadUploadError(Fault.BROKEN) from None

    def finish(self) -> None:
        """The body is over.

        Raises:
            BadUploadError: BROKEN, when its end was not announced.
        """
        if not self._complete:
            raise BadUploadError(Fault.BROKEN)

    # --- what the library calls

    def _begin(self) -> None:
        self._part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.value += data[start:end]

    def _header_end(self) -> None:
        part = self._part
        if part.header.lower() == b"content-disposition":
            part.disposition = part.value
        part.header = part.value = b""

    def _headers_finished(self) -> None:
        part = self._part
        kind, options = parse_options_header(part.disposition)
        if kind != b"form-data" or b"name" not in options:
            raise BadUploadError(Fault.BROKEN)
        part.name = _text(options[b"name"])
        if len(part.name) > MAX_FIELD_NAME:
            raise BadUploadError(Fault.BROKEN)
        part.raw_name = _file_name(options.get(b"filename"), part.disposition)
        if part.raw_name:
            self._start_file()
        elif part.raw_name is None:
            self._texts += 1
            if self._texts > MAX_FIELDS:
                raise BadUploadError(Fault.TOO_MANY_FIELDS)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.raw_name is not None:
            self._start_file().write(data[start:end])
            return
        part.text += data[start:end]
        if len(part.text) > MAX_FIELD * _BYTES_PER_CHARACTER:
            raise BadUploadError(Fault.FIELD_TOO_LONG)

    def _end(self) -> None:
        part = self._part
        if part.sink is not None:
            part.sink.close()
        elif part.raw_name is None:
            # the last one wins when a name comes twice, as Starlette's own forms do
            self.fields[part.name] = _field(bytes(part.text))

    def _all_read(self) -> None:
        self._complete = True

    def _start_file(self) -> FileSink:
        """The sink of the current file.

        Browsers send a part without name nor content where nobody chose a file: it has none.
        """
        part = self._part
        if part.sink is None:
            self._files += 1
            if self._files > self._max_files:
                raise BadUploadError(Fault.TOO_MANY_FILES)
            part.sink = self._open_sink(part.name, part.raw_name or "")
        return part.sink


def _file_name(plain: bytes | None, disposition: bytes) -> str | None:
    """The name a part gives its file; none when the part is not a file.

    `filename*` (RFC 5987) has no place in a form, but some programs write nothing else.
    """
    if plain is not None:
        name = _text(plain)
        for escaped, char in _ESCAPED_BY_BROWSERS:
            name = name.replace(escaped, char)
        return name
    found = _EXTENDED_NAME.search(disposition.decode("latin-1"))
    if not found:
        return None
    return unquote_to_bytes(found[2]).decode(found[1].lower(), "replace")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _field(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadUploadError(Fault.BROKEN) from None
    if len(text) > MAX_FIELD:
        raise BadUploadError(Fault.FIELD_TOO_LONG)
    if "\x00" in text:  # PostgreSQL keeps none
        raise BadUploadError(Fault.BROKEN)
    return text
