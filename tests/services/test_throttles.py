"""Failure counts in the database: one row a key, kept small, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.throttling import Policy
from portail.models import FailureCount
from portail.services import throttles
from portail.worker import schedule

pytestmark = pytest.mark.usefixtures("db")
SECOND = timedelta(seconds=1)
POLICY = Policy(2, 4, 2 * SECOND, timedelta(minutes=15), timedelta(minutes=30))


def attempt(value: str = "key", kind: str = "kind") -> timedelta:
    with writing() as session:
        wait, _ = throttles.count_attempt(session, kind, value, POLICY, clock.now())
    return wait


def counts() -> list[int]:
    with reading() as session:
        return [row.failures for row in session.exec(select(FailureCount).order_by("id"))]


def test_attempts_are_counted_until_they_are_refused() -> None:
    assert [bool(attempt()) for _ in range(5)] == [False, False, False, True, True]
    assert counts() == [3]  # refused ones are not counted


def test_keys_and_kinds_are_apart() -> None:
    for _ in range(4):
        attempt()
    assert attempt()
    assert not attempt("other")
    assert not attempt(kind="other")
    assert counts() == [3, 1, 1]


def test_forgiving_forgets_one_key() -> None:
    for _ in range(4):
        attempt()
    attempt("other")
    with writing() as session:
        throttles.forgive(session, "kind", "key")
    assert counts() == [1]
    assert not attempt()


def test_taking_back_removes_one_attempt_and_lifts_the_wait() -> None:
    for _ in range(3):
        attempt()
    assert attempt()
    with writing() as session:
        throttles.take_back(session, "kind", "key")
    assert counts() == [2]
    assert not attempt()


def test_taking_back_the_last_one_leaves_nothing() -> None:
    attempt()
    for _ in range(2):  # the second finds nothing, and that is no error
        with writing() as session:
            throttles.take_back(session, "kind", "key")
    assert counts() == []


def test_hashes_are_keyed_and_fit_their_column() -> None:
    assert throttles.key_hash("a") == throttles.key_hash("a") != throttles.key_hash("b")
    assert len(throttles.key_hash("x" * 10_000)) == 64


def test_the_purge_forgets_old_counts_and_only_those() -> None:
    attempt("old")
    clock.advance(schedule.KEEP_COUNTS + SECOND)
    attempt("recent")
    schedule.purge()
    assert counts() == [1]
    with reading() as session:
        kept = session.exec(select(FailureCount)).one()
    assert kept.key_hash == throttles.key_hash("recent")
