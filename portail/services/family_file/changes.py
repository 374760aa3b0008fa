"""A parent changes the file: at once, or as a request that an agent answers, as the town set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portail.adapters.sealing import seal
from portail.database import writing
from portail.domain.file_fields import FieldRule, FileField, Scope, of_scope
from portail.domain.identity import Actor
from portail.domain.procedures import (
    ANSWERED_AS_SUCH,
    ProcedureKind,
    ProcedureState,
    is_open,
)
from portail.models import ChangeState, FieldChange, Procedure
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.family_file import acknowledgements
from portail.services.family_file.rules import rules
from portail.services.family_file.targets import (
    COLLECTOR,
    Target,
    apply,
    my_target,
    present,
    taken,
)
from portail.services.family_file.values import EDITABLE, Problem, Value, cleaned, untouched
from portail.services.reach import my_family_ids

TITLES = {
    ProcedureKind.COORDINATES: "Changement de coordonnées",
    ProcedureKind.CHILD: "Changement dans la fiche de l’enfant",
    ProcedureKind.MEDICAL: "Changement des informations médicales",
    ProcedureKind.COLLECTION: "Ajout d’une personne autorisée à venir chercher l’enfant",
}


@dataclass(frozen=True)
class Saved:
    """What became of a form: the fields that changed at once, and those that wait.

    `needs_proof`: the request waits for a document from the family first.
    """

    applied: tuple[str, ...]
    waiting: tuple[str, ...]
    procedure_id: int  # of what waits, else of what changed
    needs_proof: bool


@dataclass(frozen=True)
class Unchanged:
    """Everything was so already."""


@dataclass(frozen=True)
class Invalid:
    """Nothing was saved: what is wrong, by part."""

    problems: dict[str, Problem]


@dataclass(frozen=True)
class Locked:
    """The town changes this itself."""


ChangeOutcome = Saved | Unchanged | Invalid | Locked


@dataclass(frozen=True)
class _Wanted:
    field: FileField
    rule: FieldRule
    old: Value
    new: Value


def change(
    actor: Actor, scope: Scope, target_id: int, typed: Mapping[str, Mapping[str, str]]
) -> ChangeOutcome:
    """Save a form of the file, all of it or nothing.

    Args:
        actor: the parent.
        scope: whose fields they are.
        target_id: of the family, the guardian or the child.
        typed: by key of the field, what was typed in its parts.

    Raises:
        NotFound: not theirs to change.
    """
    fields = [field for field in of_scope(scope) if field.key in typed]
    try:
        return _change(actor, scope, target_id, fields, typed)
    except IntegrityError:
        # somebody wrote the same between our look and our write: the second look sees it
        return _change(actor, scope, target_id, fields, typed)


def _change(
    actor: Actor,
    scope: Scope,
    target_id: int,
    fields: list[FileField],
    typed: Mapping[str, Mapping[str, str]],
) -> ChangeOutcome:
    with writing() as session:
        target = my_target(session, actor, scope, target_id)
        wanted = _checked(session, target, fields, typed)
        if isinstance(wanted, Invalid | Locked):
            return wanted
        return _save(session, actor, target, wanted) if wanted else Unchanged()


def _checked(
    session: Session,
    target: Target,
    fields: list[FileField],
    typed: Mapping[str, Mapping[str, str]],
) -> list[_Wanted] | Invalid | Locked:
    chosen = rules(session)
    wanted: list[_Wanted] = []
    problems: dict[str, Problem] = {}
    for field in fields:
        if field.key not in EDITABLE:
            return Locked()
        old = present(session, field, target.row)
        if field.key != COLLECTOR and untouched(typed[field.key], old):
            continue
        value, wrong = cleaned(field, typed[field.key])
        if not wrong:
            wrong = taken(session, field, target, value)
        if not wrong and value != old:
            if chosen[field.key] is FieldRule.LOCKED:
                return Locked()
            if _waits_already(session, field, target):
                wrong = {field.parts[0]: Problem.WAITING}
            else:
                wanted.append(_Wanted(field, chosen[field.key], old, value))
        problems |= wrong
    return Invalid(problems) if problems else wanted


def _waits_already(session: Session, field: FileField, target: Target) -> bool:
    if field.key == COLLECTOR:
        return False
    query = select(FieldChange.id).where(
        FieldChange.field == field.key,
        FieldChange.target_id == target.id,
        FieldChange.state == ChangeState.WAITING,
    )
    return session.exec(query).first() is not None


def _save(session: Session, actor: Actor, target: Target, wanted: list[_Wanted]) -> Saved:
    now = [one for one in wanted if one.rule is FieldRule.NOW]
    later = [one for one in wanted if one.rule is not FieldRule.NOW]
    made: list[Procedure] = []
    if now:
        made.append(_open(session, actor, target, now, ProcedureState.DONE))
        for one in now:
            apply(session, one.field, target, one.new, made[-1].id or 0)
    proof = any(one.rule is FieldRule.PROOF for one in later)
    if later:
        state = ProcedureState.DOCUMENT_ASKED if proof else ProcedureState.REQUESTED
        made.append(_open(session, actor, target, later, state))
    for procedure in made:
        acknowledgements.received(session, actor, procedure)
    fields = " ".join(one.field.key for one in wanted)
    log_action(
        session,
        "file_change_asked",
        account_id=actor.account_id,
        subject=f"{fields} {target.id}"[-80:],
    )
    return Saved(
        tuple(one.field.key for one in now),
        tuple(one.field.key for one in later),
        made[-1].id or 0,
        needs_proof=proof,
    )


def _open(
    session: Session, actor: Actor, target: Target, wanted: list[_Wanted], state: ProcedureState
) -> Procedure:
    kind = wanted[0].field.kind
    title = TITLES[kind]
    if kind is ProcedureKind.COORDINATES:
        title += f"\u00a0: {', '.join(one.field.label.lower() for one in wanted)}"
    procedure = procedures.open_procedure(
        session,
        actor,
        kind,
        title,
        family_id=target.family_id,
        child_id=target.child_id,
        state=state,
    )
    waits = is_open(state)
    for one in wanted:
        session.add(
            FieldChange(
                procedure_id=procedure.id or 0,
                field=one.field.key,
                target_id=target.id,
                old_value=seal(one.old),
                new_value=seal(one.new),
                state=ChangeState.WAITING if waits else ChangeState.APPLIED,
            )
        )
    session.flush()
    return procedure


def withdraw(actor: Actor, procedure_id: int) -> bool:
    """«Retirer ma demande»: what waits is dropped; False when nothing of theirs waits there."""
    with writing() as session:
        procedure = session.exec(
            select(Procedure)
            .where(Procedure.id == procedure_id, col(Procedure.family_id).in_(my_family_ids(actor)))
            .with_for_update()
        ).first()
        waiting = waiting_changes(session, procedure_id) if procedure else []
        if procedure is None or not (waiting or procedure.kind in ANSWERED_AS_SUCH):
            return False
        if not is_open(procedure.state):
            return False
        for one in waiting:
            one.state = ChangeState.WITHDRAWN
        procedures.move(session, actor, procedure, ProcedureState.WITHDRAWN)
        log_action(
            session,
            "procedure_withdrawn",
            account_id=actor.account_id,
            subject=f"procedure {procedure_id}",
        )
        return True


def waiting_changes(session: Session, procedure_id: int) -> list[FieldChange]:
    """The changes of a procedure that wait, in the order they were asked."""
    query = (
        select(FieldChange)
        .where(FieldChange.procedure_id == procedure_id, FieldChange.state == ChangeState.WAITING)
        .order_by(col(FieldChange.id))
    )
    return list(session.exec(query))
