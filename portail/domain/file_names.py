"""The names people give their files, made harmless to show and to send back."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 100  # characters, extension included
UNNAMED = "document"
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
# what a file system, a shell or a mail client gives a meaning to
_SPECIAL = str.maketrans(dict.fromkeys('"*:<>?|;`', "_"))
_JOINERS = "\u200c\u200d"  # families of emoji, and Persian


def shown_name(raw: str, extension: str) -> str:
    """The name to show and to download by: no folder, no trick of writing, its true extension.

    Args:
        raw: what the browser said, anything at all.
        extension: of what the file really is, with or without its dot.
    """
    last = re.split(r"[/\\]", raw)[-1]
    # NFC first: an accent must not be cut from its letter by the length below
    plain = "".join(_plain(char) for char in unicodedata.normalize("NFC", last))
    plain = " ".join(plain.translate(_SPECIAL).split()).strip(_JOINERS)
    stem = _EXTENSION.sub("", plain).lstrip(". ").rstrip(". ")
    end = "." + extension.lstrip(".").lower()
    stem = stem[: MAX_NAME - len(end)].rstrip(". " + _JOINERS)
    return (stem or UNNAMED) + end


def _plain(char: str) -> str:
    """The character, or what stands for it when it changes how the others are read."""
    if char in _JOINERS:
        return char
    category = unicodedata.category(char)
    if category[0] == "Z" or char in "\t\n\r":
        return " "
    # controls, bidi and other invisible marks, halves of pairs, private and unknown ones
    return "" if category[0] == "C" else char
