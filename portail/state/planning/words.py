"""The sentences of the planning: what a cell says beside its state, titles, counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portail.domain.bookings import Act, Pending
from portail.domain.capacity import FEW
from portail.domain.periods import View, span
from portail.domain.reasons import Code
from portail.services.planning import Cell, Cost, Counts
from portail.state.planning.looks import CLOSED, KEPT, has_box
from portail.texts.french import NBSP, counted, day, euros, listed, moment_without_year, month
from portail.texts.reasons import reason_sentence

Labels = Callable[[str], str]
SHORT_DAYS = ("Lu", "Ma", "Me", "Je", "Ve", "Sa", "Di")
_BY_OTHERS = {
    Pending.BOOKING: "réservation en attente",
    Pending.CANCELLATION: "annulation en attente",
}


def day_words(value: date) -> str:
    """«jeudi 12 mars», without the year."""
    return day(value).rsplit(" ", 1)[0]


def period_words(view: View, around: date) -> str:
    """«décembre 2026», «du 7 au 13 décembre 2026», «du 28 décembre 2026 au 3 janvier 2027»."""
    first, last = span(view, around)
    if view is View.MONTH:
        return month(first)
    starts, ends = _dated(first), _dated(last)
    if first.year == last.year:
        starts = starts.rsplit(" ", 1)[0]
    if (first.year, first.month) == (last.year, last.month):
        starts = starts.split(" ", 1)[0]
    return f"du {starts} au {ends}"


def week_words(around: date) -> str:
    """«7 au 13 décembre», «28 décembre au 3 janvier»: a week, where there is little room."""
    first, last = span(View.WEEK, around)
    starts, ends = (_dated(one).rsplit(" ", 1)[0] for one in (first, last))
    if first.month == last.month:
        starts = starts.split(" ", 1)[0]
    return f"{starts} au {ends}"


def title(names: list[str], view: View, around: date) -> str:
    """«Nora : décembre 2026»."""
    return f"{listed(names)}{NBSP}: {period_words(view, around)}"


def cost_words(cost: Cost) -> str:
    """«48,30 €»."""
    return euros(cost.booked)


def after_words(cost: Cost) -> str:
    """«Après vos changements : 51,85 €»; empty when they change nothing."""
    if cost.after == cost.booked:
        return ""
    return f"Après vos changements{NBSP}: {euros(cost.after)}"


def day_cost_words(cost: Cost) -> str:
    """«7,05 €», «3,55 € → 7,05 €» once the changes count; empty when the day costs nothing."""
    if cost.after == cost.booked:
        return euros(cost.booked) if cost.booked else ""
    return f"{euros(cost.booked)} → {euros(cost.after)}"


def difference_words(cost: Cost) -> str:
    """«+ 7,10 €», «− 3,55 €»; empty when the changes cost nothing."""
    gained = cost.after - cost.booked
    if not gained:
        return ""
    return f"{'+' if gained > 0 else '−'}{NBSP}{euros(abs(gained))}"


def booking_count(counts: Counts) -> str:
    """«2 réservations en attente»."""
    return counted(counts.bookings, "réservation en attente", "réservations en attente")


def cancellation_count(counts: Counts) -> str:
    """«1 annulation en attente»."""
    return counted(counts.cancellations, "annulation en attente", "annulations en attente")


def cell_words(cell: Cell, shape: str, label: Labels) -> str:
    """What a cell of this look says after its state: price, places, until when; or why not."""
    decision = cell.decision
    parts: list[str] = []
    if not has_box(shape):
        if shape[0] == KEPT:
            parts = ["réservé", *_price(cell)]
        reason = reason_sentence(decision.reason, label).rstrip(".")
        parts.append(_lower(reason))
        if shape[0] == CLOSED and decision.act is Act.BOOK and decision.price_cents is not None:
            parts += _price(cell)
    else:
        parts = [*_queue(cell), *_price(cell), *_places(cell), *_links(cell, label), *_until(cell)]
        if not decision.allowed and not decision.waiting_list:
            parts.append(_lower(reason_sentence(decision.reason, label).rstrip(".")))
    if cell.other is not None:
        by = f" par {cell.other.by}" if cell.other.by else " par l’autre foyer"
        parts.append(_BY_OTHERS[cell.other.kind] + by)
    return ", ".join(parts)


def waiting_words(waiting: int) -> str:
    """«3 enfants attendent»."""
    return f"{counted(waiting, 'enfant')} {'attend' if waiting == 1 else 'attendent'}"


def _price(cell: Cell) -> list[str]:
    decision = cell.decision
    if decision.price_cents is None:
        return ["prix à calculer"] if decision.act is not Act.NONE else []
    words = [euros(decision.price_cents)]
    if decision.surcharge_cents or cell.surcharge_cents:
        more = euros(decision.surcharge_cents or cell.surcharge_cents)
        words.append(f"supplément de retard de {more}")
    if decision.kept_cents:
        words.append(f"en cas d’annulation, {euros(decision.kept_cents)} restent dus")
    return words


def _queue(cell: Cell) -> list[str]:
    words = []
    if cell.rank:
        words.append(f"rang {cell.rank}")
    elif cell.waiting and not cell.decision.allowed:
        words.append(waiting_words(cell.waiting))
    if cell.offered_until is not None:
        words.append(f"à accepter avant le {moment_without_year(cell.offered_until)}")
    return words


def _places(cell: Cell) -> list[str]:
    left = cell.decision.places_left
    if left is None or not 0 < left <= FEW or cell.decision.act is not Act.BOOK:
        return []
    return [counted(left, "place libre", "places libres")]


def _links(cell: Cell, label: Labels) -> list[str]:
    decision, words = cell.decision, []
    if decision.replaces:
        words.append(f"remplace {listed([label(code) for code in decision.replaces])}")
    if decision.takes_along:
        words.append(f"avec {listed([label(code) for code in decision.takes_along])}")
    if decision.needs_approval:
        words.append("à confirmer par la mairie")
    return words


def _until(cell: Cell) -> list[str]:
    decision = cell.decision
    if decision.changes_at is None:
        return []
    until = moment_without_year(decision.changes_at)
    if decision.reason.code in (Code.FULL, Code.GROUP_FULL):
        return [f"liste d’attente ouverte jusqu’au {until}"]
    return [f"modifiable jusqu’au {until}"]


def _dated(value: date) -> str:
    return day(value).split(" ", 1)[1]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
