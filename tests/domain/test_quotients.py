"""Which quotient of a family counts on a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.quotients import (
    Counted,
    Missing,
    NotCounted,
    OnReferenceDay,
    OnServiceDay,
    Quotient,
    counting,
    last_day,
)

OLD = Quotient(80_000, date(2025, 1, 1))
NEW = Quotient(95_000, date(2026, 4, 1), date(2026, 12, 31))
MARCH = OnReferenceDay(3, 31)

quotients = st.builds(
    Quotient, st.integers(0, 300_000), st.dates(date(2024, 1, 1), date(2027, 12, 31))
)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2024, 12, 31), NotCounted(Missing.NONE)),
        (date(2025, 1, 1), Counted(OLD)),
        (date(2026, 3, 31), Counted(OLD)),
        (date(2026, 4, 1), Counted(NEW)),
        (date(2026, 12, 31), Counted(NEW)),
        # the newer one has replaced the older for good, which does not come back
        (date(2027, 1, 1), NotCounted(Missing.EXPIRED, date(2026, 12, 31))),
    ],
)
def test_in_force_on_the_day(on: date, counts: Counted | NotCounted) -> None:
    assert counting(OnServiceDay(), (OLD, NEW), on) == counts
    assert counting(OnServiceDay(), (NEW, OLD), on) == counts


def test_a_correction_of_the_same_day_replaces() -> None:
    corrected = Quotient(81_000, OLD.valid_from)
    assert counting(OnServiceDay(), (OLD, corrected), date(2025, 5, 1)) == Counted(corrected)


@pytest.mark.parametrize(
    ("on", "counts", "reference"),
    [
        (date(2025, 8, 31), None, date(2024, 3, 31)),  # the season begun in September 2024
        (date(2025, 9, 1), OLD, date(2025, 3, 31)),
        (date(2026, 4, 1), OLD, date(2025, 3, 31)),  # the new one waits…
        (date(2026, 8, 31), OLD, date(2025, 3, 31)),
        (date(2026, 9, 1), OLD, date(2026, 3, 31)),  # …still the old one on 31 March 2026…
        (date(2027, 9, 1), None, date(2027, 3, 31)),  # …and it has ended on 31 March 2027
    ],
)
def test_the_quotient_of_a_reference_day_counts_for_the_season(
    on: date, counts: Quotient | None, reference: date
) -> None:
    rule = OnReferenceDay(3, 31, first_later=False)
    assert rule.reference(on) == reference
    found = counting(rule, (OLD, NEW), on)
    assert found == Counted(counts, reference) if counts else isinstance(found, NotCounted)


def test_a_family_without_one_takes_the_first_it_brings() -> None:
    arrived = Quotient(60_000, date(2026, 10, 15))
    again = Quotient(50_000, date(2026, 12, 1))
    history = (arrived, again)
    before = counting(MARCH, history, date(2026, 10, 14))
    assert before == NotCounted(Missing.NONE, None, date(2026, 3, 31))
    for on in (date(2026, 10, 15), date(2027, 8, 31)):
        assert counting(MARCH, history, on) == Counted(arrived, date(2026, 3, 31))
    assert counting(MARCH, history, date(2027, 9, 1)) == Counted(again, date(2027, 3, 31))


def test_a_reference_in_the_year_before_its_season() -> None:
    rule = OnReferenceDay(12, 31, season_month=1, season_day=1)
    assert rule.reference(date(2026, 7, 1)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 9, 15), 12, date(2027, 9, 14)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_validity_in_months(start: date, months: int, last: date) -> None:
    assert last_day(Quotient(1, start), months) == last
    rule = OnServiceDay(months)
    assert isinstance(counting(rule, [Quotient(1, start)], last), Counted)


def test_the_shorter_validity_wins() -> None:
    assert last_day(NEW, 24) == date(2026, 12, 31)
    assert last_day(NEW, 1) == date(2026, 4, 30)
    expired = counting(OnServiceDay(12), [OLD], date(2026, 1, 1))
    assert expired == NotCounted(Missing.EXPIRED, date(2025, 12, 31))


@given(st.lists(quotients, max_size=5), days)
def test_a_later_quotient_is_never_retroactive(history: list[Quotient], on: date) -> None:
    for rule in (OnServiceDay(), MARCH):
        found = counting(rule, history, on)
        assert found == counting(rule, [q for q in history if q.valid_from <= on], on)
        if isinstance(found, Counted):
            assert found.quotient in history


@given(st.lists(quotients, min_size=1, max_size=5), days, days)
def test_the_season_keeps_its_quotient(history: list[Quotient], a: date, b: date) -> None:
    first, second = sorted((a, b))
    found = counting(MARCH, history, first)
    if isinstance(found, Counted) and MARCH.reference(first) == MARCH.reference(second):
        assert counting(MARCH, history, second) == found


def test_impossible_values_are_refused() -> None:
    for wrong in (
        lambda: Quotient(-1, OLD.valid_from),
        lambda: Quotient(1, date(2026, 1, 2), date(2026, 1, 1)),
        lambda: OnReferenceDay(2, 29),
        lambda: OnReferenceDay(3, 31, 13, 1),
        lambda: OnServiceDay(0),
    ):
        with pytest.raises(ValueError, match=r".+"):
            wrong()
