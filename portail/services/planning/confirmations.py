"""What was confirmed, read again: by whoever did, and on the page of its procedure."""

from __future__ import annotations

from sqlmodel import Session, col, select

from portail.adapters import calendar_file
from portail.adapters.calendar_file import Status
from portail.database import reading
from portail.domain.confirmations import LineOutcome
from portail.domain.identity import Actor
from portail.models import ActivityRow, Child, Confirmation, ConfirmationLine, School, SlotRow
from portail.services.catalogue import current
from portail.services.planning.events import Booking, event_of
from portail.services.planning.views import Confirmed, ConfirmedLine
from portail.services.reach import NotFound, my_family_ids
from portail.settings import settings

_STATUS = {
    LineOutcome.BOOKED: Status.CONFIRMED,
    LineOutcome.REQUESTED: Status.TENTATIVE,
    LineOutcome.CANCELLED: Status.CANCELLED,
}


def confirmation(actor: Actor, confirmation_id: int) -> Confirmed:
    """A confirmation of the actor's own, lines in the order the changes were made.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of theirs.
    """
    with reading() as session:
        return read(session, actor, _mine(session, actor, confirmation_id))


def of_procedure(actor: Actor, procedure_id: int) -> Confirmed | None:
    """The lines of a procedure of the actor's families, whoever confirmed; None: it has none.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        found = session.exec(
            select(Confirmation)
            .join(ConfirmationLine, col(ConfirmationLine.confirmation_id) == col(Confirmation.id))
            .where(
                ConfirmationLine.procedure_id == procedure_id,
                col(ConfirmationLine.family_id).in_(my_family_ids(actor)),
            )
            .limit(1)
        ).first()
        return read(session, actor, found, procedure_id=procedure_id) if found else None


def ics(actor: Actor, confirmation_id: int) -> bytes:
    """What was booked and cancelled, for a calendar program; what waits or failed is not there.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of theirs, or nothing of it is for a calendar.
    """
    with reading() as session:
        found = _mine(session, actor, confirmation_id)
        loaded = current(session)
        rows = session.exec(
            select(ConfirmationLine, Child.first_name, School.name)
            .join(Child, col(Child.id) == col(ConfirmationLine.child_id))
            .outerjoin(School, col(School.id) == col(Child.school_id))
            .where(
                ConfirmationLine.confirmation_id == found.id,
                col(ConfirmationLine.family_id).in_(my_family_ids(actor)),
                col(ConfirmationLine.outcome).in_(_STATUS),
            )
            .order_by(col(ConfirmationLine.day), col(ConfirmationLine.id))
        ).all()
    bookings = (
        Booking(
            line.child_id,
            child,
            school or "",
            loaded.slot_codes[line.slot_id],
            line.day,
            _STATUS[line.outcome],
            found.confirmed_at,
        )
        for line, child, school in rows
    )
    events = [event for one in bookings if (event := event_of(loaded, one)) is not None]
    if not events:
        raise NotFound
    town = settings()
    return calendar_file.write(events, town.town_name, town.town_email)


def read(
    session: Session,
    actor: Actor,
    found: Confirmation,
    *,
    again: bool = False,
    procedure_id: int | None = None,
) -> Confirmed:
    """Its lines about the actor's families; with a procedure, those of it."""
    query = (
        select(ConfirmationLine, Child.first_name, SlotRow.label, ActivityRow.label)
        .join(Child, col(Child.id) == col(ConfirmationLine.child_id))
        .join(SlotRow, col(SlotRow.id) == col(ConfirmationLine.slot_id))
        .join(ActivityRow, col(ActivityRow.id) == col(SlotRow.activity_id))
        .where(
            ConfirmationLine.confirmation_id == found.id,
            col(ConfirmationLine.family_id).in_(my_family_ids(actor)),
        )
        .order_by(col(ConfirmationLine.id))
    )
    if procedure_id is not None:
        query = query.where(ConfirmationLine.procedure_id == procedure_id)
    rows = session.exec(query).all()
    return Confirmed(
        found.id or 0,
        found.confirmed_at,
        tuple(
            ConfirmedLine(
                line.child_id,
                child,
                activity,
                slot,
                line.day,
                line.kind,
                line.outcome,
                line.cents,
                line.kept_cents,
                line.rank,
                line.told,
            )
            for line, child, slot, activity in rows
        ),
        tuple(sorted({line.procedure_id for line, *_ in rows if line.procedure_id})),
        again,
    )


def _mine(session: Session, actor: Actor, confirmation_id: int) -> Confirmation:
    found = session.exec(
        select(Confirmation).where(
            Confirmation.id == confirmation_id, Confirmation.account_id == actor.account()
        )
    ).first()
    if found is None:
        raise NotFound
    return found
