"""What a change that was settled costs, or is due no more. Cents."""

from __future__ import annotations

from collections.abc import Mapping

from portail.domain.bookings import CellKey
from portail.domain.confirmations import LineOutcome
from portail.models import Reservation
from portail.services.planning.settling import Settled

NEW = frozenset({LineOutcome.BOOKED, LineOutcome.REQUESTED, LineOutcome.WAITING})


def due(row: Reservation) -> int | None:
    """What a reservation costs, surcharge included; unset: not known."""
    return None if row.price_cents is None else row.price_cents + row.surcharge_cents


def kept(one: Settled, rows: Mapping[CellKey, Reservation]) -> int:
    """What stays due of a reservation cancelled late, never more than it cost."""
    if one.outcome is not LineOutcome.CANCELLED or one.decision is None:
        return 0
    cost = due(rows[one.change.key])
    return one.decision.kept_cents if cost is None else min(one.decision.kept_cents, cost)


def cents(one: Settled, rows: Mapping[CellKey, Reservation]) -> int | None:
    """The price of what is booked, or what is due no more; unset: none, or not known."""
    if one.outcome in NEW and one.decision is not None:
        waits = one.outcome is LineOutcome.WAITING
        return one.decision.price_cents if waits else one.decision.total_cents
    if one.outcome is not LineOutcome.CANCELLED:
        return None
    cost = due(rows[one.change.key])
    return None if cost is None else cost - kept(one, rows)
