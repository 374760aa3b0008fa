"""What the screens of enrolments are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portail.domain.calendars import Weekday
from portail.domain.catalogue import Slot
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.pricing import Outcome, Tariff
from portail.domain.reasons import Reason


@dataclass(frozen=True)
class Choices:
    """What a request begins with: types of activity (code, name), children (id, first name)."""

    types: tuple[tuple[str, str], ...]
    children: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SlotPrice:
    """A slot and its price for a child; None: free of any tariff."""

    slot: Slot
    tariff: Tariff | None
    price: Outcome | None


@dataclass(frozen=True)
class Paper:
    """A document that the activity asks for, and whether it is given."""

    code: str
    name: str
    given: bool


@dataclass(frozen=True)
class ChildOffer:
    """What an activity says to one child. `current`: its live enrolment, if this family asked it.

    `reasons` stand in the way now; `state` is what a request would become.
    """

    child_id: int
    family_id: int
    first_name: str
    allowed: bool
    reasons: tuple[Reason, ...]
    state: EnrolmentState | None
    current: EnrolmentState | None
    current_rank: int
    places_left: int | None
    waiting: int  # how many wait already, in this child's line
    prices: tuple[SlotPrice, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class ActivityOffer:
    """An activity, and what it says to each of the children chosen whom it is offered to."""

    code: str
    label: str
    description: str
    first_day: date
    last_day: date
    site: str
    address: str
    slots: tuple[Slot, ...]
    entry_on: date
    entry_fixed: bool
    usual_days: tuple[Weekday, ...]  # those to choose from; none when they are not asked
    children: tuple[ChildOffer, ...]


@dataclass(frozen=True)
class MyEnrolment:
    """An enrolment of one of the actor's families. `rank` on the waiting list, else 0."""

    id: int
    child_id: int
    child: str
    state: EnrolmentState
    note: str  # why it is so: a refusal's reason, the document asked
    rank: int
    entry_on: date
    ended_on: date | None
    usual_days: tuple[Weekday, ...]
    requested_at: datetime
    procedure_id: int | None
    may_withdraw: bool


@dataclass(frozen=True)
class MyActivity:
    """An activity with the family's enrolments, newest first."""

    code: str
    label: str
    first_day: date
    last_day: date
    over: bool
    enrolments: tuple[MyEnrolment, ...]


@dataclass(frozen=True)
class MyType:
    """A type of activity with those the family asked for."""

    code: str
    label: str
    activities: tuple[MyActivity, ...]
