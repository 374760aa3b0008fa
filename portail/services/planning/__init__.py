"""The planning: what is shown, what is pending, what is confirmed."""

from portail.services.planning.confirmations import confirmation, ics, of_procedure
from portail.services.planning.confirming import confirm
from portail.services.planning.offers import answer_offer, offers
from portail.services.planning.queues import end_offers, end_queues, offer_freed

__all__ = [
    "answer_offer",
    "confirm",
    "confirmation",
    "end_offers",
    "end_queues",
    "ics",
    "of_procedure",
    "offer_freed",
    "offers",
]
