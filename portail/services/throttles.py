"""Failure counts kept in the database, so that they hold over restarts and several processes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from portail.domain.throttling import Count, Policy, after_failure, blocked_for
from portail.models import FailureCount
from portail.settings import settings


def key_hash(value: str) -> str:
    """A key without the name or address itself: keyed, so that the table tells nothing."""
    return hashlib.blake2b(value.encode(), key=settings().signing_key().encode()[:64]).hexdigest()[
        :64
    ]


def count_attempt(
    session: Session, kind: str, value: str, policy: Policy, now: datetime
) -> tuple[timedelta, Count]:
    """Count an attempt as a failure, unless its key is still blocked.

    It is counted before the answer is known: a hundred attempts at once cannot all pass the
    check. `forgive` takes it back when the attempt turns out right.

    Returns:
        How long the key is still refused (zero: go on), and the count.
    """
    row = _locked_row(session, kind, key_hash(value), now)
    count = Count(row.failures - 1, row.started_at, row.blocked_until)
    wait = blocked_for(count, now)
    if wait:
        row.failures -= 1
        return wait, count
    count = after_failure(policy, count if count.failures else None, now)
    row.failures, row.started_at = count.failures, count.started_at
    row.blocked_until = count.blocked_until
    return timedelta(0), count


def wait_of(session: Session, kind: str, value: str, now: datetime) -> timedelta:
    """How long a key is still refused, nothing counted."""
    query = select(FailureCount.blocked_until).where(
        FailureCount.kind == kind, FailureCount.key_hash == key_hash(value)
    )
    until = session.exec(query).first()
    return max(until - now, timedelta(0)) if until else timedelta(0)


def _locked_row(session: Session, kind: str, hashed: str, now: datetime) -> FailureCount:
    """The row of a key, made if need be, and locked until the transaction ends."""
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    # an upsert locks the row on both databases, also when two transactions make it at once
    session.execute(
        insert(FailureCount)
        .values(kind=kind, key_hash=hashed, failures=1, started_at=now)
        .on_conflict_do_update(
            index_elements=["kind", "key_hash"],
            set_={"failures": col(FailureCount.failures) + 1},
        )
    )
    query = select(FailureCount).where(FailureCount.kind == kind, FailureCount.key_hash == hashed)
    return session.exec(query).one()


def forgive(session: Session, kind: str, value: str) -> None:
    """Forget the failures of a key."""
    session.execute(
        delete(FailureCount).where(
            col(FailureCount.kind) == kind, col(FailureCount.key_hash) == key_hash(value)
        )
    )


def take_back(session: Session, kind: str, value: str) -> None:
    """Take back one attempt of a key that many people share (an address)."""
    query = (
        select(FailureCount)
        .where(FailureCount.kind == kind, FailureCount.key_hash == key_hash(value))
        .with_for_update()
    )
    row = session.exec(query).one_or_none()
    if row is None:
        return
    if row.failures > 1:
        row.failures -= 1
        row.blocked_until = None
    else:
        session.delete(row)


def purge(session: Session, before: datetime) -> None:
    """Forget counts whose window has long passed."""
    session.execute(delete(FailureCount).where(col(FailureCount.started_at) < before))
