"""States of conversations, and what a text becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.messages import (
    MAX_BODY,
    MAX_SUBJECT,
    About,
    Problem,
    ThreadState,
    Topic,
    about_of,
    after_message,
    body_text,
    problems,
    subject_line,
)
from portail.domain.procedures import (
    ProcedureKind,
    ProcedureState,
    label,
    may_become,
    takes_documents,
)


def test_whoever_writes_last_says_whose_turn_it_is() -> None:
    assert after_message(from_town=True) is ThreadState.ANSWERED
    assert after_message(from_town=False) is ThreadState.OPEN


def test_a_conversation_is_taken_up_again_and_nothing_else_is() -> None:
    over, asked = ProcedureState.ENDED, ProcedureState.REQUESTED
    assert may_become(over, asked, ProcedureKind.MESSAGE)
    assert not may_become(over, asked, ProcedureKind.ABSENCE)
    assert not may_become(over, over, ProcedureKind.MESSAGE)
    assert not may_become(asked, ProcedureState.REFUSED, ProcedureKind.MESSAGE)
    assert label(ProcedureKind.MESSAGE, ProcedureState.VALIDATED) == "Répondue"
    assert label(ProcedureKind.ABSENCE, ProcedureState.VALIDATED) == "Validée"
    assert not takes_documents(ProcedureKind.MESSAGE, asked)


@pytest.mark.parametrize("topic", [Topic.CHILD, Topic.INVOICE, Topic.PROCEDURE])
def test_what_it_is_about_goes_and_comes_back(topic: Topic) -> None:
    about = About(3, topic, 12)
    assert about_of(about.code) == about
    assert about_of(About(3).code) == About(3)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "3",
        "3-dossier-1",
        "3-enfant-0",
        "0-dossier-0",
        "3-autre-1",
        "3-enfant-1 ",
        "-3-enfant-1",
    ],
)
def test_what_makes_no_sense_is_about_nothing(code: str) -> None:
    assert about_of(code) is None


@given(st.text())
def test_a_subject_is_one_readable_line(text: str) -> None:
    line = subject_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip() == subject_line(line)
    assert "\u202e" not in line  # nothing turns it around
    assert "\x00" not in line


@given(st.text())
def test_a_text_has_plain_line_ends_and_nothing_hidden(text: str) -> None:
    body = body_text(text)
    assert "\r" not in body
    assert "\x00" not in body
    assert body_text(body) == body
    body.encode()


def test_paragraphs_stay_and_empty_lines_around_go() -> None:
    assert body_text("\n\r\nUn\r\n\r\nDeux  \n\n\n\n\n\nTrois\n") == "Un\n\nDeux\n\n\nTrois"


def test_what_is_wrong_is_said_at_once() -> None:
    assert problems("", " ") == (Problem.NO_SUBJECT, Problem.NO_BODY)
    long = problems("x" * (MAX_SUBJECT + 1), "x" * (MAX_BODY + 1))
    assert long == (Problem.LONG_SUBJECT, Problem.LONG_BODY)
    assert problems(None, "Bonjour") == ()
    assert problems("x" * MAX_SUBJECT, "x" * MAX_BODY) == ()
