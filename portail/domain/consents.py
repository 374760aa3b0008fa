"""The texts one accepts, and the mails one may do without."""

from __future__ import annotations

from enum import StrEnum


class ConsentText(StrEnum):
    """The texts one accepts, by their file in portail/texts/pages."""

    TERMS = "conditions-utilisation"
    PRIVACY = "donnees-personnelles"


class Notification(StrEnum):
    """Mails one may do without. Receipts and security notices are always sent."""

    MESSAGES = "messages"
    INVOICES = "invoices"
    REMINDERS = "reminders"
    NEWS = "news"
