"""A tariff («tarif»): what a unit costs, version after version, as a town writes it down.

Values only (text, whole numbers, booleans, dates, tuples): `portail.domain.pricing.plain` turns a
tariff into what TOML and JSON hold, and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from portail.domain.money import WHOLE
from portail.domain.pricing.forms import (
    Among,
    ByChildren,
    EffortRate,
    Form,
    Package,
    require,
    simple_forms,
)
from portail.domain.quotients import OnServiceDay, QuotientRule

# ------------------------------------------------------------------ residence


@dataclass(frozen=True)
class Multiplied:
    """Non-residents pay the residents' price times so much: 20 000 basis points are ×2 (2c2r)."""

    KIND: ClassVar[str] = "multiplied"
    basis_points: int

    def __post_init__(self) -> None:
        require(self.basis_points >= 0, "A price is not negative")


@dataclass(frozen=True)
class Raised:
    """Non-residents pay the residents' price and so many cents more."""

    KIND: ClassVar[str] = "raised"
    cents: int

    def __post_init__(self) -> None:
        require(self.cents >= 0, "A supplement is not negative")


@dataclass(frozen=True)
class Grid:
    """A price for residents and, unless it is the same, one for the others.

    The others' own grid or fixed amount (Boissy) is a form like any other.
    """

    residents: Form
    non_residents: Form | Multiplied | Raised | None = None

    def forms(self) -> Iterator[Form]:
        """The forms of this grid."""
        yield self.residents
        if not isinstance(self.non_residents, Multiplied | Raised | None):
            yield self.non_residents


# ------------------------------------------------------------------ brothers and sisters


@dataclass(frozen=True)
class PercentOff:
    """So many basis points less: 1 000 are −10 %."""

    KIND: ClassVar[str] = "percent_off"
    basis_points: int

    def __post_init__(self) -> None:
        require(0 <= self.basis_points <= WHOLE, "A reduction is between 0 and 100 %")


@dataclass(frozen=True)
class AmountOff:
    """So many cents less on each unit priced; the price stops at zero."""

    KIND: ClassVar[str] = "amount_off"
    cents: int

    def __post_init__(self) -> None:
        require(self.cents >= 0, "A reduction is not negative")


@dataclass(frozen=True)
class OwnPrice:
    """A price of its own, that takes the place of the ordinary one."""

    KIND: ClassVar[str] = "own_price"
    grid: Grid


class By(StrEnum):
    """What gives right to a sibling reduction."""

    RANK = "rank"  # «le 2e enfant»
    NUMBER = "number"  # «à partir de 2 enfants», each of them


class Order(StrEnum):
    """Which sibling is the first, who pays in full."""

    ELDEST = "eldest"
    YOUNGEST = "youngest"


@dataclass(frozen=True)
class Rung:
    """A reduction from a rank, or from a number of children, on."""

    start: int
    reduction: PercentOff | AmountOff | OwnPrice


@dataclass(frozen=True)
class Siblings:
    """The sibling reduction («réduction fratrie»); on a meal brought under a PAI only if said."""

    rungs: tuple[Rung, ...]
    by: By = By.RANK
    among: Among = Among.ENROLLED
    first: Order = Order.ELDEST
    on_own_meal: bool = False

    def __post_init__(self) -> None:
        require(bool(self.rungs) and self.rungs[0].start >= 1, "A reduction begins somewhere")
        require(all(a.start < b.start for a, b in pairwise(self.rungs)), "Rungs rise")

    def rung(self, number: int) -> Rung | None:
        """The rung of a rank or of a number of children; None below the first."""
        reached = [rung for rung in self.rungs if rung.start <= number]
        return reached[-1] if reached else None


# ------------------------------------------------------------------ surcharges and absences


@dataclass(frozen=True)
class PercentMore:
    """So many basis points more: 5 000 are +50 %, 10 000 double the price."""

    KIND: ClassVar[str] = "percent_more"
    basis_points: int

    def __post_init__(self) -> None:
        require(self.basis_points >= 0, "A surcharge is not negative")


@dataclass(frozen=True)
class AmountMore:
    """So many cents more on each unit priced."""

    KIND: ClassVar[str] = "amount_more"
    cents: int

    def __post_init__(self) -> None:
        require(self.cents >= 0, "A surcharge is not negative")


Surcharge = PercentMore | AmountMore


@dataclass(frozen=True)
class LatePickUp:
    """A fee in cents for each late pick-up after the first `free` ones."""

    cents: int
    free: int = 0

    def __post_init__(self) -> None:
        require(self.cents >= 0 and self.free >= 0, "A fee is not negative")


