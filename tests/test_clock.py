"""The one source of «now», over the days when the clocks change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from portail import clock
from portail.settings import PARIS, settings

HOUR = timedelta(hours=1)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Freeze the clock at this wall-clock time in Paris, as a town would write it."""

    def freeze(value: str) -> None:
        monkeypatch.setenv("PORTAIL_NOW", value)
        settings.cache_clear()

    return freeze


@pytest.fixture(autouse=True)
def _settings_again() -> object:
    yield
    settings.cache_clear()


def test_now_is_aware_and_in_utc(frozen: Callable[[str], None]) -> None:
    frozen("2026-07-01T09:00")
    assert clock.now() == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    frozen("2026-12-01T09:00")
    assert clock.now() == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_a_frozen_time_with_its_own_zone_is_kept(frozen: Callable[[str], None]) -> None:
    frozen("2026-07-01T09:00+00:00")
    assert clock.now() == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_an_hour_is_skipped_in_spring(frozen: Callable[[str], None]) -> None:
    frozen("2026-03-29T01:59")
    clock.advance(timedelta(minutes=1))
    assert clock.paris(clock.now()).strftime("%H:%M %z") == "03:00 +0200"


def test_an_hour_comes_twice_in_autumn(frozen: Callable[[str], None]) -> None:
    frozen("2026-10-25T02:30")
    before = clock.now()
    clock.advance(HOUR)
    assert clock.paris(clock.now()).strftime("%H:%M %z") == "02:30 +0100"
    assert clock.now() - before == HOUR  # Paris datetimes would say zero


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_lasts_as_long_as_it_does(
    day: date, hours: int, frozen: Callable[[str], None]
) -> None:
    frozen(f"{day}T00:00")
    assert clock.today() == day
    clock.advance(hours * HOUR - timedelta(seconds=1))
    assert clock.today() == day
    clock.advance(timedelta(seconds=1))
    assert clock.today() == day + timedelta(days=1)


def test_today_is_of_paris_not_of_utc(frozen: Callable[[str], None]) -> None:
    frozen("2026-07-02T00:30")
    assert clock.now().date() == date(2026, 7, 1)
    assert clock.today() == date(2026, 7, 2)


def test_the_real_clock_cannot_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAIL_NOW")
    settings.cache_clear()
    with pytest.raises(RuntimeError):
        clock.advance(HOUR)
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.paris(before).tzinfo is PARIS


def test_what_was_advanced_is_undone() -> None:
    before = clock.now()
    clock.advance(HOUR)
    assert clock.now() == before + HOUR
    clock.reset()
    assert clock.now() == before


def test_what_a_copy_of_data_writes_is_of_paris_to_the_second() -> None:
    assert clock.written(datetime(2026, 7, 1, 7, 0, 5, 999, UTC)) == "2026-07-01T09:00:05+02:00"
    assert clock.written(datetime(2026, 12, 1, 8, tzinfo=UTC)) == "2026-12-01T09:00:00+01:00"
    assert clock.written(None) is None
