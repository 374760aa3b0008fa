"""An attempt to pay online: its states, the only moves between them, and how long each may last.

What the bank's service says is `News`; nobody else's word moves an attempt that has left for it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

MIN_CENTS = 100  # the bank's service takes nothing below 1 €
MAX_CENTS = 100_000_00
# how long the bank's page can be used, and a little less for whoever is sent back to it
PAGE_LIVES = timedelta(minutes=15)
PAGE_RESUMED = timedelta(minutes=12)
# nobody was sent anywhere: the portal stopped between writing the attempt and asking the bank
CREATED_LIVES = timedelta(minutes=5)
# «not known yet» may still turn into a payment until then (towns.md §3)
UNKNOWN_LIVES = timedelta(hours=2)
# an abandoned page can be opened again while it lives: it is asked about once more afterwards
LAST_LOOK = PAGE_LIVES + timedelta(minutes=5)
REFERENCE = re.compile(r"[A-Z0-9]{6,30}")


class PaymentState(StrEnum):
    """Where an attempt stands."""

    CREATED = "created"  # written, the bank's service not asked yet
    SENT = "sent"  # the parent was sent to the bank's page
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    FAILED = "failed"  # the bank's service did not take it: nobody was sent anywhere
    MISMATCH = "mismatch"  # paid, but not what was asked: an agent looks at it
    CLEARED = "cleared"  # an agent has looked at it


class News(StrEnum):
    """What the bank's service says of an operation."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    EXPIRED = "expired"
    ERROR = "error"  # neither paid nor refused: asked again later


class Problem(StrEnum):
    """Why a payment was not applied to its invoices."""

    AMOUNT = "amount"  # not the amount that was asked
    REFERENCE = "reference"  # not the reference that was asked
    SETTLED = "settled"  # the invoices were paid otherwise meanwhile
    TEST = "test"  # a test card, in a portal in service


_S = PaymentState
_NOT_PAID = frozenset({_S.REFUSED, _S.ABANDONED, _S.EXPIRED})
# The parent may use the bank's page again after giving up, and news may be late: what was not
# paid can still turn out to be. What is paid stays so.
TRANSITIONS: dict[PaymentState, frozenset[PaymentState]] = {
    _S.CREATED: frozenset({_S.SENT, _S.FAILED, _S.EXPIRED}),
    _S.SENT: frozenset({_S.PAID, _S.MISMATCH}) | _NOT_PAID,
    _S.REFUSED: frozenset({_S.PAID, _S.MISMATCH}),
    _S.ABANDONED: frozenset({_S.PAID, _S.MISMATCH, _S.REFUSED}),
    _S.EXPIRED: frozenset({_S.PAID, _S.MISMATCH}),
    _S.PAID: frozenset(),
    _S.FAILED: frozenset(),
    _S.MISMATCH: frozenset({_S.CLEARED}),
    _S.CLEARED: frozenset(),
}
OPEN = frozenset({_S.CREATED, _S.SENT})
# those that news can still change
MAY_CHANGE = OPEN | _NOT_PAID
# those that keep anybody from paying the same invoices
HOLDING = OPEN | {_S.PAID, _S.MISMATCH}
_BECOMES = {
    News.PAID: _S.PAID,
    News.REFUSED: _S.REFUSED,
    News.ABANDONED: _S.ABANDONED,
    News.EXPIRED: _S.EXPIRED,
}


def may_become(now: PaymentState, then: PaymentState) -> bool:
    """Whether this move is one of the table's."""
    return then in TRANSITIONS[now]


def after_news(state: PaymentState, news: News, age: timedelta) -> PaymentState | None:
    """The state that news lead to, `age` after the attempt began; None: it stays as it is."""
    target = _BECOMES.get(news)
    if target is None and state is _S.SENT and age >= UNKNOWN_LIVES:
        target = _S.EXPIRED
    return target if target is not None and may_become(state, target) else None


def next_look(state: PaymentState, created_at: datetime, now: datetime) -> datetime | None:
    """When the bank's service is to be asked again about an attempt; None: no need.

    Every minute while its page lives, then less and less often.
    """
    age = now - created_at
    if state is _S.CREATED:
        return created_at + CREATED_LIVES
    if state is _S.SENT:
        return now + timedelta(minutes=1 if age < LAST_LOOK else 10)
    if state in (_S.REFUSED, _S.ABANDONED) and age < LAST_LOOK:
        return created_at + LAST_LOOK
    return None


def over_at(state: PaymentState, created_at: datetime) -> datetime:
    """When an open attempt has let its invoices go, at the latest."""
    return created_at + (CREATED_LIVES if state is PaymentState.CREATED else UNKNOWN_LIVES)


def reference(on: date, family_number: int, tail: str) -> str:
    """The reference of an attempt at the bank («refdet»): 6 to 30 capitals and digits.

    Args:
        on: the day it begins.
        family_number: number of the family file, which the régie recognises.
        tail: what makes it unique, in capitals and digits.

    Raises:
        ValueError: the bank would not take it.
    """
    text = f"{on:%Y%m%d}{family_number:06d}{tail}"
    if not REFERENCE.fullmatch(text):
        raise ValueError(f"Not a reference for the bank: {text!r}")
    return text
