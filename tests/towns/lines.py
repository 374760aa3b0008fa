"""How the expectations of a town are written: worked out by hand from its published rule.

A `Until` is one cut-off: the test asks just before it, at it and just after it. A `Says` is one
answer at one instant. Hours are on a clock in Paris; `utc` says again, by hand, which instant that
is, around a change of clock. Units cost 4,00 € here: prices are another test's affair.

Days worth knowing: 2026 has Easter Monday on 6 April, Ascension on Thursday 14 May (bridge on
Friday 15), Whit Monday on 25 May; the clocks change on Sunday 29 March and Sunday 25 October, 2026.
Mondays: 2, 9, 16, 23 and 30 March; 18 and 25 May; 2 November 2026; 4 January 2027. Classes start
again on 2 November 2026 and 4 January 2027 in every zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portail.domain.bookings import Act, Context
from portail.domain.catalogue import Activity, Slot
from portail.domain.reasons import Code
from tests.catalogues import CHILD, activity, slot

BOOK, CANCEL = Act.BOOK, Act.CANCEL
PRICE = 400
END = "23:59:59.999999"  # the end of a day
END_WINTER, END_SUMMER = "22:59:59.999999", "21:59:59.999999"  # the same in UTC


@dataclass(frozen=True)
class Until:
    """The last instant to book or cancel this slot of that day.

    `late` is what being late costs in cents once that instant has passed; unset, it is refused.
    """

    slot: str
    day: str
    act: Act
    until: str
    utc: str = ""
    late: int | None = None
    absent_since: str = ""


@dataclass(frozen=True)
class Says:
    """What the portal answers for this slot and day at that instant."""

    slot: str
    day: str
    now: str
    code: Code
    changes_at: str = ""
    context: Context | None = None
    child: int = CHILD
    act: Act = field(default=Act.BOOK)


def both(
    slot: str, day: str, until: str, utc: str = "", late: int | None = None
) -> tuple[Until, Until]:
    """The same cut-off for booking (late at this cost) and for cancelling (refused late)."""
    return (
        Until(slot, day, Act.BOOK, until, utc, late),
        Until(slot, day, Act.CANCEL, until, utc),
    )


def canteen(**values: object) -> Activity:
    """A canteen with one slot, «repas», at noon on the four days of class."""
    return activity(slot("repas", **values), code="cantine")


def care(code: str, *slots: Slot) -> Activity:
    """Another activity."""
    return activity(*slots, code=code)
