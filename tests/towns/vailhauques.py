"""Vailhauquès (Hérault, zone C), canteen.

Monday and Tuesday: until the Friday before, 9:00; Thursday and Friday: until Tuesday 9:00; the same
for cancelling. Late booking: price +50 %, here until the meal. (Present without booking, 10 €: a
price of attendance, left to pricing.)
"""

from __future__ import annotations

from portail.domain.reasons import Code
from tests.towns.files import rules
from tests.towns.lines import Says, both

RULES = rules("vailhauques")

UNTIL = (
    # a week of class: 16 March 2026 is a Monday; its Friday is 13, over the weekend
    *both("repas", "2026-03-16", "2026-03-13 09:00", late=200),
    *both("repas", "2026-03-17", "2026-03-13 09:00", late=200),
    *both("repas", "2026-03-19", "2026-03-17 09:00", late=200),
    *both("repas", "2026-03-20", "2026-03-17 09:00", late=200),
    # summer time starts on Sunday 29: the Friday before is still at +1, Tuesday 31 at +2
    *both("repas", "2026-03-30", "2026-03-27 09:00", "2026-03-27 08:00", late=200),
    *both("repas", "2026-04-02", "2026-03-31 09:00", "2026-03-31 07:00", late=200),
    # Whit Monday, 25 May: the Tuesday's cut-off stays the Friday before
    *both("repas", "2026-05-26", "2026-05-22 09:00", late=200),
    # first Monday after the autumn holidays: the text makes no exception; +1 since 25 October
    *both("repas", "2026-11-02", "2026-10-30 09:00", "2026-10-30 08:00", late=200),
    # Monday 4 January 2027: the Friday before is New Year's Day itself
    *both("repas", "2027-01-04", "2027-01-01 09:00", late=200),
)
SAYS = (
    Says("repas", "2026-05-25", "2026-05-01 09:00", Code.PUBLIC_HOLIDAY),
    Says("repas", "2026-03-18", "2026-03-02 09:00", Code.NOT_A_DAY_OF_THE_SLOT),  # Wednesday
    Says("repas", "2026-02-26", "2026-02-02 09:00", Code.SCHOOL_HOLIDAYS),  # C: 21 Feb to 8 March
    # late until the meal is served
    Says("repas", "2026-03-16", "2026-03-16 12:00", Code.LATE_BOOKING, "2026-03-16 12:00"),
    Says("repas", "2026-03-16", "2026-03-16 12:00:01", Code.BOOKING_TOO_LATE),
)
