"""Words looked for in texts, whatever their accents and case, and how they are shown there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_TERMS = 6  # words looked for at once
EXCERPT = 140  # characters
BEFORE = 30  # characters of an excerpt before what was found
_TRIED = 40  # places in a text where an excerpt may begin


@dataclass(frozen=True)
class Piece:
    """A part of a text; `found`: it is what was looked for."""

    text: str
    found: bool = False


def search_text(*texts: str) -> str:
    """What a search looks in: without accents nor case, in any alphabet, spaces made one."""
    return " ".join(_plain(" ".join(texts)).split())


def search_terms(typed: str) -> tuple[str, ...]:
    """The words looked for, all of which must be there."""
    return tuple(dict.fromkeys(search_text(typed).split()))[:MAX_TERMS]


def count_found(text: str, terms: Sequence[str]) -> int:
    """How many of these words are in a text."""
    looked_in = search_text(text)
    return sum(term in looked_in for term in terms)


def pieces(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """A text in parts, the words looked for apart from what is between them."""
    found: list[Piece] = []
    at = 0
    for start, end in _spans(text, terms):
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], found=True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)


def excerpt(text: str, terms: Sequence[str] = (), length: int = EXCERPT) -> str:
    """A text on one line, cut between words: its beginning, or where most of those sought are."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    start = _start(line, terms, length)
    if start:
        line = line[start:]
    if len(line) > length:
        cut = line[:length].rsplit(" ", 1)[0].rstrip(" ,;:.")
        line = f"{cut or line[:length]}…"
    return f"…{line}" if start else line


def _start(line: str, terms: Sequence[str], length: int) -> int:
    """Where the excerpt begins: between two words, a little before the first of those found."""
    spans = _spans(line, terms)
    if not spans:
        return 0
    room = length - BEFORE
    first = spans[:_TRIED]
    most = max(first, key=lambda one: count_found(line[one[0] : one[0] + room], terms))
    if most[0] <= BEFORE:
        return 0
    near = line.find(" ", most[0] - BEFORE, most[0])
    return near + 1 if near >= 0 else most[0]


def _spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where these words are, in order, those that touch made one."""
    # what each character becomes is what the whole becomes: that of which it was made is known
    made = [(plain, at) for at, char in enumerate(text) for plain in _plain_char(char)]
    looked_in = "".join(" " if plain.isspace() else plain for plain, _ in made)
    marked = {
        made[at + n][1]
        for term in terms
        if term
        for at in _places(looked_in, term)
        for n in range(len(term))
    }
    spans: list[tuple[int, int]] = []
    for at in range(len(text)):
        # an accent written apart goes with its letter
        goes_on = spans and spans[-1][1] == at
        if at in marked or (goes_on and unicodedata.combining(text[at])):
            if goes_on:
                spans[-1] = spans[-1][0], at + 1
            else:
                spans.append((at, at + 1))
    return spans


def _places(text: str, term: str) -> list[int]:
    found, at = [], text.find(term)
    while at >= 0:
        found.append(at)
        at = text.find(term, at + 1)
    return found


@lru_cache(maxsize=10_000)
def _plain_char(char: str) -> str:
    return _plain(char)


def _plain(text: str) -> str:
    """Without accents nor case, in any alphabet."""
    spelt = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in spelt if not unicodedata.combining(char))
    return plain.replace("œ", "oe").replace("æ", "ae").replace("’", "'")
