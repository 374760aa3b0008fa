"""Enrolments: what is offered, asked, withdrawn, answered; places and the waiting list."""

from portail.services.enrolments import papers
from portail.services.enrolments.mine import my_enrolments
from portail.services.enrolments.offers import choices, offers
from portail.services.enrolments.requesting import (
    DaysProblem,
    Made,
    Outcome,
    Refused,
    Wanted,
    request,
)
from portail.services.enrolments.views import (
    ActivityOffer,
    ChildOffer,
    Choices,
    MyActivity,
    MyEnrolment,
    MyType,
    Paper,
    SlotPrice,
)
from portail.services.enrolments.withdrawing import (
    StillBooked,
    TooLate,
    Withdrawn,
    WithdrawOutcome,
    withdraw,
)

papers.register()

__all__ = [
    "ActivityOffer",
    "ChildOffer",
    "Choices",
    "DaysProblem",
    "Made",
    "MyActivity",
    "MyEnrolment",
    "MyType",
    "Outcome",
    "Paper",
    "Refused",
    "SlotPrice",
    "StillBooked",
    "TooLate",
    "Wanted",
    "WithdrawOutcome",
    "Withdrawn",
    "choices",
    "my_enrolments",
    "offers",
    "request",
    "withdraw",
]
