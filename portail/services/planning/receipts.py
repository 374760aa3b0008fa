"""The mails of the planning: confirmed (CRPA L112-11), a freed place, a queue that ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.bookings import CellKey
from portail.domain.confirmations import ACTED, LineOutcome
from portail.domain.notifications import Notification
from portail.models import Account, Procedure, Reservation, Subscription
from portail.services import mails
from portail.services.catalogue import Loaded
from portail.services.notifications import Notice, tell
from portail.services.planning.settling import Settled
from portail.services.planning.sums import cents, kept
from portail.settings import settings
from portail.texts.french import NBSP, counted, day, euros, moment_without_year

PRICE_UNKNOWN = "prix à confirmer"


@dataclass(frozen=True)
class Line:
    """A line of the receipt."""

    child: str
    day: date
    what: str
    outcome: LineOutcome
    cents: int | None
    kept_cents: int
    rank: int
    told: str


@dataclass(frozen=True)
class Place:
    """A place of a day, in words."""

    child: str
    what: str
    day: date


def line(one: Settled, child: str, loaded: Loaded, rows: Mapping[CellKey, Reservation]) -> Line:
    """What is told of one change."""
    change = one.change
    return Line(
        child,
        change.day,
        named(loaded, change.slot),
        one.outcome,
        cents(one, rows),
        kept(one, rows),
        one.rank,
        one.told,
    )


def named(loaded: Loaded, slot: str) -> str:
    """«Matin (1_Accueil matin maternelle)»."""
    known = loaded.rulebook.slots.get(slot)
    label = loaded.label(slot)
    return f"{label} ({known[1].label})" if known else label


def confirmed(
    session: Session, account: Account, procedures: Sequence[Procedure], lines: Sequence[Line]
) -> None:
    """Acknowledge a confirmation, in its own transaction."""
    outcomes = {one.outcome for one in lines}
    done = [one for one in lines if one.outcome is not LineOutcome.REFUSED]
    context: dict[str, object] = {
        "first_name": account.first_name,
        "number": procedures[0].id,
        "numbers": [procedure.id for procedure in procedures],
        "groups": _by_child(done),
        "total": _total(lines),
        "failed": [
            f"{one.child}, {day(one.day)}{NBSP}: {one.what}. {one.told}"
            for one in sorted(lines, key=lambda one: (one.child, one.day, one.what))
            if one.outcome is LineOutcome.REFUSED
        ],
        "waiting": LineOutcome.WAITING in outcomes,
        "requested": LineOutcome.REQUESTED in outcomes,
        "service": settings().town_service,
        "silence": settings().enrolment_silence,
        "url": f"{settings().base_url}/dossier/demarche?n={procedures[0].id}",
    }
    mails.queue(session, "planning_confirmed", account.email, context)


def offered(session: Session, row: Reservation, place: Place, until: datetime) -> None:
    """A freed place is kept for whoever waited for it."""
    for account in _told(session, row):
        context: dict[str, object] = {
            "first_name": account.first_name,
            "child": place.child,
            "what": place.what,
            "day": day(place.day),
            "until": moment_without_year(until),
            "url": f"{settings().base_url}/planning?jour={place.day.isoformat()}",
        }
        line = f"{_said(place)}, gardée jusqu’au {context['until']}"
        about = f"offer {row.id}, {until.isoformat()}"
        notice = Notice(Notification.PLACES, "place_offered", context, line, about)
        tell(session, account, notice)


def ended(session: Session, rows: Sequence[tuple[Reservation, Place]], why: str) -> None:
    """A family no longer waits for these places: one mail for all of them."""
    row, first = rows[0]
    for account in _told(session, row):
        context: dict[str, object] = {
            "first_name": account.first_name,
            "places": [_said(place) for _, place in rows],
            "why": why,
            "url": f"{settings().base_url}/planning?jour={first.day.isoformat()}",
        }
        line = f"Plus d’attente{NBSP}: {'; '.join(_said(place) for _, place in rows)}"
        about = f"waiting {row.id}, {clock.now().isoformat()}"
        notice = Notice(Notification.PLACES, "waiting_ended", context, line, about)
        tell(session, account, notice)


def _said(place: Place) -> str:
    return f"{place.child}, {day(place.day)}{NBSP}: {place.what}"


def _told(session: Session, row: Reservation) -> list[Account]:
    """Whoever asked; if they have left the family, its other accounts."""
    accounts = session.exec(
        select(Account)
        .join(Subscription, col(Subscription.account_id) == col(Account.id))
        .where(Subscription.family_id == row.family_id)
        .order_by(col(Account.id))
    ).all()
    asked = [account for account in accounts if account.id == row.account_id]
    return asked or list(accounts)


def _by_child(lines: Sequence[Line]) -> list[dict[str, object]]:
    names = dict.fromkeys(one.child for one in lines)
    return [
        {
            "child": name,
            "lines": [
                f"{day(one.day)}{NBSP}: {one.what}, {_became(one)}"
                for one in sorted(lines, key=lambda one: (one.day, one.what))
                if one.child == name
            ],
        }
        for name in names
    ]


def _became(one: Line) -> str:  # noqa: PLR0911  (one return an outcome)
    price = PRICE_UNKNOWN if one.cents is None else euros(one.cents)
    match one.outcome:
        case LineOutcome.BOOKED:
            return f"réservé, {price}"
        case LineOutcome.REQUESTED:
            return f"demandé, un agent doit l’accepter, {price}"
        case LineOutcome.WAITING:
            return f"complet, sur liste d’attente, rang{NBSP}{one.rank}"
        case LineOutcome.CANCELLED if one.kept_cents:
            return f"annulé hors délai, {euros(one.kept_cents)} restent dus"
        case LineOutcome.CANCELLED:
            return "annulé" if one.cents is None else f"annulé, {euros(one.cents)} en moins"
        case LineOutcome.LEFT_QUEUE:
            return "retiré de la liste d’attente"
        case LineOutcome.ALREADY:
            return "c’était déjà fait"
        case _:
            return one.told[:1].lower() + one.told[1:].removesuffix(".")


def _total(lines: Sequence[Line]) -> str:
    """What the confirmation adds to what is due, or takes from it."""
    counted_in = [
        one for one in lines if one.outcome in ACTED - {LineOutcome.WAITING, LineOutcome.LEFT_QUEUE}
    ]
    cents = sum(
        -(one.cents or 0) if one.outcome is LineOutcome.CANCELLED else one.cents or 0
        for one in counted_in
    )
    unknown = sum(one.cents is None for one in counted_in)
    amount = f"{euros(abs(cents))} {'en moins' if cents < 0 else 'en plus'}" if cents else euros(0)
    if not unknown:
        return amount
    return f"{amount}, {counted(unknown, 'prix', 'prix')} à confirmer"
