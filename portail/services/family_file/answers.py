"""Agents answer the changes that wait: accept, refuse with a reason, or ask for a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portail.adapters.sealing import unseal
from portail.database import reading, writing
from portail.domain.file_fields import FIELDS
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.procedures import (
    ANSWERED_AS_SUCH,
    OPEN_STATES,
    ProcedureKind,
    ProcedureState,
    is_open,
)
from portail.models import ChangeState, Child, Family, FieldChange, Procedure
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.family_file import acknowledgements
from portail.services.family_file.changes import waiting_changes
from portail.services.family_file.targets import apply, taken, target_of_change
from portail.services.reach import NotFound


@dataclass(frozen=True)
class WaitingProcedure:
    """A line of the agents' queue, oldest first."""

    id: int
    family_number: int
    family_name: str
    child: str
    title: str
    state: ProcedureState
    requested_at: datetime


@dataclass(frozen=True)
class Answered:
    """The procedure has this state now."""

    state: ProcedureState


@dataclass(frozen=True)
class NotPossible:
    """It was answered, or withdrawn, meanwhile; or its value can no longer be kept."""


AnswerOutcome = Answered | NotPossible


def waiting(actor: Actor) -> tuple[WaitingProcedure, ...]:
    """The procedures that wait for an agent or for a document.

    Raises:
        Forbidden: not an agent of childcare.
    """
    _check(actor)
    with reading() as session:
        rows = session.exec(
            select(Procedure, Family, Child)
            .join(Family, col(Family.id) == col(Procedure.family_id))
            .outerjoin(Child, col(Child.id) == col(Procedure.child_id))
            .where(
                col(Procedure.state).in_(OPEN_STATES),
                Procedure.kind != ProcedureKind.MESSAGE,  # answered in their own room
            )
            .order_by(col(Procedure.requested_at), col(Procedure.id))
        ).all()
    return tuple(
        WaitingProcedure(
            row.id or 0,
            family.number,
            family.name,
            child.first_name if child else "",
            row.title,
            row.state,
            row.requested_at,
        )
        for row, family, child in rows
    )


def accept(actor: Actor, procedure_id: int) -> AnswerOutcome:
    """Say yes to a procedure: every change of it is applied.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such procedure.
    """
    _check(actor)
    with writing() as session:
        procedure = _locked(session, procedure_id)
        changes = waiting_changes(session, procedure_id)
        if not _answerable(procedure, changes):
            return NotPossible()
        ready = []
        for one in changes:
            field, value = FIELDS[one.field], unseal(one.new_value)
            target = target_of_change(session, field, one.target_id, procedure.family_id)
            if taken(session, field, target, value):
                return NotPossible()
            ready.append((one, field, target, value))
        for one, field, target, value in ready:
            apply(session, field, target, value, procedure_id)
            one.state = ChangeState.APPLIED
        return _answer(session, actor, procedure, ProcedureState.VALIDATED, "")


def refuse(actor: Actor, procedure_id: int, reason: str) -> AnswerOutcome:
    """Refuse a procedure, saying why.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such procedure.
        ValueError: no reason.
    """
    _check(actor)
    if not reason.strip():
        raise ValueError("A refusal has a reason")
    with writing() as session:
        procedure = _locked(session, procedure_id)
        changes = waiting_changes(session, procedure_id)
        if not _answerable(procedure, changes):
            return NotPossible()
        for one in changes:
            one.state = ChangeState.REFUSED
        return _answer(session, actor, procedure, ProcedureState.REFUSED, reason.strip())


def ask_document(actor: Actor, procedure_id: int, what: str) -> AnswerOutcome:
    """Ask the family for a document before answering.

    Raises:
        Forbidden: not an agent of childcare.
        NotFound: no such procedure.
        ValueError: nothing is asked.
    """
    _check(actor)
    if not what.strip():
        raise ValueError("Say which document is asked")
    with writing() as session:
        procedure = _locked(session, procedure_id)
        return _answer(session, actor, procedure, ProcedureState.DOCUMENT_ASKED, what.strip())


def _answer(
    session: Session, actor: Actor, procedure: Procedure, state: ProcedureState, note: str
) -> AnswerOutcome:
    if not procedures.move(session, actor, procedure, state, note):
        return NotPossible()
    acknowledgements.answered(session, procedure, note)
    log_action(
        session,
        f"procedure_{state.value}",
        agent_id=actor.agent_id,
        subject=f"procedure {procedure.id}",
    )
    return Answered(state)


def _answerable(procedure: Procedure, changes: list[FieldChange]) -> bool:
    return is_open(procedure.state) and (bool(changes) or procedure.kind in ANSWERED_AS_SUCH)


def _locked(session: Session, procedure_id: int) -> Procedure:
    row = session.get(Procedure, procedure_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _check(actor: Actor) -> None:
    if not actor.is_agent or Role.ENFANCE not in actor.roles:
        raise Forbidden
