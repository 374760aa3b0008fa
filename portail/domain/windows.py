"""When booking opens and closes, residents first: apart from the deadline of each day.

Opening and closing are moments an agent writes (Boissy, Bègles: fixed dates for each holiday), or
counted from the day like a deadline. The opening instant itself is open, the closing one too. A
day without an hour opens at its first minute, and closes with its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from portail.domain.deadlines import Deadline
from portail.domain.moments import Moment, at_paris, of, utc
from portail.domain.reasons import Code, Reason

Bound = Moment | Deadline | None


@dataclass(frozen=True)
class Window:
    """Booking of the days `first_day` to `last_day` (all, when unset) opens and closes so.

    With `residents_from`, residents may book from then, the others from `opens`.
    """

    opens: Bound = None
    closes: Bound = None
    residents_from: Bound = None
    first_day: date | None = None
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the booking of this day is ruled by this window."""
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)


class WindowState(StrEnum):
    """How a window stands."""

    OPEN = "open"
    NOT_YET = "not_yet"
    RESIDENTS_ONLY = "residents_only"  # open to residents, who this family is not
    OVER = "over"
    NONE = "none"  # windows exist, none for this day


@dataclass(frozen=True, slots=True)
class Opening:
    """The instants of one window for one day; unset ones do not bound."""

    opens: datetime | None
    residents_from: datetime | None
    closes: datetime | None


@dataclass(frozen=True, slots=True)
class WindowAnswer:
    """How booking stands, and the instant that changes it (the last one open, or the opening)."""

    state: WindowState
    changes_at: datetime | None = None


OPEN = WindowAnswer(WindowState.OPEN)
_CODES = {
    WindowState.NOT_YET: Code.WINDOW_NOT_OPEN,
    WindowState.RESIDENTS_ONLY: Code.WINDOW_RESIDENTS_FIRST,
    WindowState.OVER: Code.WINDOW_OVER,
    WindowState.NONE: Code.NO_WINDOW,
}


def refusal(answer: WindowAnswer) -> Reason | None:
    """Why it is not open, if it is not."""
    if answer.state is WindowState.OPEN:
        return None
    return Reason(_CODES[answer.state], answer.changes_at)


def openings(
    windows: Iterable[Window], day: date, counted: Callable[[Deadline], datetime]
) -> tuple[Opening, ...]:
    """The windows of a day as instants; `counted` resolves those counted from the day."""

    def instant(bound: Bound) -> datetime | None:
        if bound is None:
            return None
        return of(bound) if isinstance(bound, Moment) else counted(bound)

    def begins(bound: Bound) -> datetime | None:
        found = instant(bound)
        if found is not None and found.time() == time.max:
            return at_paris(found.date(), time(0))
        return found

    return tuple(
        Opening(begins(w.opens), begins(w.residents_from), instant(w.closes))
        for w in windows
        if w.covers(day)
    )


def stand(found: tuple[Opening, ...], now: datetime, *, resident: bool) -> WindowAnswer:
    """How the windows of one day stand at this instant; one that is open is enough.

    When none is, the next one to open is told rather than the ones that are over.
    """
    answers = [_one(opening, now, resident) for opening in found]
    for state in (WindowState.OPEN, WindowState.RESIDENTS_ONLY, WindowState.NOT_YET):
        these = [a for a in answers if a.state is state]
        if these and state is WindowState.OPEN:
            # the one that stays open longest; an unset end never comes
            endless = [a for a in these if a.changes_at is None]
            return endless[0] if endless else max(these, key=_when)
        if these:
            return min(these, key=_when)
    over = [a for a in answers if a.state is WindowState.OVER]
    return max(over, key=_when) if over else WindowAnswer(WindowState.NONE)


def _one(opening: Opening, now: datetime, resident: bool) -> WindowAnswer:
    moment = utc(now)
    if opening.closes is not None and moment > utc(opening.closes):
        return WindowAnswer(WindowState.OVER, opening.closes)
    early = opening.residents_from
    opens = early if resident and early is not None else opening.opens
    if opens is not None and moment < utc(opens):
        waiting = early is not None and not resident and moment >= utc(early)
        return WindowAnswer(WindowState.RESIDENTS_ONLY if waiting else WindowState.NOT_YET, opens)
    return WindowAnswer(WindowState.OPEN, opening.closes)


def _when(answer: WindowAnswer) -> datetime:
    if answer.changes_at is None:
        raise ValueError("Only windows with a bound are compared")
    return utc(answer.changes_at)
