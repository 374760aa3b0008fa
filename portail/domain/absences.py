"""Absences told by families, and what may become of them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class AbsenceState(StrEnum):
    """Where it stands: an absence justified is not billed."""

    TOLD = "told"
    JUSTIFIED = "justified"
    REFUSED = "refused"  # the certificate was not accepted
    WITHDRAWN = "withdrawn"


STANDING = frozenset({AbsenceState.TOLD, AbsenceState.JUSTIFIED})  # those that count as told
EARLIEST = timedelta(days=3)  # told afterwards: a weekend must not make it too late
LATEST = timedelta(days=30)


class DaysProblem(StrEnum):
    """Why these days cannot be told."""

    ORDER = "order"
    TOO_OLD = "too_old"
    TOO_FAR = "too_far"


def bounds(today: date) -> tuple[date, date]:
    """The first and last day that may be told today."""
    return today - EARLIEST, today + LATEST


def days_problem(first: date, last: date, today: date) -> DaysProblem | None:
    """Why an absence of these days cannot be told today, if it cannot."""
    earliest, latest = bounds(today)
    if last < first:
        return DaysProblem.ORDER
    if first < earliest:
        return DaysProblem.TOO_OLD
    return DaysProblem.TOO_FAR if last > latest else None
