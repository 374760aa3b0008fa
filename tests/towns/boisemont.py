"""Boisemont (Val-d'Oise, zone C).

Book or change until Thursday 9:00 of the week before. The meal of a sick child's first day is due,
the next ones can be cancelled until 10:00 of the day of absence.
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import CANCEL, Says, Until, both

RULES = rules("boisemont")

UNTIL = (
    *both("repas", "2026-03-16", "2026-03-12 09:00"),
    *both("repas", "2026-03-20", "2026-03-12 09:00"),
    *both("repas", "2026-03-30", "2026-03-26 09:00", "2026-03-26 08:00"),
    *both("repas", "2026-04-07", "2026-04-02 09:00", "2026-04-02 07:00"),  # after Easter Monday
    # the week after Ascension: that Thursday is a public holiday, and the cut-off all the same
    *both("repas", "2026-05-19", "2026-05-14 09:00"),
    *both("repas", "2026-11-02", "2026-10-29 09:00", "2026-10-29 08:00"),
    *both("repas", "2027-01-04", "2026-12-31 09:00"),
    # ill since Thursday 19: that meal is due (its cut-off was Thursday 12), the next ones are not
    Until("repas", "2026-03-19", CANCEL, "2026-03-12 09:00", absent_since="2026-03-19"),
    Until("repas", "2026-03-20", CANCEL, "2026-03-20 10:00", absent_since="2026-03-19"),
    Until("repas", "2026-03-23", CANCEL, "2026-03-23 10:00", absent_since="2026-03-19"),
    # ill over the change of clock: Friday 27 is due, Monday 30 until 10:00, at +2
    Until(
        "repas", "2026-03-30", CANCEL, "2026-03-30 10:00", "2026-03-30 08:00", None, "2026-03-27"
    ),
)
SAYS: tuple[Says, ...] = ()
