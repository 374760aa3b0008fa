"""Cœur de Garonne (Haute-Garonne, zone C): unbooked or late costs double.

The cut-off itself is not among our facts: two days before stands in for it. (Late pick-ups,
certified absences, yearly proof of quotient: pricing and billing.)
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, END_WINTER, Says, both

RULES = rules("coeur_de_garonne")
UNTIL = (
    *both("repas", "2026-03-20", f"2026-03-18 {END}", late=400),
    *both("repas", "2026-03-16", f"2026-03-14 {END}", late=400),  # a Saturday
    # summer time begins in the night of Sunday 29: Saturday ends at +1, Sunday at +2
    *both("repas", "2026-03-30", f"2026-03-28 {END}", f"2026-03-28 {END_WINTER}", late=400),
    *both("repas", "2026-03-31", f"2026-03-29 {END}", f"2026-03-29 {END_SUMMER}", late=400),
    *both("repas", "2026-05-26", f"2026-05-24 {END}", late=400),  # Whit Monday counts as a day
    *both("repas", "2026-10-16", f"2026-10-14 {END}", f"2026-10-14 {END_SUMMER}", late=400),
    *both("repas", "2026-11-02", f"2026-10-31 {END}", f"2026-10-31 {END_WINTER}", late=400),
    *both("repas", "2027-01-04", f"2027-01-02 {END}", late=400),
)
SAYS = (
    # late until the meal, at double price; then no more
    Says("repas", "2026-03-16", "2026-03-16 12:00", Code.LATE_BOOKING, "2026-03-16 12:00"),
    Says("repas", "2026-03-16", "2026-03-16 12:00:01", Code.BOOKING_TOO_LATE),
    Says("repas", "2026-05-25", "2026-05-01 09:00", Code.PUBLIC_HOLIDAY),
)
