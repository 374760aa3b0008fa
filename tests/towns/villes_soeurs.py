"""Villes Sœurs (Normandie, zone B): three working days, the third one whole."""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, END_WINTER, Says, both

RULES = rules("villes_soeurs")

UNTIL = (
    *both("repas", "2026-03-16", f"2026-03-11 {END}"),  # Friday 13, Thursday 12, Wednesday 11
    *both("repas", "2026-03-19", f"2026-03-16 {END}"),
    *both("repas", "2026-03-30", f"2026-03-25 {END}", f"2026-03-25 {END_WINTER}"),
    *both("repas", "2026-04-02", f"2026-03-30 {END}", f"2026-03-30 {END_SUMMER}"),
    # Tuesday 26 May: Whit Monday is not worked; Friday 22, Thursday 21, Wednesday 20
    *both("repas", "2026-05-26", f"2026-05-20 {END}"),
    # Friday 30, Thursday 29, Wednesday 28 October
    *both("repas", "2026-11-02", f"2026-10-28 {END}", f"2026-10-28 {END_WINTER}"),
    # Thursday 12 November: Wednesday 11 is not worked; Tuesday 10, Monday 9, Friday 6
    *both("repas", "2026-11-12", f"2026-11-06 {END}"),
    # Monday 4 January: Friday 1 is not worked; Thursday 31, Wednesday 30, Tuesday 29
    *both("repas", "2027-01-04", f"2026-12-29 {END}"),
)
SAYS: tuple[Says, ...] = ()
