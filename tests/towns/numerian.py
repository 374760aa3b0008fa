"""Numerian towns (Ardèche, zone A): childcare bookable until 7:00 the same day.

(What is published is about booking; cancelling is left without limit here.)
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import BOOK, Says, Until

RULES = rules("numerian")

UNTIL = (
    Until("matin", "2026-03-16", BOOK, "2026-03-16 07:00"),
    # the last morning of winter time, the first one of summer time
    Until("matin", "2026-03-27", BOOK, "2026-03-27 07:00", "2026-03-27 06:00"),
    Until("matin", "2026-03-30", BOOK, "2026-03-30 07:00", "2026-03-30 05:00"),
    Until("matin", "2026-05-26", BOOK, "2026-05-26 07:00"),
    # the last one before the autumn holidays, the first one after
    Until("matin", "2026-10-16", BOOK, "2026-10-16 07:00", "2026-10-16 05:00"),
    Until("matin", "2026-11-02", BOOK, "2026-11-02 07:00", "2026-11-02 06:00"),
    Until("matin", "2027-01-04", BOOK, "2027-01-04 07:00"),
)
SAYS = (Says("matin", "2026-04-06", "2026-04-01 07:00", Code.PUBLIC_HOLIDAY),)
