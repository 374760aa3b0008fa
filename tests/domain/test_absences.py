"""Which days of absence may be told, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portail.domain.absences import STANDING, AbsenceState, DaysProblem, bounds, days_problem

TODAY = date(2026, 11, 23)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (0, 0, None),
        (-3, 30, None),
        (-4, 0, DaysProblem.TOO_OLD),
        (0, 31, DaysProblem.TOO_FAR),
        (31, 31, DaysProblem.TOO_FAR),
        (1, 0, DaysProblem.ORDER),
        (40, -9, DaysProblem.ORDER),
    ],
)
def test_from_three_days_ago_to_thirty_ahead(
    first: int, last: int, problem: DaysProblem | None
) -> None:
    assert days_problem(ahead(first), ahead(last), TODAY) is problem


def test_the_bounds_are_those_days() -> None:
    assert bounds(TODAY) == (ahead(-3), ahead(30))


def test_what_was_refused_or_withdrawn_no_longer_stands() -> None:
    assert {AbsenceState.TOLD, AbsenceState.JUSTIFIED} == STANDING
