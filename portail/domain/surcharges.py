"""What being late costs: a share of the price, an amount, or both. Money is integer cents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Surcharge:
    """`percent` of the price of the unit and `cents` beside it."""

    percent: int = 0
    cents: int = 0

    def of(self, price_cents: int) -> int:
        """The surcharge on this price, in cents, half a cent rounded up."""
        return (price_cents * self.percent + 50) // 100 + self.cents
