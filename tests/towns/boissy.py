"""Boissy (zone C): fixed booking dates for each holiday.

The dates of a year are the town's data; those here stand in. (Meal by quotient, unbooked meal and
the grid of non-residents: pricing.)
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import END, Says, Until

RULES = rules("boissy")
UNTIL: tuple[Until, ...] = ()
SAYS = (
    Says("centre", "2026-02-23", "2026-01-12 08:59:59", Code.WINDOW_NOT_OPEN, "2026-01-12 09:00"),
    Says("centre", "2026-02-23", "2026-01-12 09:00", Code.BOOKABLE, f"2026-01-30 {END}"),
    Says("centre", "2026-03-06", "2026-01-30 23:59:59", Code.BOOKABLE, f"2026-01-30 {END}"),
    Says("centre", "2026-03-06", "2026-01-31 00:00", Code.WINDOW_OVER),
    # each holiday has its own dates; across the turn of the year
    Says("centre", "2026-12-31", "2026-11-27 23:59", Code.BOOKABLE, f"2026-11-27 {END}"),
    Says("centre", "2026-12-31", "2026-11-28 00:00", Code.WINDOW_OVER),
    Says("centre", "2026-04-20", "2026-01-15 09:00", Code.NO_WINDOW),  # spring: not told yet
)
