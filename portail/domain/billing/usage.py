"""What became of a reservation, as far as money goes, and the parts of what is due of it."""

from __future__ import annotations

from enum import StrEnum

from portail.domain.bookings import Held


class How(StrEnum):
    """What a reservation is billed as."""

    PRESENT = "present"  # it was kept for the child: attended, or nobody said otherwise
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    CANCELLED = "cancelled"  # with what stays due of it
    NOTHING = "nothing"  # it never was a place: waiting list, offer, request without an answer


class Part(StrEnum):
    """A part of what is due of one reservation; each has a line of its own."""

    CARE = "care"  # the price
    LATE = "late"  # surcharge of a late booking
    KEPT = "kept"  # what stays due once cancelled too late


HOW = {
    Held.BOOKED: How.PRESENT,
    Held.ATTENDED: How.PRESENT,
    Held.ABSENT_JUSTIFIED: How.JUSTIFIED,
    Held.ABSENT_UNJUSTIFIED: How.UNJUSTIFIED,
    Held.REQUESTED: How.NOTHING,
    Held.WAITING: How.NOTHING,
    Held.OFFERED: How.NOTHING,
}
