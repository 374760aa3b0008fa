"""Opening a file of a message: whoever may read the conversation, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.models import ContactService, Message, MessageDraft, Thread
from portail.models import MessageAttachment as Attachment
from portail.services.audit import log_action
from portail.services.documents.storing import stored
from portail.services.messages.answering import may_answer
from portail.services.reach import NotFound, my_family_ids


@dataclass(frozen=True)
class OpenedFile:
    """A file to send back."""

    path: Path
    mime: str
    name: str


def open_file(actor: Actor, file_id: int) -> OpenedFile:
    """A file that came with a message the actor may read, or waits in a draft of their own.

    An agent's reading is written down.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    if actor.is_agent:
        return _for_agent(actor, file_id)
    with reading() as session:
        sent = (
            select(Attachment)
            .join(Message, col(Message.id) == col(Attachment.message_id))
            .join(Thread, col(Thread.id) == col(Message.thread_id))
            .where(Attachment.id == file_id, col(Thread.family_id).in_(my_family_ids(actor)))
        )
        waiting = (
            select(Attachment)
            .join(MessageDraft, col(MessageDraft.id) == col(Attachment.draft_id))
            .where(Attachment.id == file_id, MessageDraft.account_id == actor.account())
        )
        return _opened(session, session.exec(sent).first() or session.exec(waiting).first())


def _for_agent(actor: Actor, file_id: int) -> OpenedFile:
    with writing() as session:
        found = session.exec(
            select(Attachment, ContactService)
            .join(Message, col(Message.id) == col(Attachment.message_id))
            .join(Thread, col(Thread.id) == col(Message.thread_id))
            .join(ContactService, col(ContactService.id) == col(Thread.service_id))
            .where(Attachment.id == file_id)
        ).first()
        if found is None or not may_answer(actor, found[1]):
            raise NotFound
        opened = _opened(session, found[0])
        log_action(session, "message_file_read", agent_id=actor.agent_id, subject=f"file {file_id}")
        return opened


def _opened(session: Session, row: Attachment | None) -> OpenedFile:
    if row is None:
        raise NotFound
    file, path = stored(session, row.file_id)
    return OpenedFile(path, file.mime, row.name)
