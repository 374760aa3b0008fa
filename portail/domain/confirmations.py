"""What became of each change of a confirmation."""

from __future__ import annotations

from enum import StrEnum


class LineOutcome(StrEnum):
    """One line of a confirmation."""

    BOOKED = "booked"
    REQUESTED = "requested"  # booked, an agent has yet to approve
    WAITING = "waiting"  # no place left: on the waiting list
    CANCELLED = "cancelled"
    LEFT_QUEUE = "left_queue"  # no longer on the waiting list
    ALREADY = "already"  # it was so already: another parent did the same
    KEPT = "kept"  # what was to replace it is on the waiting list: not cancelled
    REFUSED = "refused"  # stays pending


WRITTEN = frozenset(LineOutcome) - {LineOutcome.REFUSED}  # pending no more
# what changed something: told by a receipt and a procedure
ACTED = WRITTEN - {LineOutcome.ALREADY, LineOutcome.KEPT}
