"""How failures slow down, then lock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.throttling import (
    EMAIL_CHANGE,
    EMAIL_CHANGE_ADDRESS,
    REFERENCES,
    REFERENCES_ADDRESS,
    RESET_ADDRESS,
    RESET_NAME,
    SIGN_IN_ADDRESS,
    SIGN_IN_NAME,
    Count,
    Policy,
    after_failure,
    blocked_for,
    just_locked,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ZERO, SECOND = timedelta(0), timedelta(seconds=1)
POLICY = Policy(2, 5, SECOND, timedelta(minutes=15), timedelta(minutes=30))
POLICIES = (
    *(POLICY, SIGN_IN_NAME, SIGN_IN_ADDRESS, RESET_NAME, RESET_ADDRESS),
    *(REFERENCES, REFERENCES_ADDRESS, EMAIL_CHANGE, EMAIL_CHANGE_ADDRESS),
)


def failures(count: int, policy: Policy = POLICY) -> Count:
    """This many failures, the waits ignored."""
    made = after_failure(policy, None, NOW)
    for _ in range(count - 1):
        made = after_failure(policy, made, NOW)
    return made


@pytest.mark.parametrize(
    ("count", "wait"),
    [(1, ZERO), (2, ZERO), (3, SECOND), (4, 2 * SECOND), (5, timedelta(minutes=15))],
)
def test_the_first_are_free_then_waits_double_then_it_locks(count: int, wait: timedelta) -> None:
    assert blocked_for(failures(count), NOW) == wait


def test_nothing_counted_blocks_nothing() -> None:
    assert blocked_for(None, NOW) == ZERO


def test_a_wait_runs_out() -> None:
    made = failures(4)
    assert blocked_for(made, NOW + SECOND) == SECOND
    assert blocked_for(made, NOW + 2 * SECOND) == ZERO
    assert blocked_for(made, NOW + timedelta(days=1)) == ZERO


def test_a_window_that_has_passed_starts_a_new_one() -> None:
    made, later = failures(4), NOW + POLICY.window
    assert after_failure(POLICY, made, later).failures == 5
    assert after_failure(POLICY, made, later + SECOND) == Count(1, later + SECOND)


def test_a_lock_that_has_been_served_starts_anew() -> None:
    served = NOW + POLICY.lock
    assert after_failure(POLICY, failures(5), served) == Count(1, served)


@pytest.mark.parametrize("policy", POLICIES)
def test_only_the_failure_that_locks_is_told(policy: Policy) -> None:
    told = [n for n in range(1, 3 * policy.lock_after) if just_locked(policy, failures(n, policy))]
    assert told == [policy.lock_after, 2 * policy.lock_after]


@given(st.sampled_from(POLICIES), st.lists(st.timedeltas(ZERO, timedelta(hours=3)), max_size=80))
def test_however_one_tries_guesses_are_bounded(policy: Policy, pauses: list[timedelta]) -> None:
    """Whatever the rhythm, any window holds no more tries than the policy gives two of them."""
    now, count, tried = NOW, None, []
    for pause in pauses:
        now += pause
        if not blocked_for(count, now):
            count = after_failure(policy, count, now)
            tried.append(now)
            assert count.failures <= policy.lock_after
    for start in tried:
        inside = [at for at in tried if start <= at < start + min(policy.window, policy.lock)]
        assert len(inside) <= 2 * policy.lock_after


@given(st.sampled_from(POLICIES), st.integers(1, 200))
def test_waits_never_get_shorter_before_the_lock(policy: Policy, count: int) -> None:
    count = min(count, policy.lock_after - 1)
    waits = [blocked_for(failures(n, policy), NOW) for n in range(1, count + 2)]
    assert waits == sorted(waits)
    assert max(waits) <= policy.lock
