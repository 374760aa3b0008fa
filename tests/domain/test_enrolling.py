"""May this child be enrolled in this activity from that day?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from portail.domain.calendars import Calendar, CalendarRules, Zone
from portail.domain.capacity import Capacity, Group, Quota
from portail.domain.catalogue import Activity, Approval
from portail.domain.deadlines import DaysBefore
from portail.domain.eligibility import Age, ChildFacts, Eligibility
from portail.domain.enrolling import (
    EnrolmentAnswer,
    Request,
    enrolment_group,
    entry_day,
    may_enrol,
)
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.moments import Moment
from portail.domain.reasons import Code
from portail.domain.windows import Window
from tests.catalogues import SEASON, activity, paris, slot

CALENDAR = Calendar(CalendarRules(Zone.A))
NORA = ChildFacts(date(2021, 5, 20), "Jaurès", "MS")
NOW = "2025-10-06 10:00"
ENTRY = date(2025, 11, 3)
CARE = activity(slot(), season=SEASON)


def answer(offer: Activity = CARE, now: str = NOW, **asked: object) -> EnrolmentAnswer:
    request = replace(Request(NORA, ENTRY), **asked)  # type: ignore[arg-type]
    return may_enrol(offer, CALENDAR, request, paris(now))


def codes(found: EnrolmentAnswer) -> list[Code]:
    assert found.allowed == (not found.reasons) == (found.state is not None)
    return [reason.code for reason in found.reasons]


def test_requested_or_validated_at_once() -> None:
    found = answer()
    assert (found.allowed, found.offered, found.state) == (True, True, EnrolmentState.REQUESTED)
    assert found.places_left is None
    automatic = replace(CARE, approval=Approval.AUTOMATIC)
    assert answer(automatic).state is EnrolmentState.VALIDATED


@pytest.mark.parametrize(
    ("current", "again"),
    [
        (EnrolmentState.REQUESTED, False),
        (EnrolmentState.DOCUMENT_ASKED, False),
        (EnrolmentState.WAITING_LIST, False),
        (EnrolmentState.VALIDATED, False),
        (EnrolmentState.REFUSED, True),
        (EnrolmentState.WITHDRAWN, True),
        (EnrolmentState.ENDED, True),
    ],
)
def test_one_request_at_a_time(current: EnrolmentState, again: bool) -> None:
    assert codes(answer(current=current)) == ([] if again else [Code.ALREADY_ASKED])


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("2025-10-06", []),
        ("2025-10-05", [Code.ENTRY_PAST]),
        ("2025-08-31", [Code.ENTRY_OUT_OF_SEASON]),
        ("2026-07-03", []),
        ("2026-07-04", [Code.ENTRY_OUT_OF_SEASON]),
    ],
)
def test_the_day_of_entry(entry: str, expected: list[Code]) -> None:
    assert codes(answer(entry_on=date.fromisoformat(entry))) == expected


def test_an_imposed_day_of_entry() -> None:
    fixed = replace(CARE, fixed_entry=SEASON.first_day)
    assert codes(answer(fixed)) == [Code.ENTRY_IMPOSED]
    assert codes(answer(fixed, entry_on=SEASON.first_day)) == []
    assert entry_day(fixed, paris(NOW)) == SEASON.first_day
    assert entry_day(CARE, paris(NOW)) == date(2025, 10, 6)
    assert entry_day(CARE, paris("2025-08-20 10:00")) == SEASON.first_day


def test_an_activity_that_is_over_is_not_offered() -> None:
    last = answer(now="2026-07-03 23:59", entry_on=SEASON.last_day)
    assert last.offered
    found = answer(now="2026-07-04 00:00")
    assert codes(found) == [Code.ACTIVITY_OVER]
    assert not found.offered


def test_a_child_it_is_not_for_is_not_offered_it() -> None:
    tall = replace(CARE, eligibility=Eligibility(min_age=Age(6), documents=("fiche",)))
    found = answer(tall)
    assert codes(found) == [Code.TOO_YOUNG, Code.MISSING_DOCUMENTS]
    assert not found.offered
    assert answer(replace(CARE, eligibility=Eligibility(documents=("fiche",)))).offered


def test_places() -> None:
    offer = replace(
        CARE,
        capacity=Capacity(20, (Quota("mat", 8),)),
        groups=(Group("mat", "Maternelle", ("MS",)),),
    )
    assert enrolment_group(offer, NORA, ENTRY) == "mat"
    assert answer(offer, taken=10, taken_by_group=7).places_left == 1
    full = answer(offer, taken=10, taken_by_group=8)
    assert (full.allowed, full.state, full.places_left) == (True, EnrolmentState.WAITING_LIST, 0)
    without = replace(offer, capacity=replace(offer.capacity, waiting_list=False))
    assert codes(answer(without, taken=20)) == [Code.FULL]


def test_windows_of_enrolment() -> None:
    window = Window(
        opens=Moment(date(2025, 6, 9), time(9)),
        closes=Moment(date(2025, 6, 27), time(12)),
        residents_from=Moment(date(2025, 6, 2), time(9)),
    )
    offer = replace(CARE, enrolment_windows=(window,))
    early = answer(offer, now="2025-06-01 10:00")
    assert codes(early) == [Code.WINDOW_NOT_OPEN]
    assert early.changes_at == paris("2025-06-02 09:00")
    assert codes(answer(offer, now="2025-06-02 09:00")) == []
    other = replace(NORA, resident=False)
    assert codes(answer(offer, now="2025-06-02 09:00", child=other)) == [
        Code.WINDOW_RESIDENTS_FIRST
    ]
    assert codes(answer(offer, now="2025-06-27 12:00", child=other)) == []
    assert codes(answer(offer, now="2025-06-27 12:00:01")) == [Code.WINDOW_OVER]
    rolling = replace(CARE, enrolment_windows=(Window(closes=DaysBefore(30, time(9))),))
    assert codes(answer(rolling)) == [Code.WINDOW_OVER]  # 30 days before 3 November: 4 October
    assert codes(answer(rolling, now="2025-10-04 09:00")) == []
