"""The only source of «now», in the time zone of the town.

`PORTAIL_NOW` freezes it (demo and tests). Instants are aware; days are plain dates in Europe/Paris.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from portail.settings import PARIS, settings

_offset = timedelta(0)


def now() -> datetime:
    """The present instant, aware, in UTC.

    Instants are kept and compared in UTC: subtracting two Europe/Paris datetimes ignores the
    clock change in between.
    """
    frozen = settings().now
    return (frozen.astimezone(UTC) if frozen else datetime.now(UTC)) + _offset


def paris(instant: datetime) -> datetime:
    """The same instant as read on a wall clock in Europe/Paris."""
    return instant.astimezone(PARIS)


def written(instant: datetime | None) -> str | None:
    """As a copy of one's data writes it: Paris, to the second; unset stays unset."""
    return paris(instant).isoformat(timespec="seconds") if instant else None


def today() -> date:
    """The present day in Europe/Paris."""
    return paris(now()).date()


def advance(delta: timedelta) -> None:
    """Move the clock forward; for tests, refused unless the clock is frozen.

    Raises:
        RuntimeError: the clock is the real one.
    """
    global _offset  # noqa: PLW0603  (the one mutable thing of this module)
    if settings().now is None:
        msg = "Only a frozen clock can be moved"
        raise RuntimeError(msg)
    _offset += delta


def reset() -> None:
    """Undo every `advance`."""
    global _offset  # noqa: PLW0603
    _offset = timedelta(0)
