"""Wall-clock hours of Europe/Paris turned into instants, and how instants compare.

Two aware datetimes of the same zone compare by what the clock shows, not by when they happen:
around a change of clock that is wrong. Instants are therefore compared in UTC, with `utc`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

# What towns publish as «23 h 59», «minuit» or no hour at all: the whole day is in time.
END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour on a clock in Europe/Paris, as an agent writes them."""

    day: date
    at: time = time(0)


@lru_cache(maxsize=16_384)  # slots share their hours, and a screen its days
def at_paris(day: date, at: time) -> datetime:
    """The last instant at which a clock in Paris shows this hour of this day.

    23:59 stands for the end of the day: 23:59:59.999999. An hour shown twice (last Sunday of
    October) is the second one, to the benefit of the family. An hour that the clock jumps over
    (last Sunday of March) is the moment of the jump.
    """
    if at == END_OF_DAY:
        at = time.max
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=PARIS, fold=1)
    early = wall.replace(tzinfo=PARIS, fold=0)
    if early.utcoffset() == instant.utcoffset():
        return early
    if early.utcoffset() > instant.utcoffset():  # type: ignore[operator]  # PARIS always has one
        return instant
    # a gap: whichever side one reads it from, the clock never showed it; find the jump
    return _jump(instant.astimezone(UTC), early.astimezone(UTC))


def of(moment: Moment) -> datetime:
    """The instant of a moment written by an agent, in Europe/Paris."""
    return at_paris(moment.day, moment.at)


def utc(instant: datetime) -> datetime:
    """The same instant in UTC, the only way two of them may be compared.

    Raises:
        ValueError: a datetime without zone says nothing.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone")
    return instant.astimezone(UTC)


def _jump(before: datetime, after: datetime) -> datetime:
    """The instant, to the minute, at which the offset of Paris changes between these two."""
    first, last = 0, int((after - before) / timedelta(minutes=1))
    start = before.astimezone(PARIS).utcoffset()
    while first < last:
        middle = (first + last) // 2
        if (before + timedelta(minutes=middle)).astimezone(PARIS).utcoffset() == start:
            first = middle + 1
        else:
            last = middle
    return (before.replace(second=0, microsecond=0) + timedelta(minutes=first)).astimezone(PARIS)
