"""What a document is sent for: checked against what the actor reaches, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from portail.domain.documents import Subject, valid_until
from portail.domain.identity import Actor
from portail.models import DocumentType, FamilyChild, Procedure, Subscription
from portail.services.reach import NotFound, my_family


@dataclass(frozen=True)
class Destination:
    """What a document is sent for, as asked: a type, a procedure, or a type that proves one."""

    family_id: int
    code: str = ""
    child_id: int | None = None
    procedure_id: int | None = None


@dataclass(frozen=True)
class Place:
    """The same, found and allowed."""

    family_id: int
    kind: DocumentType | None
    child_id: int | None
    guardian_id: int | None
    procedure: Procedure | None

    @property
    def type_id(self) -> int | None:
        """The type, if any."""
        return self.kind.id if self.kind else None

    @property
    def procedure_id(self) -> int | None:
        """The procedure, if any."""
        return self.procedure.id if self.procedure else None

    def good_until(self, today: date) -> date | None:
        """The last day a document sent today is good."""
        return valid_until(self.kind.validity, self.kind.months, today) if self.kind else None


def find_place(session: Session, actor: Actor, to: Destination, *, lock: bool = False) -> Place:
    """What the actor may send a document for; `lock` keeps others from sending there meanwhile.

    Raises:
        NotFound: a family, a child, a procedure that is not theirs, or nothing that makes sense.
    """
    family = my_family(session, actor, to.family_id, lock=lock)
    procedure = _procedure(session, to, lock=lock)
    kind = None
    if to.code:
        kind = session.exec(select(DocumentType).where(DocumentType.code == to.code)).first()
        if kind is None:
            raise NotFound
    elif procedure is None:
        raise NotFound
    child_id = to.child_id
    if procedure is not None and procedure.child_id is not None:
        child_id = procedure.child_id
    if child_id is not None and session.get(FamilyChild, (family.id, child_id)) is None:
        raise NotFound
    guardian_id = None
    if kind is not None:
        if kind.subject is Subject.CHILD and child_id is None:
            raise NotFound
        if kind.subject is Subject.FAMILY and procedure is None:
            child_id = None
        if kind.subject is Subject.GUARDIAN and child_id is None:
            guardian_id = _guardian(session, actor, to.family_id)
    return Place(to.family_id, kind, child_id, guardian_id, procedure)


def _procedure(session: Session, to: Destination, *, lock: bool) -> Procedure | None:
    if to.procedure_id is None:
        return None
    query = select(Procedure).where(
        Procedure.id == to.procedure_id, Procedure.family_id == to.family_id
    )
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    return found


def _guardian(session: Session, actor: Actor, family_id: int) -> int:
    """The adult of the family that the actor is: a parent answers for themselves."""
    query = select(Subscription.guardian_id).where(
        Subscription.family_id == family_id, Subscription.account_id == actor.account()
    )
    return session.exec(query).one()
