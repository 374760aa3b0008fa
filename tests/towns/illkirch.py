"""Illkirch (Bas-Rhin, zone B, Alsace): 15 working days, the fifteenth whole.

Good Friday (3 April 2026) and 26 December are public holidays there.
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, END_WINTER, Says, both

RULES = rules("illkirch")

UNTIL = (
    # three weeks of five days
    *both("repas", "2026-03-16", f"2026-02-23 {END}"),
    *both("repas", "2026-03-19", f"2026-02-26 {END}"),
    # Friday 10 April: 9, 8, 7 (3), Easter Monday and Good Friday left out, 2, 1 April, 31, 30 March
    # (7), 27 to 23 (12), 20, 19, 18 (15): Wednesday 18 March, before summer time
    *both("repas", "2026-04-10", f"2026-03-18 {END}", f"2026-03-18 {END_WINTER}"),
    # Tuesday 2 June: 1 June (1), 29 to 26 May (5), Whit Monday out, 22 to 18 (10), 15 (11),
    # Ascension out, 13, 12, 11 (14), Friday 8 May out, Thursday 7 (15)
    *both("repas", "2026-06-02", f"2026-05-07 {END}"),
    # Monday 2 November: 30 to 26 October (5), 23 to 19 (10), 16 to 12 (15), at +2
    *both("repas", "2026-11-02", f"2026-10-12 {END}", f"2026-10-12 {END_SUMMER}"),
    # Monday 5 January 2026: Friday 2 (1), 31 to 29 December (4), Friday 26 and Thursday 25 out,
    # 24, 23, 22 (7), 19 to 15 (12), 12, 11, 10 (15)
    *both("repas", "2026-01-05", f"2025-12-10 {END}"),
    # Monday 4 January 2027: 31 to 28 December (4), 25 out, 24 to 21 (8), 18 to 14 (13), 11, 10
    *both("repas", "2027-01-04", f"2026-12-10 {END}"),
)
SAYS = (Says("repas", "2026-04-03", "2026-02-02 09:00", Code.PUBLIC_HOLIDAY),)
