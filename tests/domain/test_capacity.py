"""Places by slot, group and date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.capacity import (
    ANY_NUMBER,
    UNLIMITED,
    Capacity,
    Group,
    PlacesException,
    Quota,
    group_of,
    places_on,
    settle,
)
from portail.domain.eligibility import Age
from portail.domain.reasons import Code

DAY = date(2026, 3, 12)
QUOTAS = Capacity(50, (Quota("mat", 20),))
MAT = Group("mat", "Maternelle", levels=("PS", "MS", "GS"))
SMALL = Group("petits", "3-5 ans", min_age=Age(3), max_age=Age(5))
TALL = Group("grands", "6-11 ans", min_age=Age(6), max_age=Age(11))


def left(
    rule: Capacity, group: str = "", taken: int = 0, of_group: int = 0, day: date = DAY
) -> tuple[int | None, Code | None, bool]:
    found = settle(rule, places_on(rule, day), group, taken, of_group)
    return found.left, found.reason.code if found.reason else None, found.waiting_list


def test_without_limit() -> None:
    assert settle(ANY_NUMBER, places_on(ANY_NUMBER, DAY), "mat", 900, 900) == UNLIMITED
    assert not ANY_NUMBER.limits
    assert not Capacity(units_per_week=2).limits
    assert QUOTAS.limits


@pytest.mark.parametrize(
    ("group", "taken", "of_group", "expected"),
    [
        ("", 49, 0, (1, None, False)),
        ("", 50, 0, (0, Code.FULL, True)),
        ("", 60, 0, (0, Code.FULL, True)),  # places were withdrawn
        ("mat", 30, 19, (1, None, False)),
        ("mat", 30, 20, (0, Code.GROUP_FULL, True)),
        ("mat", 50, 10, (0, Code.FULL, True)),
        ("mat", 48, 10, (2, None, False)),  # the whole binds before the quota
        ("elem", 30, 30, (20, None, False)),  # no quota of its own: the whole alone
    ],
)
def test_the_whole_and_the_group(
    group: str, taken: int, of_group: int, expected: tuple[int | None, Code | None, bool]
) -> None:
    assert left(QUOTAS, group, taken, of_group) == expected


def test_places_for_groups_only() -> None:
    rule = Capacity(None, (Quota("mat", 20),), groups_only=True)
    assert left(rule, "mat", 15, 15) == (5, None, False)
    assert left(rule, "elem") == (0, Code.NO_GROUP, False)


def test_no_waiting_list_when_the_town_keeps_none() -> None:
    assert left(Capacity(10, waiting_list=False), taken=10) == (0, Code.FULL, False)


def test_exceptions_by_date() -> None:
    outing = date(2026, 3, 18)
    rule = Capacity(
        50,
        (Quota("mat", 20),),
        (PlacesException(outing, outing, 30), PlacesException(outing, outing, 8, "mat")),
    )
    assert left(rule, "mat", 8, 8, day=outing) == (0, Code.GROUP_FULL, True)
    assert left(rule, "elem", 29, day=outing) == (1, None, False)
    assert left(rule, "elem", 29) == (21, None, False)
    assert left(Capacity(exceptions=(PlacesException(outing, outing, 0),)), day=outing) == (
        0,
        Code.FULL,
        True,
    )
    assert places_on(rule).total == 50  # the places of an enrolment have no day


def test_groups() -> None:
    groups = MAT, SMALL, TALL
    born = date(2020, 3, 12)
    assert group_of(groups, "GS", born, DAY) == "mat"
    assert group_of((SMALL, TALL), "GS", born, date(2026, 3, 11)) == "petits"
    assert group_of((SMALL, TALL), "GS", born, DAY) == "grands"  # the sixth birthday
    assert group_of((SMALL, TALL), "GS", date(2010, 1, 1), DAY) == ""


@given(*[st.integers(0, 60)] * 4)
def test_never_more_than_there_is(places: int, quota: int, taken: int, of_group: int) -> None:
    rule = Capacity(places, (Quota("mat", quota),))
    found = settle(rule, places_on(rule), "mat", taken, min(of_group, taken))
    assert found.left is not None
    assert 0 <= found.left <= max(0, places - taken)
    assert found.left <= max(0, quota - min(of_group, taken))
    assert (found.left == 0) == (found.reason is not None)
