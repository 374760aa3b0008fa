"""The notices a family gets by mail and may do without. Receipts and security are always sent."""

from __future__ import annotations

from enum import StrEnum


class Notification(StrEnum):
    """What is told of."""

    MESSAGES = "messages"
    INVOICES = "invoices"
    REMINDERS = "reminders"
    NEWS = "news"
