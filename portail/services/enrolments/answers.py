"""Agents answer the requests: validate, refuse with a reason, ask for a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.capacity import places_on, settle
from portail.domain.enrolment_states import (
    HOLDING_A_PLACE,
    LIVE,
    By,
    EnrolmentState,
    may_move,
)
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import ActivityRow, Child, Enrolment, Family
from portail.services.audit import log_action
from portail.services.catalogue import current
from portail.services.enrolments import places
from portail.services.enrolments.moving import move
from portail.services.enrolments.withdrawing import serve_next
from portail.services.reach import NotFound

MAX_REASON = 1000  # what a procedure's history keeps
TO_ANSWER = (EnrolmentState.REQUESTED, EnrolmentState.DOCUMENT_ASKED)


@dataclass(frozen=True)
class EnrolmentLine:
    """A line of the agents' queue."""

    id: int
    family_number: int
    family_name: str
    child: str
    class_level: str
    activity: str
    state: EnrolmentState
    rank: int
    entry_on: date
    requested_at: datetime


@dataclass(frozen=True)
class Answered:
    """The enrolment has this state now."""

    state: EnrolmentState


@dataclass(frozen=True)
class NotPossible:
    """It has a state from which this is no move: answered, or withdrawn, meanwhile."""

    state: EnrolmentState


@dataclass(frozen=True)
class Full:
    """No place is left for this child: somebody else holds it."""


AnswerOutcome = Answered | NotPossible | Full


def requests(actor: Actor, *, every: bool = False) -> tuple[EnrolmentLine, ...]:
    """What waits for an answer or a place, oldest first; `every`: the validated ones too.

    Raises:
        Forbidden: not an agent of childcare.
    """
    _check(actor)
    states = set(LIVE) if every else {*TO_ANSWER, EnrolmentState.WAITING_LIST}
    with reading() as session:
        loaded = current(session)
        rows = session.exec(
            select(Enrolment, Child, Family, ActivityRow)
            .join(Child, col(Child.id) == col(Enrolment.child_id))
            .join(Family, col(Family.id) == col(Enrolment.family_id))
            .join(ActivityRow, col(ActivityRow.id) == col(Enrolment.activity_id))
            .where(col(Enrolment.state).in_(states))
            .order_by(col(Enrolment.requested_at), col(Enrolment.id))
        ).all()
        rules = {loaded.activity_ids[one.code]: one.capacity for one in loaded.town.activities}
        ranks = places.ranks_now(session, rules)
    return tuple(
        EnrolmentLine(
            row.id or 0,
            family.number,
            family.name,
            f"{child.first_name} {child.last_name}",
            child.class_level,
            activity.label,
            row.state,
            ranks.get(row.id or 0, 0),
            row.entry_on,
            row.requested_at,
        )
        for row, child, family, activity in rows
    )


def validate(actor: Actor, enrolment_id: int) -> AnswerOutcome:
    """Validate a request; from the waiting list too, if there is a place.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such enrolment.
    """
    return _answer(actor, enrolment_id, EnrolmentState.VALIDATED, "")


def refuse(actor: Actor, enrolment_id: int, reason: str) -> AnswerOutcome:
    """Refuse a request, saying why; its place goes to the first who waits.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such enrolment.
        ValueError: no reason, or a very long one.
    """
    return _answer(actor, enrolment_id, EnrolmentState.REFUSED, _words(reason))


def ask_document(actor: Actor, enrolment_id: int, what: str) -> AnswerOutcome:
    """Ask the family for a document before answering.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such enrolment.
        ValueError: nothing is asked, or at very great length.
    """
    return _answer(actor, enrolment_id, EnrolmentState.DOCUMENT_ASKED, _words(what))


def _answer(actor: Actor, enrolment_id: int, state: EnrolmentState, note: str) -> AnswerOutcome:
    _check(actor)
    with writing() as session:
        known = session.get(Enrolment, enrolment_id)
        if known is None:
            raise NotFound
        activity_id = known.activity_id
        places.lock(session, [activity_id])
        row = session.get_one(Enrolment, enrolment_id, populate_existing=True)
        before = row.state
        if not may_move(before, state, By.AGENT):
            return NotPossible(before)
        takes = state in HOLDING_A_PLACE and before not in HOLDING_A_PLACE
        if takes and not _has_place(session, row):
            return Full()
        if not move(session, actor, row, state, By.AGENT, note):
            return NotPossible(row.state)
        log_action(
            session,
            f"enrolment_{state.value}",
            agent_id=actor.agent_id,
            subject=f"enrolment {enrolment_id}",
        )
        if before in HOLDING_A_PLACE and state not in HOLDING_A_PLACE:
            serve_next(session, activity_id)
        return Answered(state)


def _has_place(session: Session, row: Enrolment) -> bool:
    loaded = current(session)
    code = loaded.activity_codes.get(row.activity_id)
    activity = next((one for one in loaded.town.activities if one.code == code), None)
    if activity is None:
        return False
    rule = activity.capacity
    held = places.taken(session, [row.activity_id])[row.activity_id]
    by_group = held.by_group[row.group_code]
    return settle(rule, places_on(rule), row.group_code, held.total, by_group).reason is None


def _words(text: str) -> str:
    words = text.strip()
    if not words or len(words) > MAX_REASON:
        raise ValueError("Say why, or which document")
    return words


def _check(actor: Actor) -> None:
    if not actor.is_agent or Role.ENFANCE not in actor.roles:
        raise Forbidden
