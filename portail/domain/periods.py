"""The periods a planning shows: a month, a fortnight, a week."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from portail.domain.calendars import monday

_WEEK = timedelta(days=7)


class View(StrEnum):
    """«Mensuel», «Quinzaine», «Semaine»."""

    MONTH = "month"
    FORTNIGHT = "fortnight"
    WEEK = "week"


def span(view: View, day: date) -> tuple[date, date]:
    """The first and last day of the period this day is in; weeks begin on Monday.

    A fortnight begins with the week of the day.
    """
    match view:
        case View.MONTH:
            first = day.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case View.FORTNIGHT:
            return monday(day), monday(day) + 2 * _WEEK - timedelta(days=1)
        case View.WEEK:
            return monday(day), monday(day) + _WEEK - timedelta(days=1)


def days_of(view: View, day: date) -> tuple[date, ...]:
    """Every day of that period."""
    first, last = span(view, day)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def beside(view: View, day: date, steps: int) -> date:
    """The first day of a period before (-1) or after (1) this day's."""
    first, last = span(view, day)
    for _ in range(abs(steps)):
        near = last + timedelta(days=1) if steps > 0 else first - timedelta(days=1)
        if steps < 0 and view is View.FORTNIGHT:
            near = first - 2 * _WEEK
        first, last = span(view, near)
    return first
