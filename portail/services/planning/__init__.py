"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning import absences
from portail.services.planning.confirmations import confirmation, ics, of_procedure
from portail.services.planning.confirming import confirm
from portail.services.planning.grid import planning
from portail.services.planning.offers import answer_offer, offers
from portail.services.planning.queues import end_offers, end_queues, offer_freed
from portail.services.planning.views import Planning, Wanted

absences.register()

__all__ = [
    "Planning",
    "Wanted",
    "answer_offer",
    "confirm",
    "confirmation",
    "end_offers",
    "end_queues",
    "ics",
    "of_procedure",
    "offer_freed",
    "offers",
    "planning",
]
