"""The yearly tax certificate («attestation fiscale»): what was paid in a year for a child's care.

Article 200 quater B of the tax code: supervision of children who are under six on 1 January, for
the sums paid in the year. A payment is for all the lines of its invoice, in proportion. What a
credit note gives back was not paid after all: it lowers the year whose money it gives back, the
newest payment of its invoice first. Amounts are cents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portail.domain.money import split_by

AGE = 6
Paid = dict[tuple[int, int], int]  # child and year: cents


@dataclass(frozen=True, slots=True)
class Amounts:
    """A document by what it is for: care of each child, other things, nothing in particular.

    A gesture or a correction that names neither child nor activity is `vague`: it is on all the
    rest in proportion.
    """

    care: Mapping[int, int] = field(default_factory=dict)
    other: int = 0
    vague: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice, the credit notes on it, and what was paid for it."""

    issued_on: date
    asked: Amounts  # some may be below zero
    credited: Sequence[Amounts] = ()
    paid: Sequence[tuple[date, int]] = ()
    given_back: int = 0  # of what was paid


@dataclass(frozen=True, slots=True)
class Lowering:
    """Care of a child that was given back by a document that names no invoice."""

    child: int
    on: date
    cents: int


def is_young(birth_on: date, year: int) -> bool:
    """Whether a child is under six on 1 January of the year."""
    return (birth_on.year + AGE, birth_on.month, birth_on.day) > (year, 1, 1)


def paid_for_care(bills: Iterable[Bill], given_back: Iterable[Lowering] = ()) -> Paid:
    """What was paid for the care of each child, by year; only what is above zero."""
    paid: defaultdict[tuple[int, int], int] = defaultdict(int)
    lowered = list(given_back)
    for bill in bills:
        below = {child: -cents for child, cents in bill.asked.care.items() if cents < 0}
        lowered += [Lowering(child, bill.issued_on, cents) for child, cents in below.items()]
        # care given back on the invoice itself pays for the rest of it
        payments = [(bill.issued_on, sum(below.values())), *sorted(bill.paid)]
        left = _to_pay(bill)
        for on, cents in _kept(payments, bill.given_back):
            for key, share in _share(left, cents).items():
                left[key] -= share
                if key is not None:
                    paid[key, on.year] += share
    for one in sorted(lowered, key=lambda one: (one.on, one.child)):
        _lower(paid, one)
    return {key: cents for key, cents in paid.items() if cents > 0}


def certified(paid: Paid, births: Mapping[int, date], year: int) -> dict[int, int]:
    """Of this, what the certificate of a year says: by child young enough, the eldest first."""
    young = [child for child, born in births.items() if is_young(born, year)]
    in_order = sorted(young, key=lambda child: (births[child], child))
    return {child: paid[child, year] for child in in_order if (child, year) in paid}


def _to_pay(bill: Bill) -> dict[int | None, int]:
    """What the invoice is for, less what is given back of it; None: whatever is not care."""
    parts: dict[int | None, int] = {
        child: cents for child, cents in bill.asked.care.items() if cents > 0
    }
    other, vague = bill.asked.other, bill.asked.vague
    parts[None] = max(other, 0) + max(vague, 0)
    _lessen(parts, -min(other, 0) - min(vague, 0))
    for note in bill.credited:
        vague = note.vague
        for key, cents in (*note.care.items(), (None, note.other)):
            taken = min(parts.get(key, 0), cents)
            if taken > 0:
                parts[key] -= taken
            vague += cents - taken
        _lessen(parts, vague)
    return parts


def _lessen(parts: dict[int | None, int], cents: int) -> None:
    for key, share in _share(parts, cents).items():
        parts[key] -= share


def _share(parts: Mapping[int | None, int], cents: int) -> dict[int | None, int]:
    """So many cents in proportion to what there is, never more of any than there is."""
    whole = sum(parts.values())
    if whole <= 0 or cents <= 0:
        return {}
    return dict(zip(parts, split_by(min(cents, whole), list(parts.values())), strict=True))


def _kept(payments: Sequence[tuple[date, int]], given_back: int) -> list[tuple[date, int]]:
    """Without what was given back, which is of the newest payments."""
    kept: list[tuple[date, int]] = []
    for on, cents in reversed(payments):
        taken = min(cents, given_back)
        given_back -= taken
        kept.append((on, cents - taken))
    return kept[::-1]


def _lower(paid: defaultdict[tuple[int, int], int], one: Lowering) -> None:
    """Its own year first, then those before, the newest first, then those after."""
    years = [year for child, year in paid if child == one.child]
    cents = one.cents
    for year in sorted(years, key=lambda year: (year > one.on.year, abs(year - one.on.year))):
        taken = min(paid[one.child, year], cents)
        paid[one.child, year] -= taken
        cents -= taken
