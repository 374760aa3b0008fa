"""No cent is lost, and half a cent goes up."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.money import percent, rate, rounded, split, split_by

cents = st.integers(-10_000_000, 10_000_000)
exact = st.fractions(-1_000_000, 1_000_000)


@pytest.mark.parametrize(
    ("amount", "result"),
    [
        # a banker would give 0, 2, 2, 4
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(7, 2), 4),
        (Fraction(49, 100), 0),
        (Fraction(149, 100), 1),
        (Fraction(-1, 2), -1),  # the credit of half a cent due
        (Fraction(-5, 2), -3),
        (7, 7),
        (0, 0),
    ],
)
def test_half_goes_up(amount: Fraction | int, result: int) -> None:
    assert rounded(amount) == result


@given(exact)
def test_rounding_is_half_up_for_what_is_due_and_opposite_for_its_credit(amount: Fraction) -> None:
    assert rounded(abs(amount)) == math.floor(abs(amount) + Fraction(1, 2))
    assert rounded(-amount) == -rounded(amount)


@given(exact, exact)
def test_rounding_keeps_the_order(a: Fraction, b: Fraction) -> None:
    assert rounded(min(a, b)) <= rounded(max(a, b))


def test_percentages_and_rates() -> None:
    assert percent(350, 15_000) == 525  # +50 %
    assert percent(335, 9_000) == 302  # 3,015
    assert percent(5, 5_000) == 3  # 2,5
    assert percent(-5, 5_000) == -3
    assert rate(85_000, 360) == 306  # 0,36 % of 850
    assert rate(85_125, 360) == Fraction(30_645, 100)


def test_halves_of_an_odd_cent() -> None:
    assert split(301, 2) == (151, 150)
    assert split(-301, 2) == (-151, -150)
    assert split(1, 3) == (1, 0, 0)
    assert split(0, 2) == (0, 0)


def test_shares_by_weight() -> None:
    assert split_by(1000, (60, 40)) == (600, 400)
    assert split_by(100, (1, 2)) == (33, 67)  # 33,33 and 66,67: the larger remainder takes it
    assert split_by(101, (0, 1)) == (0, 101)


@given(cents, st.integers(1, 12))
def test_equal_shares_lose_no_cent_and_differ_by_one_at_most(total: int, parts: int) -> None:
    shares = split(total, parts)
    assert sum(shares) == total
    assert len(shares) == parts
    assert max(shares) - min(shares) <= 1
    assert split(-total, parts) == tuple(-share for share in shares)


@given(cents, st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_weighted_shares_lose_no_cent(total: int, weights: list[int]) -> None:
    shares = split_by(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, whole)) < 1


@pytest.mark.parametrize("weights", [(), (0, 0), (-1, 3)])
def test_nothing_to_share_among_is_refused(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_by(100, weights)
