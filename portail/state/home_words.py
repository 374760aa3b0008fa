"""What matters today, in words: what waits for the parent, what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from portail import clock
from portail.access.routes import exists
from portail.domain.documents import DocumentState
from portail.services.billing.views import DueLine
from portail.services.documents import AskedDocument, MyDocuments
from portail.services.home import Home, HomeBooking
from portail.services.messages import UnreadAnswer
from portail.services.messages.telling import address as conversation
from portail.services.planning.views import Offer
from portail.settings import PARIS
from portail.state.billing.address import pay_address
from portail.texts.french import (
    counted,
    day,
    euros,
    hour,
    listed,
    moment_without_year,
    month,
    numeric_day,
    of,
)

MOST_DOCUMENTS = 3  # more are told in one line
MOST_DEADLINES = 3


@dataclass(frozen=True)
class ChildLine:
    """A child as shown: ready text."""

    id: int
    first_name: str
    initial: str
    detail: str
    address: str


@dataclass(frozen=True)
class Todo:
    """Something that waits for the parent, with its way on."""

    key: str
    sign: str
    tone: str
    title: str
    detail: str
    action: str  # words of the button; empty: nowhere to go yet
    address: str


@dataclass(frozen=True)
class Booking:
    """What is booked for one or several children."""

    key: str
    sign: str
    who: str
    what: str
    detail: str


@dataclass(frozen=True)
class FamilyCard:
    """A family file as shown: ready text."""

    id: int
    title: str
    children: list[ChildLine]


def todos(found: Home, documents: MyDocuments) -> list[Todo]:
    """What asks for something, most pressing first."""
    return [
        *[_offer(one) for one in found.offers],
        *[_answer(one) for one in found.answers],
        *_deadlines(found),
        *[_invoice(one) for one in found.invoices],
        *_proofs(documents),
        *_documents(documents),
        *_unanswered(found),
    ]


def _offer(one: Offer) -> Todo:
    first = day(one.days[0]).rsplit(" ", 1)[0]
    when = first if len(one.days) == 1 else f"{counted(len(one.days), 'jour')} dès le {first}"
    return Todo(
        f"place-{one.id}",
        "bell",
        "alert",
        f"Une place s’est libérée\u00a0: {one.slot}, {when} ({one.child})",
        f"{one.activity}. À accepter avant le {moment_without_year(one.until)}.",
        "Répondre" if exists("/planning") else "",
        f"/planning?enfant={one.child_id}&jour={one.days[0].isoformat()}",
    )


def _answer(one: UnreadAnswer) -> Todo:
    return Todo(
        f"reponse-{one.thread_id}",
        "message-circle",
        "accent",
        f"{one.service} vous a répondu",
        f"«\u00a0{one.subject}\u00a0», le {moment_without_year(one.at)}.",
        "Lire",
        conversation(one.thread_id),
    )


def _invoice(one: DueLine) -> Todo:
    late = one.due_on < clock.today()
    return Todo(
        f"facture-{one.id}",
        "receipt-euro",
        "alert" if late else "accent",
        f"Facture {of(month(one.period_on))}\u00a0: {euros(one.due_cents)}",
        f"À payer {'depuis le' if late else 'avant le'} {numeric_day(one.due_on)}.",
        "Payer",
        pay_address(one.id),
    )


def _deadlines(found: Home) -> list[Todo]:
    """The soonest: the planning says the rest."""
    return [
        Todo(
            f"echeance-{place}",
            "alarm-clock",
            "accent",
            f"{one.activity}, semaine du {day(one.week_on).split(' ', 1)[1].rsplit(' ', 1)[0]}",
            f"Rien de réservé pour {listed(one.children)}. "
            f"Possible jusqu’au {moment_without_year(one.until)}.",
            "Réserver" if exists("/planning") else "",
            f"/planning?jour={one.from_day.isoformat()}",
        )
        for place, one in enumerate(found.deadlines[:MOST_DEADLINES])
    ]


def _proofs(documents: MyDocuments) -> list[Todo]:
    return [
        Todo(
            f"demarche-{one.id}",
            "file-up",
            "accent",
            f"{one.title} ({one.child})" if one.child else one.title,
            f"La mairie demande : {one.note}" if one.note else "La mairie attend un justificatif.",
            "Déposer",
            f"/dossier/demarche?n={one.id}",
        )
        for family in documents.families
        for one in family.procedures
    ]


REASONS = {
    DocumentState.MISSING: "À fournir.",
    DocumentState.REFUSED: "Refusé, à déposer de nouveau.",
    DocumentState.EXPIRED: "N’est plus valable.",
}


def _documents(documents: MyDocuments) -> list[Todo]:
    asked = [one for family in documents.families for one in family.pressing]
    if len(asked) > MOST_DOCUMENTS:
        about = sorted({one.child for one in asked if one.child})
        return [
            Todo(
                "documents",
                "file-up",
                "brand",
                f"{counted(len(asked), 'document')} à fournir",
                f"Pour {listed(about)}." if about else "Pour votre dossier.",
                "Déposer",
                "/dossier/documents",
            )
        ]
    return [_document(place, one) for place, one in enumerate(asked)]


def _document(place: int, one: AskedDocument) -> Todo:
    until = f"Expire le {numeric_day(one.valid_until)}." if one.valid_until else ""
    return Todo(
        f"document-{place}",
        "file-up",
        "alert" if one.state is DocumentState.REFUSED else "brand",
        f"{one.name} ({one.child})" if one.child else one.name,
        REASONS.get(one.state, until),
        "Déposer",
        "/dossier/documents",
    )


def _unanswered(found: Home) -> list[Todo]:
    if not found.unanswered:
        return []
    many = found.unanswered > 1
    return [
        Todo(
            "sans-reponse",
            "clock",
            "brand",
            f"{counted(found.unanswered, 'demande')} en cours",
            "La mairie les examine." if many else "La mairie l’examine.",
            "Suivre",
            "/dossier",
        )
    ]


def bookings(found: Home) -> list[Booking]:
    """Today's and tomorrow's, children of the same slot together."""
    together: dict[tuple[date, str, str], list[HomeBooking]] = {}
    for one in found.bookings:
        together.setdefault((one.day, one.activity, one.slot), []).append(one)
    return [_booking(place, group) for place, group in enumerate(together.values())]


def _booking(place: int, group: list[HomeBooking]) -> Booking:
    one = group[0]
    when = "Aujourd’hui" if one.day == clock.today() else "Demain"
    return Booking(
        f"{place}",
        _sign(one),
        listed(list(dict.fromkeys(each.child for each in group))),
        one.slot,
        ", ".join(part for part in (when + _hours(one), one.activity) if part),
    )


def _hours(one: HomeBooking) -> str:
    if one.starts_at is None or one.ends_at is None:
        return ""
    return f", de {_clock(one.starts_at)} à {_clock(one.ends_at)}"


def _clock(value: time) -> str:
    return hour(datetime.combine(clock.today(), value, PARIS))


def _sign(one: HomeBooking) -> str:
    if "repas" in one.slot.casefold():
        return "utensils"
    if one.starts_at is None:
        return "calendar"
    return "sunrise" if one.starts_at.hour < NOON else "sunset"


NOON = 12
