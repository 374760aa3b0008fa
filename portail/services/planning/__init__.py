"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning import absences
from portail.services.planning.confirmations import confirmation, ics, of_procedure
from portail.services.planning.confirming import confirm
from portail.services.planning.grid import planning
from portail.services.planning.offers import answer_offer, offers
from portail.services.planning.pending import clear, counts, remove, toggle, undo, validation
from portail.services.planning.queues import end_offers, end_queues, offer_freed
from portail.services.planning.views import (
    Cell,
    Changed,
    Confirmed,
    ConfirmedLine,
    Cost,
    Counts,
    Day,
    Mark,
    NothingPending,
    NotPossible,
    Offer,
    OfferAccepted,
    OfferDeclined,
    OfferOver,
    OfferRefused,
    PendingLine,
    Planning,
    PlanningChild,
    Row,
    Stale,
    ToggleOutcome,
    Validation,
    Wanted,
)

absences.register()

__all__ = [
    "Cell",
    "Changed",
    "Confirmed",
    "ConfirmedLine",
    "Cost",
    "Counts",
    "Day",
    "Mark",
    "NotPossible",
    "NothingPending",
    "Offer",
    "OfferAccepted",
    "OfferDeclined",
    "OfferOver",
    "OfferRefused",
    "PendingLine",
    "Planning",
    "PlanningChild",
    "Row",
    "Stale",
    "ToggleOutcome",
    "Validation",
    "Wanted",
    "answer_offer",
    "clear",
    "confirm",
    "confirmation",
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
