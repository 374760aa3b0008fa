"""How a price came about: one value a step, in order, that `portail.texts.prices` says in French.

`cents` is always the price reached after the step; that of the last step is the price.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portail.domain.pricing.context import Booking
from portail.domain.pricing.forms import Limits, WithoutQuotient
from portail.domain.pricing.tariff import (
    AmountOff,
    By,
    Multiplied,
    OwnPrice,
    PercentOff,
    Raised,
    Surcharge,
)
from portail.domain.quotients import Counted, NotCounted


class Bound(StrEnum):
    """What limited an effort rate."""

    NONE = "none"
    FLOOR = "floor"
    CEILING = "ceiling"


@dataclass(frozen=True)
class FlatStep:
    """The same price for everybody."""

    cents: int


@dataclass(frozen=True)
class BracketStep:
    """The bracket of the quotient, `lower` to `upper` (cents of quotient; None: no end)."""

    quotient: Counted
    lower: int
    upper: int | None
    limits: Limits
    cents: int


@dataclass(frozen=True)
class EffortStep:
    """The rate (hundred-thousandths) of the quotient, for `minutes` if it is by the hour.

    `raw` is what it gives, in cents, before the floor or the ceiling.
    """

    quotient: Counted
    rate: int
    minutes: int | None
    raw: int
    bound: Bound
    cents: int


@dataclass(frozen=True)
class WithoutQuotientStep:
    """The price due because no quotient counts."""

    missing: NotCounted
    rule: WithoutQuotient
    cents: int


@dataclass(frozen=True)
class ChildrenStep:
    """The price is that of families of so many children."""

    children: int
    cents: int


@dataclass(frozen=True)
class PackageStep:
    """`used` units of a package of `units` at `price`; those beyond at `beyond` each."""

    used: int
    units: int
    price: int
    beyond: int
    cents: int


@dataclass(frozen=True)
class ResidenceStep:
    """Outside the town: a multiplier, a supplement, or (None) a grid of its own."""

    rule: Multiplied | Raised | None
    cents: int


@dataclass(frozen=True)
class HoursStep:
    """A price by the hour, `hourly`, for so many minutes due."""

    minutes: int
    hourly: int
    cents: int


@dataclass(frozen=True)
class OwnMealStep:
    """The family brings the meal under a PAI."""

    cents: int


@dataclass(frozen=True)
class SiblingStep:
    """A sibling reduction, by rank or by number of children."""

    by: By
    number: int
    reduction: PercentOff | AmountOff | OwnPrice
    cents: int


@dataclass(frozen=True)
class SurchargeStep:
    """Booked late, or not booked: more, or (None) a price of its own."""

    booking: Booking
    rule: Surcharge | None
    cents: int


@dataclass(frozen=True)
class AbsenceStep:
    """The child did not come; `due` is the part due in basis points, `waiting` a waiting day."""

    justified: bool
    waiting: bool
    due: int
    cents: int


@dataclass(frozen=True)
class UnitsStep:
    """So many units at `each`."""

    units: int
    each: int
    cents: int


@dataclass(frozen=True)
class PickUpStep:
    """The so-manyth late pick-up, of which the first `free` cost nothing."""

    occurrence: int
    free: int
    cents: int


Step = (
    FlatStep
    | BracketStep
    | EffortStep
    | WithoutQuotientStep
    | ChildrenStep
    | PackageStep
    | ResidenceStep
    | HoursStep
    | OwnMealStep
    | SiblingStep
    | SurchargeStep
    | AbsenceStep
    | UnitsStep
    | PickUpStep
)
