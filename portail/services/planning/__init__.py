"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning import absences
from portail.services.planning.bulk import (
    Contradictory,
    TooMuch,
    apply_week,
    clear_period,
    copy_month,
    copy_week,
)
from portail.services.planning.confirmations import (
    confirmation,
    ics,
    of_procedure,
)
from portail.services.planning.confirming import (
    confirm,
)
from portail.services.planning.grid import (
    planning,
)
from portail.services.planning.offers import (
    answer_offer,
    offers,
)
from portail.services.planning.pending import (
    clear,
    counts,
    remove,
    toggle,
    undo,
    validation,
)
from portail.services.planning.queues import (
    end_offers,
    end_queues,
    offer_freed,
)
from portail.services.planning.views import (
    BulkOutcome,
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

absences.register()

__all__ = [
    "BulkOutcome",
    "Cell",
    "Changed",
    "Contradictory",
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
    "TooMuch",
    "Validation",
    "Wanted",
    "answer_offer",
    "apply_week",
    "clear",
    "clear_period",
    "confirm",
    "confirmation",
    "copy_month",
    "copy_week",
    "counts",
    "end_offers",
    "end_queues",
    "ics",
    "of_procedure",
    "offer_freed",
    "offers",
    "planning",
    "remove",
    "toggle",
    "undo",
    "validation",
]
