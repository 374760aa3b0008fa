"""The dated quotients of a family, and the one that counts on a day.

A quotient familial is kept in cents: the CAF gives whole euros, a town that works out its own may
not. What a family brings is never erased: a newer quotient replaces an older one from its day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

_YEAR_MONTHS = 12
_COMMON_YEAR = 2001  # a reference day must exist every year


@dataclass(frozen=True)
class Quotient:
    """A quotient familial in cents, from a day and, if it ends, until a day (both included)."""

    cents: int
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError("A quotient is not negative")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("A quotient does not end before it begins")


@dataclass(frozen=True)
class OnServiceDay:
    """The quotient in force on the day of the service.

    With `valid_months`, one counts no longer than that after its first day («every year»).
    """

    KIND: ClassVar[str] = "service_day"
    valid_months: int | None = None

    def __post_init__(self) -> None:
        _check_months(self.valid_months)


@dataclass(frozen=True)
class OnReferenceDay:
    """The quotient of one day of the year counts for a whole season (Fay-aux-Loges: 31 March).

    The season begins on `season_day` of `season_month`; its reference day is the last one on or
    before that. What changes later waits for the next season. With `first_later`, a family that
    had none on the reference day takes the first it brings afterwards, from then to the end of the
    season. Validity is looked at on the reference day, not on the day of the service.
    """

    KIND: ClassVar[str] = "reference_day"
    month: int
    day: int
    season_month: int = 9
    season_day: int = 1
    first_later: bool = True
    valid_months: int | None = None

    def __post_init__(self) -> None:
        date(_COMMON_YEAR, self.month, self.day)  # raises ValueError when there is no such day
        date(_COMMON_YEAR, self.season_month, self.season_day)
        _check_months(self.valid_months)

    def reference(self, on: date) -> date:
        """The reference day of the season in which a day falls."""
        season = _last(self.season_month, self.season_day, on)
        return _last(self.month, self.day, season)


QuotientRule = OnServiceDay | OnReferenceDay


class Missing(StrEnum):
    """Why no quotient counts."""

    NONE = "none"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Counted:
    """The quotient that counts; `reference` is the reference day that chose it, if one did."""

    quotient: Quotient
    reference: date | None = None


@dataclass(frozen=True)
class NotCounted:
    """No quotient counts; `last_day` is the last day of the one that expired."""

    missing: Missing
    last_day: date | None = None
    reference: date | None = None


def counting(rule: QuotientRule, history: Sequence[Quotient], on: date) -> Counted | NotCounted:
    """The quotient of this history that counts for a service of this day.

    Of two that begin on the same day, the later of the history replaces the other.
    """
    if isinstance(rule, OnServiceDay):
        return _in_force(history, on, rule.valid_months)
    reference = rule.reference(on)
    found = _in_force(history, reference, rule.valid_months)
    if isinstance(found, Counted):
        return Counted(found.quotient, reference)
    later = [q for q in history if reference < q.valid_from <= on]
    if later and rule.first_later:
        first = min(q.valid_from for q in later)
        return Counted(next(q for q in reversed(later) if q.valid_from == first), reference)
    return NotCounted(found.missing, found.last_day, reference)


def last_day(quotient: Quotient, valid_months: int | None) -> date | None:
    """The last day of a quotient whose validity is capped; None when it has no end."""
    if valid_months is None:
        return quotient.valid_until
    capped = _months_later(quotient.valid_from, valid_months) - timedelta(days=1)
    return capped if quotient.valid_until is None else min(capped, quotient.valid_until)


def _in_force(
    history: Sequence[Quotient], on: date, valid_months: int | None
) -> Counted | NotCounted:
    newest: Quotient | None = None
    for quotient in history:
        # of two that begin on the same day, the one added last
        if quotient.valid_from <= on and (
            newest is None or quotient.valid_from >= newest.valid_from
        ):
            newest = quotient
    if newest is None:
        return NotCounted(Missing.NONE)
    until = last_day(newest, valid_months)
    if until is not None and until < on:
        return NotCounted(Missing.EXPIRED, until)
    return Counted(newest)


def _last(month: int, day: int, on: date) -> date:
    """The last such day of a year on or before a date."""
    this_year = date(on.year, month, day)
    return this_year if this_year <= on else date(on.year - 1, month, day)


def _months_later(start: date, months: int) -> date:
    """The same day some months later, or the first of the next month where it does not exist."""
    index = start.year * _YEAR_MONTHS + start.month - 1 + months
    year, month = divmod(index, _YEAR_MONTHS)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(index + 1, _YEAR_MONTHS)
        return date(year, month + 1, 1)


def _check_months(months: int | None) -> None:
    if months is not None and months < 1:
        raise ValueError("A validity lasts a month at least")
