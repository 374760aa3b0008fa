"""Online payments: begun by a parent, and then only what the bank's service says counts."""

from portail.services.payments.checking import Flagged, clear, flagged
from portail.services.payments.following import follow_open, refresh
from portail.services.payments.hearing import Notice, notified, returned
from portail.services.payments.mine import ended, mine, of_procedure, payment, payments_of, redirect
from portail.services.payments.starting import start
from portail.services.payments.views import (
    AlreadyPaid,
    Closed,
    InProgress,
    PaidInvoice,
    PaymentView,
    SeveralFamilies,
    Started,
    StartOutcome,
    ToCheck,
    TooLarge,
    TooMany,
    TooSmall,
    Unavailable,
)

__all__ = [
    "AlreadyPaid",
    "Closed",
    "Flagged",
    "InProgress",
    "Notice",
    "PaidInvoice",
    "PaymentView",
    "SeveralFamilies",
    "StartOutcome",
    "Started",
    "ToCheck",
    "TooLarge",
    "TooMany",
    "TooSmall",
    "Unavailable",
    "clear",
    "ended",
    "flagged",
    "follow_open",
    "mine",
    "notified",
    "of_procedure",
    "payment",
    "payments_of",
    "redirect",
    "refresh",
    "returned",
    "start",
]
