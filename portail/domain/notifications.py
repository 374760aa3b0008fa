"""What families are told of by mail: one list of kinds, and what each account may choose.

The hour of the daily digest and of the reminder before a deadline are rules too: they are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType

from portail.domain.calendars import DAY
from portail.domain.moments import PARIS, at_paris, utc

MORNING, NIGHT = 6, 22  # a digest that was missed waits for the morning


class Notification(StrEnum):
    """What is told of."""

    ANSWERS = "answers"
    PAYMENTS = "payments"
    MESSAGES = "messages"
    INVOICES = "invoices"
    PLACES = "places"
    DEADLINES = "deadlines"
    DOCUMENTS = "documents"
    NEWS = "news"


class Choice(StrEnum):
    """When one is told."""

    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


CHOICES = MappingProxyType(
    {
        Choice.NOW: "Tout de suite",
        Choice.DAILY: "Dans le résumé du jour",
        Choice.NEVER: "Jamais",
    }
)


@dataclass(frozen=True)
class Kind:
    """A kind as shown; `always` says why it is sent whatever one wants, and is no choice then.

    `caution` is what the daily digest costs.
    """

    label: str
    says: str
    always: str = ""
    caution: str = ""
    default: Choice = Choice.NOW


KINDS: Mapping[Notification, Kind] = MappingProxyType(
    {
        Notification.MESSAGES: Kind(
            "Réponses à mes messages", "Un service de la mairie a répondu dans la messagerie."
        ),
        Notification.INVOICES: Kind("Nouvelles factures", "Une facture ou un avoir est en ligne."),
        Notification.PLACES: Kind(
            "Places libérées",
            "Une place se libère pour un jour où votre enfant attend, ou son attente prend fin.",
            caution="Gardée quelques heures seulement : le résumé peut arriver trop tard.",
        ),
        Notification.DEADLINES: Kind(
            "Dates limites de réservation",
            "La veille, quand rien n’est réservé pour la semaine.",
        ),
        Notification.DOCUMENTS: Kind(
            "Documents à fournir", "Un document manque, est refusé ou ne sera bientôt plus valable."
        ),
        Notification.NEWS: Kind("Actualités", "Une actualité de la mairie concerne votre famille."),
        Notification.ANSWERS: Kind(
            "Réponses à mes demandes",
            "La mairie décide d’une demande, vous demande une pièce ou vous remet un document.",
            always="La mairie doit vous faire connaître ses décisions.",
        ),
        Notification.PAYMENTS: Kind(
            "Accusés de réception et reçus",
            "Une démarche, une réservation ou un paiement est enregistré.",
            always="La loi prévoit un accusé de réception à chaque démarche et paiement.",
        ),
    }
)
CHOSEN = tuple(kind for kind, told in KINDS.items() if not told.always)


def choice(kind: Notification, wanted: Choice | None) -> Choice:
    """When this kind is told to an account that chose this, or nothing yet."""
    if KINDS[kind].always:
        return Choice.NOW
    return wanted or KINDS[kind].default


def digest_day(now: datetime, hour: int) -> date | None:
    """The day whose digest is to be sent now: today's from this hour on (a clock in Paris).

    Before that hour, that of the day before: it is due still if the portal was down. Nobody
    is written to at night.
    """
    local = now.astimezone(PARIS)
    if not MORNING <= local.hour < NIGHT:
        return None
    today = local.date()
    return today if in_digest_time(now, today, hour) else today - DAY


def digest_cutoff(day: date, hour: int) -> datetime:
    """Until when what happens is in the digest of this day."""
    return at_paris(day, time(hour))


def in_digest_time(now: datetime, day: date, hour: int) -> bool:
    """Whether the digest of this day may leave."""
    return utc(now) >= utc(digest_cutoff(day, hour))


def reminder_evening(now: datetime, hour: int) -> date | None:
    """The evening whose reminders of what closes the day after are to be sent now.

    They leave an hour before the digest of this hour, which takes some of them; those of an evening
    that was missed, in the morning, as a digest would.
    """
    return digest_day(now, hour - 1)


def closes_after(evening: date, until: datetime) -> bool:
    """Whether a deadline falls on the day after this evening, in Paris."""
    return until.astimezone(PARIS).date() == evening + DAY
