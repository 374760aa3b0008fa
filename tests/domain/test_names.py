"""Names as people type them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.names import fold, masked_email, sign_in_key


@pytest.mark.parametrize(
    "typed",
    [
        "DUPRÉ-LÉVÊQUE",
        "dupre leveque",
        "Dupré  Lévêque",
        " dupré–lévêque ",
        "Dupre'Leveque",
        unicodedata.normalize("NFD", "Dupré-Lévêque"),
    ],
)
def test_case_accents_hyphens_and_spaces_do_not_matter(typed: str) -> None:
    assert fold(typed) == "dupre leveque"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Œuvrard", "oeuvrard"),
        ("L’Hæritier", "l haeritier"),
        ("Groß", "gross"),
        ("GROSS", "gross"),
        ("Łukasz Đorđe Søren", "lukasz dorde soren"),
        ("N'Guyễn", "n guyen"),
        ("ﬁn", "fin"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_letters_of_other_alphabets_have_a_plain_key(typed: str, key: str) -> None:
    assert fold(typed) == key


@pytest.mark.parametrize(("one", "other"), [("Martin", "Marton"), ("Le Gall", "Legall")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert sign_in_key(sign_in_key(text)) == sign_in_key(text)


@given(st.text())
def test_a_key_does_not_depend_on_how_accents_are_encoded(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(apart)
    assert sign_in_key(composed) == sign_in_key(apart)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F)))
def test_a_sign_in_key_does_not_depend_on_the_case(text: str) -> None:
    assert sign_in_key(text.upper()) == sign_in_key(text.upper().lower())


@pytest.mark.parametrize("typed", ["Zoé", "ZOÉ", " zoé\t", "Zoe\u0301"])
def test_a_sign_in_name_keeps_its_accents(typed: str) -> None:
    assert sign_in_key(typed) == "zoé" != sign_in_key("zoe")


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("claire.martin@example.org", "c•••@example.org"),
        ("z@example.org", "z•••@example.org"),
        ("zoé@écoles.example", "z•••@écoles.example"),
    ],
)
def test_a_masked_address_has_its_first_letter_and_its_domain(email: str, masked: str) -> None:
    assert masked_email(email) == masked
