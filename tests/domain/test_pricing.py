"""The forms of a price, and what changes it, case by case."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from portail.domain.pricing import (
    BOOKED,
    BOOKED_LATE,
    UNBOOKED,
    UNJUSTIFIED,
    Attendance,
    Booking,
    Context,
    Outcome,
    Prepared,
    Price,
    Reason,
    Service,
    Sibling,
    Tariff,
    Unit,
    Unpriced,
    Version,
    justified,
    pick_up_fee,
    price,
)
from portail.domain.pricing.context import rank
from portail.domain.pricing.forms import (
    Among,
    Bracket,
    ByChildren,
    ChildrenCase,
    EffortRate,
    Flat,
    Form,
    Limits,
    NoPrice,
    Package,
    QuotientBrackets,
    StatedPrice,
)
from portail.domain.pricing.steps import Bound, EffortStep
from portail.domain.pricing.tariff import (
    Absence,
    AmountMore,
    AmountOff,
    By,
    Grid,
    LatePickUp,
    Multiplied,
    Order,
    OwnPrice,
    PercentMore,
    PercentOff,
    Raised,
    Rung,
    Siblings,
)
from portail.domain.quotients import OnServiceDay, Quotient

START = date(2026, 9, 1)
DAY = date(2026, 11, 23)
GRID = QuotientBrackets((Bracket(0, 150), Bracket(80_100, 350), Bracket(100_100, 500)))
RATE = EffortRate(360, 260, 450)


def tariff(form: Form, unit: Unit = Unit.UNIT, step: int = 1, **version: Any) -> Tariff:
    grid = Grid(form, version.pop("non_residents", None))
    return Tariff("repas", "Repas", (Version(START, grid, **version),), unit, step)


def family(euros: int | None = None, **context: Any) -> Context:
    known = () if euros is None else (Quotient(euros * 100, date(2026, 1, 1)),)
    return Context(known, **context)


def cents(outcome: Outcome) -> int:
    assert isinstance(outcome, Price), outcome
    assert not outcome.steps or outcome.steps[-1].cents == outcome.cents
    return outcome.cents


def due(form: Form, context: Context, service: Service = BOOKED, **version: Any) -> int:
    return cents(price(tariff(form, **version), context, DAY, service))


# ------------------------------------------------------------------ forms


@pytest.mark.parametrize(
    ("quotient", "lower", "above"),
    [(0, 150, 150), (800_99, 150, 150), (801_00, 350, 150), (801_01, 350, 350), (9e7, 500, 500)],
)
def test_a_limit_belongs_where_the_grid_says(quotient: int, lower: int, above: int) -> None:
    context = Context((Quotient(int(quotient), START),))
    assert due(GRID, context) == lower
    assert due(QuotientBrackets(GRID.brackets, Limits.ABOVE), context) == above


@pytest.mark.parametrize(
    ("quotient", "result", "bound"),
    [
        (0, 260, Bound.FLOOR),
        (722, 260, Bound.FLOOR),  # 2,5992 is 2,60 once rounded… which is the floor, not below it
        (723, 260, Bound.NONE),
        (850, 306, Bound.NONE),
        (1250, 450, Bound.NONE),
        (1252, 450, Bound.CEILING),
        (5000, 450, Bound.CEILING),
    ],
)
def test_effort_rate(quotient: int, result: int, bound: Bound) -> None:
    outcome = price(tariff(RATE), family(quotient), DAY)
    assert cents(outcome) == result
    assert isinstance(outcome, Price)
    (step,) = outcome.steps
    assert isinstance(step, EffortStep)
    assert step.bound is (Bound.NONE if quotient == 722 else bound)


def test_effort_rate_for_the_hours_of_a_slot() -> None:
    form = EffortRate(60, 100, 2000, per_hour=True)
    # 0,06 % of 1 000 is 0,60 an hour; 8 h 30 make 5,10
    assert due(form, family(1000, minutes=510)) == 510
    assert due(form, family(1000, minutes=60)) == 100  # the floor is that of the slot
    assert price(tariff(form), family(1000), DAY) == Unpriced(Reason.NO_MINUTES, "repas")


def test_rates_by_number_of_children() -> None:
    form = ByChildren(
        (
            ChildrenCase(1, EffortRate(619, 0, 9999)),
            ChildrenCase(2, EffortRate(516, 0, 9999)),
            ChildrenCase(4, EffortRate(310, 0, 9999)),
        )
    )
    assert [due(form, family(1000, family_children=n)) for n in range(1, 6)] == [
        619, 516, 516, 310, 310,
    ]  # fmt: skip
    assert due(form, family(1000)) == 619


def test_by_the_hour_a_step_begun_is_due() -> None:
    quarter = tariff(Flat(200), Unit.HOUR, 15)
    assert cents(price(quarter, family(minutes=0), DAY)) == 0
    assert cents(price(quarter, family(minutes=61), DAY)) == 250
    assert cents(price(quarter, family(minutes=75), DAY)) == 250
    assert cents(price(tariff(Flat(199), Unit.HOUR), family(minutes=30), DAY)) == 100  # 99,5
    assert price(quarter, family(), DAY) == Unpriced(Reason.NO_MINUTES, "repas")


def test_a_month_is_due_whole() -> None:
    month = tariff(GRID, Unit.MONTH)
    assert cents(price(month, family(850, units=17), DAY)) == 350
    assert cents(price(month, family(850), DAY, justified())) == 350


def test_a_package_then_by_the_unit() -> None:
    form = Package(10, Flat(3000), Flat(400))
    assert [due(form, family(units=n)) for n in (0, 1, 10, 11, 13)] == [
        3000, 3000, 3000, 3400, 4200,
    ]  # fmt: skip


def test_units() -> None:
    assert due(Flat(335), family(units=3)) == 1005
    assert due(Flat(335), family(units=0)) == 0


# ------------------------------------------------------------------ residence and quotient


def test_residence() -> None:
    outside = family(850, resident=False)
    assert due(GRID, outside) == 350
    assert due(GRID, outside, non_residents=Multiplied(20_000)) == 700
    assert due(GRID, outside, non_residents=Raised(125)) == 475
    assert due(GRID, outside, non_residents=Flat(999)) == 999
    assert due(GRID, family(850), non_residents=Flat(999)) == 350


def test_without_a_quotient() -> None:
    assert due(GRID, family()) == 500
    assert due(RATE, family()) == 450
    assert due(QuotientBrackets(GRID.brackets, without_quotient=StatedPrice(410)), family()) == 410
    refusing = tariff(EffortRate(360, without_quotient=NoPrice()), quotient=OnServiceDay(6))
    assert price(refusing, family(), DAY) == Unpriced(Reason.NO_QUOTIENT, "repas")
    expired = Unpriced(Reason.QUOTIENT_EXPIRED, "repas", date(2026, 6, 30))
    assert price(refusing, family(850), DAY) == expired


def test_a_grid_that_falls_has_its_highest_price_first() -> None:
    falling = QuotientBrackets((Bracket(0, 900), Bracket(50_000, 100)))
    assert due(falling, family()) == 900


# ------------------------------------------------------------------ versions


def test_the_version_is_that_of_the_day() -> None:
    versions = (
        Version(date(2025, 9, 1), Grid(Flat(300))),
        Version(date(2026, 9, 1), Grid(Flat(310)), valid_until=date(2026, 12, 31)),
        Version(date(2027, 2, 1), Grid(Flat(320))),
    )
    found = Tariff("repas", "Repas", versions)
    none = Unpriced(Reason.NO_VERSION, "repas")
    assert price(found, family(), date(2025, 8, 31)) == none
    for day, amount, version in (
        (date(2025, 9, 1), 300, 0),
        (date(2026, 8, 31), 300, 0),
        (date(2026, 9, 1), 310, 1),
        (date(2026, 12, 31), 310, 1),
        (date(2027, 2, 1), 320, 2),
        (date(2040, 1, 1), 320, 2),
    ):
        outcome = price(found, family(), day)
        assert isinstance(outcome, Price)
        assert (outcome.cents, outcome.version) == (amount, versions[version].valid_from)
    assert price(found, family(), date(2027, 1, 31)) == none


# ------------------------------------------------------------------ brothers and sisters

ELDEST, TWIN_A, TWIN_B, BABY = (
    Sibling(4, date(2016, 5, 1)),
    Sibling(2, date(2019, 3, 3)),
    Sibling(3, date(2019, 3, 3), present=False),
    Sibling(1, date(2022, 8, 8), enrolled=False, present=False),
)
HOUSEHOLD = (BABY, TWIN_B, ELDEST, TWIN_A)


def test_ranks() -> None:
    def ranks(among: Among, first: Order) -> list[int]:
        children = (ELDEST, TWIN_A, TWIN_B, BABY)
        return [rank(HOUSEHOLD, child.number, among, first) for child in children]

    assert ranks(Among.FAMILY, Order.ELDEST) == [1, 2, 3, 4]
    assert ranks(Among.FAMILY, Order.YOUNGEST) == [4, 2, 3, 1]
    # each of these counts itself: it is being priced
    assert ranks(Among.ENROLLED, Order.YOUNGEST) == [3, 1, 2, 1]
    assert ranks(Among.PRESENT, Order.ELDEST) == [1, 2, 3, 3]
    assert rank((), 7, Among.FAMILY, Order.ELDEST) == 1


def test_reductions_by_rank() -> None:
    siblings = Siblings(
        (
            Rung(2, PercentOff(1000)),
            Rung(3, AmountOff(500)),
            Rung(4, OwnPrice(Grid(Flat(90), Multiplied(20_000)))),
        ),
        among=Among.FAMILY,
    )

    def of(child: Sibling, **context: Any) -> int:
        context = {"siblings": HOUSEHOLD, "child": child.number, **context}
        return due(GRID, family(850, **context), siblings=siblings)

    assert of(ELDEST) == 350
    assert of(TWIN_A) == 315
    assert of(TWIN_B) == 0  # never below
    assert of(BABY) == 90
    assert of(BABY, resident=False) == 180


def test_reductions_by_number_are_for_each_of_them() -> None:
    siblings = Siblings((Rung(3, PercentOff(2500)),), By.NUMBER, Among.ENROLLED)
    for child in (ELDEST, TWIN_A, TWIN_B):
        context = family(850, siblings=HOUSEHOLD, child=child.number)
        assert due(GRID, context, siblings=siblings) == 263  # 262,5
    context = family(850, siblings=HOUSEHOLD[:2], child=TWIN_B.number)
    assert due(GRID, context, siblings=siblings) == 350


def test_a_meal_brought_under_a_pai() -> None:
    siblings = Siblings((Rung(1, PercentOff(5000)),))
    own = Grid(Flat(175))
    context = family(850, own_meal=True)
    assert due(GRID, context) == 350  # the town has no such price
    assert due(GRID, context, own_meal=own, siblings=siblings) == 175
    on_it = Siblings(siblings.rungs, on_own_meal=True)
    assert due(GRID, context, own_meal=own, siblings=on_it) == 88  # 87,5


# ------------------------------------------------------------------ surcharges and absences


def test_late_bookings() -> None:
    assert due(GRID, family(850), BOOKED_LATE) == 350
    assert due(GRID, family(850), BOOKED_LATE, late_booking=PercentMore(5000)) == 525
    assert due(GRID, family(850), BOOKED_LATE, late_booking=AmountMore(200)) == 550
    assert due(GRID, family(850), BOOKED, late_booking=PercentMore(5000)) == 350


def test_present_without_booking() -> None:
    own_grid = OwnPrice(Grid(QuotientBrackets((Bracket(0, 400), Bracket(80_100, 900))), Flat(1200)))
    assert due(GRID, family(850), UNBOOKED) == 350
    assert due(GRID, family(850), UNBOOKED, unbooked=OwnPrice(Grid(Flat(1000)))) == 1000
    assert due(GRID, family(850), UNBOOKED, unbooked=PercentMore(10_000)) == 700
    assert due(GRID, family(850), UNBOOKED, unbooked=own_grid) == 900
    assert due(GRID, family(850, resident=False), UNBOOKED, unbooked=own_grid) == 1200


def test_an_own_unbooked_price_is_of_a_presence() -> None:
    hourly = tariff(Flat(200), Unit.HOUR, unbooked=OwnPrice(Grid(Flat(1000))))
    assert cents(price(hourly, family(minutes=120), DAY, UNBOOKED)) == 1000
    monthly = tariff(GRID, Unit.MONTH, unbooked=OwnPrice(Grid(Flat(1000))))
    assert cents(price(monthly, family(850, units=3), DAY, UNBOOKED)) == 3000


def test_an_own_sibling_price_by_the_hour() -> None:
    siblings = Siblings((Rung(1, OwnPrice(Grid(Flat(90)))),))
    hourly = tariff(Flat(200), Unit.HOUR, siblings=siblings)
    outcome = price(hourly, family(minutes=90), DAY)
    assert cents(outcome) == 135
    assert isinstance(outcome, Price)
    assert outcome.base == 300


def test_absences() -> None:
    waiting = Absence(unjustified=5000, waiting_days=2)
    assert due(GRID, family(850), UNJUSTIFIED) == 350
    assert due(GRID, family(850), justified()) == 0
    assert due(GRID, family(850), UNJUSTIFIED, absence=waiting) == 175
    days = [due(GRID, family(850), justified(n), absence=waiting) for n in (1, 2, 3, 4)]
    assert days == [350, 350, 0, 0]
    late = Service(Booking.LATE, Attendance.UNJUSTIFIED)
    assert due(GRID, family(850), late, late_booking=PercentMore(5000)) == 525


def test_late_pick_ups() -> None:
    fees = tariff(Flat(0), late_pick_up=LatePickUp(1500, 3))
    assert [cents(pick_up_fee(fees, DAY, n)) for n in range(6)] == [0, 0, 0, 1500, 1500, 1500]
    assert cents(pick_up_fee(tariff(Flat(0)), DAY, 9)) == 0
    assert pick_up_fee(fees, date(2020, 1, 1), 0) == Unpriced(Reason.NO_VERSION, "repas")


# ------------------------------------------------------------------ values that no tariff can hold


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("not negative", lambda: Flat(-1)),
        ("not negative", lambda: StatedPrice(-1)),
        ("begins at 0", lambda: QuotientBrackets((Bracket(1, 1),))),
        ("has a bracket", lambda: QuotientBrackets(())),
        ("rise", lambda: QuotientBrackets((Bracket(0, 1), Bracket(0, 2)))),
        ("highest price", lambda: EffortRate(360)),
        ("below its floor", lambda: EffortRate(360, 500, 400)),
        ("first case", lambda: ByChildren((ChildrenCase(2, Flat(1)),))),
        ("a unit", lambda: Package(0, Flat(1), Flat(1))),
        ("between 0 and 100", lambda: PercentOff(10_001)),
        ("Rungs rise", lambda: Siblings((Rung(2, AmountOff(1)), Rung(2, AmountOff(2))))),
        ("code", lambda: Tariff("", "", ())),
        ("follow", lambda: Tariff("a", "A", (Version(DAY, Grid(GRID)), Version(DAY, Grid(GRID))))),
        ("end before", lambda: tariff(GRID, valid_until=date(2020, 1, 1))),
        ("surcharge", lambda: tariff(GRID, Unit.MONTH, late_booking=PercentMore(1))),
        ("surcharge", lambda: tariff(Package(1, GRID, GRID), unbooked=AmountMore(1))),
        ("ordinary", lambda: tariff(GRID, own_meal=Grid(Package(1, GRID, GRID)))),
        ("hours", lambda: tariff(Package(1, GRID, GRID), Unit.HOUR)),
        ("by the hour", lambda: tariff(EffortRate(1, 0, 1, per_hour=True), Unit.HOUR)),
        ("once", lambda: Context(siblings=(BABY, BABY))),
        ("Nobody", lambda: Service(Booking.NONE, Attendance.UNJUSTIFIED)),
    ],
)
def test_refused(message: str, wrong: Any) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


# ------------------------------------------------------------------ cost


def test_a_month_of_a_family_is_cheap() -> None:
    siblings = Siblings((Rung(2, PercentOff(1000)),), among=Among.FAMILY)
    tariffs = [tariff(form, siblings=siblings) for form in (GRID, RATE, Flat(300), GRID) * 2]
    history = (Quotient(85_000, date(2026, 1, 1)), Quotient(90_000, date(2026, 11, 16)))
    contexts = [Context(history, child=c.number, siblings=HOUSEHOLD) for c in HOUSEHOLD]
    month = [date(2026, 11, 1) + timedelta(n) for n in range(30)]
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        prepared = [Prepared(t, c) for t in tariffs for c in contexts]
        for one in prepared:
            for day in month:
                one.on(day)
        best = min(best, time.perf_counter() - began)
        assert all(len(one._cases) == 2 for one in prepared)  # one for each quotient
    print(f"{len(prepared) * len(month)} prices in {best * 1000:.1f} ms")
    assert best < 0.1  # measured 3 ms; a busy machine must not make this fail
