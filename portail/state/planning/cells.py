"""A period as the grid, or the days of a phone, show it: small, the same words told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portail.services.planning import Cell, Day, Planning, Row
from portail.state.planning.looks import CLOSED, look
from portail.state.planning.words import SHORT_DAYS, Labels, cell_words, day_words
from portail.texts.french import sentence

WEEKEND = 5
MARKED = "m"


@dataclass(frozen=True)
class CellView:
    """A cell: its look (see `looks`, and «m»: another parent has a change there), its words."""

    s: str
    t: int  # place in `sentences`


@dataclass(frozen=True)
class Change:
    """A cell that is no longer as the page first showed it; `v` grows when its look changes."""

    s: str
    t: str
    v: int


@dataclass(frozen=True)
class DayView:
    """A column."""

    iso: str
    name: str  # «Me»
    number: str  # «01»
    words: str  # «mercredi 1er mars»
    kind: str  # «off»: weekend or closed; «now»: today; or nothing
    note: str


@dataclass(frozen=True)
class RowView:
    """A slot of a child; `what` begins the name of each cell: «Nora, matin»."""

    child: int
    slot: str
    label: str
    hours: str
    what: str
    cells: list[CellView]


@dataclass(frozen=True)
class GroupView:
    """The rows of an activity, for one child (named when several are shown)."""

    key: str
    child: str
    label: str
    rows: list[RowView]


@dataclass(frozen=True)
class LineView:
    """A slot on the card of a day."""

    child: int
    slot: str
    label: str
    hours: str
    what: str
    day: str
    s: str
    t: int


@dataclass(frozen=True)
class PartView:
    """The slots of a child on the card of a day (`child` is empty when only one is shown)."""

    child: str
    lines: list[LineView]


@dataclass(frozen=True)
class CardView:
    """A day of the phone's week. `note` says why nothing is open, if so."""

    iso: str
    title: str
    today: bool
    note: str
    parts: list[PartView]


def cell_key(child: int, slot: str, iso: str) -> str:
    """What a page calls a cell."""
    return f"{child}/{slot}/{iso}"


def shape(cell: Cell) -> str:
    """Its look, and whether another parent has a change there."""
    return look(cell.decision) + (MARKED if cell.other is not None else "")


class Sentences:
    """The words of cells, each told once."""

    def __init__(self, label: Labels) -> None:
        self.label, self.told = label, dict[str, int]()

    def place(self, cell: Cell, seen: str) -> int:
        """Where the words of a cell of this shape are."""
        return self.told.setdefault(cell_words(cell, seen, self.label), len(self.told))

    def view(self, cell: Cell) -> CellView:
        """The cell, small."""
        seen = shape(cell)
        return CellView(seen, self.place(cell, seen))


def groups(found: Planning, rows: Iterable[Row], say: Sentences) -> list[GroupView]:
    """The rows, under their activities, in order."""
    names = {child.id: child.first_name for child in found.children}
    several = found.wanted.child_id is None and len(found.children) > 1
    made: list[GroupView] = []
    for row in rows:
        name, key = names[row.child_id], f"{row.child_id}-{row.activity}"
        if not made or made[-1].key != key:
            made.append(GroupView(key, name if several else "", row.activity_label, []))
        made[-1].rows.append(
            RowView(
                row.child_id,
                row.slot,
                row.slot_label,
                row.hours,
                _what(name, row.slot_label),
                [say.view(cell) for cell in row.cells],
            )
        )
    return made


def columns(days: Iterable[Day], today: date) -> list[DayView]:
    """The days of the period."""
    return [
        DayView(
            one.day.isoformat(),
            SHORT_DAYS[one.day.weekday()],
            f"{one.day.day:02d}",
            day_words(one.day),
            "now" if one.day == today else "off" if _shut(one) else "",
            one.note,
        )
        for one in days
    ]


def cards(found: Planning, rows: Iterable[Row], say: Sentences, today: date) -> list[CardView]:
    """The days of a week, each with what is not closed."""
    rows = tuple(rows)
    names = {child.id: child.first_name for child in found.children}
    several = found.wanted.child_id is None and len(found.children) > 1
    made = []
    for place, one in enumerate(found.days):
        if one.day.weekday() >= WEEKEND and not one.is_open:
            continue
        parts: list[PartView] = []
        for row in rows:
            cell = row.cells[place]
            seen = shape(cell)
            if seen[0] == CLOSED:
                continue
            name = names[row.child_id]
            if not parts or parts[-1].lines[-1].child != row.child_id:
                parts.append(PartView(name if several else "", []))
            iso = one.day.isoformat()
            parts[-1].lines.append(
                LineView(
                    row.child_id,
                    row.slot,
                    row.slot_label,
                    row.hours,
                    f"{_what(name, row.slot_label)}, {day_words(one.day)}",
                    iso,
                    seen,
                    say.place(cell, seen),
                )
            )
        note = "" if parts else one.note or "Rien à réserver ce jour-là."
        title = sentence(day_words(one.day))
        made.append(CardView(one.day.isoformat(), title, one.day == today, note, parts))
    return made


def _what(name: str, slot: str) -> str:
    return f"{name}, {slot[:1].lower()}{slot[1:]}"


def _shut(day: Day) -> bool:
    return day.day.weekday() >= WEEKEND or not day.is_open
