"""The words above the sign-in form."""

from __future__ import annotations

import pytest

from portail.state import sign_in


@pytest.mark.parametrize(
    ("code", "seconds", "words"),
    [
        ("refused", 0, sign_in.REFUSED),
        ("", 0, sign_in.REFUSED),
        ("anything", 0, sign_in.REFUSED),
        ("not_activated", 0, sign_in.NOT_ACTIVATED),
    ],
)
def test_a_refusal_has_its_words(code: str, seconds: int, words: str) -> None:
    assert sign_in._words(code, seconds) == words


def test_the_words_of_a_refusal_do_not_tell_which_part_was_wrong() -> None:
    assert "inconnu" not in sign_in.REFUSED
    assert "mot de passe" not in sign_in.REFUSED


def test_a_wait_is_said_in_words() -> None:
    assert "15\u00a0minutes" in sign_in._words("blocked", 15 * 60)
    assert sign_in._words("blocked", 2) != sign_in._words("blocked", 15 * 60)
