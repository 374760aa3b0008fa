"""The letters that a paper can show: a name in another script must not stop an invoice.

A PDF/UA refuses a letter that no font has. Figtree has those of Western Europe, Noto Sans the
Vietnamese, Greek and Cyrillic ones; `fonts/covered.json` says which are whose (first and last of
each run, read from the fonts): left to guess, Typst composes «ễ» from both, and who hears or copies
the text has it twice. What nobody has is shown as the sign of an unknown letter.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

COVERED = Path(__file__).parent / "fonts" / "covered.json"
UNKNOWN = "\ufffd"
# signs that have a twin in our fonts
TWINS = {"\u2011": "-", "\u202f": "\u00a0", "\t": " ", "\n": " ", "\r": " "}


class _Letters(dict[int, str]):
    """What each code is shown as, worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__((ord(one), one) for letters in _covered().values() for one in letters)
        self.update({ord(sign): twin for sign, twin in TWINS.items()})

    def __missing__(self, code: int) -> str:
        # controls and marks of direction have no shape: nothing is lost
        shown = "" if category(chr(code)) in {"Cc", "Cf"} else UNKNOWN
        self[code] = shown
        return shown


def shown(value: Any) -> Any:
    """The same data, its texts in letters that can be shown (accents are joined to theirs)."""
    if isinstance(value, str):
        return normalize("NFC", value).translate(_letters())
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    return value


def beyond_figtree(text: str) -> bool:
    """Whether Figtree lacks a letter of it. A font looked for letter by letter costs time."""
    return not _covered()["Figtree"].issuperset(text)


@lru_cache(maxsize=1)
def _covered() -> dict[str, frozenset[str]]:
    """By font, the letters that it has."""
    fonts = json.loads(COVERED.read_text("ascii"))
    return {
        name: frozenset(chr(code) for low, high in runs for code in range(low, high + 1))
        for name, runs in fonts.items()
    }


@lru_cache(maxsize=1)
def _letters() -> _Letters:
    return _Letters()
