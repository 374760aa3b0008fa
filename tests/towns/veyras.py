"""Veyras (Ardèche, zone A).

Meals: until Tuesday 23:59 for the following week. Childcare: until the day before, 18:00.
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, END_WINTER, Says, both

RULES = rules("veyras")

UNTIL = (
    # any day of the week of 16 March: Tuesday 10
    *both("repas", "2026-03-16", f"2026-03-10 {END}"),
    *both("repas", "2026-03-20", f"2026-03-10 {END}"),
    # week of 30 March: Tuesday 24, before summer time
    *both("repas", "2026-04-03", f"2026-03-24 {END}", f"2026-03-24 {END_WINTER}"),
    # week of 17 November 2025: Tuesday 11 November, a public holiday, still counts
    *both("repas", "2025-11-17", f"2025-11-11 {END}"),
    # week of 19 October has no class; week of 2 November: Tuesday 27 October, winter time again
    *both("repas", "2026-11-02", f"2026-10-27 {END}", f"2026-10-27 {END_WINTER}"),
    *both("repas", "2026-10-16", f"2026-10-06 {END}", f"2026-10-06 {END_SUMMER}"),
    # week of 4 January 2027: Tuesday 29 December 2026
    *both("repas", "2027-01-04", f"2026-12-29 {END}"),
    # the day before, be it a Sunday, a public holiday, the day the clock changes
    *both("soir", "2026-03-16", "2026-03-15 18:00"),
    *both("soir", "2026-05-26", "2026-05-25 18:00"),
    *both("soir", "2026-03-30", "2026-03-29 18:00", "2026-03-29 16:00"),
    *both("soir", "2026-11-02", "2026-11-01 18:00", "2026-11-01 17:00"),
    *both("soir", "2027-01-04", "2027-01-03 18:00"),
)
SAYS = (
    Says("repas", "2026-03-16", "2026-03-10 23:59:30", Code.BOOKABLE, f"2026-03-10 {END}"),
    Says("repas", "2026-03-16", "2026-03-11 00:00", Code.BOOKING_TOO_LATE),
)
