"""How repeated failures slow down, then lock, a sign-in.

The first mistakes cost nothing; then each costs a wait that doubles; then the key is locked. A
key is a typed name (known or not: both behave the same) or a network address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    """Limits of one kind of key. Counts are failures within `window`."""

    free: int
    lock_after: int
    first_wait: timedelta
    lock: timedelta
    window: timedelta


SIGN_IN_NAME = Policy(3, 8, timedelta(seconds=2), timedelta(minutes=15), timedelta(minutes=30))
# A town hall or a school shares one address: more room before it is slowed down.
SIGN_IN_ADDRESS = Policy(20, 60, timedelta(seconds=2), timedelta(minutes=15), timedelta(minutes=30))
RESET_NAME = Policy(3, 3, timedelta(0), timedelta(hours=1), timedelta(hours=1))
RESET_ADDRESS = Policy(20, 20, timedelta(0), timedelta(hours=1), timedelta(hours=1))
# References of a family file: five tries, then none for a quarter of an hour.
REFERENCES = Policy(5, 5, timedelta(0), timedelta(minutes=15), timedelta(hours=1))
REFERENCES_ADDRESS = Policy(30, 30, timedelta(0), timedelta(minutes=15), timedelta(hours=1))
# Each sends a mail to an address that somebody typed.
EMAIL_CHANGE = Policy(5, 5, timedelta(0), timedelta(hours=1), timedelta(hours=1))
EMAIL_CHANGE_ADDRESS = Policy(20, 20, timedelta(0), timedelta(hours=1), timedelta(hours=1))
# Documents that a family sends: far above what one has to give, far below what fills a disk.
DOCUMENTS = Policy(60, 60, timedelta(0), timedelta(days=1), timedelta(days=1))
# Messages of an account: each takes somebody's time at the town hall.
MESSAGES = Policy(20, 20, timedelta(0), timedelta(hours=1), timedelta(hours=1))

# Attempts to pay: each is announced to the bank.
PAYMENTS = Policy(30, 30, timedelta(0), timedelta(hours=1), timedelta(hours=1))
# Notifications of payments that do not exist: the bank never sends any.
PAYMENT_STRANGER = Policy(
    30, 60, timedelta(seconds=2), timedelta(minutes=15), timedelta(minutes=30)
)
# Calendars that do not exist. Telephones go on asking for an address that was renewed, and the
# servers that ask for thousands of them share a few addresses: only a search goes beyond this.
CALENDAR_STRANGER = Policy(
    60, 120, timedelta(seconds=2), timedelta(minutes=15), timedelta(minutes=30)
)


@dataclass(frozen=True)
class Count:
    """Failures counted so far for a key, since when, and until when it is refused."""

    failures: int
    started_at: datetime
    blocked_until: datetime | None = None


def blocked_for(count: Count | None, now: datetime) -> timedelta:
    """How long the key is still refused; zero when it may try."""
    if count is None or count.blocked_until is None:
        return timedelta(0)
    return max(count.blocked_until - now, timedelta(0))


def after_failure(policy: Policy, count: Count | None, now: datetime) -> Count:
    """The count once one more failure is added.

    A window that has passed, or a lock that has been served, starts a new one.
    """
    served = count is not None and count.failures >= policy.lock_after
    if count is None or served or now - count.started_at > policy.window:
        count = Count(0, now)
    failures = count.failures + 1
    if failures >= policy.lock_after:
        return Count(failures, count.started_at, now + policy.lock)
    if failures > policy.free:
        wait = policy.first_wait * 2 ** (failures - policy.free - 1)
        return Count(failures, count.started_at, now + min(wait, policy.lock))
    return Count(failures, count.started_at)


def just_locked(policy: Policy, count: Count) -> bool:
    """Whether this failure is the one that locks (the owner is told once, not at each)."""
    return count.failures == policy.lock_after
