"""What the lines of invoices say, in French, on the day they are issued and for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portail.domain.billing.charges import Charge
from portail.domain.billing.drafts import Line
from portail.domain.billing.usage import How, Part
from portail.domain.pricing.steps import (
    BracketStep,
    EffortStep,
    SiblingStep,
    WithoutQuotientStep,
)
from portail.domain.quotients import Counted
from portail.services.catalogue import Loaded
from portail.texts import french, prices

MAX_LABEL = 200
UNKNOWN_QUOTIENT = "Quotient familial inconnu"
CORRECTED = "Changements depuis la facture"
_CASES = {
    (Part.CARE, How.UNJUSTIFIED): "absence non justifiée",
    (Part.CARE, How.JUSTIFIED): "absence, premier jour dû",
    (Part.LATE, How.PRESENT): "majoration, réservation tardive",
    (Part.LATE, How.UNJUSTIFIED): "majoration, réservation tardive",
    (Part.LATE, How.JUSTIFIED): "majoration, réservation tardive",
    (Part.KEPT, How.CANCELLED): "annulation tardive",
}
_GIVEN_BACK = {
    How.JUSTIFIED: "absence justifiée",
    How.CANCELLED: "réservation annulée",
    How.NOTHING: "réservation annulée",
    How.UNJUSTIFIED: "absence",
    How.PRESENT: "présence enregistrée",
}


def line(loaded: Loaded, charge: Charge, child_name: str, period_on: date) -> Line:
    """A charge in words; what is of another month than the invoice says which."""
    known = loaded.slot(charge.slot)
    activity = known[1] if known else None
    kind = loaded.types.get(activity.type) if activity else None
    first, last = min(charge.days), max(charge.days)
    label = " – ".join(part for part in (loaded.label(charge.slot), _case(charge)) if part)
    if charge.units is not None:
        label = f"{label} – {_lump(first, last)}"
    if (first.year, first.month) != (period_on.year, period_on.month):
        word = "Régularisation " if first < period_on else "À l’avance, "
        about = french.month(first)
        label = f"{word}{french.of(about) if first < period_on else about}{french.NBSP}: {label}"
    return Line(
        label[:MAX_LABEL],
        1 if charge.units is not None else len(charge.days),
        charge.cents,
        charge.child,
        child_name,
        activity.label if activity else "",
        bool(kind and kind.childcare) and charge.care,
        first,
        last,
        tuple(charge.items),
    )


def quotient(charges: Iterable[Charge]) -> str:
    """The quotients that counted: «Quotient 850», «Quotient 850, puis Quotient 920»."""
    said: dict[str, None] = {}
    counted: set[Counted] = set()
    for charge in sorted(charges, key=lambda one: one.days[0]):
        for step in charge.price.steps if charge.price else ():
            if isinstance(step, WithoutQuotientStep):
                said[UNKNOWN_QUOTIENT] = None
            elif isinstance(step, BracketStep | EffortStep) and step.quotient not in counted:
                counted.add(step.quotient)
                said[prices.quotient(step.quotient)] = None
    return ", puis ".join(said)[:120]


def _case(charge: Charge) -> str:
    if charge.credits is not None:
        return _GIVEN_BACK[charge.how]
    said = _CASES.get((charge.part, charge.how), "")
    steps = charge.price.steps if charge.price and charge.part is Part.CARE else ()
    name = next((prices.sibling(step) for step in steps if isinstance(step, SiblingStep)), "")
    return ", ".join(part for part in (name[:1].lower() + name[1:], said) if part)


def _lump(first: date, last: date) -> str:
    if (first.day, first.month) == (1, last.month):  # a month
        return f"forfait {french.of(french.month(first))}"
    return f"forfait {french.span(first, last)}"
