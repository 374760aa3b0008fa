"""A family withdraws a request, or leaves an activity; the place goes to the first who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from portail import clock
from portail.database import writing
from portail.domain.enrolment_states import (
    HOLDING_A_PLACE,
    By,
    EnrolmentState,
    may_move,
)
from portail.domain.identity import Actor
from portail.models import Enrolment, Reservation, SlotRow
from portail.services.audit import log_action
from portail.services.catalogue import current
from portail.services.enrolments import places
from portail.services.enrolments.moving import advance, move
from portail.services.reach import NotFound, my_family_ids


@dataclass(frozen=True)
class Withdrawn:
    """It is."""


@dataclass(frozen=True)
class TooLate:
    """It was refused, withdrawn or ended meanwhile."""


@dataclass(frozen=True)
class StillBooked:
    """The child has reservations to come in this activity: they are cancelled first."""

    count: int
    first_day: date


WithdrawOutcome = Withdrawn | TooLate | StillBooked


def withdraw(actor: Actor, enrolment_id: int) -> WithdrawOutcome:
    """«Retirer ma demande».

    Raises:
        NotFound: not an enrolment of one of the actor's families.
    """
    with writing() as session:
        found = session.exec(
            select(Enrolment.activity_id, Enrolment.child_id).where(
                Enrolment.id == enrolment_id,
                col(Enrolment.family_id).in_(my_family_ids(actor)),
            )
        ).first()
        if found is None:
            raise NotFound
        activity_id, child_id = found
        # the child first: whoever confirms its reservations holds it too
        places.lock_children(session, [child_id])
        places.lock(session, [activity_id])
        row = session.get_one(Enrolment, enrolment_id, populate_existing=True)
        if not may_move(row.state, EnrolmentState.WITHDRAWN, By.FAMILY):
            return TooLate()
        if booked := _booked(session, row):
            return booked
        freed = row.state in HOLDING_A_PLACE
        if not move(session, actor, row, EnrolmentState.WITHDRAWN, By.FAMILY):
            return TooLate()
        log_action(
            session,
            "enrolment_withdrawn",
            account_id=actor.account_id,
            subject=f"enrolment {enrolment_id}",
        )
        if freed:
            serve_next(session, activity_id)
        return Withdrawn()


def serve_next(session: Session, activity_id: int) -> int:
    """Give what places there are to those who wait; the caller holds the activity's row."""
    loaded = current(session)
    code = loaded.activity_codes.get(activity_id)
    activity = next((one for one in loaded.town.activities if one.code == code), None)
    return advance(session, activity_id, activity) if activity else 0


def _booked(session: Session, row: Enrolment) -> StillBooked | None:
    count, first = session.exec(
        select(func.count(), func.min(Reservation.day))
        .join(SlotRow, col(SlotRow.id) == col(Reservation.slot_id))
        .where(
            Reservation.child_id == row.child_id,
            SlotRow.activity_id == row.activity_id,
            Reservation.day >= clock.today(),
            col(Reservation.cancelled_at).is_(None),
        )
    ).one()
    return StillBooked(count, first) if count else None
