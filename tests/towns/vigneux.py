"""Vigneux-de-Bretagne (Loire-Atlantique, zone B).

Until the Thursday before the week of the meal: no hour is published, the Thursday counts whole.
(Illness is deducted, outings need no cancelling: the bill's affair.)
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import END, END_WINTER, Says, both

RULES = rules("vigneux_de_bretagne")

UNTIL = (
    *both("repas", "2026-03-16", f"2026-03-12 {END}"),
    *both("repas", "2026-03-20", f"2026-03-12 {END}"),
    *both("repas", "2026-03-30", f"2026-03-26 {END}", f"2026-03-26 {END_WINTER}"),
    *both("repas", "2026-05-19", f"2026-05-14 {END}"),  # Ascension
    *both("repas", "2026-11-02", f"2026-10-29 {END}", f"2026-10-29 {END_WINTER}"),
    *both("repas", "2027-01-04", f"2026-12-31 {END}"),
)
SAYS: tuple[Says, ...] = ()
