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
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Flat
from portail.domain.pricing.tariff import AmountMore, Grid, PercentMore
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


HALF_MORE, DOUBLE, TWO_EUROS = PercentMore(5_000), PercentMore(10_000), AmountMore(200)


def tariff(*late: PercentMore | AmountMore | None) -> dict[str, Tariff]:
    """A tariff whose successive versions say this of a late booking."""
    versions = tuple(
        Version(date(2020 + year, 9, 1), Grid(Flat(400)), late_booking=more)
        for year, more in enumerate(late)
    )
    return {"repas": Tariff("repas", "Repas", versions)}


@pytest.mark.parametrize(
    ("shown", "tariffs", "right"),
    [
        (Surcharge(50), tariff(HALF_MORE), True),
        (Surcharge(cents=200), tariff(TWO_EUROS), True),
        (Surcharge(), tariff(None), True),  # late, for the same price
        (Surcharge(50), tariff(DOUBLE, HALF_MORE), True),  # Cergy: it was +100 % before
        (Surcharge(50), tariff(None), False),
        (Surcharge(50), tariff(DOUBLE), False),
        (Surcharge(), tariff(HALF_MORE), False),
        (Surcharge(50), tariff(PercentMore(5_050)), False),  # a slot has whole percents
        (Surcharge(50, 200), tariff(HALF_MORE), False),
    ],
)
def test_what_being_late_costs_is_said_the_same_by_the_slot_and_its_tariff(
    shown: Surcharge, tariffs: dict[str, Tariff], right: bool
) -> None:
    late = replace(slot(late_booking=Late(shown)), tariff="repas")
    found = problems(town(activity(late)), tariffs)
    where = "activities.cantine.slots.repas.late_booking"
    assert [(one.where, one.fault, one.about) for one in found] == (
        [] if right else [(where, Fault.SURCHARGE, "repas")]
    )
