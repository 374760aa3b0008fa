"""What a parent sees first: their families and children, and what matters today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, func, select

from portail import clock
from portail.database import reading
from portail.domain.bookings import Held
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureState
from portail.models import (
    Account,
    Child,
    FamilyChild,
    Procedure,
    Reservation,
    School,
)
from portail.services.billing.views import DueLine, due
from portail.services.catalogue.loading import current
from portail.services.deadlines import next_deadlines
from portail.services.messages import mine
from portail.services.messages.views import UnreadAnswer
from portail.services.planning import offers
from portail.services.planning.views import Offer
from portail.services.reach import my_families, my_family_ids


@dataclass(frozen=True)
class HomeChild:
    """A child of one of the parent's families."""

    id: int
    first_name: str
    school: str
    class_level: str


@dataclass(frozen=True)
class HomeFamily:
    """A family file the account reaches."""

    id: int
    number: int
    name: str
    children: tuple[HomeChild, ...]


@dataclass(frozen=True)
class HomeBooking:
    """A child expected somewhere, today or tomorrow; hours are those of the slot."""

    day: date
    child: str
    slot: str
    activity: str
    starts_at: time | None
    ends_at: time | None


@dataclass(frozen=True)
class HomeDeadline:
    """A week to book before a moment, for children who have nothing booked in it."""

    until: datetime
    activity: str
    slot: str
    week_on: date
    from_day: date
    children: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """The signed-in parent's own; `unanswered` counts the requests that wait for the town."""

    first_name: str
    families: tuple[HomeFamily, ...]
    invoices: tuple[DueLine, ...]
    bookings: tuple[HomeBooking, ...]
    deadlines: tuple[HomeDeadline, ...]
    unanswered: int
    offers: tuple[Offer, ...] = ()
    answers: tuple[UnreadAnswer, ...] = ()


def home(actor: Actor) -> Home:
    """The families of the actor's own subscriptions, children by age.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id = actor.account()
    with reading() as session:
        account = session.get_one(Account, account_id)
        families = my_families(session, actor)
        children = session.exec(
            select(FamilyChild.family_id, Child, School)
            .join(Child, col(Child.id) == col(FamilyChild.child_id))
            .outerjoin(School, col(School.id) == col(Child.school_id))
            .where(col(FamilyChild.family_id).in_([family.id for family in families]))
            .order_by(col(Child.birth_on), col(Child.id))
        ).all()
        answers = mine.unread_answers(session, actor)
        bookings = _bookings(session, actor)
        names = {child.id or 0: child.first_name for _, child, _ in children}
        deadlines = sorted(
            (
                HomeDeadline(
                    one.until,
                    one.activity,
                    one.slot,
                    one.week_on,
                    one.from_day,
                    tuple(names[child] for child in one.children),
                )
                for family in families
                for one in next_deadlines(session, family.id or 0)
            ),
            key=lambda one: one.until,  # those of several families together
        )
        unanswered = session.exec(
            select(func.count())
            .select_from(Procedure)
            .where(
                col(Procedure.family_id).in_(my_family_ids(actor)),
                Procedure.state == ProcedureState.REQUESTED,
            )
        ).one()
    by_family: dict[int, list[HomeChild]] = {}
    for family_id, child, school in children:
        view = HomeChild(
            child.id or 0, child.first_name, school.name if school else "", child.class_level
        )
        by_family.setdefault(family_id, []).append(view)
    return Home(
        account.first_name,
        tuple(
            HomeFamily(
                family.id or 0, family.number, family.name, tuple(by_family.get(family.id or 0, []))
            )
            for family in families
        ),
        due(actor).lines,
        bookings,
        tuple(deadlines),
        unanswered,
        offers(actor),
        answers,
    )


def _bookings(session: Session, actor: Actor) -> tuple[HomeBooking, ...]:
    """What this household booked for today and tomorrow, in the order of the day."""
    today = clock.today()
    rows = session.exec(
        select(Reservation, Child.first_name)
        .join(Child, col(Child.id) == col(Reservation.child_id))
        .where(
            col(Reservation.family_id).in_(my_family_ids(actor)),
            col(Reservation.day).in_([today, today + timedelta(days=1)]),
            col(Reservation.cancelled_at).is_(None),
            col(Reservation.state).in_([Held.BOOKED, Held.ATTENDED]),
        )
        .order_by(col(Reservation.day), col(Child.birth_on), col(Child.id))
    ).all()
    if not rows:
        return ()
    catalogue = current(session)
    found = []
    for row, child in rows:
        code = catalogue.slot_codes[row.slot_id]
        slot, activity = catalogue.rulebook.slots.get(code, (None, None))
        found.append(
            HomeBooking(
                row.day,
                child,
                catalogue.slot_labels[code],
                activity.label if activity else "",
                slot.starts_at if slot else None,
                slot.ends_at if slot else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.day, one.starts_at or time.min)))
