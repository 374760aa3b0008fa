"""The forms that a price takes: a closed union of values, as a town writes them in its catalogue.

Every amount is in cents, every quotient in cents of quotient, every proportion in basis points
(`portail.domain.money`). `KIND` is the word that names a form in a catalogue file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from portail.domain.money import HUNDRED_THOUSAND


def require(condition: bool, message: str) -> None:
    """Refuse a value that no tariff can hold.

    Raises:
        ValueError: the condition does not hold.
    """
    if not condition:
        raise ValueError(message)


# ------------------------------------------------------------------ without a known quotient


@dataclass(frozen=True)
class HighestPrice:
    """The highest price of the grid (Cœur de Garonne; what most towns do)."""

    KIND: ClassVar[str] = "highest"


@dataclass(frozen=True)
class StatedPrice:
    """A price of its own, in cents."""

    KIND: ClassVar[str] = "stated"
    cents: int

    def __post_init__(self) -> None:
        require(self.cents >= 0, "A price is not negative")


@dataclass(frozen=True)
class NoPrice:
    """No price at all until the family brings its quotient."""

    KIND: ClassVar[str] = "refuse"


WithoutQuotient = HighestPrice | StatedPrice | NoPrice
HIGHEST = HighestPrice()


# ------------------------------------------------------------------ forms of one unit


@dataclass(frozen=True)
class Flat:
    """The same price for everybody."""

    KIND: ClassVar[str] = "flat"
    cents: int

    def __post_init__(self) -> None:
        require(self.cents >= 0, "A price is not negative")


class Limits(StrEnum):
    """To which bracket a quotient equal to a limit belongs."""

    FROM = "from"  # «à partir de 801»: the limit begins the bracket
    ABOVE = "above"  # «plus de 800»: the limit still belongs to the bracket below


@dataclass(frozen=True)
class Bracket:
    """A price from a lower limit of quotient; both in cents."""

    lower: int
    cents: int


@dataclass(frozen=True)
class QuotientBrackets:
    """A price by bracket of quotient. The first bracket begins at 0 and holds it in any case."""

    KIND: ClassVar[str] = "brackets"
    brackets: tuple[Bracket, ...]
    limits: Limits = Limits.FROM
    without_quotient: WithoutQuotient = HIGHEST

    def __post_init__(self) -> None:
        require(bool(self.brackets), "A grid has a bracket")
        require(self.brackets[0].lower == 0, "The first bracket begins at 0")
        require(
            all(a.lower < b.lower for a, b in pairwise(self.brackets)),
            "The limits of brackets rise",
        )
        require(all(b.cents >= 0 for b in self.brackets), "A price is not negative")

    @property
    def highest(self) -> int:
        """The highest price of the grid, in cents."""
        return max(bracket.cents for bracket in self.brackets)

    def of(self, quotient: int) -> tuple[Bracket, int | None]:
        """The bracket of a quotient in cents, and the limit that ends it (None: no end)."""
        found, upper = self.brackets[0], None
        for bracket in self.brackets[1:]:
            begins = bracket.lower < quotient or (
                bracket.lower == quotient and self.limits is Limits.FROM
            )
            if not begins:
                upper = bracket.lower
                break
            found = bracket
        return found, upper


@dataclass(frozen=True)
class EffortRate:
    """A proportion of the quotient, kept between a floor and a ceiling («taux d'effort»).

    `rate` is in hundred-thousandths: 360 is 0,36 % (Fay-aux-Loges). Floor and ceiling are cents of
    the unit priced. With `per_hour` the rate is for an hour while floor and ceiling are for the
    whole slot; a tariff by the hour has all three by the hour and does not set it.
    """

    KIND: ClassVar[str] = "effort_rate"
    rate: int
    floor: int = 0
    ceiling: int | None = None
    per_hour: bool = False
    without_quotient: WithoutQuotient = HIGHEST

    def __post_init__(self) -> None:
        require(0 <= self.rate <= HUNDRED_THOUSAND, "A rate is between 0 and 100 %")
        require(self.floor >= 0, "A floor is not negative")
        require(
            self.ceiling is None or self.ceiling >= self.floor, "A ceiling is not below its floor"
        )
        require(
            self.ceiling is not None or self.without_quotient != HIGHEST,
            "Without a ceiling there is no highest price: say what is due without a quotient",
        )


Simple = Flat | QuotientBrackets | EffortRate


# ------------------------------------------------------------------ forms made of those


class Among(StrEnum):
    """Which children are counted."""

    FAMILY = "family"  # children of the household
    ENROLLED = "enrolled"  # those enrolled, as the caller says in the context
    PRESENT = "present"  # those booked the same day


@dataclass(frozen=True)
class ChildrenCase:
    """The price from this number of children on."""

    children: int
    price: Simple


@dataclass(frozen=True)
class ByChildren:
    """A price (most often an effort rate) by number of children; the last case has no end."""

    KIND: ClassVar[str] = "by_children"
    cases: tuple[ChildrenCase, ...]
    among: Among = Among.FAMILY

    def __post_init__(self) -> None:
        require(bool(self.cases) and self.cases[0].children == 1, "The first case is 1 child")
        require(
            all(a.children < b.children for a, b in pairwise(self.cases)),
            "Numbers of children rise",
        )

    def of(self, children: int) -> ChildrenCase:
        """The case of a number of children, at least 1."""
        return [case for case in self.cases if case.children <= max(children, 1)][-1]


@dataclass(frozen=True)
class Package:
    """«Forfait»: so many units for one price, due whole even if unused; beyond, by the unit."""

    KIND: ClassVar[str] = "package"
    units: int
    price: Simple
    beyond: Simple

    def __post_init__(self) -> None:
        require(self.units >= 1, "A package holds a unit at least")


Form = Simple | ByChildren | Package


def simple_forms(form: Form) -> Sequence[Simple]:
    """The simple forms that a form is made of."""
    match form:
        case ByChildren(cases=cases):
            return [case.price for case in cases]
        case Package(price=price, beyond=beyond):
            return [price, beyond]
        case _:
            return [form]
