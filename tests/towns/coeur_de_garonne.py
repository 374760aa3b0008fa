"""Cœur de Garonne (Haute-Garonne, zone C): unbooked or late costs double.

The cut-off itself is not among our facts: two days before stands in for it. (Late pick-ups,
certified absences, yearly proof of quotient: pricing and billing.)
"""

from __future__ import annotations

from portail.domain.calendars import Zone
from portail.domain.catalogue import Late
from portail.domain.deadlines import DaysBefore
from portail.domain.surcharges import Surcharge
from tests.catalogues import town
from tests.towns.lines import END, Says, both, canteen

RULE = DaysBefore(2)
RULES = town(
    canteen(book=RULE, cancel=RULE, late_booking=Late(Surcharge(percent=100))), zone=Zone.C
)
UNTIL = (
    *both("repas", "2026-03-16", f"2026-03-14 {END}", late=400),
    *both("repas", "2026-03-30", f"2026-03-28 {END}", late=400),
    *both("repas", "2027-01-04", f"2027-01-02 {END}", late=400),
)
SAYS: tuple[Says, ...] = ()
