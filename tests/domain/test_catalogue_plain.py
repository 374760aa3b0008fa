"""The catalogue as plain values: there and back without loss, every fault told with its path."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portail.domain.calendars import CalendarRules, Period, Weekday, WorkingDays, Zone
from portail.domain.catalogue import Activity, Residents, Slot, Town
from portail.domain.catalogue_plain import (
    Flaw,
    NotACatalogueError,
    Sort,
    activity_from_plain,
    activity_to_plain,
    from_plain,
    json_ready,
    read,
    to_plain,
    written,
)
from portail.domain.deadlines import (
    Cutoff,
    DayKind,
    DaysBefore,
    Deadline,
    DuringAbsence,
    NoLimit,
    WeekdayTable,
)
from portail.domain.eligibility import Age, Eligibility
from portail.domain.moments import Moment
from portail.domain.windows import Window

SLOWLY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TOWN: dict[str, Any] = {
    "name": "Ville",
    "calendar": {"zone": "C"},
    "activities": [
        {
            "code": "cantine",
            "label": "Restauration",
            "type": "repas",
            "season": {
                "name": "2026-2027",
                "first_day": "2026-09-01",
                "last_day": date(2027, 7, 2),
            },
            "slots": [
                {
                    "code": "repas",
                    "label": "Repas",
                    "weekdays": ["monday", "friday"],
                    "starts_at": "11:30",
                    "ends_at": time(13, 30),
                    "book": {"kind": "days_before", "days": 2, "counting": "working"},
                }
            ],
        }
    ],
}


@SLOWLY
@given(st.from_type(Slot))
def test_any_slot_survives_json(slot: Slot) -> None:
    assert read(Slot, json.loads(json.dumps(json_ready(written(slot))))) == slot


@SLOWLY
@given(st.from_type(Eligibility), st.from_type(CalendarRules), st.from_type(Residents))
def test_any_other_part_survives_json(one: object, two: object, three: object) -> None:
    for part in (one, two, three):
        assert read(type(part), json.loads(json.dumps(json_ready(written(part))))) == part


@SLOWLY
@given(st.builds(Activity, slots=st.just(())))
def test_any_activity_survives_beside_its_slots(activity: Activity) -> None:
    plain = json.loads(json.dumps(json_ready(activity_to_plain(activity))))
    assert activity_from_plain(plain, activity.slots) == activity


def test_a_town_is_read_from_text_and_from_days() -> None:
    town = from_plain(TOWN)
    (slot,) = town.activities[0].slots
    assert town.activities[0].season == Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
    assert slot.book == DaysBefore(2, counting=DayKind.WORKING)
    assert (slot.starts_at, slot.ends_at) == (time(11, 30), time(13, 30))
    assert from_plain(to_plain(town)) == town


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (DaysBefore(2, time(12)), {"kind": "days_before", "days": 2, "at": "12:00"}),
        (NoLimit(), {"kind": "no_limit"}),
        (
            DuringAbsence(
                WeekdayTable((Cutoff((Weekday.MONDAY,), Weekday.FRIDAY, time(9)),)), time(10)
            ),
            {
                "kind": "during_absence",
                "first_day": {
                    "kind": "weekday_table",
                    "rows": [{"slots_on": ["monday"], "weekday": "friday", "at": "09:00"}],
                },
                "until": "10:00",
            },
        ),
        (Window(opens=Moment(date(2026, 11, 2), time(8))), {"opens": datetime(2026, 11, 2, 8)}),  # noqa: DTZ001
        (Eligibility(Age(3), Age(5, 11)), {"min_age": 3, "max_age": {"years": 5, "months": 11}}),
        (
            CalendarRules(Zone.A, working_days=WorkingDays.OUVRABLES),
            {"zone": "A", "working_days": "ouvrables"},
        ),
    ],
)
def test_what_the_file_says(value: Any, plain: Any) -> None:
    assert written(value) == plain
    assert read(type(value), plain) == value


def _flaws(kind: type, plain: Any) -> list[tuple[str, Flaw]]:
    with pytest.raises(NotACatalogueError) as caught:
        read(kind, plain)
    return [(".".join(map(str, m.path)), m.flaw) for m in caught.value.misreads]


def test_every_fault_is_told_with_its_path() -> None:
    wrong = json_ready(TOWN)
    slot = wrong["activities"][0]["slots"][0]
    slot |= {"weekdays": ["lundi"], "places": 3, "book": {"kind": "tomorrow"}, "cancel": {}}
    del slot["label"]
    wrong["activities"][0]["season"]["last_day"] = "2027-02-30"
    wrong["calendar"] = "C"
    at = "activities.0.slots.0"
    assert sorted(_flaws(Town, wrong)) == sorted(
        [
            ("calendar", Flaw.KIND),
            ("activities.0.season.last_day", Flaw.KIND),
            (f"{at}.places", Flaw.UNKNOWN),
            (f"{at}.label", Flaw.MISSING),
            (f"{at}.weekdays.0", Flaw.CHOICE),
            (f"{at}.book.kind", Flaw.CHOICE),
            (f"{at}.cancel.kind", Flaw.MISSING),
        ]
    )


@pytest.mark.parametrize(
    ("kind", "plain", "sort"),
    [
        (Residents, {"postcodes": "94800"}, Sort.LIST),
        (Eligibility, {"min_age": "3 ans"}, Sort.AGE),
        (Eligibility, {"min_age": True}, Sort.AGE),
        (Eligibility, {"age_date": datetime(2026, 1, 1, tzinfo=UTC)}, Sort.DAY),
        (Window, {"opens": datetime(2026, 1, 1, tzinfo=UTC)}, Sort.MOMENT),
        (Window, {"opens": 12}, Sort.MOMENT),
        (Slot, [], Sort.TABLE),
        (DaysBefore, {"days": 1.5}, Sort.NUMBER),
        (DaysBefore, {"days": True}, Sort.NUMBER),
        (DaysBefore, {"days": 1, "at": "9h"}, Sort.HOUR),
    ],
)
def test_what_was_expected(kind: type, plain: Any, sort: Sort) -> None:
    with pytest.raises(NotACatalogueError) as caught:
        read(kind, plain)
    assert caught.value.misreads[0].expected == (sort,)
    assert str(caught.value)


KEYS = st.sampled_from(["kind", "code", "book", "slots", "season", "name"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
)


@SLOWLY
@given(ANYTHING)
def test_whatever_is_read_the_only_error_is_its_own(plain: Any) -> None:
    with pytest.raises(NotACatalogueError):
        read(Town, plain)
    with pytest.raises(NotACatalogueError):
        read(Slot, {"book": plain})


def test_every_form_of_deadline_has_a_kind() -> None:
    from portail.domain.catalogue_plain import KINDS

    assert set(KINDS.values()) == set(Deadline.__args__)
