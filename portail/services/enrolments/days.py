"""The usual days of a request: which may be chosen, and how they are kept («1,2,4,5»)."""

from __future__ import annotations

from collections.abc import Iterable

from portail.domain.calendars import Weekday
from portail.domain.catalogue import Activity


def usual_days(activity: Activity) -> tuple[Weekday, ...]:
    """The days of the week to choose from; none when the activity does not ask."""
    if not activity.usual_days:
        return ()
    return tuple(sorted({day for slot in activity.slots for day in slot.weekdays}))


def days_text(days: Iterable[Weekday]) -> str:
    """As a row keeps them: Monday is 1."""
    return ",".join(str(day + 1) for day in sorted(set(days)))


def read_days(text: str) -> tuple[Weekday, ...]:
    """The days of a row."""
    return tuple(Weekday(int(day) - 1) for day in text.split(",") if day)
