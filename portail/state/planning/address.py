"""What the planning shows is in its address: child, view, day, hidden rows, and the edit mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from portail.domain.periods import View, beside, span

PLANNING, VALIDATION = "/planning", "/planning/validation"
EVERYBODY = "tous"
VIEWS = {View.MONTH: "mois", View.FORTNIGHT: "quinzaine", View.WEEK: "semaine"}
_BY_NAME = {name: view for view, name in VIEWS.items()}
MAX_HIDDEN = 40  # activities: an address is no place for more
MAX_DIGITS = 9


def calendar_address(confirmation: int) -> str:
    """Where the calendar file of a confirmation is."""
    return f"/planning/confirmation/{confirmation}.ics"


@dataclass(frozen=True)
class Asked:
    """What an address asks. `child_id` unset: all the children together."""

    day: date
    view: View = View.MONTH
    child_id: int | None = None
    hidden: tuple[str, ...] = ()
    editing: bool = False

    def address(self) -> str:
        """The address that asks this."""
        query = {
            "enfant": EVERYBODY if self.child_id is None else str(self.child_id),
            "vue": VIEWS[self.view],
            "jour": self.day.isoformat(),
        }
        if self.hidden:
            query["masque"] = ",".join(self.hidden)
        if self.editing:
            query["modifier"] = "1"
        return f"{PLANNING}?{urlencode(query, safe=',')}"

    def of(self, child_id: int | None) -> Asked:
        """The same of another child."""
        return replace(self, child_id=child_id)

    def seen_as(self, view: View) -> Asked:
        """The same in another view."""
        return replace(self, view=view)

    def on(self, day: date) -> Asked:
        """The same around another day."""
        return replace(self, day=day)

    def steps(self, steps: int) -> Asked:
        """The period before (-1) or after (1)."""
        return replace(self, day=beside(self.view, self.day, steps))

    def in_edit(self, editing: bool) -> Asked:
        """The same, being changed or only read."""
        return replace(self, editing=editing)

    def without(self, activity: str, hidden: bool) -> Asked:
        """The same with the rows of an activity hidden, or shown again."""
        others = tuple(code for code in self.hidden if code != activity)
        return replace(self, hidden=(*others, activity) if hidden else others)

    @property
    def first_day(self) -> date:
        """Of the period."""
        return span(self.view, self.day)[0]


def asked(query: Mapping[str, str], today: date) -> Asked:
    """What an address asks; whatever is not understood is as if it were not there."""
    return Asked(
        _day(query.get("jour", ""), today),
        _BY_NAME.get(query.get("vue", ""), View.MONTH),
        _number(query.get("enfant", "")),
        tuple(dict.fromkeys(code for code in query.get("masque", "").split(",") if code))[
            :MAX_HIDDEN
        ],
        query.get("modifier") == "1",
    )


def _number(text: str) -> int | None:
    short = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) if short else None


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today
