"""Documents a town asks for: how long each is good, and in what state a family's is today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portail.domain.schooling import NEW_YEAR_MONTH, school_year

SOON = timedelta(days=30)  # «expiring»


class Subject(StrEnum):
    """Whom a type of document is about."""

    FAMILY = "family"
    GUARDIAN = "guardian"
    CHILD = "child"


class Validity(StrEnum):
    """How long an accepted document is good."""

    ALWAYS = "always"
    SCHOOL_YEAR = "school_year"  # the one it was sent in
    CALENDAR_YEAR = "calendar_year"
    MONTHS = "months"  # so many from the day it was sent
    STATED = "stated"  # until the date written on it, that the agent or the parent says


class Sharing(StrEnum):
    """What the other household of a shared child sees of this document."""

    NOTHING = "nothing"
    STATE = "state"  # that it is there, not the file: an address may be on it
    FILE = "file"


class Check(StrEnum):
    """What an agent said of a document."""

    TO_CHECK = "to_check"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class DocumentState(StrEnum):
    """What the family reads."""

    MISSING = "missing"
    TO_CHECK = "to_check"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRING = "expiring"
    EXPIRED = "expired"


STATE_LABELS = {
    DocumentState.MISSING: "À fournir",
    DocumentState.TO_CHECK: "À vérifier par la mairie",
    DocumentState.ACCEPTED: "Accepté",
    DocumentState.REFUSED: "Refusé",
    DocumentState.EXPIRING: "Expire bientôt",
    DocumentState.EXPIRED: "Expiré",
}
# what asks something of the family, most pressing first
ASKED_STATES = (
    DocumentState.REFUSED,
    DocumentState.MISSING,
    DocumentState.EXPIRED,
    DocumentState.EXPIRING,
)


@dataclass(frozen=True)
class Sent:
    """A document as kept."""

    check: Check
    valid_until: date | None


def state_of(sent: Sent | None, today: date) -> DocumentState:
    """The state of the newest document of a type, or of its absence."""
    if sent is None:
        return DocumentState.MISSING
    if sent.check is Check.REFUSED:
        return DocumentState.REFUSED
    if sent.valid_until is not None and sent.valid_until < today:
        return DocumentState.EXPIRED
    if sent.check is Check.TO_CHECK:
        return DocumentState.TO_CHECK
    if sent.valid_until is not None and sent.valid_until - today <= SOON:
        return DocumentState.EXPIRING
    return DocumentState.ACCEPTED


def current(documents: tuple[Sent, ...], today: date) -> Sent | None:
    """The one that counts among those sent, oldest first.

    An accepted one that is still good counts, unless a newer one was accepted: what was sent since
    and waits, or was refused, does not take away what the family already proved.
    """
    good = [
        one
        for one in documents
        if one.check is Check.ACCEPTED and (one.valid_until is None or one.valid_until >= today)
    ]
    if good:
        best = good[-1]
        expiring = best.valid_until is not None and best.valid_until - today <= SOON
        waiting = [one for one in documents if one.check is Check.TO_CHECK]
        return waiting[-1] if expiring and waiting and documents[-1] in waiting else best
    return documents[-1] if documents else None


def valid_until(validity: Validity, months: int, sent_on: date) -> date | None:
    """The last day a document sent on this day is good; None: for ever, or as stated on it."""
    match validity:
        case Validity.SCHOOL_YEAR:
            return date(school_year(sent_on) + 1, NEW_YEAR_MONTH, 31)
        case Validity.CALENDAR_YEAR:
            return date(sent_on.year, 12, 31)
        case Validity.MONTHS:
            return add_months(sent_on, months)
        case _:
            return None


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(day.day - 1), first_of_next - timedelta(1))
