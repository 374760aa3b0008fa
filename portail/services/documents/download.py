"""Opening the file of a document: whoever may, and nobody learns what else exists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.documents import Check, Sharing
from portail.domain.identity import Actor, Role
from portail.models import Document, DocumentType
from portail.services.audit import log_action
from portail.services.documents.rules import shared_with
from portail.services.documents.storing import stored
from portail.services.reach import NotFound, my_family_ids


@dataclass(frozen=True)
class OpenedDocument:
    """A file to send back."""

    path: Path
    mime: str
    name: str


def open_document(actor: Actor, document_id: int) -> OpenedDocument:
    """The file of a document that the actor may read. An agent's reading is written down.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    if actor.is_agent:
        return _for_agent(actor, document_id)
    with reading() as session:
        row = session.exec(
            select(Document).where(
                Document.id == document_id,
                col(Document.family_id).in_(my_family_ids(actor)),
            )
        ).first()
        return _opened(session, row or _shared(session, actor, document_id))


def _shared(session: Session, actor: Actor, document_id: int) -> Document | None:
    found = session.exec(
        shared_with(actor).where(
            Document.id == document_id,
            DocumentType.sharing == Sharing.FILE,
            # as the page: what was refused is between the other household and the town
            Document.check_state != Check.REFUSED,
        )
    ).first()
    return found[0] if found else None


def _for_agent(actor: Actor, document_id: int) -> OpenedDocument:
    if Role.ENFANCE not in actor.roles:
        raise NotFound
    with writing() as session:
        opened = _opened(session, session.get(Document, document_id))
        log_action(
            session,
            "document_read",
            agent_id=actor.agent_id,
            subject=f"document {document_id}",
        )
        return opened


def _opened(session: Session, row: Document | None) -> OpenedDocument:
    if row is None:
        raise NotFound
    file, path = stored(session, row.file_id)
    return OpenedDocument(path, file.mime, row.name)
