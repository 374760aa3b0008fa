"""Bègles (Gironde, zone A): windows with opening and closing moment, then acceptance by e-mail
subject to capacity. The dates here stand in for the town's.
"""  # noqa: D205

from __future__ import annotations

from datetime import date

from portail.domain.bookings import Held
from portail.domain.reasons import Code
from tests.catalogues import CHILD, child, family
from tests.towns.files import rules
from tests.towns.lines import CANCEL, END, Says, Until

RULES = rules("begles")
DAY = date(2026, 7, 8)
FULL = family(child(activities=("ete",)), taken={("centre", DAY): 60})
ASKED = family(child(activities=("ete",)), held={(CHILD, "centre", DAY): Held.REQUESTED})
UNTIL: tuple[Until, ...] = ()
SAYS = (
    Says("centre", "2026-07-08", "2026-06-01 08:59:59", Code.WINDOW_NOT_OPEN, "2026-06-01 09:00"),
    Says("centre", "2026-07-08", "2026-06-01 09:00", Code.BOOKABLE, "2026-06-12 17:00"),
    Says("centre", "2026-07-08", "2026-06-12 17:00", Code.BOOKABLE, "2026-06-12 17:00"),
    Says("centre", "2026-07-08", "2026-06-12 17:00:01", Code.WINDOW_OVER),
    Says("centre", "2026-07-08", "2026-06-05 09:00", Code.FULL, context=FULL),
    Says(
        "centre",
        "2026-07-08",
        "2026-06-20 09:00",
        Code.CANCELLABLE,
        f"2026-07-08 {END}",
        context=ASKED,
        act=CANCEL,
    ),
    Says("centre", "2026-07-14", "2026-06-05 09:00", Code.PUBLIC_HOLIDAY),
)
