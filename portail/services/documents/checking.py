"""Agents check what families sent, and give them documents. Only the role «enfance»."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters import storage
from portail.adapters.uploads.check import check
from portail.adapters.uploads.receive import ReceivedFile
from portail.adapters.uploads.verdicts import Sound, Unsound
from portail.database import reading, writing
from portail.domain.documents import Check, Validity
from portail.domain.file_names import shown_name
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import Child, Document, DocumentType, Family, FamilyChild, Procedure
from portail.services.audit import log_action
from portail.services.documents.storing import row_of
from portail.services.documents.tell import is_medical, name_for_mail, tell_family
from portail.services.reach import NotFound

MAX_REASON = 400


@dataclass(frozen=True)
class DocumentToCheck:
    """A document that waits for an agent; `states_date`: the date written on it is asked."""

    id: int
    name: str
    about: str
    family_number: int
    family_name: str
    child: str
    procedure: str
    sent_at: datetime
    states_date: bool


@dataclass(frozen=True)
class Checked:
    """The document is accepted, or refused; the family reads it."""

    name: str


@dataclass(frozen=True)
class AlreadyChecked:
    """Somebody was first; what they said stands."""

    check: Check


@dataclass(frozen=True)
class DateNeeded:
    """A document of this type is accepted until the date written on it, which is not past."""


@dataclass(frozen=True)
class ReasonNeeded:
    """A refusal says why, in `MAX_REASON` characters at most."""


@dataclass(frozen=True)
class Given:
    """The family has the document, and a mail about it."""

    document_id: int


def documents_to_check(actor: Actor, limit: int = 100) -> tuple[DocumentToCheck, ...]:
    """The documents that wait, the longest waiting first.

    Raises:
        Forbidden: not an agent who checks documents.
    """
    _agent(actor)
    query = (
        select(Document, DocumentType, Child, Procedure)
        .outerjoin(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .outerjoin(Child, col(Child.id) == col(Document.child_id))
        .outerjoin(Procedure, col(Procedure.id) == col(Document.procedure_id))
        .where(Document.check_state == Check.TO_CHECK)
        .order_by(col(Document.sent_at), col(Document.id))
        .limit(limit)
    )
    with reading() as session:
        return tuple(_line(session, *found) for found in session.exec(query))


def _line(
    session: Session,
    row: Document,
    kind: DocumentType | None,
    child: Child | None,
    procedure: Procedure | None,
) -> DocumentToCheck:
    family = session.get_one(Family, row.family_id)
    return DocumentToCheck(
        id=row.id or 0,
        name=row.name,
        about=kind.name if kind else "",
        family_number=family.number,
        family_name=family.name,
        child=child.first_name if child else "",
        procedure=procedure.title if procedure else "",
        sent_at=row.sent_at,
        states_date=kind is not None and kind.validity is Validity.STATED,
    )


def accept(
    actor: Actor, document_id: int, valid_until: date | None = None
) -> Checked | AlreadyChecked | DateNeeded:
    """Accept a document; `valid_until` is what is written on it, for a type that states it.

    Raises:
        Forbidden: not an agent who checks documents.
        NotFound: there is no such document.
    """
    agent_id = _agent(actor)
    with writing() as session:
        row, kind = _locked(session, document_id)
        if row.check_state is not Check.TO_CHECK:
            return AlreadyChecked(row.check_state)
        stated = kind is not None and kind.validity is Validity.STATED
        if stated and (valid_until is None or valid_until < clock.today()):
            return DateNeeded()
        if valid_until is not None:
            row.valid_until = valid_until
        _close(session, row, Check.ACCEPTED, agent_id)
        return Checked(row.name)


def refuse(actor: Actor, document_id: int, reason: str) -> Checked | AlreadyChecked | ReasonNeeded:
    """Refuse a document; the family reads why, and each of its accounts has a mail.

    Raises:
        Forbidden: not an agent who checks documents.
        NotFound: there is no such document.
    """
    agent_id = _agent(actor)
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON:
        return ReasonNeeded()
    with writing() as session:
        row, kind = _locked(session, document_id)
        if row.check_state is not Check.TO_CHECK:
            return AlreadyChecked(row.check_state)
        row.reason = reason
        _close(session, row, Check.REFUSED, agent_id)
        child = session.get(Child, row.child_id) if row.child_id else None
        discreet = kind is not None and is_medical(kind.code)
        context: dict[str, object] = {
            "name": name_for_mail(kind, child, row.name),
            "reason": "à lire sur votre espace" if discreet else reason,
        }
        tell_family(session, "document_refused", row.family_id, context, f"{row.id}")
        return Checked(row.name)


async def give(
    actor: Actor, family_number: int, file: ReceivedFile, child_id: int | None = None
) -> Given | Unsound:
    """Give a document to a family, which has a mail about it.

    Raises:
        Forbidden: not an agent who checks documents.
        NotFound: no such family, or the child is not of it.
        ExaminerError: nothing can be said of any file for now.
    """
    _agent(actor)
    verdict = await check(file)
    if isinstance(verdict, Unsound):
        return verdict
    return await asyncio.to_thread(
        give_sound, actor, family_number, file.raw_name, verdict, child_id
    )


def give_sound(
    actor: Actor,
    family_number: int,
    raw_name: str,
    sound: Sound,
    child_id: int | None = None,
) -> Given:
    """Give a file that was found sound.

    Raises:
        Forbidden: not an agent who checks documents.
        NotFound: no such family, or the child is not of it.
    """
    agent_id, now = _agent(actor), clock.now()
    storage_name = storage.keep(sound.path_of_clean_copy, sound.sha256)
    with writing() as session:
        family_id = _receiver(session, family_number, child_id)
        stored = row_of(session, sound, storage_name)
        row = Document(
            family_id=family_id,
            child_id=child_id,
            file_id=stored.id or 0,
            name=shown_name(raw_name, sound.extension),
            check_state=Check.ACCEPTED,
            from_town=True,
            sent_at=now,
            checked_at=now,
            agent_id=agent_id,
        )
        session.add(row)
        session.flush()
        subject = f"document {row.id}"
        log_action(session, "document_given", agent_id=agent_id, subject=subject)
        tell_family(session, "document_from_town", family_id, {"name": row.name}, f"{row.id}")
    if stored.storage_name != storage_name:
        storage.remove(storage_name)
    return Given(row.id or 0)


def _agent(actor: Actor) -> int:
    if actor.agent_id is None or Role.ENFANCE not in actor.roles:
        raise Forbidden
    return actor.agent_id


def _locked(session: Session, document_id: int) -> tuple[Document, DocumentType | None]:
    """A document that nobody else checks until the transaction ends, and its type."""
    query = select(Document).where(Document.id == document_id, col(Document.from_town).is_(False))
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFound
    return row, session.get(DocumentType, row.type_id) if row.type_id else None


def _close(session: Session, row: Document, check_state: Check, agent_id: int) -> None:
    row.check_state, row.agent_id, row.checked_at = check_state, agent_id, clock.now()
    session.add(row)
    action = f"document_{check_state.value}"
    log_action(session, action, agent_id=agent_id, subject=f"document {row.id}")


def _receiver(session: Session, family_number: int, child_id: int | None) -> int:
    family_id = session.exec(select(Family.id).where(Family.number == family_number)).first()
    if family_id is None:
        raise NotFound
    if child_id is not None and session.get(FamilyChild, (family_id, child_id)) is None:
        raise NotFound
    return family_id
