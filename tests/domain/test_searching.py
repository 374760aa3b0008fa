"""Words found whatever their accents and case, and shown where they are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.searching import (
    EXCERPT,
    MAX_TERMS,
    count_found,
    excerpt,
    pieces,
    search_terms,
    search_text,
)

LONG = "Bonjour, je vous écris au sujet des repas de la semaine. " * 10
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def marked(text: str, typed: str) -> str:
    """The text, what was found between brackets."""
    found = pieces(text, search_terms(typed))
    return "".join(f"[{one.text}]" if one.found else one.text for one in found)


def test_searches_know_neither_accents_nor_case() -> None:
    assert search_text("Été à l’ÉCOLE", "cœur") == "ete a l'ecole coeur"
    assert search_terms("Été  été MER") == ("ete", "mer")
    assert len(search_terms(" ".join(f"m{n}" for n in range(50)))) == MAX_TERMS


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Été à la MER, l’été", "ete", "[Été] à la MER, l’[été]"),
        ("Un chœur", "coeur", "Un chœur"),
        ("De tout cœur", "COEUR", "De tout [cœur]"),
        ("De tout cœur", "oe", "De tout c[œ]ur"),
        ("À l’école", "l'ecole", "À [l’école]"),
        ("e\u0301te\u0301 a\u0300", "ete", "[e\u0301te\u0301] a\u0300"),
        ("Straße", "strasse", "[Straße]"),
        ("Madame ИЛЬИН", "ильин", "Madame [ИЛЬИН]"),
        ("aaaa", "aaa", "[aaaa]"),
        ("la mer", "la mer", "[la] [mer]"),
        ("lamer", "la mer", "[lamer]"),
        ("<b>gras</b>", "<b>", "[<b>]gras</b>"),
        ("Rien", "tout", "Rien"),
        ("Rien", "", "Rien"),
        ("", "tout", ""),
    ],
)
def test_what_was_looked_for_is_apart(text: str, typed: str, expected: str) -> None:
    assert marked(text, typed) == expected


@given(ANY, ANY)
def test_the_pieces_are_the_whole_text(text: str, typed: str) -> None:
    assert "".join(one.text for one in pieces(text, search_terms(typed))) == text


@given(ANY, st.integers(0, 59), st.integers(1, 10))
def test_a_part_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    # as one types it: composed, in capitals
    typed = unicodedata.normalize("NFC", text[start : start + length]).upper()
    terms = search_terms(typed)
    there = [term for term in terms if term in search_text(text)]
    assert any(one.found for one in pieces(text, terms)) == bool(there)


def test_an_excerpt_is_cut_between_words() -> None:
    assert excerpt("Un\n\ndeux") == "Un deux"
    assert excerpt("un deux trois", length=9) == "un deux…"
    assert excerpt("x" * 20, length=9) == "x" * 9 + "…"


def test_an_excerpt_is_where_it_was_found() -> None:
    text = f"{LONG}Nora est allergique à l’arachide. {LONG}"
    shown = excerpt(text, search_terms("ALLERGIQUÉ"))
    assert shown.startswith("…")
    assert "Nora est allergique à l’arachide." in shown
    assert shown.endswith("…")
    assert len(shown) <= EXCERPT + 2
    assert excerpt(text, ["absent"]) == excerpt(text)
    assert excerpt(text, ["bonjour"]).startswith("Bonjour")


def test_an_excerpt_is_where_most_words_are() -> None:
    text = f"{LONG}Nora tousse. {LONG}Sami et Nora toussent. {LONG}"
    assert "Sami et Nora" in excerpt(text, search_terms("nora sami"))


def test_a_word_without_end_is_shown() -> None:
    text = "x" * 200 + "été" + "x" * 200
    assert count_found(excerpt(text, ["ete"]), ["ete"]) == 1
