"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning.grid import planning
from portail.services.planning.pending import clear, counts, remove, toggle, undo, validation
from portail.services.planning.views import (
    Cell,
    Changed,
    Cost,
    Counts,
    Day,
    Mark,
    NotPossible,
    PendingLine,
    Planning,
    PlanningChild,
    Row,
    ToggleOutcome,
    Validation,
    Wanted,
)

__all__ = [
    "Cell",
    "Changed",
    "Cost",
    "Counts",
    "Day",
    "Mark",
    "NotPossible",
    "PendingLine",
    "Planning",
    "PlanningChild",
    "Row",
    "ToggleOutcome",
    "Validation",
    "Wanted",
    "clear",
    "counts",
    "planning",
    "remove",
    "toggle",
    "undo",
    "validation",
]
