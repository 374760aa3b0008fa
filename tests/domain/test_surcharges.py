"""What being late costs, half a cent rounded up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.surcharges import Surcharge


@pytest.mark.parametrize(
    ("surcharge", "price", "cents"),
    [
        (Surcharge(percent=50), 350, 175),
        (Surcharge(percent=50), 355, 178),  # 177.5
        (Surcharge(percent=50), 353, 177),  # 176.5
        (Surcharge(percent=100), 417, 417),
        (Surcharge(percent=25), 101, 25),  # 25.25
        (Surcharge(cents=1000), 350, 1000),
        (Surcharge(10, 50), 350, 85),
        (Surcharge(), 350, 0),
    ],
)
def test_surcharges(surcharge: Surcharge, price: int, cents: int) -> None:
    assert surcharge.of(price) == cents


@given(st.integers(0, 300), st.integers(0, 100_000))
def test_within_half_a_cent(percent: int, price: int) -> None:
    found = Surcharge(percent).of(price)
    assert -50 < 100 * found - price * percent <= 50
