"""«Les activités de mes enfants»: the enrolments of the actor's own families."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Session, col, func, select

from portail import clock
from portail.database import reading
from portail.domain.capacity import ANY_NUMBER, Capacity
from portail.domain.enrolment_states import FINAL, By, EnrolmentState, may_move
from portail.domain.identity import Actor
from portail.models import ActivityRow, Child, Enrolment, ProcedureEvent
from portail.services.catalogue import Loaded, current
from portail.services.enrolments import places
from portail.services.enrolments.days import read_days
from portail.services.enrolments.views import MyActivity, MyEnrolment, MyType
from portail.services.reach import my_family_ids


def my_enrolments(actor: Actor) -> tuple[MyType, ...]:
    """By type and activity, in the catalogue's order; what another household asked is not there.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        loaded = current(session)
        rows = session.exec(
            select(Enrolment, Child, ActivityRow)
            .join(Child, col(Child.id) == col(Enrolment.child_id))
            .join(ActivityRow, col(ActivityRow.id) == col(Enrolment.activity_id))
            .where(col(Enrolment.family_id).in_(my_family_ids(actor)))
            .order_by(col(Child.birth_on), col(Child.id), col(Enrolment.id).desc())
        ).all()
        notes = _notes(session, [row.procedure_id or 0 for row, _, _ in rows])
        ranks = places.ranks_now(session, _rules(loaded, {row.activity_id for row, _, _ in rows}))
        by_activity: dict[int, list[MyEnrolment]] = defaultdict(list)
        activities: dict[int, ActivityRow] = {}
        for row, child, activity in rows:
            activities[row.activity_id] = activity
            by_activity[row.activity_id].append(
                _view(row, child, notes.get(row.procedure_id or 0, ""), ranks.get(row.id or 0, 0))
            )
    return _sorted(loaded, activities, by_activity)


def _sorted(
    loaded: Loaded, activities: dict[int, ActivityRow], by_activity: dict[int, list[MyEnrolment]]
) -> tuple[MyType, ...]:
    today = clock.today()
    order = {one.code: place for place, one in enumerate(loaded.town.activities)}
    by_type: dict[str, list[MyActivity]] = defaultdict(list)
    for activity_id, row in sorted(
        activities.items(), key=lambda pair: (order.get(pair[1].code, len(order)), pair[1].code)
    ):
        view = MyActivity(
            row.code,
            row.label,
            row.first_day,
            row.last_day,
            row.last_day < today,
            tuple(by_activity[activity_id]),
        )
        by_type[row.type_code].append(view)
    types = {one.code: place for place, one in enumerate(loaded.town.types)}
    return tuple(
        # what is over comes last
        MyType(code, loaded.label(code), tuple(sorted(found, key=lambda one: one.over)))
        for code, found in sorted(
            by_type.items(), key=lambda pair: (types.get(pair[0], len(types)), pair[0])
        )
    )


def _view(row: Enrolment, child: Child, note: str, rank: int) -> MyEnrolment:
    told = row.state in (EnrolmentState.REFUSED, EnrolmentState.DOCUMENT_ASKED)
    return MyEnrolment(
        row.id or 0,
        row.child_id,
        child.first_name,
        row.state,
        note if told else "",
        rank,
        row.entry_on,
        row.ended_on,
        read_days(row.usual_days),
        row.requested_at,
        row.procedure_id,
        row.state not in FINAL and may_move(row.state, EnrolmentState.WITHDRAWN, By.FAMILY),
    )


def _notes(session: Session, procedure_ids: list[int]) -> dict[int, str]:
    """The last word of each procedure's history."""
    last = (
        select(func.max(ProcedureEvent.id))
        .where(col(ProcedureEvent.procedure_id).in_(procedure_ids))
        .group_by(col(ProcedureEvent.procedure_id))
    )
    query = select(ProcedureEvent.procedure_id, ProcedureEvent.note).where(
        col(ProcedureEvent.id).in_(last)
    )
    return dict(session.exec(query).all())


def _rules(loaded: Loaded, activity_ids: set[int]) -> dict[int, Capacity]:
    known = {loaded.activity_ids[one.code]: one.capacity for one in loaded.town.activities}
    return {one: known.get(one, ANY_NUMBER) for one in activity_ids}
