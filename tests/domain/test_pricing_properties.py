"""What holds of any tariff that a town could write, and any family."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portail.domain.pricing import (
    BOOKED,
    BOOKED_LATE,
    UNBOOKED,
    UNJUSTIFIED,
    Context,
    Prepared,
    Price,
    Reason,
    Service,
    Sibling,
    Tariff,
    Unit,
    Version,
    from_plain,
    justified,
    price,
    to_plain,
)
from portail.domain.pricing.forms import (
    Among,
    Bracket,
    ByChildren,
    ChildrenCase,
    EffortRate,
    Flat,
    Limits,
    NoPrice,
    Package,
    QuotientBrackets,
    Simple,
    StatedPrice,
)
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
from portail.domain.quotients import OnReferenceDay, OnServiceDay, Quotient
from portail.texts.prices import explained, refusal

FIRST = date(2026, 1, 1)
amounts = st.integers(0, 5_000)
days = st.dates(date(2025, 6, 1), date(2027, 12, 31))
stated = st.builds(StatedPrice, amounts)


@st.composite
def grids(draw: st.DrawFn, rising: bool = False) -> QuotientBrackets:
    lower = sorted(draw(st.sets(st.integers(1, 250_000), max_size=5)))
    prices = draw(st.lists(amounts, min_size=len(lower) + 1, max_size=len(lower) + 1))
    prices = sorted(prices) if rising else prices
    brackets = tuple(map(Bracket, (0, *lower), prices))
    without = draw(st.just(NoPrice()) | stated)
    if draw(st.booleans()):
        return QuotientBrackets(brackets, draw(st.sampled_from(Limits)))
    return QuotientBrackets(brackets, draw(st.sampled_from(Limits)), without)


@st.composite
def rates(draw: st.DrawFn) -> EffortRate:
    floor, more = draw(amounts), draw(amounts)
    if draw(st.booleans()):
        return EffortRate(draw(st.integers(0, 2_000)), floor, None, without_quotient=draw(stated))
    return EffortRate(draw(st.integers(0, 2_000)), floor, floor + more)


rising: st.SearchStrategy[Simple] = st.builds(Flat, amounts) | grids(rising=True) | rates()
simple: st.SearchStrategy[Simple] = st.builds(Flat, amounts) | grids() | rates()
by_children = st.lists(simple, min_size=1, max_size=3).map(
    lambda forms: ByChildren(tuple(ChildrenCase(i + 1, form) for i, form in enumerate(forms)))
)
multiplied = st.builds(Multiplied, st.integers(0, 40_000))
raised = st.builds(Raised, amounts)
grid = st.builds(Grid, simple | by_children, st.none() | simple | multiplied | raised)
percent_more = st.builds(PercentMore, st.integers(0, 20_000))
surcharges = percent_more | st.builds(AmountMore, amounts)
reductions = (
    st.builds(PercentOff, st.integers(0, 10_000))
    | st.builds(AmountOff, amounts)
    | st.builds(OwnPrice, grid)
)
siblings = st.builds(
    lambda first, second, by, among, order: Siblings(
        (Rung(2, first), Rung(3, second)), by, among, order
    ),
    reductions,
    reductions,
    st.sampled_from(By),
    st.sampled_from(Among),
    st.sampled_from(Order),
)
rules = st.sampled_from([OnServiceDay(), OnServiceDay(12), OnReferenceDay(3, 31)])
versions = st.builds(
    Version,
    st.just(FIRST),
    grid,
    st.none() | st.just(date(2027, 6, 30)),
    quotient=rules,
    siblings=st.none() | siblings,
    own_meal=st.none() | grid,
    late_booking=st.none() | surcharges,
    unbooked=st.none() | surcharges | st.builds(OwnPrice, grid),
    late_pick_up=st.none() | st.builds(LatePickUp, amounts, st.integers(0, 4)),
    absence=st.builds(Absence, st.integers(0, 10_000), st.integers(0, 3)),
    prepaid=st.booleans(),
)
units = st.sampled_from([Unit.UNIT, Unit.HOUR])
tariffs = st.builds(
    lambda version, unit: Tariff("repas", "Repas", (version,), unit, 15), versions, units
)
household = tuple(Sibling(n, date(2014 + n // 2, 1, 1), n != 3, n != 2) for n in range(1, 5))
contexts = st.builds(
    Context,
    st.lists(st.builds(Quotient, st.integers(0, 300_000), days), max_size=3).map(tuple),
    resident=st.booleans(),
    child=st.integers(1, 4),
    siblings=st.just(household) | st.just(()),
    family_children=st.none() | st.integers(1, 6),
    own_meal=st.booleans(),
    minutes=st.integers(0, 700),
    units=st.integers(0, 25),
)
services = st.sampled_from([BOOKED, BOOKED_LATE, UNBOOKED, UNJUSTIFIED, justified(), justified(3)])


@given(tariffs, contexts, days, services)
def test_a_price_is_never_negative_and_its_steps_lead_to_it(
    tariff: Tariff, context: Context, on: date, service: Service
) -> None:
    outcome = price(tariff, context, on, service)
    if isinstance(outcome, Price):
        assert outcome.cents >= 0
        assert outcome.base >= 0
        assert all(step.cents >= 0 for step in outcome.steps)
        assert outcome.steps[-1].cents == outcome.cents
        assert all(explained(outcome))
    else:
        assert refusal(outcome)
        assert (outcome.reason is Reason.NO_VERSION) == (tariff.version(on) is None)


@given(tariffs, contexts, days)
def test_late_never_costs_less_and_an_absence_never_more(
    tariff: Tariff, context: Context, on: date
) -> None:
    booked = price(tariff, context, on)
    if isinstance(booked, Price):
        late = price(tariff, context, on, BOOKED_LATE)
        assert isinstance(late, Price)
        assert late.cents >= booked.cents
        for service in (UNJUSTIFIED, justified(1), justified(4)):
            absent = price(tariff, context, on, service)
            assert isinstance(absent, Price)
            assert absent.cents <= booked.cents


@given(
    rising,
    st.none() | multiplied | raised,
    st.none() | surcharges,
    st.integers(0, 300_000),
    st.integers(0, 300_000),
    st.booleans(),
)
def test_a_rising_grid_gives_rising_prices(
    form: Simple,
    outside: Multiplied | Raised | None,
    late: PercentMore | AmountMore | None,
    a: int,
    b: int,
    resident: bool,
) -> None:
    version = Version(FIRST, Grid(form, outside), late_booking=late)
    tariff = Tariff("repas", "Repas", (version,))
    low, high = (
        price(tariff, Context((Quotient(q, FIRST),), resident), FIRST, BOOKED_LATE)
        for q in sorted((a, b))
    )
    assert isinstance(low, Price)
    assert isinstance(high, Price)
    assert low.cents <= high.cents


@given(rates(), st.integers(0, 10_000_000))
def test_floor_and_ceiling_hold(form: EffortRate, quotient: int) -> None:
    tariff = Tariff("repas", "Repas", (Version(FIRST, Grid(form)),))
    outcome = price(tariff, Context((Quotient(quotient, FIRST),)), FIRST)
    assert isinstance(outcome, Price)
    assert outcome.cents >= form.floor
    assert form.ceiling is None or outcome.cents <= form.ceiling


@given(grids(), st.lists(st.integers(0, 300_000)))
def test_without_a_quotient_the_highest_price_is_that_of_the_grid(
    form: QuotientBrackets, quotients: list[int]
) -> None:
    tariff = Tariff("repas", "Repas", (Version(FIRST, Grid(QuotientBrackets(form.brackets))),))
    unknown = price(tariff, Context(), FIRST)
    assert isinstance(unknown, Price)
    for quotient in quotients:
        known = price(tariff, Context((Quotient(quotient, FIRST),)), FIRST)
        assert isinstance(known, Price)
        assert known.cents <= unknown.cents


@given(st.integers(1, 30), amounts, amounts, st.integers(0, 60))
def test_a_package_never_falls_as_units_are_added(
    size: int, whole: int, beyond: int, used: int
) -> None:
    form = Package(size, Flat(whole), Flat(beyond))
    tariff = Tariff("repas", "Repas", (Version(FIRST, Grid(form)),))
    one, more = (price(tariff, Context(units=n), FIRST) for n in (used, used + 1))
    assert isinstance(one, Price)
    assert isinstance(more, Price)
    assert more.cents - one.cents == (beyond if used >= size else 0)


@given(tariffs, contexts, st.lists(days, max_size=6), services)
def test_what_is_remembered_is_what_is_worked_out(
    tariff: Tariff, context: Context, on: list[date], service: Service
) -> None:
    prepared = Prepared(tariff, context)
    for day in on * 2:
        assert prepared.on(day, service) == price(tariff, context, day, service)


@given(st.sets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=5), days)
def test_the_version_is_the_last_begun(starts: set[date], on: date) -> None:
    ordered = sorted(starts)
    versions = tuple(Version(start, Grid(Flat(i))) for i, start in enumerate(ordered))
    outcome = price(Tariff("repas", "Repas", versions), Context(), on)
    begun = [start for start in ordered if start <= on]
    assert (outcome.version if isinstance(outcome, Price) else None) == (
        begun[-1] if begun else None
    )


@given(tariffs)
def test_a_tariff_survives_json(tariff: Tariff) -> None:
    text = json.dumps(to_plain(tariff), default=date.isoformat)
    assert from_plain(json.loads(text)) == tariff
    assert from_plain(to_plain(tariff)) == tariff
