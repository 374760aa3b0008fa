"""Hours on a clock in Paris, on the two nights when the clock changes too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.moments import PARIS, Moment, at_paris, of, utc


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 12), time(9), datetime(2026, 3, 12, 8, tzinfo=UTC)),  # winter: +1
        (date(2026, 7, 1), time(9), datetime(2026, 7, 1, 7, tzinfo=UTC)),  # summer: +2
        # Sunday 29 March 2026: at 2:00 it is 3:00 (1:00 UTC); 2:30 never shows
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(3), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 3, 29), time(9), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        # Sunday 25 October 2026: at 3:00 it is 2:00 again; the second 2:30 is 1:30 UTC
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
        # 23:59 is the end of the day
        (date(2026, 3, 12), time(23, 59), datetime(2026, 3, 12, 22, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_the_hour_of_a_day(day: date, at: time, expected: datetime) -> None:
    found = at_paris(day, at)
    assert utc(found) == expected
    assert found.tzinfo is PARIS
    assert of(Moment(day, at)) == found


def test_two_instants_of_the_doubled_hour_compare_by_when_they_happen() -> None:
    until = at_paris(date(2026, 10, 25), time(2, 30))  # the second 2:30
    now = datetime(2026, 10, 25, 2, 45, fold=0, tzinfo=PARIS)  # the first 2:45, 45 minutes earlier
    assert utc(now) < utc(until)
    assert now > until  # what the clock shows would have been wrong


def test_an_instant_has_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 3, 12, 9))  # noqa: DTZ001


# 23:59:30 is no hour that anyone publishes
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), hours, hours)
def test_a_later_hour_is_never_an_earlier_instant(day: date, one: time, other: time) -> None:
    early, late = sorted(
        (one.replace(second=0, microsecond=0), other.replace(second=0, microsecond=0))
    )
    assert utc(at_paris(day, early)) <= utc(at_paris(day, late))
