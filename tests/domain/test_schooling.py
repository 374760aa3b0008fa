"""School years and class levels."""

from __future__ import annotations

from datetime import date

import pytest

from portail.domain.schooling import LEVELS, birth_year, school_year


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), 2025),
        (date(2026, 8, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_a_school_year_begins_in_the_summer(day: date, year: int) -> None:
    assert school_year(day) == year


def test_levels_follow_each_other_by_a_year() -> None:
    assert [birth_year(level, 2026) for level in LEVELS] == list(range(2023, 2015, -1))
    with pytest.raises(ValueError):  # noqa: PT011  (its words are Python's)
        birth_year("6e", 2026)
