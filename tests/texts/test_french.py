"""Days, durations and amounts, as French writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portail.texts import french
from portail.texts.french import NBSP


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 23, 8, 5, tzinfo=UTC), f"23 novembre 2026 à 9{NBSP}h{NBSP}05"),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), f"1er août 2026 à 0{NBSP}h{NBSP}00"),
    ],
)
def test_a_moment_in_words(instant: datetime, words: str) -> None:
    assert french.moment(instant) == words


def test_days() -> None:
    assert french.day(date(2026, 11, 23)) == "lundi 23 novembre 2026"
    assert french.day(date(2026, 3, 1)) == "dimanche 1er mars 2026"
    assert french.day(date(2026, 3, 11)) == "mercredi 11 mars 2026"


def test_days_that_are_near() -> None:
    first = date(2027, 3, 12)
    assert french.span(first, first) == "le 12 mars"
    assert french.span(first, date(2027, 3, 13)) == "du 12 au 13 mars"
    assert french.span(first, date(2027, 4, 1)) == "du 12 mars au 1er avril"
    assert french.span(date(2027, 3, 1), date(2027, 3, 2)) == "du 1er au 2 mars"
    assert french.span(date(2026, 12, 31), date(2027, 1, 4)) == "du 31 décembre au 4 janvier"


def test_of_a_month() -> None:
    months = {number: french.of(french.month(date(2026, number, 1))) for number in range(1, 13)}
    assert months[3] == "de mars 2026"
    elided = {number for number, words in months.items() if words.startswith("d’")}
    assert elided == {4, 8, 10}
    assert french.of("école") == "d’école"


def test_hours() -> None:
    assert french.hour(datetime(2026, 11, 23, 8, tzinfo=UTC)) == f"9{NBSP}h"
    assert french.hour(datetime(2026, 7, 1, 16, 30, tzinfo=UTC)) == f"18{NBSP}h{NBSP}30"


@pytest.mark.parametrize(
    ("cents", "words"),
    [(3694, f"36,94{NBSP}€"), (0, f"0,00{NBSP}€"), (-350, f"-3,50{NBSP}€")],
)
def test_euros(cents: int, words: str) -> None:
    assert french.euros(cents) == words


def test_large_amounts_are_grouped() -> None:
    assert french.euros(123456789) == f"1\u202f234\u202f567,89{NBSP}€"


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(milliseconds=200), "1 seconde"),
        (timedelta(seconds=1, milliseconds=1), "2 secondes"),
        (timedelta(seconds=59), "59 secondes"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(seconds=61), "2 minutes"),
        (timedelta(minutes=15), "15 minutes"),
    ],
)
def test_waits_are_rounded_up(wait: timedelta, words: str) -> None:
    assert french.duration(wait) == words.replace(" ", NBSP)


def test_lists_and_counts() -> None:
    assert french.listed([]) == ""
    assert french.listed(["Nora"]) == "Nora"
    assert french.listed(["Audrey", "Nora", "Sami"]) == "Audrey, Nora et Sami"
    assert french.counted(0, "enfant") == f"0{NBSP}enfant"
    assert french.counted(2, "courriel") == f"2{NBSP}courriels"
    assert french.sentence("à faire") == "À faire"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-3), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=1), "il y a 1_minute"),
        (timedelta(minutes=59), "il y a 59_minutes"),
        (timedelta(hours=2), "aujourd’hui à 7_h_05"),
        (timedelta(hours=12), "hier à 21_h_05"),
        (timedelta(days=2), "le 21 novembre 2026 à 9_h_05"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    now = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
    assert french.ago(now - passed, now) == words.replace("_", NBSP)
