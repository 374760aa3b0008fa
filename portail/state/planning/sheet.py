"""A planning as it is shown: the state of the page and its first view say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portail.domain.periods import View
from portail.services.planning import Cost, Planning, Wanted
from portail.state.planning import cells, ways, words
from portail.state.planning.address import Asked
from portail.state.planning.cells import CardView, DayView, GroupView
from portail.state.planning.ways import Shown, Way
from portail.texts.french import sentence


@dataclass(frozen=True)
class Sheet:
    """Whose and when, the ways around it, and the cells; by the names of the page's variables."""

    title: str
    period: str
    children: list[Way]
    views: list[Way]
    before: str
    after: str
    today: str
    edit: str  # the address of the same, being changed
    read: str
    activities: list[Shown]
    hidden: str
    days: list[DayView]
    groups: list[GroupView]
    cards: list[CardView]
    sentences: list[str]


def is_phone(user_agent: str) -> bool:
    """Whether a browser says so; only one of the two layouts is sent."""
    return "Mobi" in user_agent


def seen_on(want: Asked, *, phone: bool) -> Asked:
    """What is shown of what the address asks: a week of it, on a phone."""
    return want.seen_as(View.WEEK) if phone else want


def wanted(seen: Asked) -> Wanted:
    """What to ask the planning for."""
    return Wanted(seen.day, seen.view, seen.child_id)


def slot_labels(found: Planning) -> dict[str, str]:
    """The label of each slot, by its code."""
    return {row.slot: row.slot_label for row in found.rows}


def day_costs(costs: Mapping[date, Cost]) -> dict[str, str]:
    """What the days cost, in words, for their cards."""
    return {day.isoformat(): words.day_cost_words(one) for day, one in costs.items()}


def sheet(found: Planning, want: Asked, *, phone: bool, today: date) -> Sheet:
    """What the page shows of a planning, of what its address asks."""
    seen = seen_on(want, phone=phone)
    names = {child.id: child.first_name for child in found.children}
    who = ways.whose(names, seen.child_id)
    known = {row.activity: row.activity_label for row in found.rows}
    rows = [row for row in found.rows if row.activity not in want.hidden]
    labels = slot_labels(found)
    say = cells.Sentences(lambda code: labels.get(code, code))
    return Sheet(
        title=who if phone else words.title([who], seen.view, seen.day),
        period=sentence(
            words.week_words(seen.day) if phone else words.period_words(seen.view, seen.day)
        ),
        children=ways.child_ways(names, want),
        views=ways.view_ways(want),
        before=want.on(seen.steps(-1).day).address(),
        after=want.on(seen.steps(1).day).address(),
        today=want.on(today).address(),
        edit=want.in_edit(True).address(),
        read=want.in_edit(False).address(),
        activities=[Shown(code, name, code not in want.hidden) for code, name in known.items()],
        hidden=",".join(sorted(set(want.hidden) & known.keys())),
        days=[] if phone else cells.columns(found.days, today),
        groups=[] if phone else cells.groups(found, rows, say),
        cards=cells.cards(found, rows, say, today) if phone else [],
        sentences=list(say.told),
    )
