"""Which children an activity is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.eligibility import (
    ANY_CHILD,
    Age,
    AgeOn,
    ChildFacts,
    Eligibility,
    Residence,
    age_day,
    completed_months,
    eligible,
)
from portail.domain.reasons import Code

NORA = ChildFacts(date(2021, 5, 20), "Jaurès", "MS")
SEPTEMBER = date(2025, 9, 1)


def codes(rule: Eligibility, child: ChildFacts = NORA, entry: date = SEPTEMBER) -> list[Code]:
    found = eligible(rule, child, entry, SEPTEMBER)
    assert found.allowed == (not found.reasons)
    return [reason.code for reason in found.reasons]


@pytest.mark.parametrize(
    ("birth", "on", "months"),
    [
        ("2021-05-20", "2024-05-19", 35),
        ("2021-05-20", "2024-05-20", 36),
        ("2021-05-31", "2021-06-30", 0),
        ("2020-02-29", "2023-02-28", 35),  # born on 29 February: a year older from 1 March
        ("2020-02-29", "2023-03-01", 36),
        ("2020-02-29", "2024-02-29", 48),
        ("2024-12-31", "2025-01-01", 0),
    ],
)
def test_completed_months(birth: str, on: str, months: int) -> None:
    assert completed_months(date.fromisoformat(birth), date.fromisoformat(on)) == months


def test_from_three_years() -> None:
    rule = Eligibility(min_age=Age(3))
    assert codes(rule, entry=date(2024, 5, 19)) == [Code.TOO_YOUNG]
    assert codes(rule, entry=date(2024, 5, 20)) == []


def test_until_five_years_is_until_the_sixth_birthday() -> None:
    rule = Eligibility(max_age=Age(5))
    assert codes(rule, entry=date(2027, 5, 19)) == []
    assert codes(rule, entry=date(2027, 5, 20)) == [Code.TOO_OLD]


def test_ages_in_months() -> None:
    rule = Eligibility(min_age=Age(2, 6), max_age=Age(4, 3))
    assert codes(rule, entry=date(2023, 11, 19)) == [Code.TOO_YOUNG]
    assert codes(rule, entry=date(2023, 11, 20)) == []
    assert codes(rule, entry=date(2025, 9, 19)) == []  # 4 years and 3 months
    assert codes(rule, entry=date(2025, 9, 20)) == [Code.TOO_OLD]  # and 4 months


def test_the_day_at_which_the_age_counts() -> None:
    entry = date(2024, 5, 1)
    start = Eligibility(min_age=Age(3), age_on=AgeOn.SEASON_START)
    fixed = Eligibility(min_age=Age(3), age_on=AgeOn.FIXED, age_date=date(2024, 12, 31))
    assert age_day(ANY_CHILD, entry, SEPTEMBER) == entry
    assert age_day(start, entry, SEPTEMBER) == SEPTEMBER
    assert age_day(start, entry, None) == entry
    assert age_day(fixed, entry, SEPTEMBER) == date(2024, 12, 31)
    assert codes(fixed, entry=entry) == []


def test_class_school_and_residence() -> None:
    assert codes(Eligibility(levels=("PS", "MS", "GS"), schools=("Jaurès",))) == []
    assert codes(Eligibility(levels=("CP",), schools=("Ferry",))) == [
        Code.WRONG_LEVEL,
        Code.WRONG_SCHOOL,
    ]
    residents = Eligibility(residence=Residence.RESIDENTS)
    assert codes(residents) == []
    assert codes(residents, replace(NORA, resident=False)) == [Code.RESIDENTS_ONLY]


def test_documents_payments_and_twins() -> None:
    rule = Eligibility(
        documents=("fiche", "assurance"), payments_up_to_date=True, excludes=("mercredi-journee",)
    )
    ready = replace(NORA, documents=frozenset({"fiche", "assurance", "autre"}))
    assert codes(rule, ready) == []
    late = replace(
        NORA,
        documents=frozenset({"fiche"}),
        payments_up_to_date=False,
        activities=frozenset({"mercredi-journee"}),
    )
    found = eligible(rule, late, SEPTEMBER)
    assert [reason.code for reason in found.reasons] == [
        Code.MISSING_DOCUMENTS,
        Code.PAYMENTS_DUE,
        Code.TWIN_ACTIVITY,
    ]
    assert found.reasons[0].words == ("assurance",)
    assert found.lasting == ()  # the family can do something about each


def test_what_nothing_will_lift_lasts() -> None:
    found = eligible(Eligibility(levels=("CP",), documents=("fiche",)), NORA, SEPTEMBER)
    assert [reason.code for reason in found.lasting] == [Code.WRONG_LEVEL]


@given(st.dates(date(2010, 1, 1), date(2026, 1, 1)), st.integers(0, 5000), st.integers(0, 400))
def test_a_child_only_grows_older(birth: date, days: int, more: int) -> None:
    on = date.fromordinal(birth.toordinal() + days)
    later = date.fromordinal(on.toordinal() + more)
    assert 0 <= completed_months(birth, on) <= completed_months(birth, later)
