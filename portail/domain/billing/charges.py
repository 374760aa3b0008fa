"""What a family owes for what was booked, less what was billed of it before.

The price is the engine's on the day of the service, for what became of the booking. Where the
engine has none, the price told when it was booked counts; where neither is known, nothing is billed
and it is said. What was told at a moment of choice stays as it was told: the surcharge of a late
booking and what stays due of a late cancellation.

What was billed is looked at again only when something happened to it since (an absence justified,
a cancellation): a quotient or a tariff that changes later is never retroactive on what was issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from portail.domain import money
from portail.domain.billing.drafts import FeeItem, Item, UnitItem
from portail.domain.billing.usage import How, Part
from portail.domain.pricing import (
    BOOKED,
    UNJUSTIFIED,
    Outcome,
    Price,
    Service,
    Unpriced,
    justified,
)
from portail.domain.pricing.steps import AbsenceStep

NO_TARIFF = "no_tariff"
NOTHING_BOOKED = -1


@dataclass(frozen=True, slots=True)
class BilledPart:
    """What a line of an invoice asked, or gave back, of a part of a reservation."""

    seq: int
    part: Part
    how: How
    cents: int
    invoice_id: int


class Booked(NamedTuple):
    """A reservation as it stands. `told_cents` is the price told when it was booked, if it was."""

    id: int
    child: int
    slot: str
    day: date
    how: How
    told_cents: int | None = None
    surcharge_cents: int = 0
    kept_cents: int = 0
    absence_day: int = 1  # of a justified absence
    billed: tuple[BilledPart, ...] = ()


@dataclass(frozen=True, slots=True)
class BilledLump:
    """What a line of an invoice asked, or gave back, of a month or a package."""

    seq: int
    units: int
    cents: int
    invoice_id: int


@dataclass(frozen=True, slots=True)
class Lump:
    """A month or a package of a child. `units` unset: nothing of it is booked any more."""

    child: int
    slot: str
    slot_id: int
    first_on: date
    last_on: date
    units: int | None
    billed: tuple[BilledLump, ...] = ()


class PriceOf(Protocol):
    """The engine's price of a unit; None: the slot has no tariff, or is no longer offered."""

    def __call__(self, slot: str, child: int, day: date, service: Service, /) -> Outcome | None:
        """Ask it."""


class LumpPriceOf(Protocol):
    """The engine's price of a month or a package of so many units."""

    def __call__(self, slot: str, child: int, first_on: date, units: int, /) -> Outcome | None:
        """Ask it."""


class Why(StrEnum):
    """What is to be looked at before a month is issued."""

    NO_PRICE = "no_price"  # not billed: it will be by the first run that finds a price
    NO_ADDRESS = "no_address"
    NO_ACCOUNT = "no_account"  # nobody is told of the invoice by e-mail
    NEGATIVE = "negative"  # the month is in favour of the family


@dataclass(slots=True)
class Charge:
    """Units at one price, for one line; `credits` is the invoice on which they are given back.

    `cents` is each unit's, always above zero. `again` says that they were billed before. `care`:
    the child was there, or nobody said otherwise; an absence that is due is no supervision.
    """

    child: int
    slot: str
    part: Part
    how: How
    cents: int
    price: Price | None
    credits: int | None
    again: bool
    care: bool
    units: int | None = None  # of a month or a package
    days: list[date] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A unit without a price: why, in the engine's word."""

    slot: str
    child: int
    day: date
    reason: str


