"""What the planning tells a screen: frozen, whole, without a row of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from portail.domain.bookings import CellKey, Decision, Pending
from portail.domain.confirmations import LineOutcome
from portail.domain.periods import View
from portail.domain.reasons import Code, Reason


@dataclass(frozen=True)
class Wanted:
    """What to show: the period of `day` in this view, of one child (None: all together)."""

    day: date
    view: View = View.MONTH
    child_id: int | None = None


@dataclass(frozen=True)
class PlanningChild:
    """A child of the actor's families, eldest first."""

    id: int
    family_id: int
    first_name: str


@dataclass(frozen=True)
class Day:
    """A column. `note` names the holiday, school holiday or closing it falls in, if any."""

    day: date
    is_open: bool  # something shown may be open that day
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What another account has pending in the same cell.

    `by` is its first name when it is of the same household, else empty.
    """

    kind: Pending
    by: str


class Cell(NamedTuple):
    """One child, slot and day. The decision counts the actor's own pending changes.

    `waiting` children wait for a place; `rank` is this child's, when it is among them;
    `offered_until` when a place is kept for it.
    """

    child_id: int
    slot: str
    day: date
    decision: Decision
    other: Mark | None = None
    waiting: int = 0
    rank: int = 0
    offered_until: datetime | None = None
    surcharge_cents: int = 0  # booked late: already due, beside the price

    @property
    def key(self) -> CellKey:
        """Child, slot, day."""
        return self.child_id, self.slot, self.day


@dataclass(frozen=True)
class Row:
    """A slot of an activity, for one child, over the days shown."""

    child_id: int
    activity: str
    activity_label: str
    slot: str
    slot_label: str
    hours: str  # «7 h 30 – 8 h 30»
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Cost:
    """Cents, at the family's prices. `unknown`: some price is not known (the total lacks it)."""

    booked: int = 0
    after: int = 0  # once the pending changes are confirmed
    unknown: bool = False


@dataclass(frozen=True)
class Counts:
    """The actor's pending changes, of all their children and periods."""

    bookings: int = 0
    cancellations: int = 0


@dataclass(frozen=True)
class Planning:
    """A period of the actor's children."""

    wanted: Wanted
    children: tuple[PlanningChild, ...]  # all of them, to choose from
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    cost: Cost
    cost_by_child: Mapping[int, Cost]
    cost_by_activity: Mapping[str, Cost]  # by label
    cost_by_day: Mapping[date, Cost]  # of the days that cost something
    counts: Counts
    version: int
    may_undo: bool = False


@dataclass(frozen=True)
class Changed:
    """What a change made of the cells: those that look otherwise now, and what it costs.

    `difference` is what `Cost.after` gained (or lost), in cents, by child and day. A bulk change
    tells neither cells nor differences: the whole grid is asked again.
    """

    cells: tuple[Cell, ...]
    counts: Counts
    version: int
    difference: Mapping[tuple[int, date], int] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()  # codes of slots whose booking is cancelled in exchange
    taken_along: tuple[str, ...] = ()  # codes of slots that cannot stay without the one cancelled


@dataclass(frozen=True)
class NotPossible:
    """The change was refused; the cell as it really is."""

    reason: Reason
    cell: Cell


ToggleOutcome = Changed | NotPossible


@dataclass(frozen=True)
class BulkOutcome:
    """What a bulk change made of the cells it asked: `made`, `already` so, or refused, why.

    A full day is refused (Code.FULL, Code.GROUP_FULL), even where one could wait for a place.
    """

    changed: Changed
    asked: int
    made: int
    already: int
    refused: Mapping[Code, int]


@dataclass(frozen=True)
class PendingLine:
    """A change of the validation page, as the engine sees it now.

    `cents`: what it adds or saves (nothing, when it waits or cannot be), unset when not known;
    `price_cents`: the unit's price. `possible` False: confirming would leave it pending, for
    `reason`. `waiting`: it would join the waiting list.
    """

    id: int
    child_id: int
    child: str
    activity: str
    slot: str
    day: date
    kind: Pending
    cents: int | None
    kept_cents: int
    possible: bool
    waiting: bool
    reason: Reason
    price_cents: int | None = None


@dataclass(frozen=True)
class Validation:
    """`/planning/validation`: every pending change by child and date, and their total in cents."""

    lines: tuple[PendingLine, ...]
    total: int
    unknown: bool
    counts: Counts
    version: int
    may_undo: bool


@dataclass(frozen=True)
class ConfirmedLine:
    """What became of one change; `told` says why not, in French."""

    child_id: int
    child: str
    activity: str
    slot: str
    day: date
    kind: Pending
    outcome: LineOutcome
    cents: int | None
    kept_cents: int
    rank: int
    told: str


@dataclass(frozen=True)
class Confirmed:
    """A confirmation, now or made before (`again`)."""

    id: int
    at: datetime
    lines: tuple[ConfirmedLine, ...]
    procedures: tuple[int, ...]
    again: bool = False


@dataclass(frozen=True)
class Stale:
    """The pending changes are no longer those that were shown: look again."""

    version: int


@dataclass(frozen=True)
class NothingPending:
    """There is nothing to confirm."""


ConfirmOutcome = Confirmed | Stale | NothingPending


@dataclass(frozen=True)
class Offer:
    """A freed place kept for a child until `until`; `id` is what `answer_offer` is told.

    `days` are those of a package, or the one day. `cents` is the price of today, for all of them;
    `replaces` are the slots of the day whose booking would be cancelled in exchange.
    """

    id: int
    child_id: int
    child: str
    activity: str
    slot: str
    days: tuple[date, ...]
    until: datetime
    cents: int | None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfferAccepted:
    """Booked (`again`: it was so already), or `requested` where an agent has yet to approve.

    `confirmation` is what it is in the actor's history; zero, when somebody else accepted it.
    """

    cents: int | None
    requested: bool = False
    again: bool = False
    confirmation: int = 0


@dataclass(frozen=True)
class OfferDeclined:
    """The place goes to the next one."""


@dataclass(frozen=True)
class OfferOver:
    """Too late: the time to accept has passed, or somebody of the family answered otherwise."""


@dataclass(frozen=True)
class OfferRefused:
    """The child may no longer come: `told` says why, in French."""

    told: str


OfferOutcome = OfferAccepted | OfferDeclined | OfferOver | OfferRefused
