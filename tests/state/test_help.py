"""The help's search: by words, whatever their accents, case or plural."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.access.routes import exists
from portail.pages import all_pages
from portail.state.help import MAX_QUERY, search
from portail.texts.loader import load_questions

all_pages()  # says which pages there are: the help speaks of no other
ALL = [item.id for item in load_questions()]


@pytest.mark.parametrize(
    "typed", ["mot de passe", "MOT DE PASSE", "  mots   de passé ", "passe mot"]
)
def test_the_same_question_is_found_however_it_is_typed(typed: str) -> None:
    assert search(typed)
    assert search(typed) == search("mot de passe")


def test_every_word_counts() -> None:
    assert search("passe") != []
    assert search("passe xyzzy") == []


def test_every_question_shown_is_found_by_its_own_words_and_no_other() -> None:
    for item in load_questions():
        found = search(item.question[:MAX_QUERY].rsplit(" ", 1)[0])
        assert (item.id in found) == (not item.requires or exists(item.requires))


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_questions_that_exist(typed: str) -> None:
    assert set(search(typed)) <= set(ALL)
