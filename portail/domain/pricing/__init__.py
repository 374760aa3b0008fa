"""Prices: tariffs as values, and the one engine that turns them into an amount with its reasons."""

from __future__ import annotations

from portail.domain.pricing.context import (
    BOOKED,
    BOOKED_LATE,
    UNBOOKED,
    UNJUSTIFIED,
    Attendance,
    Booking,
    Context,
    Service,
    Sibling,
    justified,
)
from portail.domain.pricing.engine import (
    Outcome,
    Prepared,
    Price,
    Reason,
    Unpriced,
    pick_up_fee,
    price,
)
from portail.domain.pricing.plain import from_plain, to_plain
from portail.domain.pricing.tariff import Tariff, Unit, Version

__all__ = [
    "BOOKED",
    "BOOKED_LATE",
    "UNBOOKED",
    "UNJUSTIFIED",
    "Attendance",
    "Booking",
    "Context",
    "Outcome",
    "Prepared",
    "Price",
    "Reason",
    "Service",
    "Sibling",
    "Tariff",
    "Unit",
    "Unpriced",
    "Version",
    "from_plain",
    "justified",
    "pick_up_fee",
    "price",
    "to_plain",
]
