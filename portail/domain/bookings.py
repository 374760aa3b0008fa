"""What the engine is told of a family, and what it answers of one cell of the planning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.reasons import Code, Reason

CellKey = tuple[int, str, date]  # child, slot, day
Covered = tuple[Reason | None, date, date]  # why no day is, else the first and the last one


class Held(StrEnum):
    """A reservation as it is written."""

    BOOKED = "booked"
    REQUESTED = "requested"  # booked, an agent has yet to approve
    WAITING = "waiting"  # on the waiting list: holds no place
    OFFERED = "offered"  # a freed place is kept for whoever waited, for a time
    ATTENDED = "attended"
    ABSENT_JUSTIFIED = "absent_justified"
    ABSENT_UNJUSTIFIED = "absent_unjustified"


# what the family will have, or had; the waiting list and its offers are promises only
EXPECTED = frozenset({Held.BOOKED, Held.REQUESTED})
QUEUED = frozenset({Held.WAITING, Held.OFFERED})


class Pending(StrEnum):
    """A change chosen on the grid and not yet confirmed."""

    BOOKING = "booking"
    CANCELLATION = "cancellation"


class CellState(StrEnum):
    """How a cell of the grid looks (product.md §3.2)."""

    FREE = "free"
    BOOKED = "booked"
    PENDING_BOOKING = "pending_booking"
    PENDING_CANCELLATION = "pending_cancellation"
    CLOSED = "closed"
    TOO_LATE = "too_late"
    FULL = "full"
    WAITING = "waiting"
    OFFERED = "offered"
    ATTENDED = "attended"
    ABSENT = "absent"


class Act(StrEnum):
    """What a click on the cell would ask, or its pending change asks."""

    BOOK = "book"
    CANCEL = "cancel"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a unit for this child, in cents; unset, `unknown` says why in a word."""

    cents: int | None
    unknown: str = ""


class PriceOf(Protocol):
    """The price of a slot for a child on a day, without any surcharge for being late."""

    def __call__(self, slot: str, child: int, day: date, /) -> Price:
        """Ask it."""


@dataclass(frozen=True)
class Enrolled:
    """A child's enrolment in an activity, and the days it covers (no end when unset)."""

    state: EnrolmentState
    entry_on: date
    end_on: date | None = None


@dataclass(frozen=True)
class Absence:
    """Days of absence told to the town, from the first one on."""

    first_day: date
    last_day: date | None = None


@dataclass(frozen=True)
class Child:
    """A child and its enrolments, by activity code."""

    key: int
    facts: ChildFacts
    enrolments: Mapping[str, Enrolled] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()

    def covered(self, activity: str) -> Covered:
        """The days on which the enrolment in an activity lets the child come."""
        enrolled = self.enrolments.get(activity)
        if enrolled is None:
            return Reason(Code.NOT_ENROLLED), date.min, date.max
        last = enrolled.end_on or date.max
        if enrolled.state is EnrolmentState.ENDED and enrolled.end_on is None:
            return Reason(Code.NOT_ENROLLED), enrolled.entry_on, last
        if enrolled.state in (EnrolmentState.VALIDATED, EnrolmentState.ENDED):
            return None, enrolled.entry_on, last
        refused = enrolled.state in (EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN)
        code = Code.NOT_ENROLLED if refused else Code.ENROLMENT_PENDING
        return Reason(code), enrolled.entry_on, last


@dataclass(frozen=True)
class Context:
    """All that the engine must know of a family and of the places taken, for the days asked.

    `pending` keeps the order in which the changes were made: the first one is served first.
    `taken` counts the reservations of every family that hold a place (this one's included, what
    is pending left out), by slot and day, and of them those of a group. `elsewhere` are the cells
    held by a child's other household: seen, and out of reach. `force_majeure` is an agent's:
    deadlines and windows are ignored, places are not.
    """

    children: tuple[Child, ...]
    held: Mapping[CellKey, Held] = field(default_factory=dict)
    pending: Mapping[CellKey, Pending] = field(default_factory=dict)
    taken: Mapping[tuple[str, date], int] = field(default_factory=dict)
    taken_by_group: Mapping[tuple[str, date, str], int] = field(default_factory=dict)
    elsewhere: frozenset[CellKey] = frozenset()
    force_majeure: bool = False


class Decision(NamedTuple):
    """What may be done with one cell now, why, and until when (or from when).

    `changes_at` is the last instant at which this answer holds, when it is known: the deadline of
    what is possible, the opening of what is not yet. `price_cents` is the unit's price;
    `surcharge_cents` is added to it by booking late; `kept_cents` stays due once cancelled.
    `replaces` are slots of the day that booking cancels, `takes_along` slots that cannot stay
    once this one is cancelled, `days` all the days booked at once.

    A tuple: a screen makes a thousand of them, at a third of what a frozen dataclass costs.
    """

    state: CellState
    act: Act
    allowed: bool
    reason: Reason
    changes_at: datetime | None = None
    late: bool = False
    price_cents: int | None = None
    price_unknown: str = ""
    surcharge_cents: int = 0
    kept_cents: int = 0
    replaces: tuple[str, ...] = ()
    takes_along: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    places_left: int | None = None
    waiting_list: bool = False
    needs_approval: bool = False

    @property
    def total_cents(self) -> int | None:
        """What booking costs, surcharge included; unset when the price is unknown."""
        return None if self.price_cents is None else self.price_cents + self.surcharge_cents
