"""The rules applied to one cell of the planning, told line by line in French."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from portail.domain.deadlines import NEVER
from portail.domain.explanations import Outcome, Rule, Step, Value
from portail.texts.french import NBSP, day, euros
from portail.texts.reasons import Labels, at, reason_sentence

RULES = {
    Rule.CALENDAR: "Calendrier",
    Rule.ENROLMENT: "Inscription",
    Rule.DEADLINE: "Délai et ouverture",
    Rule.LINKS: "Autres prestations du jour",
    Rule.WEEK: "Limite par semaine",
    Rule.CAPACITY: "Places",
    Rule.PRICE: "Prix",
    Rule.DECISION: "Décision",
}
_MARKS = {Outcome.PASSED: "✓", Outcome.REFUSED: "✗", Outcome.NOTED: "·"}
_NAMES = {
    "school_day": "jour d’école",
    "holidays": "vacances",
    "public_holiday": "jour férié",
    "until": "jusqu’au",
    "late_until": "en retard, jusqu’au",
    "now": "question posée le",
    "replaces": "remplace",
    "count": "déjà réservé cette semaine",
    "most": "limite",
    "group": "groupe",
    "places": "places du jour",
    "left": "places restantes",
    "surcharge_cents": "supplément de retard",
    "kept_cents": "reste dû",
    "price_cents": "une unité",
    "unknown": "sans prix",
    "state": "case",
    "act": "geste",
    "changes_at": "change le",
}
_WORDS = {
    "free": "libre",
    "booked": "réservée",
    "pending_booking": "réservation en attente",
    "pending_cancellation": "annulation en attente",
    "closed": "fermée",
    "too_late": "trop tard",
    "full": "complète",
    "waiting": "liste d’attente",
    "attended": "présent",
    "absent": "absent",
    "book": "réserver",
    "cancel": "annuler",
    "none": "aucun",
    "no_tariff": "aucun tarif",
    "per_month": "tarif au mois",
    "package": "forfait",
    "no_version": "aucun tarif à cette date",
    "no_quotient": "quotient inconnu",
    "quotient_expired": "quotient expiré",
    "no_minutes": "durée inconnue",
}


def explanation(step: Step, label: Labels = str) -> Iterator[str]:
    """One rule: a line for what it said, then one for each value it went by.

    Args:
        step: the rule applied.
        label: turns the code of a slot or a group into its French name.
    """
    said = reason_sentence(step.reason, label) if step.reason else ""
    yield f"{_MARKS[step.outcome]} {RULES[step.rule]}" + (f"{NBSP}: {said}" if said else "")
    for name, value in step.values:
        told = _told(name, value, label)
        if told:
            yield f"    {_NAMES[name]}{NBSP}: {told}"


def _told(name: str, value: Value, label: Labels) -> str:
    match value:
        case None | "":
            told = ""
        case bool():
            told = "oui" if value else "non"
        case datetime():
            told = "jamais" if value == NEVER else at(value)
        case date():
            told = day(value)
        case int() if name.endswith("_cents"):
            # a surcharge of nothing is no news, a price of nothing is
            told = euros(value) if value or name == "price_cents" else ""
        case int():
            told = str(value)
        case _:
            told = _WORDS.get(value) or _labelled(value, label)
    return told


def _labelled(value: str, label: Callable[[str], str]) -> str:
    return ", ".join(label(word) for word in value.split(", "))
