"""Cergy (Val-d'Oise, zone C): 7 days, the seventh whole; later +50 %, here until the meal."""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import END, END_WINTER, Says, both

RULES = rules("cergy")

UNTIL = (
    *both("repas", "2026-03-16", f"2026-03-09 {END}", late=200),
    *both("repas", "2026-03-20", f"2026-03-13 {END}", late=200),
    *both("repas", "2026-04-02", f"2026-03-26 {END}", f"2026-03-26 {END_WINTER}", late=200),
    *both("repas", "2026-05-21", f"2026-05-14 {END}", late=200),  # Ascension counts as a day
    *both("repas", "2026-11-02", f"2026-10-26 {END}", f"2026-10-26 {END_WINTER}", late=200),
    *both("repas", "2027-01-04", f"2026-12-28 {END}", late=200),
)
SAYS: tuple[Says, ...] = ()
