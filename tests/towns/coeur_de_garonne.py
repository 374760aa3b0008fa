"""Cœur de Garonne (Haute-Garonne, zone C): unbooked or late costs double.

The cut-off itself is not among our facts: two days before stands in for it. (Late pick-ups,
certified absences, yearly proof of quotient: pricing and billing.)
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import END, Says, both

RULES = rules("coeur_de_garonne")
UNTIL = (
    *both("repas", "2026-03-16", f"2026-03-14 {END}", late=400),
    *both("repas", "2026-03-30", f"2026-03-28 {END}", late=400),
    *both("repas", "2027-01-04", f"2027-01-02 {END}", late=400),
)
SAYS: tuple[Says, ...] = ()
