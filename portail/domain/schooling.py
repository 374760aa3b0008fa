"""School years and class levels, from nursery school to the end of primary school."""

from __future__ import annotations

from datetime import date

LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
MATERNELLE = LEVELS[:3]
FIRST_LEVEL_AGE = 3  # years reached in the calendar year a child enters «petite section»
NEW_YEAR_MONTH = 8  # families enrol for the next school year from the summer


def school_year(day: date) -> int:
    """The calendar year in which the school year of this day began."""
    return day.year if day.month >= NEW_YEAR_MONTH else day.year - 1


def birth_year(level: str, year: int) -> int:
    """The usual birth year of children of a class level in the school year begun in `year`.

    Raises:
        ValueError: an unknown level.
    """
    return year - FIRST_LEVEL_AGE - LEVELS.index(level)
