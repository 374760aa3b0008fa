"""What a telephone follows: a family's bookings, asked for by a secret, without a session.

Programs ask every hour or so for what has not changed: that costs a count of the bookings, and
their events are written only when something is new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlmodel import Session, col

from portail import clock
from portail.adapters import calendar_file
from portail.adapters.calendar_file import Followed, Status
from portail.database import ask, reading, writing
from portail.domain.bookings import QUEUED, Held
from portail.domain.moments import at_paris, utc
from portail.domain.throttling import CALENDAR_STRANGER
from portail.models import (
    CalendarAddress,
    Child,
    Family,
    FamilyChild,
    Reservation,
    School,
    Subscription,
)
from portail.services import throttles
from portail.services.catalogue import Loaded, current
from portail.services.planning.events import Booking, event_of
from portail.services.secrets import secret_hash
from portail.settings import settings

FORMAT = 1  # another one makes every telephone read its calendar again
EVERY = timedelta(hours=1)
MONTHS_BACK = 3
CANCELLED_DAYS = 30  # how long a cancellation is told, for those telephones that were away
_THROTTLE = "calendar/address"


@dataclass(frozen=True)
class Version:
    """Which state of the calendar this is, and since when at the latest it is so."""

    tag: str
    modified_at: datetime


@dataclass(frozen=True)
class Calendar:
    """A calendar; `content` unset: whoever asks has this version."""

    version: Version
    content: bytes | None


@dataclass(frozen=True)
class NoCalendar:
    """This secret opens nothing: never given, renewed, or ended."""


@dataclass(frozen=True)
class TooMany:
    """Too many secrets that open nothing came from this network address."""

    wait: timedelta


Outcome = Calendar | NoCalendar | TooMany


def follow(secret: str, *, address: str, has: Callable[[Version], bool]) -> Outcome:
    """The calendar that a secret opens.

    Args:
        secret: as it came, whatever it is.
        address: network address of whoever asks.
        has: whether they have this version already.
    """
    now = clock.now()
    with reading() as session:
        wait = throttles.wait_of(session, _THROTTLE, address, now)
        if wait:
            return TooMany(wait)
        found = _opened(session, secret)
        if found is not None:
            return _calendar(session, found, clock.today(), has)
    with writing() as session:
        wait, _ = throttles.count_attempt(session, _THROTTLE, address, CALENDAR_STRANGER, now)
    return TooMany(wait) if wait else NoCalendar()


def _opened(session: Session, secret: str) -> Row[Any] | None:
    query = (
        select(
            col(Family.id), col(Family.number), col(Family.name), col(CalendarAddress.created_at),
            col(CalendarAddress.renewed_at),
        )
        .join(Subscription, col(Subscription.family_id) == col(Family.id))
        .join(CalendarAddress, col(CalendarAddress.subscription_id) == col(Subscription.id))
        .where(col(CalendarAddress.secret_hash) == secret_hash(secret))
    )  # fmt: skip
    return ask(session, query).first()


def _calendar(
    session: Session, family: Row[Any], today: date, has: Callable[[Version], bool]
) -> Calendar:
    loaded = current(session)
    version = _version(session, loaded, family, today)
    if has(version):
        return Calendar(version, None)
    rows = ask(session, _bookings(family.id, today)).all()
    bookings = (
        Booking(
            row.child_id,
            row.first_name,
            row.school or "",
            loaded.slot_codes[row.slot_id],
            row.day,
            _status(row),
            row.cancelled_at or row.booked_at,
        )
        for row in _shown(rows)
    )
    events = [event for one in bookings if (event := event_of(loaded, one)) is not None]
    town = settings()
    about = Followed(
        f"{town.portal_name} – {family.name}",
        f"Les réservations du dossier famille n° {family.number}, {town.town_name}",
        EVERY,
    )
    return Calendar(
        version, calendar_file.write_followed(about, events, town.town_name, town.town_email)
    )


def _version(session: Session, loaded: Loaded, family: Row[Any], today: date) -> Version:
    """Counted and added up by the database: whatever changes an event changes these figures."""
    groups = (
        col(Reservation.child_id),
        col(Child.first_name),
        col(School.name),
        col(Reservation.state),
        col(Reservation.cancelled_at).is_(None),
    )
    query = _of_family(
        select(
            *groups,
            func.count(),
            func.sum(Reservation.id),
            func.max(Reservation.booked_at),
            func.max(Reservation.cancelled_at),
        ),
        family.id,
        today,
    ).group_by(*groups)
    rows = ask(session, query.order_by(*groups)).all()
    town = settings()
    said = (FORMAT, loaded.stamp, tuple(family), town.portal_name, town.town_name)
    facts = (*said, town.town_email, town.base_url, [tuple(row) for row in rows])
    moments = [moment for row in rows for moment in row[-2:]]
    # what has no instant of its own (a name, what is too old to be shown) is told once a day
    moments += [family.created_at, family.renewed_at, loaded.imported_at, at_paris(today, time(0))]
    newest = max(utc(moment) for moment in moments if moment)
    return Version(hashlib.sha256(repr(facts).encode()).hexdigest()[:32], min(newest, clock.now()))


def _bookings(family_id: int, today: date) -> Any:
    query: Any = select(
        col(Reservation.child_id),
        col(Child.first_name),
        col(School.name).label("school"),
        col(Reservation.slot_id),
        col(Reservation.day),
        col(Reservation.state),
        col(Reservation.booked_at),
        col(Reservation.cancelled_at),
    )
    return _of_family(query, family_id, today).order_by(
        col(Reservation.day), col(Child.birth_on), col(Reservation.child_id), col(Reservation.id)
    )


def _of_family(query: Any, family_id: int, today: date) -> Any:
    """What this household booked for the children it has; the waiting list is a promise only."""
    month = today.replace(day=1)
    for _ in range(MONTHS_BACK):
        month = (month - timedelta(days=1)).replace(day=1)
    gone_since = at_paris(today - timedelta(days=CANCELLED_DAYS), time(0))
    return (
        query.select_from(Reservation)
        .join(
            FamilyChild,
            and_(
                col(FamilyChild.family_id) == col(Reservation.family_id),
                col(FamilyChild.child_id) == col(Reservation.child_id),
            ),
        )
        .join(Child, col(Child.id) == col(Reservation.child_id))
        .outerjoin(School, col(School.id) == col(Child.school_id))
        .where(
            col(Reservation.family_id) == family_id,
            # from the first of a month: a month of old bookings leaves at once
            col(Reservation.day) >= month,
            col(Reservation.state).not_in(QUEUED),
            or_(
                col(Reservation.cancelled_at).is_(None),
                col(Reservation.cancelled_at) >= gone_since,
            ),
        )
    )


def _shown(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """One a child, slot and day: the booking that stands, else the last one cancelled."""
    last: dict[tuple[int, int, date], Row[Any]] = {}
    for row in rows:  # the later booked of a day is after the others
        last[row.child_id, row.slot_id, row.day] = row
    return list(last.values())


def _status(row: Row[Any]) -> Status:
    if row.cancelled_at is not None:
        return Status.CANCELLED
    return Status.TENTATIVE if row.state is Held.REQUESTED else Status.CONFIRMED
