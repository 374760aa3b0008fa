"""The table of moves of an attempt, and how long each state lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.payments import (
    CREATED_LIVES,
    HOLDING,
    LAST_LOOK,
    MAY_CHANGE,
    OPEN,
    TRANSITIONS,
    UNKNOWN_LIVES,
    News,
    PaymentState,
    after_news,
    may_become,
    next_look,
    reference,
)

S, N = PaymentState, News
BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOW = timedelta(minutes=3)


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(S)
    assert all(state not in after for state, after in TRANSITIONS.items())


def test_what_is_paid_stays_paid() -> None:
    for state in (S.PAID, S.FAILED, S.CLEARED):
        assert TRANSITIONS[state] == frozenset()
    assert TRANSITIONS[S.MISMATCH] == {S.CLEARED}
    assert all(after_news(state, news, NOW) is None for state in set(S) - MAY_CHANGE for news in N)


def test_whatever_was_not_paid_can_still_be() -> None:
    for state in (S.SENT, S.REFUSED, S.ABANDONED, S.EXPIRED):
        assert after_news(state, N.PAID, timedelta(days=3)) is S.PAID
        assert may_become(state, S.MISMATCH)


@pytest.mark.parametrize(
    ("state", "news", "age", "then"),
    [
        (S.SENT, N.REFUSED, NOW, S.REFUSED),
        (S.SENT, N.ABANDONED, NOW, S.ABANDONED),
        (S.SENT, N.EXPIRED, NOW, S.EXPIRED),
        (S.SENT, N.PENDING, UNKNOWN_LIVES - timedelta(seconds=1), None),
        (S.SENT, N.PENDING, UNKNOWN_LIVES, S.EXPIRED),
        (S.SENT, N.ERROR, NOW, None),
        (S.SENT, N.ERROR, UNKNOWN_LIVES, S.EXPIRED),
        (S.ABANDONED, N.REFUSED, NOW, S.REFUSED),
        (S.ABANDONED, N.EXPIRED, UNKNOWN_LIVES, None),
        (S.REFUSED, N.ABANDONED, NOW, None),
        (S.EXPIRED, N.PENDING, UNKNOWN_LIVES, None),
        (S.CREATED, N.PAID, NOW, None),
        (S.CREATED, N.EXPIRED, NOW, S.EXPIRED),
    ],
)
def test_what_news_lead_to(
    state: PaymentState, news: News, age: timedelta, then: PaymentState | None
) -> None:
    assert after_news(state, news, age) is then


@given(st.lists(st.sampled_from(News), max_size=12))
def test_in_any_order_it_is_paid_once_and_if_and_only_if_somebody_said_so(
    heard: list[News],
) -> None:
    state, seen = S.SENT, [S.SENT]
    for minute, news in enumerate(heard):
        then = after_news(state, news, timedelta(minutes=minute))
        if then is not None:
            assert may_become(state, then)
            state = then
            seen.append(state)
    assert (state is S.PAID) == (N.PAID in heard)
    assert seen.count(S.PAID) <= 1


def test_an_open_attempt_holds_its_invoices_and_one_not_paid_lets_them_go() -> None:
    assert OPEN < HOLDING
    assert HOLDING.isdisjoint({S.REFUSED, S.ABANDONED, S.EXPIRED, S.FAILED, S.CLEARED})


@pytest.mark.parametrize(
    ("state", "age", "wait"),
    [
        (S.CREATED, timedelta(0), CREATED_LIVES),
        (S.SENT, NOW, timedelta(minutes=1)),
        (S.SENT, LAST_LOOK, timedelta(minutes=10)),
        (S.ABANDONED, NOW, LAST_LOOK - NOW),
        (S.REFUSED, NOW, LAST_LOOK - NOW),
        (S.ABANDONED, LAST_LOOK, None),
        (S.PAID, NOW, None),
        (S.EXPIRED, UNKNOWN_LIVES, None),
        (S.MISMATCH, NOW, None),
    ],
)
def test_when_the_bank_is_asked_again(
    state: PaymentState, age: timedelta, wait: timedelta | None
) -> None:
    now = BEGUN + age
    assert next_look(state, BEGUN, now) == (None if wait is None else now + wait)


def test_a_reference_is_one_the_bank_takes() -> None:
    assert reference(date(2026, 11, 23), 10001, "ABCD1234") == "20261123010001ABCD1234"
    for tail in ("abc", "É", "A" * 20, "A-B"):
        with pytest.raises(ValueError, match="reference"):
            reference(date(2026, 11, 23), 10001, tail)
