"""Every reason of the engine has its French sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portail.domain.reasons import Code, Reason
from portail.texts.french import NBSP
from portail.texts.reasons import age, reason_sentence

AT = datetime(2026, 3, 12, 8, tzinfo=UTC)  # Thursday, 9:00 in Paris (winter time)
NOON = datetime(2026, 3, 13, 11, tzinfo=UTC)
CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 3))
N = NBSP


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            Reason(Code.BOOKABLE, AT),
            f"Réservation possible jusqu’au jeudi 12 mars 2026 à 9{N}h.",
        ),
        (Reason(Code.CANCELLABLE), "Annulation possible."),
        (
            Reason(Code.LATE_BOOKING, NOON, AT),
            (
            "Réservation en retard, avec supplément, encore possible jusqu’au "
            f"vendredi 13 mars 2026 à 12{N}h (le délai était le jeudi 12 mars 2026 à 9{N}h)."
            ),
        ),
        (
            Reason(Code.BOOKING_TOO_LATE, AT),
            f"Trop tard{N}: il fallait réserver avant le jeudi 12 mars 2026 à 9{N}h.",
        ),
        (
            Reason(Code.SCHOOL_HOLIDAYS, words=("Vacances de Noël",), days=CHRISTMAS),
            f"Fermé{N}: vacances de Noël.",
        ),
        (
            Reason(Code.PUBLIC_HOLIDAY, words=("Lundi de Pâques",)),
            f"Fermé{N}: jour férié (Lundi de Pâques).",
        ),
        (
            Reason(Code.OUT_OF_SEASON, days=CHRISTMAS),
            f"Fermé{N}: l’activité a lieu du samedi 19 décembre 2026 au dimanche 3 janvier 2027.",
        ),
        (
            Reason(Code.TOO_YOUNG, days=(date(2026, 9, 1),), number=30),
            f"L’enfant doit avoir au moins 2{N}ans et 6{N}mois le mardi 1er septembre 2026.",
        ),
        (
            Reason(Code.WINDOW_NOT_OPEN, AT),
            f"Pas encore ouvert{N}: ouverture le jeudi 12 mars 2026 à 9{N}h.",
        ),
        (Reason(Code.WEEK_LIMIT, number=3), f"Pas plus de 3{N}fois par semaine."),
    ],
)  # fmt: skip
def test_said(reason: Reason, said: str) -> None:
    assert reason_sentence(reason) == said


def test_codes_are_said_by_their_label() -> None:
    reason = Reason(Code.MISSING_DOCUMENTS, words=("fiche", "assurance"))
    labels = {"fiche": "fiche sanitaire", "assurance": "assurance scolaire"}
    assert reason_sentence(reason, labels.__getitem__) == (
        f"Il manque{N}: fiche sanitaire et assurance scolaire."
    )


@pytest.mark.parametrize("code", Code)
def test_every_code_is_a_sentence(code: Code) -> None:
    full = Reason(code, AT, AT, CHRISTMAS, ("mot",), 3)
    said = reason_sentence(full)
    assert said.endswith(".")
    assert said[0].isupper()
    assert "{" not in said
    assert "None" not in said


@pytest.mark.parametrize(
    "code",
    [
        Code.BOOKABLE,
        Code.LATE_BOOKING,
        Code.CANCELLING_TOO_LATE,
        Code.TOWN_CLOSED,
        Code.PUBLIC_HOLIDAY,
    ],
)
def test_a_reason_may_know_nothing_more(code: Code) -> None:
    said = reason_sentence(Reason(code))
    assert said.endswith(".")
    assert "None" not in said


@pytest.mark.parametrize(
    ("months", "words"),
    [(36, f"3{N}ans"), (30, f"2{N}ans et 6{N}mois"), (18, f"18{N}mois"), (12, f"1{N}an")],
)
def test_ages(months: int, words: str) -> None:
    assert age(months) == words
