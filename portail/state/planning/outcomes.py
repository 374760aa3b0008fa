"""What became of each change of a confirmation, in words: on its page, and its procedure's."""

from __future__ import annotations

from dataclasses import dataclass

from portail.domain.bookings import Pending
from portail.domain.confirmations import LineOutcome
from portail.services.planning.views import Confirmed, ConfirmedLine
from portail.state.planning.words import day_words
from portail.texts.french import NBSP, euros, sentence

CALENDAR = frozenset({LineOutcome.BOOKED, LineOutcome.REQUESTED, LineOutcome.CANCELLED})
_CHARGED = frozenset({LineOutcome.BOOKED, LineOutcome.REQUESTED})
_WORDS = {
    LineOutcome.BOOKED: ("Réservé", "ok"),
    LineOutcome.REQUESTED: ("Demandé, la mairie doit confirmer", "accent"),
    LineOutcome.CANCELLED: ("Annulé", "ok"),
    LineOutcome.LEFT_QUEUE: ("Retiré de la liste d’attente", "ok"),
    LineOutcome.ALREADY: ("C’était déjà fait", "neutral"),
    LineOutcome.KEPT: ("Gardé", "neutral"),
}
_REFUSED = {
    Pending.BOOKING: ("Non réservé, reste en attente", "alert"),
    Pending.CANCELLATION: ("Non annulé, reste en attente", "alert"),
}


@dataclass(frozen=True)
class DoneLine:
    """A line of the outcome; `ok`: nothing more is to be done."""

    day: str
    what: str
    activity: str
    outcome: str
    tone: str
    price: str
    why: str
    ok: bool


@dataclass(frozen=True)
class DoneChild:
    """The outcome of a child."""

    child: str
    lines: list[DoneLine]


def by_child(found: Confirmed) -> list[DoneChild]:
    """The lines, by child and date."""
    made: dict[int, DoneChild] = {}
    for one in sorted(found.lines, key=lambda line: line.day):
        made.setdefault(one.child_id, DoneChild(one.child, [])).lines.append(_line(one))
    return list(made.values())


def gained(found: Confirmed) -> int:
    """What it adds to the cost, in cents; less than nothing when it saves."""
    total = 0
    for one in found.lines:
        if one.outcome in _CHARGED:
            total += one.cents or 0
        elif one.outcome is LineOutcome.CANCELLED:
            total -= one.cents or 0
    return total


def sum_words(cents: int) -> str:
    """«+ 7,10 €», «− 3,55 €», «0,00 €»."""
    if not cents:
        return euros(0)
    return f"{'+' if cents > 0 else '−'}{NBSP}{euros(abs(cents))}"


def _line(one: ConfirmedLine) -> DoneLine:
    words, tone = _words(one)
    why = one.told
    if one.outcome is LineOutcome.CANCELLED and one.kept_cents:
        why = f"Annulation tardive{NBSP}: {euros(one.kept_cents)} restent dus."
    return DoneLine(
        sentence(day_words(one.day)),
        one.slot,
        one.activity,
        words,
        tone,
        _price(one),
        why,
        one.outcome is not LineOutcome.REFUSED,
    )


def _words(one: ConfirmedLine) -> tuple[str, str]:
    if one.outcome is LineOutcome.WAITING:
        rank = f", rang{NBSP}{one.rank}" if one.rank else ""
        return f"Sur liste d’attente{rank}", "accent"
    if one.outcome is LineOutcome.REFUSED:
        return _REFUSED[one.kind]
    return _WORDS[one.outcome]


def _price(one: ConfirmedLine) -> str:
    if one.outcome in _CHARGED:
        return "à calculer" if one.cents is None else sum_words(one.cents)
    if one.outcome is LineOutcome.CANCELLED:
        return "à calculer" if one.cents is None else sum_words(-one.cents)
    return "–"