@dataclass(frozen=True)
class Absence:
    """What is due of a unit booked and not used.

    `unjustified` is the part due, in basis points. A justified absence is due in full for its
    first `waiting_days` («premier jour dû») and costs nothing afterwards.
    """

    unjustified: int = WHOLE
    waiting_days: int = 0

    def __post_init__(self) -> None:
        require(0 <= self.unjustified <= WHOLE, "A part is between 0 and 100 %")
        require(self.waiting_days >= 0, "Waiting days are not negative")


# ------------------------------------------------------------------ the tariff


class Unit(StrEnum):
    """What a price is for."""

    UNIT = "unit"
    HOUR = "hour"
    MONTH = "month"  # flat, whatever is used in it


_IN_FORCE = OnServiceDay()
_ABSENCE = Absence()


@dataclass(frozen=True)
class Version:
    """A tariff as decided, from a day until, if it ends, another (both included).

    `own_meal` is the price when the child brings its meal under a PAI; `prepaid` says that the
    period is paid in full beforehand (Éragny), which changes when it is due and not how much.
    """

    valid_from: date
    price: Grid
    valid_until: date | None = None
    quotient: QuotientRule = _IN_FORCE
    siblings: Siblings | None = None
    own_meal: Grid | None = None
    late_booking: Surcharge | None = None
    unbooked: Surcharge | OwnPrice | None = None
    late_pick_up: LatePickUp | None = None
    absence: Absence = _ABSENCE
    prepaid: bool = False

    def __post_init__(self) -> None:
        require(
            self.valid_until is None or self.valid_until >= self.valid_from,
            "A version does not end before it begins",
        )
        for grid in self.special_grids():
            require(
                not any(isinstance(form, Package) for form in grid.forms()),
                "A package is an ordinary price, nothing else",
            )

    @cached_property  # asked for each cell of a planning
    def is_package(self) -> bool:
        """Whether residents or others pay a package."""
        return any(isinstance(form, Package) for form in self.price.forms())

    def counts_present(self) -> bool:
        """Whether a price depends on which brothers and sisters come the same day."""
        if self.siblings is not None and self.siblings.among is Among.PRESENT:
            return True
        return any(
            isinstance(form, ByChildren) and form.among is Among.PRESENT
            for grid in (self.price, *self.special_grids())
            for form in grid.forms()
        )

    def special_grids(self) -> Iterator[Grid]:
        """The grids that take the place of the ordinary one."""
        if self.own_meal is not None:
            yield self.own_meal
        if isinstance(self.unbooked, OwnPrice):
            yield self.unbooked.grid
        for rung in self.siblings.rungs if self.siblings else ():
            if isinstance(rung.reduction, OwnPrice):
                yield rung.reduction.grid


@dataclass(frozen=True)
class Tariff:
    """A tariff of the town, by its code, with its versions from the oldest to the newest.

    `step_minutes` is for tariffs by the hour: a step begun is due (15: by the quarter of an hour).
    A version replaces the one before it from its first day; between the end of one and the start
    of the next there is no price.
    """

    code: str
    name: str
    versions: tuple[Version, ...]
    unit: Unit = Unit.UNIT
    step_minutes: int = 1

    def __post_init__(self) -> None:
        require(bool(self.code) and bool(self.versions), "A tariff has a code and a version")
        require(self.step_minutes >= 1, "A step is a minute at least")
        require(
            all(a.valid_from < b.valid_from for a, b in pairwise(self.versions)),
            "Versions follow each other",
        )
        for version in self.versions:
            self._check(version)

    @cached_property  # asked for each cell of a planning, each unit of an invoice
    def counts_present(self) -> bool:
        """Whether a price depends on which brothers and sisters come the same day."""
        return any(version.counts_present() for version in self.versions)

    def _check(self, version: Version) -> None:
        """A surcharge on a whole month or package would punish more than the unit it is for."""
        lump = version.is_package or self.unit is Unit.MONTH
        surcharged = version.late_booking, version.unbooked
        require(
            not (lump and any(isinstance(s, Surcharge) for s in surcharged)),
            "A month or a package takes no surcharge: state a price of its own",
        )
        if self.unit is not Unit.HOUR:
            return
        require(not version.is_package, "A package counts units, not hours")
        for grid in (version.price, *version.special_grids()):
            rates = [s for form in grid.forms() for s in simple_forms(form)]
            require(
                not any(isinstance(s, EffortRate) and s.per_hour for s in rates),
                "A tariff by the hour has rates by the hour already",
            )

    def version(self, on: date) -> Version | None:
        """The version in force on a day."""
        found = None
        for version in self.versions:
            if version.valid_from > on:
                break
            found = version
        if found is not None and found.valid_until is not None and found.valid_until < on:
            return None
        return found
