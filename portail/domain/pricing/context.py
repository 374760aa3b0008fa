"""What a price depends on besides the tariff: the family, the child, and how the unit was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portail.domain.pricing.forms import Among, require
from portail.domain.pricing.tariff import Order
from portail.domain.quotients import Quotient


@dataclass(frozen=True)
class Sibling:
    """A child of the household, by a number that never changes (it settles the order of twins)."""

    number: int
    born_on: date
    enrolled: bool = True
    present: bool = True


@dataclass(frozen=True)
class Context:
    """One child of a family.

    `siblings` are the children of the household, this one included under the number `child`; who
    is enrolled or present (the same day) is the caller's to say. `family_children` is the number
    of children the family raises, where it is not that of `siblings`. `minutes` is the time of the
    slot or the time spent, `units` how many units the price is for (a month is one, whatever is
    used in it).
    """

    quotients: tuple[Quotient, ...] = ()
    resident: bool = True
    child: int = 0
    siblings: tuple[Sibling, ...] = ()
    family_children: int | None = None
    own_meal: bool = False
    minutes: int | None = None
    units: int = 1

    def __post_init__(self) -> None:
        require(self.units >= 0, "Units are not negative")
        require(self.minutes is None or self.minutes >= 0, "Time is not negative")
        numbers = [sibling.number for sibling in self.siblings]
        require(len(set(numbers)) == len(numbers), "A child is in its family once")

    def children(self, among: Among) -> int:
        """How many children count, the one priced always among them; 1 when none is known."""
        if among is Among.FAMILY and self.family_children is not None:
            return max(self.family_children, 1)
        return max(len(_counted(self.siblings, self.child, among)), 1)

    def rank(self, among: Among, first: Order) -> int:
        """The rank of the child among those counted, from 1."""
        return rank(self.siblings, self.child, among, first)


def rank(siblings: Sequence[Sibling], child: int, among: Among, first: Order) -> int:
    """The rank of a child among brothers and sisters, from 1, by birth date.

    Twins are in the order of their numbers, so that exactly one of them has each rank. A child
    that is not in the list is the first.
    """
    counted = _counted(siblings, child, among)
    counted.sort(key=lambda sibling: sibling.number)
    counted.sort(key=lambda sibling: sibling.born_on, reverse=first is Order.YOUNGEST)
    numbers = [sibling.number for sibling in counted]
    return numbers.index(child) + 1 if child in numbers else 1


def _counted(siblings: Sequence[Sibling], child: int, among: Among) -> list[Sibling]:
    def counts(sibling: Sibling) -> bool:
        if sibling.number == child or among is Among.FAMILY:
            return True
        return sibling.enrolled if among is Among.ENROLLED else sibling.present

    return [sibling for sibling in siblings if counts(sibling)]


class Booking(StrEnum):
    """How the unit was booked."""

    IN_TIME = "in_time"
    LATE = "late"
    NONE = "none"


class Attendance(StrEnum):
    """Whether the child came; before the day, it is expected."""

    PRESENT = "present"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True)
class Service:
    """How one unit was booked and used.

    `absence_day` is the day of a justified absence, from 1; which days count (calendar, meals) is
    the caller's to say.
    """

    booking: Booking = Booking.IN_TIME
    attendance: Attendance = Attendance.PRESENT
    absence_day: int = 1

    def __post_init__(self) -> None:
        require(self.absence_day >= 1, "The first day of an absence is 1")
        require(
            self.booking is not Booking.NONE or self.attendance is Attendance.PRESENT,
            "Nobody is absent from what was not booked",
        )


BOOKED = Service()
BOOKED_LATE = Service(Booking.LATE)
UNBOOKED = Service(Booking.NONE)
UNJUSTIFIED = Service(attendance=Attendance.UNJUSTIFIED)


def justified(absence_day: int = 1) -> Service:
    """A justified absence, on its first or a later day."""
    return Service(attendance=Attendance.JUSTIFIED, absence_day=absence_day)
