"""What is due and what is in the way, in French."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from portail.services.billing.views import DueFile, DueLine, Holding
from portail.services.payments import (
    AlreadyPaid,
    Closed,
    InProgress,
    SeveralFamilies,
    StartOutcome,
    ToCheck,
    TooLarge,
    TooMany,
    TooSmall,
    Unavailable,
)
from portail.state.billing import words
from portail.texts.french import weight

TODAY = date(2026, 11, 23)
LATER = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(set_clock: Callable[[str], None]) -> None:
    set_clock("2026-11-23T09:00")


def line(
    cents: int = 3_694, due_on: date = date(2026, 12, 15), total: int | None = None
) -> DueLine:
    return DueLine(1, 1, "2026-12", date(2026, 10, 1), due_on, total or cents, cents, None, None)


def due(*lines: DueLine) -> tuple[DueFile, ...]:
    return (DueFile(1, 10_001, "PINCEAU", "enfance", lines),)


def spaced(text: str) -> str:
    """Without what the eye does not see."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "Vous n’avez rien à payer."),
        ((line(),), "Vous devez 36,94 €, à payer avant le 15 décembre."),
        (
            (line(due_on=date(2026, 11, 1)),),
            "Vous devez 36,94 €, en retard depuis le 1er novembre.",
        ),
        (
            (line(), line(1_000, date(2027, 1, 31))),
            "Vous devez 46,94 € : 2 factures, la première à payer avant le 15 décembre.",
        ),
        (
            (line(), line(1_000, date(2026, 11, 1))),
            "Vous devez 46,94 € : 2 factures, dont une en retard.",
        ),
        (
            (line(100, date(2025, 12, 1)), line(100, date(2026, 11, 1)), line(100)),
            "Vous devez 3,00 € : 3 factures, dont 2 en retard.",
        ),
    ],
)
def test_what_is_due_in_a_sentence(lines: tuple[DueLine, ...], said: str) -> None:
    assert spaced(words.summary(due(*lines) if lines else (), TODAY)) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, "À payer aujourd’hui"),
        (TODAY + timedelta(1), "À payer avant le 24 novembre"),
        (TODAY - timedelta(1), "En retard depuis le 22 novembre"),
        (date(2027, 1, 31), "À payer avant le 31 janvier 2027"),
    ],
)
def test_until_when(day: date, said: str) -> None:
    assert words.until_words(day, TODAY) == said


def test_an_invoice_paid_in_part_says_what_is_left() -> None:
    assert words.part_words(line()) == ""
    assert spaced(words.part_words(line(1_000, total=3_694))) == "Il en reste 10,00 € sur 36,94 €."


def test_what_holds_an_invoice_says_who_and_until_when() -> None:
    mine, theirs = (words.holding_words(Holding(1, own, LATER)) for own in (True, False))
    assert mine.startswith("Vous avez commencé")
    assert theirs.startswith("Un autre responsable du dossier a commencé")
    assert "à 14 h 30, au plus tard" in spaced(mine)
    tomorrow = words.holding_words(Holding(1, own=True, until=LATER + timedelta(days=1)))
    assert "à 14 h 30 le 24 novembre, au plus tard" in spaced(tomorrow)
    checked = words.holding_words(Holding(1, own=True, until=None))
    assert "ne payez pas une seconde fois" in checked


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (AlreadyPaid((1,)), "déjà payé"),
        (InProgress(1, own=False, until=LATER), "Un autre responsable"),
        (ToCheck(1), "ne payez pas une seconde fois"),
        (TooSmall(50), "0,50"),
        (TooLarge(10_000_001), "100 000,01"),
        (TooMany(timedelta(minutes=4)), "4 minutes"),
        (SeveralFamilies(), "séparément"),
        (Closed(), "n’est pas ouvert"),
        (Unavailable(), "Rien n’a été débité"),
    ],
)
def test_every_refusal_explains_itself(outcome: StartOutcome, said: str) -> None:
    assert said in spaced(words.refused(outcome)).replace("\u202f", " ")


def test_the_size_of_a_document() -> None:
    assert [spaced(weight(n)) for n in (1, 37_800, 999_499, 1_250_000, 2_000_000)] == [
        "1 Ko",
        "38 Ko",
        "999 Ko",
        "1,2 Mo",
        "2 Mo",
    ]
    assert spaced(words.pdf_words(38_000)) == "(PDF, 38 Ko)"
    assert words.pdf_words(None) == "(PDF)"