class Charges:
    """The charges of one family, gathered into lines."""

    def __init__(self, price_of: PriceOf, lump_price_of: LumpPriceOf) -> None:
        self._price_of, self._lump_price_of = price_of, lump_price_of
        self._lines: dict[tuple[object, ...], Charge] = {}
        # equal prices are one; looked up by identity first, for comparing them is slow
        self._prices: dict[Price, Price] = {}
        self._known: dict[int, tuple[Price, Price]] = {}
        self.unpriced: list[Unpaid] = []

    def add(self, booked: Iterable[Booked]) -> None:
        """Charge these reservations, none of which is part of a month or a package."""
        for one in booked:
            if not one.billed:
                self._first(one)
            elif one.billed[-1].how is not one.how:
                self._again(one)

    def add_lumps(self, lumps: Iterable[Lump]) -> None:
        """Charge these months and packages."""
        for one in lumps:
            if not one.billed or one.billed[-1].units != _counted(one):
                self._lump(one)

    def lines(self) -> Iterator[Charge]:
        """What there is to bill, by child, slot and day."""
        return iter(
            sorted(
                self._lines.values(),
                key=lambda one: (one.child, one.slot, one.days[0], one.part.value, one.cents),
            )
        )

    # --- one reservation ------------------------------------------------------------------------

    def _first(self, one: Booked) -> None:
        due = self._due(one)
        if due is None:
            return
        price, parts = due
        seq = 0
        for part, cents in parts:
            if cents:
                self._put(one, part, cents, price, seq, None)
                seq += 1

    def _again(self, one: Booked) -> None:
        """The difference with what was billed, part by part."""
        due = self._due(one)
        if due is None:
            return
        price, parts = due
        wanted = dict(parts)
        seq = one.billed[-1].seq + 1
        for part in Part:
            before = [billed for billed in one.billed if billed.part is part]
            for cents, last in _differences(part, one.how, wanted.get(part, 0), before):
                self._put(one, part, cents, price, seq, last)
                seq += 1

    def _due(self, one: Booked) -> tuple[Price | None, tuple[tuple[Part, int], ...]] | None:
        """What is due of it in all; None: nobody knows the price."""
        if one.how is How.NOTHING:
            return None, ()
        if one.how is How.CANCELLED:
            return None, ((Part.KEPT, one.kept_cents),)
        service = _service(one)
        found = self._price_of(one.slot, one.child, one.day, service)
        if isinstance(found, Price):
            found = self._one_price(found)
            late = one.surcharge_cents
            if late and service is not BOOKED:
                late = money.percent(late, _part_due(found))
            return found, ((Part.CARE, found.cents), (Part.LATE, late))
        if one.how is How.JUSTIFIED:
            return None, ()
        if one.told_cents is not None:
            return None, ((Part.CARE, one.told_cents), (Part.LATE, one.surcharge_cents))
        reason = found.reason.value if isinstance(found, Unpriced) else NO_TARIFF
        self.unpriced.append(Unpaid(one.slot, one.child, one.day, reason))
        return None

    def _one_price(self, price: Price) -> Price:
        known = self._known.get(id(price))
        if known is None:
            # the price is kept as well: another one must not take its place in memory
            known = self._known[id(price)] = (price, self._prices.setdefault(price, price))
        return known[1]

    def _put(
        self,
        one: Booked,
        part: Part,
        cents: int,
        price: Price | None,
        seq: int,
        given_back: BilledPart | None,
    ) -> None:
        """`given_back` is what the cents, below zero then, are given back of."""
        again = bool(one.billed)
        on = given_back.invoice_id if given_back else None
        how = given_back.how if given_back else one.how
        care = part is Part.CARE and how is How.PRESENT
        # an enum's member and a price are slow to look up, and there is one of each
        key = (
            one.child, one.slot, id(part), id(one.how), cents, id(price), on, again, care,
            one.day.year, one.day.month,
        )  # fmt: skip
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Charge(
                one.child, one.slot, part, one.how, abs(cents), price, on, again, care
            )
        line.days.append(one.day)
        line.items.append(UnitItem(one.id, seq, part, one.how, abs(cents)))

    # --- a month or a package -------------------------------------------------------------------

    def _lump(self, one: Lump) -> None:
        price = None
        due = 0
        if one.units is not None:
            found = self._lump_price_of(one.slot, one.child, one.first_on, one.units)
            if not isinstance(found, Price):
                reason = found.reason.value if isinstance(found, Unpriced) else NO_TARIFF
                self.unpriced.append(Unpaid(one.slot, one.child, one.first_on, reason))
                return
            price, due = found, found.cents
        difference = due - sum(billed.cents for billed in one.billed)
        if difference == 0:
            return
        on = next((b.invoice_id for b in reversed(one.billed) if b.cents > 0), None)
        units, cents = _counted(one), abs(difference)
        seq = one.billed[-1].seq + 1 if one.billed else 0
        how = How.CANCELLED if one.units is None else How.PRESENT
        self._lines[one.child, one.slot, one.first_on, "lump"] = Charge(
            one.child,
            one.slot,
            Part.CARE,
            how,
            cents,
            price,
            on if difference < 0 else None,
            bool(one.billed),
            True,
            units,
            [one.first_on, one.last_on],
            [FeeItem(one.child, one.slot_id, one.first_on, seq, units, cents)],
        )


def _differences(
    part: Part, how: How, wanted: int, before: Sequence[BilledPart]
) -> Iterator[tuple[int, BilledPart | None]]:
    """What to bill, or below zero to give back and of what: on the invoice that asked for it last.

    A presence that turns out to be an absence, or the other way, is given back whole and billed
    anew: only one of the two counts for the tax certificate.
    """
    billed = sum(one.cents for one in before)
    last = next((one for one in reversed(before) if one.cents > 0), None)
    turned = last is not None and (last.how is How.PRESENT) is not (how is How.PRESENT)
    if part is Part.CARE and turned and billed > 0 and wanted > 0:
        yield -billed, last
        yield wanted, None
    elif wanted != billed:
        yield wanted - billed, last if wanted < billed else None


def _counted(one: Lump) -> int:
    """Its units as they are kept: below zero when nothing is booked, for 0 may be due whole."""
    return NOTHING_BOOKED if one.units is None else one.units


def _service(one: Booked) -> Service:
    """The late surcharge is apart: it is the one that was told."""
    if one.how is How.UNJUSTIFIED:
        return UNJUSTIFIED
    return justified(one.absence_day) if one.how is How.JUSTIFIED else BOOKED


def _part_due(price: Price) -> int:
    """The part of an absence that is due, in basis points."""
    return next((s.due for s in price.steps if isinstance(s, AbsenceStep)), money.WHOLE)


def lump_units(hows: Mapping[How, int]) -> int | None:
    """How many units of a month or a package count; None: nothing is booked of it.

    It is due whole even if nothing is used; beyond a package's units, a justified absence is not.
    """
    counted = hows.get(How.PRESENT, 0) + hows.get(How.UNJUSTIFIED, 0)
    return counted if counted or hows.get(How.JUSTIFIED) else None
