"""The links and boxes around the grid: children, views, activities; and the detail of the cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portail.domain.periods import View
from portail.services.planning import Cost, Planning
from portail.state.planning.address import Asked
from portail.texts.french import euros

VIEW_LABELS = {View.MONTH: "Mensuel", View.FORTNIGHT: "Quinzaine", View.WEEK: "Semaine"}
EVERYBODY = "Tous les enfants"


@dataclass(frozen=True)
class Way:
    """A link of the page: its address, and whether one is there; `child` is whom it is for."""

    label: str
    initial: str
    address: str
    here: bool
    child: int = 0


@dataclass(frozen=True)
class Shown:
    """A box of «Activités»."""

    code: str
    label: str
    shown: bool


@dataclass(frozen=True)
class CostLine:
    """A line of the detail of the cost; `after` is empty when nothing pending changes it."""

    label: str
    booked: str
    after: str


def whose(names: Mapping[int, str], child_id: int | None) -> str:
    """«Nora», «Tous les enfants»; of an only child, its name whatever is asked."""
    if child_id is not None:
        return names[child_id]
    return EVERYBODY if len(names) > 1 else next(iter(names.values()), EVERYBODY)


def child_ways(names: Mapping[int, str], want: Asked) -> list[Way]:
    """«Tous», then each child; nothing to choose from when there is one."""
    if len(names) < 2:  # noqa: PLR2004
        return []
    everybody = Way("Tous", str(len(names)), want.of(None).address(), want.child_id is None)
    return [
        everybody,
        *(
            Way(name, name[:1], want.of(key).address(), key == want.child_id, key)
            for key, name in names.items()
        ),
    ]


def view_ways(want: Asked) -> list[Way]:
    """«Mensuel», «Quinzaine», «Semaine»."""
    return [
        Way(label, "", want.seen_as(view).address(), view is want.view)
        for view, label in VIEW_LABELS.items()
    ]


def costs_by_child(found: Planning) -> list[CostLine]:
    """What each child shown costs."""
    names = {child.id: child.first_name for child in found.children}
    return [_line(names[key], cost) for key, cost in found.cost_by_child.items()]


def costs_by_activity(found: Planning) -> list[CostLine]:
    """What each activity costs; those that cost nothing are left out."""
    return [
        _line(label, cost)
        for label, cost in found.cost_by_activity.items()
        if cost.booked or cost.after
    ]


def _line(label: str, cost: Cost) -> CostLine:
    return CostLine(
        label, euros(cost.booked), euros(cost.after) if cost.after != cost.booked else ""
    )
