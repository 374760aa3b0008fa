"""An enrolment passes from one state to the next, with its procedure; a free place finds its child.

The caller holds the activity's row.
"""

from __future__ import annotations

from sqlmodel import Session

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
    if not may_move(enrolment.state, state, by):
        return False
    enrolment.state = state
    enrolment.waiting_since = clock.now() if state is EnrolmentState.WAITING_LIST else None
    session.add(enrolment)
    session.flush()
    procedure = (
        session.get(Procedure, enrolment.procedure_id, with_for_update=True)
        if enrolment.procedure_id
        else None
    )
    if procedure is not None:
        procedures.move(session, actor, procedure, ProcedureState(state.value), note)
        receipts.changed(session, procedure, note, place_found=by is By.PORTAL)
    return True


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
        answer = settle(
            activity.capacity, open_places, group, held.total, held.by_group[group]
        )
        if answer.reason is not None:
            continue  # this group is full; the next one may be of another
        if move(session, None, one, state, By.PORTAL, OFFERED):
            held.add(group)
            moved += 1
    return moved
