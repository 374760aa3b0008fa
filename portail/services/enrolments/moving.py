"""An enrolment passes from one state to the next, with its procedure; a free place finds its child.

The caller holds the activity's row.
"""

from __future__ import annotations

from sqlmodel import Session, select

from portail import clock
from portail.domain.capacity import places_on, settle
from portail.domain.catalogue import Activity, Approval
from portail.domain.enrolment_states import By, EnrolmentState, may_move
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureState
from portail.models import Enrolment, Procedure
from portail.services import procedures
from portail.services.enrolments import places, receipts

OFFERED = "Une place s’est libérée."


def move(
    session: Session,
    actor: Actor | None,
    enrolment: Enrolment,
    state: EnrolmentState,
    by: By,
    note: str = "",
) -> bool:
    """Change the state, the procedure's with it, and tell the family; False: not such a move."""
    # the procedure before its enrolment: as whoever sends a document for it does
    procedure = (
        session.get(Procedure, enrolment.procedure_id, with_for_update=True, populate_existing=True)
        if enrolment.procedure_id
        else None
    )
    session.refresh(enrolment, with_for_update=True)
    if not may_move(enrolment.state, state, by):
        return False
    enrolment.state = state
    enrolment.waiting_since = clock.now() if state is EnrolmentState.WAITING_LIST else None
    session.add(enrolment)
    session.flush()
    if procedure is not None:
        procedures.move(session, actor, procedure, ProcedureState(state.value), note)
        receipts.changed(session, procedure, note, place_found=by is By.PORTAL)
    return True


def follow(session: Session, procedure: Procedure) -> None:
    """A document has come, or was asked, by way of the procedure: its enrolment keeps in step."""
    row = session.exec(
        select(Enrolment).where(Enrolment.procedure_id == procedure.id).with_for_update()
    ).first()
    if row is None or row.state.value == procedure.state.value:
        return
    asked = (EnrolmentState.DOCUMENT_ASKED, EnrolmentState.REQUESTED)
    if row.state in asked and procedure.state.value in asked:
        row.state = EnrolmentState(procedure.state.value)
        session.add(row)
        session.flush()


def advance(session: Session, activity_id: int, activity: Activity) -> int:
    """Give the free places of an activity to those who wait, first come first; how many moved."""
    queue = places.waiting(session, [activity_id])
    if not queue or clock.today() > activity.season.last_day:
        return 0
    automatic = activity.approval is Approval.AUTOMATIC
    state = EnrolmentState.VALIDATED if automatic else EnrolmentState.REQUESTED
    open_places = places_on(activity.capacity)
    held = places.taken(session, [activity_id])[activity_id]
    moved = 0
    for one in queue:
        group = one.group_code
        answer = settle(activity.capacity, open_places, group, held.total, held.by_group[group])
        if answer.reason is not None:
            continue  # this group is full; the next one may be of another
        if move(session, None, one, state, By.PORTAL, OFFERED):
            held.add(group)
            moved += 1
    return moved
