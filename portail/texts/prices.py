"""How a price came about, in French: one short sentence a step, for a cell, an invoice, an agent.

Lines such as «Quotient 850 : tranche de 801 à 1 000, 3,50 €», with non-breaking spaces.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from portail.domain.money import WHOLE
from portail.domain.pricing.context import Booking
from portail.domain.pricing.engine import Price, Reason, Unpriced
from portail.domain.pricing.forms import HighestPrice, Limits
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
    AmountMore,
    AmountOff,
    By,
    Multiplied,
    PercentMore,
    PercentOff,
    Raised,
)
from portail.domain.quotients import Counted, Missing
from portail.texts import french
from portail.texts.french import NBSP, euros

COLON = f"{NBSP}: "
MINUS = "\u2212"
_HOUR = 60
_EURO = 100  # cents
_PERCENT = 100  # basis points
_RATE_PERCENT = 1000  # hundred-thousandths


def explained(price: Price) -> tuple[str, ...]:
    """The steps of a price, in order."""
    return tuple(sentence(step) for step in price.steps)


def refusal(unpriced: Unpriced) -> str:
    """Why there is no price, and what the family can do about it."""
    match unpriced.reason:
        case Reason.NO_VERSION:
            return "Aucun tarif n’est fixé pour cette date."
        case Reason.NO_QUOTIENT:
            return f"Quotient familial inconnu{COLON}transmettez votre attestation."
        case Reason.QUOTIENT_EXPIRED:
            until = f" le {_date(unpriced.day)}" if unpriced.day else ""
            return f"Quotient familial expiré{until}{COLON}transmettez une nouvelle attestation."
        case Reason.NO_MINUTES:
            return f"Durée inconnue{COLON}le prix dépend du temps passé."


# a line a step: mypy sees to it that none is forgotten
def sentence(step: Step) -> str:  # noqa: C901, PLR0911, PLR0912
    """One step of a price, without a final stop."""
    match step:
        case FlatStep():
            return f"Prix unique{COLON}{euros(step.cents)}"
        case BracketStep():
            return f"{quotient(step.quotient)}{COLON}{_bracket(step)}, {euros(step.cents)}"
        case EffortStep():
            return f"{quotient(step.quotient)}{COLON}{_effort(step)}"
        case WithoutQuotientStep():
            return _without(step)
        case ChildrenStep():
            return f"Famille de {french.counted(step.children, 'enfant')}{COLON}{euros(step.cents)}"
        case PackageStep():
            return _package(step)
        case ResidenceStep():
            return f"{_residence(step)}{COLON}{euros(step.cents)}"
        case HoursStep():
            return f"{_time(step.minutes)} à {euros(step.hourly)} l’heure{COLON}{euros(step.cents)}"
        case OwnMealStep():
            return f"Repas apporté (PAI){COLON}{euros(step.cents)}"
        case SiblingStep():
            return _sibling(step)
        case SurchargeStep():
            return _surcharge(step)
        case AbsenceStep():
            return _absence(step)
        case UnitsStep():
            return f"{step.units}{NBSP}× {euros(step.each)}{COLON}{euros(step.cents)}"
        case PickUpStep():
            return _pick_up(step)


def quotient(counted: Counted) -> str:
    """The quotient that counts: «Quotient 850», with its reference day if it has one."""
    of = f" au {_date(counted.reference)}" if counted.reference else ""
    return f"Quotient {_amount(counted.quotient.cents)}{of}"


def _bracket(step: BracketStep) -> str:
    lower, upper = _amount(step.lower), _amount(step.upper or 0)
    if step.limits is Limits.ABOVE:
        if step.upper is None:
            return f"tranche au-dessus de {lower}" if step.lower else "tranche unique"
        return f"tranche {f'de plus de {lower} à' if step.lower else 'jusqu’à'} {upper}"
    if step.upper is None:
        return f"tranche à partir de {lower}" if step.lower else "tranche unique"
    whole = (step.upper, step.lower, step.quotient.quotient.cents)
    if not any(cents % _EURO for cents in whole):
        # as towns print their grids, when no quotient in cents could fall in between
        return f"tranche de {lower} à {_amount(step.upper - _EURO)}"
    return f"tranche de {lower} à moins de {upper}"


def _effort(step: EffortStep) -> str:
    rate = _percentage(step.rate, _RATE_PERCENT)
    time = f" pour {_time(step.minutes)}" if step.minutes is not None else ""
    worked_out = f"taux d’effort {rate}{time}, {euros(step.raw)}"
    match step.bound:
        case Bound.FLOOR:
            return f"{worked_out}, porté au minimum de {euros(step.cents)}"
        case Bound.CEILING:
            return f"{worked_out}, limité au maximum de {euros(step.cents)}"
        case Bound.NONE:
            return worked_out


def _without(step: WithoutQuotientStep) -> str:
    known = "Quotient inconnu"
    if step.missing.missing is Missing.EXPIRED:
        until = f" le {_date(step.missing.last_day)}" if step.missing.last_day else ""
        known = f"Quotient expiré{until}"
    kind = "tarif le plus élevé" if isinstance(step.rule, HighestPrice) else "tarif sans quotient"
    return f"{known}{COLON}{kind}, {euros(step.cents)}"


def _package(step: PackageStep) -> str:
    text = f"Forfait de {french.counted(step.units, 'unité')}{COLON}{euros(step.price)}"
    more = step.used - step.units
    if more <= 0:
        return text
    return f"{text}, puis {more}{NBSP}× {euros(step.beyond)}, soit {euros(step.cents)}"


def _residence(step: ResidenceStep) -> str:
    match step.rule:
        case Multiplied(basis_points=points):
            return f"Hors commune (×{NBSP}{_decimal(Decimal(points) / WHOLE)})"
        case Raised(cents=cents):
            return f"Hors commune (+{NBSP}{euros(cents)})"
        case None:
            return "Tarif hors commune"


def sibling(step: SiblingStep) -> str:
    """The name of a sibling reduction: «Réduction fratrie (3e enfant)»."""
    which = f"{step.number}{'er' if step.number == 1 else 'e'}{NBSP}enfant"
    if step.by is By.NUMBER:
        which = french.counted(step.number, "enfant")
    reduced = isinstance(step.reduction, PercentOff | AmountOff)
    return f"{'Réduction' if reduced else 'Tarif'} fratrie ({which})"


def _sibling(step: SiblingStep) -> str:
    match step.reduction:
        case PercentOff(basis_points=points):
            what = f"{MINUS}{_percentage(points)}, {euros(step.cents)}"
        case AmountOff(cents=cents):
            what = f"{MINUS}{euros(cents)}, {euros(step.cents)}"
        case _:
            what = euros(step.cents)
    return f"{sibling(step)}{COLON}{what}"


def _surcharge(step: SurchargeStep) -> str:
    why = "Réservation tardive" if step.booking is Booking.LATE else "Présence sans réservation"
    match step.rule:
        case PercentMore(basis_points=points):
            return f"{why}{COLON}+{_percentage(points)}, {euros(step.cents)}"
        case AmountMore(cents=cents):
            return f"{why}{COLON}+{euros(cents)}, {euros(step.cents)}"
        case None:
            return f"{why}{COLON}{euros(step.cents)}"


def _absence(step: AbsenceStep) -> str:
    if step.waiting:
        return f"Absence justifiée, jour de carence{COLON}{euros(step.cents)}"
    why = "Absence justifiée" if step.justified else "Absence non justifiée"
    if step.due == 0:
        return f"{why}{COLON}non facturée"
    part = "due en entier" if step.due == WHOLE else f"due à {_percentage(step.due)}"
    return f"{why}{COLON}{part}, {euros(step.cents)}"


def _pick_up(step: PickUpStep) -> str:
    which = f"{step.occurrence}{'er' if step.occurrence == 1 else 'e'}{NBSP}retard à la sortie"
    if step.occurrence <= step.free:
        return f"{which}{COLON}non facturé (à partir du {step.free + 1}e)"
    return f"{which}{COLON}{euros(step.cents)}"


def _date(day: date | None) -> str:
    """«31 mars 2026», without the weekday."""
    return french.day(day).split(" ", 1)[1] if day else ""


def _time(minutes: int) -> str:
    """«45 min», «2 h», «1 h 30»."""
    hours, rest = divmod(minutes, _HOUR)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def _amount(cents: int) -> str:
    """A quotient, its cents only if it has some: «850», «1 000», «850,25»."""
    whole = cents % _EURO == 0
    return format_decimal(Decimal(cents) / _EURO, "#,##0" if whole else "#,##0.00", locale="fr")


def _percentage(part: int, of_a_percent: int = _PERCENT) -> str:
    """«10 %», «12,5 %», «0,36 %»."""
    return f"{_decimal(Decimal(part) / of_a_percent)}{NBSP}%"


def _decimal(value: Decimal) -> str:
    return format_decimal(value, "#,##0.###", locale="fr")
