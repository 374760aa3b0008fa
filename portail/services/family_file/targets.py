"""The row a field belongs to: read, written, and locked while it changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from portail.domain.file_fields import FileField, Scope
from portail.domain.identity import Actor
from portail.domain.names import sign_in_key
from portail.models import Child, Collector, Family, Guardian, Subscription
from portail.services.family_file.medical import change_medical, medical_of
from portail.services.family_file.values import Problem, Value
from portail.services.reach import NotFound, my_child, my_families, my_family_ids

COLLECTOR = "child.collector"
Row = TypeVar("Row", Family, Guardian, Child)


@dataclass(frozen=True)
class Target:
    """What a field changes, and the actor's family that asks."""

    row: Family | Guardian | Child
    family_id: int
    child_id: int | None

    @property
    def id(self) -> int:
        """Of the family, the guardian or the child."""
        return self.row.id or 0


def my_target(session: Session, actor: Actor, scope: Scope, target_id: int) -> Target:
    """What the actor may ask to change, locked until the transaction ends.

    Another adult who has an account of their own is changed by nobody but them.

    Raises:
        NotFound: nothing of theirs.
    """
    match scope:
        case Scope.HOUSEHOLD:
            for family in my_families(session, actor):
                if family.id == target_id:
                    return Target(_locked(session, Family, target_id), target_id, None)
            raise NotFound
        case Scope.GUARDIAN:
            guardian = session.exec(
                select(Guardian).where(
                    Guardian.id == target_id, col(Guardian.family_id).in_(my_family_ids(actor))
                )
            ).first()
            if guardian is None or not may_change(session, actor, target_id):
                raise NotFound
            return Target(_locked(session, Guardian, target_id), guardian.family_id, None)
        case _:
            _, family = my_child(session, actor, target_id)
            return Target(_locked(session, Child, target_id), family.id or 0, target_id)


def target_of_change(session: Session, field: FileField, target_id: int, family_id: int) -> Target:
    """The target of a change that was accepted, locked.

    Raises:
        NotFound: it is gone.
    """
    match field.scope:
        case Scope.HOUSEHOLD:
            return Target(_locked(session, Family, target_id), family_id, None)
        case Scope.GUARDIAN:
            return Target(_locked(session, Guardian, target_id), family_id, None)
        case _:
            return Target(_locked(session, Child, target_id), family_id, target_id)


def may_change(session: Session, actor: Actor, guardian_id: int) -> bool:
    """Whether a guardian is the actor, or has no account."""
    owner = session.exec(
        select(Subscription.account_id).where(Subscription.guardian_id == guardian_id)
    ).first()
    return owner is None or owner == actor.account_id


def present(session: Session, field: FileField, row: Family | Guardian | Child) -> Value:
    """The value of a field now."""
    if field.key == COLLECTOR:
        return dict.fromkeys(field.parts, "")
    if field.scope is Scope.MEDICAL:
        known = asdict(medical_of(session, row.id or 0)[0])
        return {part: known[part] for part in field.parts}
    return {part: _plain(getattr(row, part)) for part in field.parts}


def taken(session: Session, field: FileField, target: Target, value: Value) -> dict[str, Problem]:
    """What only the database can refuse: an address that another adult of the file has."""
    if field.key != "guardian.email":
        return {}
    other = session.exec(
        select(Guardian.id).where(
            Guardian.family_id == target.family_id,
            Guardian.email_key == sign_in_key(value["email"]),
            Guardian.id != target.id,
        )
    ).first()
    return {"email": Problem.TAKEN} if other is not None else {}


def apply(
    session: Session, field: FileField, target: Target, value: Value, procedure_id: int
) -> None:
    """Write a value in the file."""
    if field.key == COLLECTOR:
        session.add(
            Collector(
                family_id=target.family_id,
                child_id=target.id,
                procedure_id=procedure_id,
                **value,
            )
        )
    elif field.scope is Scope.MEDICAL:
        change_medical(session, target.id, value)
    else:
        for part in field.parts:
            new = value[part]
            if part == "insured_until":
                new = date.fromisoformat(new) if new else None
            setattr(target.row, part, new)
        if field.key == "guardian.email" and isinstance(target.row, Guardian):
            target.row.email_key = sign_in_key(value["email"])
        session.add(target.row)
    session.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _locked(session: Session, kind: type[Row], row_id: int) -> Row:
    row = session.get(kind, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row
