"""Other forms seen in use: the Nth day of the month before; residents first; quotas by group; so
many units a week; packages; manual validation (Bègles). Prices: see test_prices.
"""  # noqa: D205

from __future__ import annotations

from datetime import date

from portail.domain.bookings import Held
from portail.domain.reasons import Code
from tests.catalogues import CHILD, SIBLING, child, family
from tests.towns.files import rules
from tests.towns.lines import END, END_SUMMER, END_WINTER, Says, both

RULES = rules("other_forms")

UNTIL = (
    # the 20th of the month before, whatever day it is; over the clock changes and the year
    *both("repas", "2026-03-02", f"2026-02-20 {END}"),
    *both("repas", "2026-03-31", f"2026-02-20 {END}", f"2026-02-20 {END_WINTER}"),
    *both("repas", "2026-05-26", f"2026-04-20 {END}", f"2026-04-20 {END_SUMMER}"),
    *both("repas", "2026-11-02", f"2026-10-20 {END}", f"2026-10-20 {END_SUMMER}"),
    *both("repas", "2027-01-04", f"2026-12-20 {END}"),
    # a whole week at once: Monday 9 February rules, 7 days before is Monday 2
    *both("semaine", "2026-02-09", f"2026-02-02 {END}"),
    *both("semaine", "2026-02-12", f"2026-02-02 {END}"),
    # the week of Monday 13 July 2026 has a public holiday on Tuesday 14
    *both("semaine", "2026-07-17", f"2026-07-06 {END}"),
    # that of Easter Monday starts on Tuesday 7 April: Tuesday 31 March
    *both("semaine", "2026-04-09", f"2026-03-31 {END}", f"2026-03-31 {END_SUMMER}"),
)

THURSDAY = date(2026, 3, 19)
PLACES = family(
    child(CHILD, activities=("soir",), level="MS"),
    child(SIBLING, activities=("soir",), level="CP", resident=False),
    taken={("soir", THURSDAY): 15},
    taken_by_group={("soir", THURSDAY, "mat"): 10},
)
TWICE = family(
    child(activities=("soir",)),
    held={(CHILD, "soir", date(2026, 3, day)): Held.BOOKED for day in (16, 17)},
)
NOW = "2026-03-05 10:00"
SAYS = (
    # residents from Monday 2, everyone from Monday 9 March, 9:00
    Says("soir", "2026-03-16", "2026-03-02 08:59:59", Code.WINDOW_NOT_OPEN, "2026-03-02 09:00"),
    Says("soir", "2026-03-16", "2026-03-02 09:00", Code.BOOKABLE, f"2026-03-16 {END}"),
    Says(
        "soir",
        "2026-03-16",
        "2026-03-09 08:59:59",
        Code.WINDOW_RESIDENTS_FIRST,
        "2026-03-09 09:00",
        PLACES,
        SIBLING,
    ),
    Says(
        "soir",
        "2026-03-16",
        "2026-03-09 09:00",
        Code.BOOKABLE,
        f"2026-03-16 {END}",
        PLACES,
        SIBLING,
    ),
    # ten places of thirty for the maternelle, all taken; the élémentaire still has some
    Says("soir", "2026-03-19", NOW, Code.GROUP_FULL, context=PLACES),
    Says(
        "soir",
        "2026-03-19",
        "2026-03-09 09:00",
        Code.BOOKABLE,
        f"2026-03-19 {END}",
        PLACES,
        SIBLING,
    ),
    # twice a week: Monday and Tuesday are booked, Thursday no more, Monday after again
    Says("soir", "2026-03-19", NOW, Code.WEEK_LIMIT, context=TWICE),
    Says("soir", "2026-03-23", NOW, Code.BOOKABLE, f"2026-03-23 {END}", TWICE),
)
