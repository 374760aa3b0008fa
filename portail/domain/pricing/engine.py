"""From a tariff, a context and a day to a price with its explanation, or to why there is none.

The order: the grid (unbooked, own meal, ordinary), residence, hours, [base] siblings, late or
unbooked, absence, units. Each step ends on a whole cent, so that a parent finds the same figure
with a pocket calculator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from portail.domain import money
from portail.domain.pricing.context import BOOKED, Attendance, Booking, Context, Service
from portail.domain.pricing.forms import (
    ByChildren,
    EffortRate,
    Flat,
    Form,
    NoPrice,
    Package,
    QuotientBrackets,
    Simple,
    StatedPrice,
)
from portail.domain.pricing.steps import (
    AbsenceStep,
    Bound,
    BracketStep,
    ChildrenStep,
    EffortStep,
    FlatStep,
    HoursStep,
    OwnMealStep,
    PackageStep,
    PickUpStep,
    ResidenceStep,
    SiblingStep,
    Step,
    SurchargeStep,
    UnitsStep,
    WithoutQuotientStep,
)
from portail.domain.pricing.tariff import (
    AmountOff,
    By,
    Grid,
    Multiplied,
    OwnPrice,
    PercentMore,
    PercentOff,
    Raised,
    Rung,
    Surcharge,
    Tariff,
    Unit,
    Version,
)
from portail.domain.quotients import Counted, Missing, NotCounted, counting

_HOUR = 60


@dataclass(frozen=True)
class Price:
    """A price in cents; `base` is before siblings, surcharges, absence and number of units.

    `version` is the first day of the tariff's version: with `tariff` it names it for ever.
    """

    cents: int
    base: int
    steps: tuple[Step, ...]
    tariff: str
    version: date


class Reason(StrEnum):
    """Why there is no price."""

    NO_VERSION = "no_version"  # the town has decided no price for this day
    NO_QUOTIENT = "no_quotient"
    QUOTIENT_EXPIRED = "quotient_expired"
    NO_MINUTES = "no_minutes"  # a price by the hour, of a time that is not known


@dataclass(frozen=True)
class Unpriced:
    """No price, and why; `day` is the last day of the quotient that expired."""

    reason: Reason
    tariff: str
    day: date | None = None


Outcome = Price | Unpriced


def price(tariff: Tariff, context: Context, on: date, service: Service = BOOKED) -> Outcome:
    """The price of `context.units` units for this child on this day (any day, for a month)."""
    return Prepared(tariff, context).on(on, service)


def pick_up_fee(tariff: Tariff, on: date, earlier: int) -> Outcome:
    """The fee of a late pick-up on this day, after `earlier` others in the period that counts."""
    version = tariff.version(on)
    if version is None:
        return Unpriced(Reason.NO_VERSION, tariff.code)
    if version.late_pick_up is None:
        return Price(0, 0, (), tariff.code, version.valid_from)
    rule = version.late_pick_up
    cents = rule.cents if earlier >= rule.free else 0
    step = PickUpStep(earlier + 1, rule.free, cents)
    return Price(cents, cents, (step,), tariff.code, version.valid_from)


class Prepared:
    """The prices of one child under one tariff, remembered.

    Prices change only with the version, the quotient that counts and the way the unit was used: a
    month costs a handful of evaluations and, for each day, a look in a dictionary. Keep one for
    each child and tariff while a screen or an invoice is made; a context whose present siblings
    change from day to day needs one for each set of them.
    """

    def __init__(self, tariff: Tariff, context: Context) -> None:
        """Nothing is worked out before it is asked for."""
        self.tariff = tariff
        self.context = context
        self._days: dict[tuple[date, Service], Outcome] = {}
        self._cases: dict[tuple[date, Counted | NotCounted, Service], Outcome] = {}

    def on(self, day: date, service: Service = BOOKED) -> Outcome:
        """The price on a day."""
        key = (day, service)
        known = self._days.get(key)
        if known is None:
            known = self._days[key] = self._find(day, service)
        return known

    def _find(self, day: date, service: Service) -> Outcome:
        version = self.tariff.version(day)
        if version is None:
            return Unpriced(Reason.NO_VERSION, self.tariff.code)
        quotient = counting(version.quotient, self.context.quotients, day)
        case = (version.valid_from, quotient, service)
        known = self._cases.get(case)
        if known is None:
            known = _Evaluation(self.tariff, version, self.context, quotient, service).outcome()
            self._cases[case] = known
        return known


class _NoPriceError(Exception):
    """Ends an evaluation that cannot go on."""

    def __init__(self, reason: Reason, day: date | None = None) -> None:
        super().__init__(reason)
        self.reason, self.day = reason, day


class _Evaluation:
    """One price being worked out: each method adds its step and answers the cents reached."""

    def __init__(
        self,
        tariff: Tariff,
        version: Version,
        context: Context,
        quotient: Counted | NotCounted,
        service: Service,
    ) -> None:
        self.tariff, self.version, self.context = tariff, version, context
        self.quotient, self.service = quotient, service
        self.steps: list[Step] = []
        # a month or a package is due whole: neither absences nor units change it
        self.lump = tariff.unit is Unit.MONTH

    def outcome(self) -> Outcome:
        try:
            base, cents = self._unit()
        except _NoPriceError as none:
            return Unpriced(none.reason, self.tariff.code, none.day)
        if not self.lump:
            cents = self._absence(cents)
            cents = self._units(cents)
        steps = tuple(self.steps)
        return Price(cents, base, steps, self.tariff.code, self.version.valid_from)

    def _unit(self) -> tuple[int, int]:
        """The price of one unit: base, then with what lowers and raises it."""
        unbooked = self.version.unbooked if self.service.booking is Booking.NONE else None
        if isinstance(unbooked, OwnPrice):
            # of a presence, not of an hour; neither the siblings nor the PAI change it
            self.lump = False
            base = self._grid(unbooked.grid)
            self.steps.append(SurchargeStep(Booking.NONE, None, base))
            return base, base
        own_meal = self.version.own_meal if self.context.own_meal else None
        base = self._hours(self._grid(own_meal or self.version.price))
        if own_meal is not None:
            self.steps.append(OwnMealStep(base))
        cents = self._siblings(base, own_meal is not None)
        if self.service.booking is Booking.LATE:
            cents = self._surcharge(cents, self.version.late_booking)
        return base, self._surcharge(cents, unbooked)

    # -------------------------------------------------------------- grid

    def _grid(self, grid: Grid) -> int:
        rule = None if self.context.resident else grid.non_residents
        if rule is None:
            return self._form(grid.residents)
        if isinstance(rule, Multiplied):
            cents = money.percent(self._form(grid.residents), rule.basis_points)
            self.steps.append(ResidenceStep(rule, cents))
        elif isinstance(rule, Raised):
            cents = self._form(grid.residents) + rule.cents
            self.steps.append(ResidenceStep(rule, cents))
        else:
            cents = self._form(rule)
            self.steps.append(ResidenceStep(None, cents))
        return cents

    def _form(self, form: Form) -> int:
        match form:
            case ByChildren():
                children = self.context.children(form.among)
                cents = self._simple(form.of(children).price)
                self.steps.append(ChildrenStep(children, cents))
            case Package():
                self.lump = True
                used = self.context.units
                whole, beyond = self._simple(form.price), self._simple(form.beyond)
                cents = whole + max(used - form.units, 0) * beyond
                self.steps.append(PackageStep(used, form.units, whole, beyond, cents))
            case _:
                cents = self._simple(form)
        return cents

    def _simple(self, form: Simple) -> int:
        match form:
            case Flat(cents=cents):
                self.steps.append(FlatStep(cents))
                return cents
            case QuotientBrackets():
                return self._brackets(form)
            case EffortRate():
                return self._effort(form)

    def _brackets(self, form: QuotientBrackets) -> int:
        if isinstance(self.quotient, NotCounted):
            return self._without(self.quotient, form, form.highest)
        bracket, upper = form.of(self.quotient.quotient.cents)
        self.steps.append(
            BracketStep(self.quotient, bracket.lower, upper, form.limits, bracket.cents)
        )
        return bracket.cents

    def _effort(self, form: EffortRate) -> int:
        if isinstance(self.quotient, NotCounted):
            return self._without(self.quotient, form, form.ceiling or 0)
        exact = money.rate(self.quotient.quotient.cents, form.rate)
        minutes = self._minutes() if form.per_hour else None
        if minutes is not None:
            exact *= Fraction(minutes, _HOUR)
        raw = cents = money.rounded(exact)
        bound = Bound.NONE
        if raw < form.floor:
            cents, bound = form.floor, Bound.FLOOR
        elif form.ceiling is not None and raw > form.ceiling:
            cents, bound = form.ceiling, Bound.CEILING
        self.steps.append(EffortStep(self.quotient, form.rate, minutes, raw, bound, cents))
        return cents

    def _without(
        self, missing: NotCounted, form: QuotientBrackets | EffortRate, highest: int
    ) -> int:
        rule = form.without_quotient
        if isinstance(rule, NoPrice):
            expired = missing.missing is Missing.EXPIRED
            reason = Reason.QUOTIENT_EXPIRED if expired else Reason.NO_QUOTIENT
            raise _NoPriceError(reason, missing.last_day)
        cents = rule.cents if isinstance(rule, StatedPrice) else highest
        self.steps.append(WithoutQuotientStep(missing, rule, cents))
        return cents

    # -------------------------------------------------------------- hours and units

    def _minutes(self) -> int:
        """The minutes due: every step begun counts whole."""
        if self.context.minutes is None:
            raise _NoPriceError(Reason.NO_MINUTES)
        step = self.tariff.step_minutes
        return -(-self.context.minutes // step) * step

    def _hours(self, hourly: int) -> int:
        if self.tariff.unit is not Unit.HOUR:
            return hourly
        minutes = self._minutes()
        cents = money.rounded(Fraction(hourly * minutes, _HOUR))
        self.steps.append(HoursStep(minutes, hourly, cents))
        return cents

    def _units(self, each: int) -> int:
        units = self.context.units
        if units == 1:
            return each
        self.steps.append(UnitsStep(units, each, each * units))
        return each * units

    # -------------------------------------------------------------- less and more

    def _siblings(self, cents: int, own_meal: bool) -> int:
        siblings = self.version.siblings
        if siblings is None or (own_meal and not siblings.on_own_meal):
            return cents
        if siblings.by is By.RANK:
            number = self.context.rank(siblings.among, siblings.first)
        else:
            number = self.context.children(siblings.among)
        rung = siblings.rung(number)
        if rung is None:
            return cents
        cents = self._reduced(cents, rung)
        self.steps.append(SiblingStep(siblings.by, number, rung.reduction, cents))
        return cents

    def _reduced(self, cents: int, rung: Rung) -> int:
        match rung.reduction:
            case PercentOff(basis_points=points):
                # what remains is rounded, not what is taken off: half a cent goes to the town
                return money.percent(cents, money.WHOLE - points)
            case AmountOff(cents=off):
                return max(cents - off, 0)
            case OwnPrice(grid=grid):
                return self._hours(self._grid(grid))

    def _surcharge(self, cents: int, rule: Surcharge | None) -> int:
        if rule is None:
            return cents
        if isinstance(rule, PercentMore):
            cents = money.percent(cents, money.WHOLE + rule.basis_points)
        else:
            cents += rule.cents
        self.steps.append(SurchargeStep(self.service.booking, rule, cents))
        return cents

    def _absence(self, cents: int) -> int:
        attendance, rule = self.service.attendance, self.version.absence
        if attendance is Attendance.PRESENT:
            return cents
        justified = attendance is Attendance.JUSTIFIED
        waiting = justified and self.service.absence_day <= rule.waiting_days
        due = money.WHOLE if waiting else 0 if justified else rule.unjustified
        cents = money.percent(cents, due)
        self.steps.append(AbsenceStep(justified, waiting, due, cents))
        return cents
