"""When a slot of a day may be booked or cancelled at an instant: the same for every child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portail.domain.bookings import CellState
from portail.domain.moments import utc
from portail.domain.reasons import Code, Reason
from portail.domain.slot_days import Limit, SlotDay
from portail.domain.windows import OPEN, WindowAnswer, WindowState, refusal, stand


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be, as far as time goes. `state` is that of a cell nothing is held in."""

    allowed: bool
    reason: Reason
    changes_at: datetime | None = None
    late: bool = False
    state: CellState = CellState.FREE


_FORCED = Verdict(allowed=True, reason=Reason(Code.FORCED))


def may_book(view: SlotDay, now: datetime, *, resident: bool, forced: bool) -> Verdict:
    """Whether the deadline and the windows let this day be booked. `now` is in UTC."""
    limit = view.book
    if forced:
        return _FORCED
    if limit.never:
        return Verdict(False, Reason(Code.NEVER_BOOKABLE), state=CellState.CLOSED)
    late = now > limit.utc
    if late and (limit.late_utc is None or now > limit.late_utc):
        return Verdict(False, _passed(Code.BOOKING_TOO_LATE, limit), state=CellState.TOO_LATE)
    standing = OPEN
    if view.openings is not None:
        standing = stand(view.openings, now, resident=resident)
        reason = refusal(standing)
        if reason is not None:
            return _not_open(standing, reason)
    return _allowed(limit, late, standing, Code.BOOKABLE, Code.LATE_BOOKING)


def may_cancel(limit: Limit, now: datetime, *, forced: bool) -> Verdict:
    """Whether the deadline lets this day be cancelled. `now` is in UTC."""
    if forced:
        return _FORCED
    if limit.never:
        return Verdict(False, Reason(Code.NEVER_CANCELLABLE))
    late = now > limit.utc
    if late and (limit.late_utc is None or now > limit.late_utc):
        return Verdict(False, _passed(Code.CANCELLING_TOO_LATE, limit))
    return _allowed(limit, late, OPEN, Code.CANCELLABLE, Code.LATE_CANCELLATION)


def _passed(code: Code, limit: Limit) -> Reason:
    if limit.late_at is None:
        return Reason(code, at=limit.at)
    return Reason(code, at=limit.late_at, since=limit.at)


def _allowed(limit: Limit, late: bool, standing: WindowAnswer, usual: Code, after: Code) -> Verdict:
    until = limit.late_at if late and limit.late_at is not None else limit.at
    if standing.changes_at is not None and utc(standing.changes_at) < utc(until):
        until = standing.changes_at
    since = limit.at if late else None
    return Verdict(
        allowed=True, reason=Reason(after if late else usual, until, since), changes_at=until,
        late=late,
    )  # fmt: skip


def _not_open(standing: WindowAnswer, reason: Reason) -> Verdict:
    if standing.state is WindowState.OVER:
        return Verdict(False, reason, state=CellState.TOO_LATE)
    return Verdict(False, reason, standing.changes_at, state=CellState.CLOSED)
