"""Exact amounts: cents, rates without floats, and the one place where anything is rounded.

Amounts are integer cents. A proportion is an integer of basis points (hundredths of a percent:
5 000 is 50 %) or of hundred-thousandths (360 is 0,36 %), so that a town's figures stay as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

WHOLE = 10_000  # basis points in 100 %
HUNDRED_THOUSAND = 100_000


def rounded(amount: Fraction | int) -> int:
    """The nearest whole cent of an exact amount in cents; half a cent goes away from zero.

    Half up on what is due (issue 5); a credit rounds like the debit that it cancels.
    """
    exact = Fraction(amount)
    doubled = 2 * abs(exact.numerator) + exact.denominator
    cents = doubled // (2 * exact.denominator)
    return cents if exact >= 0 else -cents


def percent(cents: int, basis_points: int) -> int:
    """A part of an amount, in cents; 5 000 basis points are 50 %."""
    return rounded(Fraction(cents * basis_points, WHOLE))


def rate(cents: int, hundred_thousandths: int) -> Fraction:
    """An effort rate of a quotient in cents, exact; 360 hundred-thousandths are 0,36 %."""
    return Fraction(cents * hundred_thousandths, HUNDRED_THOUSAND)


def split(total: int, parts: int) -> tuple[int, ...]:
    """`parts` shares that differ by a cent at most and add up to the total; the larger come first.

    The order of the payers is the caller's: the same one must be first each time, or the file of
    a child in alternating residence would not balance.

    Raises:
        ValueError: no part to share among.
    """
    return split_by(total, (1,) * parts)


def split_by(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares in proportion to the weights, in cents, that add up to the total.

    Cents left over go to the largest remainders, then to whoever comes first. The shares of a
    credit are the opposite of those of the debit.

    Raises:
        ValueError: no weight, a negative one, or nothing but zeros.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"Shares need weights above zero, not {tuple(weights)}")
    sign = -1 if total < 0 else 1
    divided = [divmod(abs(total) * weight, whole) for weight in weights]
    left_over = abs(total) - sum(share for share, _ in divided)
    by_remainder = sorted(range(len(divided)), key=lambda i: -divided[i][1])
    favoured = set(by_remainder[:left_over])
    return tuple(sign * (share + (i in favoured)) for i, (share, _) in enumerate(divided))
