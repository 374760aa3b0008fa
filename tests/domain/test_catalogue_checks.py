"""What is wrong in a catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from portail.domain.calendars import Period
from portail.domain.capacity import Capacity, Group, Quota
from portail.domain.catalogue import FRI, MON, THU, TUE, WED, Late, Slot, Town
from portail.domain.catalogue_checks import Fault, problems
from portail.domain.deadlines import (
    NO_LIMIT,
    ByWeekday,
    Cutoff,
    DayOfMonthBefore,
    DaysBefore,
    DuringAbsence,
    HoursBefore,
    WeekBefore,
    WeekdayCase,
    WeekdayTable,
)
from portail.domain.eligibility import Eligibility
from portail.domain.moments import Moment
from portail.domain.surcharges import Surcharge
from portail.domain.windows import Window
from tests.catalogues import TYPE, activity, slot, town

HALF = WeekdayTable((Cutoff((MON, TUE), FRI),))
MORE = WeekdayTable((Cutoff((MON, TUE, THU, FRI), FRI),))
WHOLE = ByWeekday((WeekdayCase((THU, FRI), DaysBefore(1)),), HALF)
BACKWARDS = Period("À l’envers", date(2026, 3, 12), date(2026, 3, 1))
SPRING, SUMMER = Moment(date(2026, 4, 1)), Moment(date(2026, 7, 1))


def test_nothing_is_wrong() -> None:
    fine = town(activity(slot(book=MORE, cancel=WHOLE, late_booking=Late(Surcharge(50)))))
    assert problems(fine) == ()


@pytest.mark.parametrize(
    ("wrong", "where", "fault", "about"),
    [
        (slot(weekdays=()), "weekdays", Fault.NO_DAY, ""),
        (slot(ends_at=time(9)), "ends_at", Fault.HOURS, ""),
        (slot(weekdays=(WED,)), "weekdays", Fault.NEVER_OPEN, "wednesday"),
        (slot(book=HALF, weekdays=(TUE, THU)), "book", Fault.NO_CUTOFF, "thursday"),
        (
            slot(cancel=DuringAbsence(HALF, time(10)), weekdays=(TUE, FRI)),
            "cancel",
            Fault.NO_CUTOFF,
            "friday",
        ),
        (
            slot(book=ByWeekday((WeekdayCase((THU,), HALF),), NO_LIMIT)),
            "book",
            Fault.NO_CUTOFF,
            "thursday",
        ),
        (slot(book=DaysBefore(-1)), "book", Fault.NEGATIVE, ""),
        (slot(book=HoursBefore(-1)), "book", Fault.NEGATIVE, ""),
        (slot(book=WeekBefore(MON, weeks=-1)), "book", Fault.NEGATIVE, ""),
        (slot(book=DayOfMonthBefore(0)), "book", Fault.NEGATIVE, ""),
        (slot(book=DayOfMonthBefore(32)), "book", Fault.NEGATIVE, ""),
        (slot(late_booking=Late(Surcharge(-5))), "late_booking", Fault.NEGATIVE, ""),
        (
            slot(late_booking=Late(Surcharge(5), DaysBefore(-1))),
            "late_booking.until",
            Fault.NEGATIVE,
            "",
        ),
        (slot(excludes=("repas",)), "excludes", Fault.ITSELF, "repas"),
        (slot(needs=("gone",)), "needs", Fault.UNKNOWN, "gone"),
        (slot(capacity=Capacity(9, (Quota("gone", 2),))), "capacity", Fault.UNKNOWN, "gone"),
        (slot(capacity=Capacity(-1)), "capacity", Fault.NEGATIVE, ""),
        (slot(windows=(Window(residents_from=SPRING),)), "windows", Fault.RESIDENTS, ""),
        (slot(windows=(Window(SPRING, None, SUMMER),)), "windows", Fault.RESIDENTS, ""),
        (slot(windows=(Window(SUMMER, SPRING),)), "windows", Fault.PERIOD, ""),
        (
            slot(windows=(Window(first_day=SUMMER.day, last_day=SPRING.day),)),
            "windows",
            Fault.PERIOD,
            "",
        ),
    ],
)
def test_wrong_slots(wrong: Slot, where: str, fault: Fault, about: str) -> None:
    (found,) = problems(town(activity(wrong)))
    assert found.where == f"activities.cantine.slots.repas.{where}"
    assert (found.fault, found.about) == (fault, about)


CARE = activity(slot())


@pytest.mark.parametrize(
    ("wrong", "where", "fault"),
    [
        (town(CARE, activity(slot("autre"))), "activities", Fault.TWICE),
        (town(CARE, activity(slot(), code="soir")), "slots", Fault.TWICE),
        (replace(town(CARE), types=(TYPE, TYPE)), "types", Fault.TWICE),
        (town(replace(CARE, type="gone")), "activities.cantine.type", Fault.UNKNOWN),
        (town(replace(CARE, site="gone")), "activities.cantine.site", Fault.UNKNOWN),
        (town(replace(CARE, season=BACKWARDS)), "activities.cantine.season", Fault.PERIOD),
        (
            town(replace(CARE, eligibility=Eligibility(excludes=("gone",)))),
            "activities.cantine.eligibility.excludes",
            Fault.UNKNOWN,
        ),
        (
            town(replace(CARE, groups=(Group("a", "A"), Group("a", "A")))),
            "activities.cantine.groups",
            Fault.TWICE,
        ),
        (
            town(replace(CARE, capacity=Capacity(-1))),
            "activities.cantine.capacity",
            Fault.NEGATIVE,
        ),
        (town(CARE, closing=(BACKWARDS,)), "calendar.closing", Fault.PERIOD),
    ],
)
def test_wrong_towns(wrong: Town, where: str, fault: Fault) -> None:
    (found,) = problems(wrong)
    assert (found.where, found.fault) == (where, fault)
