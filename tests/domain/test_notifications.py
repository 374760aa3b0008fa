"""The list of kinds, and the evenings of the daily digest."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portail.domain.moments import PARIS
from portail.domain.notifications import (
    CHOICES,
    CHOSEN,
    KINDS,
    Choice,
    Notification,
    choice,
    closes_after,
    digest_day,
    reminder_evening,
)

ALWAYS = {Notification.ANSWERS, Notification.PAYMENTS}


def paris(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def test_every_kind_is_listed_once_with_its_words() -> None:
    assert set(KINDS) == set(Notification)
    assert len({told.label for told in KINDS.values()}) == len(KINDS)
    assert all(told.label and told.says.endswith(".") for told in KINDS.values())
    assert set(CHOICES) == set(Choice)
    assert KINDS[Notification.PLACES].caution  # hours, and the digest comes once a day


def test_what_the_law_wants_is_no_choice() -> None:
    assert set(Notification) - set(CHOSEN) == ALWAYS
    assert {kind for kind, told in KINDS.items() if told.always} == ALWAYS


@pytest.mark.parametrize("kind", Notification)
@pytest.mark.parametrize("wanted", [None, *Choice])
def test_when_a_kind_is_told(kind: Notification, wanted: Choice | None) -> None:
    expected = Choice.NOW if kind in ALWAYS or wanted is None else wanted
    assert choice(kind, wanted) is expected


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (paris(2026, 11, 23, 17, 59), date(2026, 11, 22)),
        (paris(2026, 11, 23, 18), date(2026, 11, 23)),
        (paris(2026, 11, 23, 21, 59), date(2026, 11, 23)),
        # nobody is written to at night; what was missed leaves in the morning
        (paris(2026, 11, 23, 22), None),
        (paris(2026, 11, 24, 3), None),
        (paris(2026, 11, 24, 6), date(2026, 11, 23)),
        # 18 o'clock is 16 or 17 in UTC: the days on which the clocks change
        (datetime(2026, 3, 28, 16, 59, tzinfo=UTC), date(2026, 3, 27)),
        (datetime(2026, 3, 28, 17, 0, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 15, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 16, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 16, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 17, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_the_day_whose_digest_leaves(now: datetime, day: date | None) -> None:
    assert digest_day(now, 18) == day


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (paris(2026, 11, 24, 0), True),
        (paris(2026, 11, 24, 23, 59), True),
        (paris(2026, 11, 23, 23), False),
        (paris(2026, 11, 25, 0), False),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), True),  # half past midnight in Paris
    ],
)
def test_tomorrow_is_that_of_paris(until: datetime, told: bool) -> None:
    assert closes_after(date(2026, 11, 23), until) is told


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        (paris(2026, 11, 23, 16, 59), date(2026, 11, 22)),  # missed: made up still
        (paris(2026, 11, 23, 17), date(2026, 11, 23)),
        (paris(2026, 11, 23, 21, 59), date(2026, 11, 23)),
        (paris(2026, 11, 23, 22), None),
        (paris(2026, 11, 24, 0, 30), None),
        (paris(2026, 11, 24, 6), date(2026, 11, 23)),
        # the clock shows two o'clock twice, or never: nobody is written to then
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), None),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), None),
        (datetime(2026, 10, 25, 15, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 16, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 3, 29, 14, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 15, 0, tzinfo=UTC), date(2026, 3, 29)),
    ],
)
def test_the_evening_whose_reminders_leave(now: datetime, evening: date | None) -> None:
    assert reminder_evening(now, 18) == evening
