"""Cruas (Ardèche, zone A).

Two days before, not counting weekends, 12:00; Wednesdays: Thursday 12:00 of the week before. Only
weekends are left out by the text: public holidays count as days.
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import Says, both

RULES = rules("cruas")

UNTIL = (
    *both("repas", "2026-03-16", "2026-03-12 12:00"),  # Friday 13 is one, Thursday 12 two
    *both("repas", "2026-03-17", "2026-03-13 12:00"),  # Monday 16, Friday 13
    *both("repas", "2026-03-18", "2026-03-12 12:00"),  # Wednesday: Thursday of the week before
    *both("repas", "2026-03-19", "2026-03-17 12:00"),
    *both("repas", "2026-03-20", "2026-03-18 12:00"),
    *both("repas", "2026-03-30", "2026-03-26 12:00", "2026-03-26 11:00"),
    *both("repas", "2026-04-01", "2026-03-26 12:00", "2026-03-26 11:00"),  # a Wednesday
    *both("repas", "2026-04-02", "2026-03-31 12:00", "2026-03-31 10:00"),
    *both("repas", "2026-05-26", "2026-05-22 12:00"),  # Whit Monday is one, Friday 22 two
    *both("repas", "2026-11-02", "2026-10-29 12:00", "2026-10-29 11:00"),
    *both("repas", "2027-01-04", "2026-12-31 12:00"),  # Friday 1 January is one
    *both("repas", "2027-01-06", "2026-12-31 12:00"),  # Wednesday: the Thursday before
)
SAYS: tuple[Says, ...] = ()
