"""Andancette (Drôme, zone A).

Book until Friday 12:00 for the following week; cancel until the day before, 12:00.
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import BOOK, CANCEL, Says, Until

RULES = rules("andancette")

UNTIL = (
    # the whole week of 16 March: Friday 13
    Until("repas", "2026-03-16", BOOK, "2026-03-13 12:00"),
    Until("repas", "2026-03-20", BOOK, "2026-03-13 12:00"),
    Until("repas", "2026-03-30", BOOK, "2026-03-27 12:00", "2026-03-27 11:00"),
    Until("repas", "2026-05-26", BOOK, "2026-05-22 12:00"),
    Until("repas", "2026-11-02", BOOK, "2026-10-30 12:00", "2026-10-30 11:00"),
    # week of 4 January 2027: Friday 1 January
    Until("repas", "2027-01-07", BOOK, "2027-01-01 12:00"),
    # cancelling: the day before, Sunday 15 for Monday 16, Wednesday 18 for Thursday 19
    Until("repas", "2026-03-16", CANCEL, "2026-03-15 12:00"),
    Until("repas", "2026-03-19", CANCEL, "2026-03-18 12:00"),
    Until("repas", "2026-03-30", CANCEL, "2026-03-29 12:00", "2026-03-29 10:00"),
    Until("repas", "2026-05-26", CANCEL, "2026-05-25 12:00"),
    Until("repas", "2026-11-02", CANCEL, "2026-11-01 12:00", "2026-11-01 11:00"),
    Until("repas", "2027-01-04", CANCEL, "2027-01-03 12:00"),
)
SAYS: tuple[Says, ...] = ()
