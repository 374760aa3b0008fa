"""Éragny (Val-d'Oise, zone C).

School-time care, meals, Wednesday: 72 hours before. Holidays: 15 clear days before the first day of
the holidays, paid in full beforehand (`prepaid`: billing's affair).
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, Says, both

RULES = rules("eragny")

UNTIL = (
    # three days before at the hour of the slot: Monday 16 -> Friday 13, Thursday 19 -> Monday 16
    *both("matin", "2026-03-16", "2026-03-13 07:30"),
    *both("matin", "2026-03-19", "2026-03-16 07:30"),
    *both("repas", "2026-03-16", "2026-03-13 12:00"),
    *both("mercredi", "2026-03-18", "2026-03-15 08:00"),
    # 72 hours of the clock on the wall across Sunday 29 March: Saturday 28 at 7:30, at +1
    *both("matin", "2026-03-31", "2026-03-28 07:30", "2026-03-28 06:30"),
    *both("matin", "2026-05-26", "2026-05-23 07:30"),
    *both("matin", "2027-01-04", "2027-01-01 07:30"),
    # winter holidays from Saturday 21 February: 15 days between are 6 to 20, so Thursday 5
    *both("centre", "2026-02-23", f"2026-02-05 {END}"),
    *both("centre", "2026-03-06", f"2026-02-05 {END}"),
    # spring from Saturday 18 April: 3 to 17 are clear, Thursday 2 April, at +2
    *both("centre", "2026-04-20", f"2026-04-02 {END}", f"2026-04-02 {END_SUMMER}"),
    # autumn from Saturday 17 October: 2 to 16 are clear; a day after the change of clock
    *both("centre", "2026-10-27", f"2026-10-01 {END}", f"2026-10-01 {END_SUMMER}"),
    # Christmas from Saturday 19 December: 4 to 18 are clear
    *both("centre", "2026-12-31", f"2026-12-03 {END}"),
)
SAYS = (
    Says("centre", "2026-12-25", "2026-11-02 09:00", Code.PUBLIC_HOLIDAY),
    Says("centre", "2027-01-01", "2026-11-02 09:00", Code.PUBLIC_HOLIDAY),
    Says("centre", "2026-03-16", "2026-01-05 09:00", Code.NOT_IN_HOLIDAYS),
    Says("mercredi", "2026-02-25", "2026-01-05 09:00", Code.SCHOOL_HOLIDAYS),
    Says("mercredi", "2026-11-11", "2026-10-05 09:00", Code.PUBLIC_HOLIDAY),
)
