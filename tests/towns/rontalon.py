"""Rontalon (Rhône, zone A).

Cancel until Friday 11:00 for Monday, Monday 11:00 for Tuesday, Tuesday 11:00 for Thursday, Thursday
11:00 for Friday; for the first day after holidays, the last school day before them, same hour.
Later: refused. (What is published is about cancelling; booking is left without limit here.)
"""

from __future__ import annotations

from tests.towns.files import rules
from tests.towns.lines import CANCEL, Says, Until

RULES = rules("rontalon")

UNTIL = (
    Until("repas", "2026-03-16", CANCEL, "2026-03-13 11:00"),
    Until("repas", "2026-03-17", CANCEL, "2026-03-16 11:00"),
    Until("repas", "2026-03-19", CANCEL, "2026-03-17 11:00"),
    Until("repas", "2026-03-20", CANCEL, "2026-03-19 11:00"),
    # summer time on Sunday 29 March: +1 on Friday 27, +2 on Monday 30
    Until("repas", "2026-03-30", CANCEL, "2026-03-27 11:00", "2026-03-27 10:00"),
    Until("repas", "2026-03-31", CANCEL, "2026-03-30 11:00", "2026-03-30 09:00"),
    # winter holidays 7 to 22 February: Monday 23 goes back to Friday 6, Tuesday 24 is as usual
    Until("repas", "2026-02-23", CANCEL, "2026-02-06 11:00"),
    Until("repas", "2026-02-24", CANCEL, "2026-02-23 11:00"),
    # spring holidays 4 to 19 April (Easter Monday within): Monday 20 goes back to Friday 3
    Until("repas", "2026-04-20", CANCEL, "2026-04-03 11:00"),
    # bridge of Ascension, Friday 15: the last day of class before Thursday 14 is Tuesday 12
    Until("repas", "2026-05-18", CANCEL, "2026-05-12 11:00"),
    # Whit Monday is no holidays: Tuesday's cut-off stays that Monday
    Until("repas", "2026-05-26", CANCEL, "2026-05-25 11:00"),
    # autumn 17 October to 1 November: back to Friday 16, still at +2
    Until("repas", "2026-11-02", CANCEL, "2026-10-16 11:00", "2026-10-16 09:00"),
    # Christmas: Monday 4 January 2027 goes back to Friday 18 December 2026
    Until("repas", "2027-01-04", CANCEL, "2026-12-18 11:00"),
    # Tuesday 1 September 2026, first day of the year: Friday 3 July
    Until("repas", "2026-09-01", CANCEL, "2026-07-03 11:00"),
)
SAYS: tuple[Says, ...] = ()
