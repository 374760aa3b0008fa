"""A parent sends a message: kept as a draft first, its files examined, then sent whole or not.

A draft whose text or files are not right says why and stays; what was sound of it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from portail import clock
from portail.adapters import storage
from portail.adapters.uploads.receive import ReceivedFile
from portail.adapters.uploads.verdicts import Sound, Unsound
from portail.database import writing
from portail.domain.file_names import shown_name
from portail.domain.identity import Actor
from portail.domain.messages import (
    MAX_FILES,
    About,
    Problem,
    ThreadState,
    Topic,
    about_of,
    body_text,
    problems,
    subject_line,
)
from portail.domain.procedures import ProcedureKind
from portail.domain.searching import search_text
from portail.domain.throttling import DOCUMENTS, MESSAGES
from portail.models import Account, ContactService, Message, MessageDraft, Thread
from portail.models import MessageAttachment as Attachment
from portail.services import throttles
from portail.services.audit import log_action
from portail.services.documents.receipts import Outcome, Refusal
from portail.services.documents.sending import examined
from portail.services.documents.storing import row_of
from portail.services.messages import drafts, telling
from portail.services.messages.abouts import allowed
from portail.services.messages.rows import add_message, my_thread, name_of
from portail.services.messages.views import NotSent, RefusedFile, Sent, Told, Written
from portail.services.procedures import open_procedure
from portail.services.reach import NotFound, my_families

log = structlog.get_logger("portail.messages")
TOO_MANY = (
    f"Pas joint : un message a {MAX_FILES} pièces jointes au plus. "
    "Envoyez celle-ci dans un autre message."
)
TOO_MANY_TODAY = (
    "Pas joint : votre compte a déjà envoyé beaucoup de fichiers aujourd’hui. Réessayez demain."
)
FAILED = "Pas joint : le portail n’a pas pu garder ce fichier. Réessayez dans quelques minutes."


async def send(actor: Actor, written: Written, files: Sequence[ReceivedFile]) -> Sent | NotSent:
    """Send a message with these files, and those that its draft holds already.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: the conversation, or what the message is about, is not theirs.
    """
    begun = await asyncio.to_thread(_begin, actor, written)
    if isinstance(begun, Sent):
        return begun
    verdicts = await asyncio.gather(*(examined(file) for file in files))
    refused = [
        found
        for file, verdict in zip(files, verdicts, strict=True)
        if (found := await asyncio.to_thread(_take, actor, begun, file.raw_name, verdict))
    ]
    return await asyncio.to_thread(finish, actor, written, tuple(refused))


def _begin(actor: Actor, written: Written) -> int | Sent:
    """Keep what is typed, before anything is examined; returns the draft's id."""
    with writing() as session:
        before = drafts.sent_before(session, actor.account(), written.key)
        if before is not None:
            return Sent(before)
        _about(session, actor, written)
        row = drafts.save(session, actor, written)
        if row is None:  # nothing is typed: the files and the reason need a place all the same
            row = MessageDraft(
                account_id=actor.account(),
                thread_id=written.thread_id,
                client_key=written.key,
                service=written.service[:40],
                about=written.about[:60],
                saved_at=clock.now(),
            )
            session.add(row)
            session.flush()
        return row.id or 0


def _about(session: Session, actor: Actor, written: Written) -> None:
    if written.thread_id is not None:
        my_thread(session, actor, written.thread_id)
    elif written.about:
        about = about_of(written.about)
        if about is None:
            raise NotFound
        allowed(session, actor, about)


def _take(
    actor: Actor, draft_id: int, raw_name: str, verdict: Sound | Unsound | Refusal
) -> RefusedFile | None:
    """Put a sound file with the draft; else, why it is not."""
    if not isinstance(verdict, Sound):
        code = verdict.reason if isinstance(verdict, Unsound) else verdict
        name = shown_name(raw_name, raw_name.rpartition(".")[2][:8]).rstrip(".")
        return RefusedFile(name, FAILED if code is Refusal.FAILED else Outcome("", code).message)
    return keep_sound(actor, draft_id, raw_name, verdict)


def keep_sound(actor: Actor, draft_id: int, raw_name: str, sound: Sound) -> RefusedFile | None:
    """Put a file that was found sound with a draft of the actor's; else, why it is not there."""
    name = shown_name(raw_name, sound.extension)
    try:
        storage_name = storage.keep(sound.path_of_clean_copy, sound.sha256)
    except (OSError, storage.AlteredFileError):
        log.exception("file_not_kept")
        return RefusedFile(name, FAILED)
    # should the transaction fail, nobody knows this file, and the worker sweeps it
    with writing() as session:
        why, used = _join(session, actor, draft_id, name, sound, storage_name)
    if not used:
        storage.remove(storage_name)
    return RefusedFile(name, why) if why else None


def _join(
    session: Session, actor: Actor, draft_id: int, name: str, sound: Sound, storage_name: str
) -> tuple[str, bool]:
    """Why a file does not go with the draft, if it does not, and whether this copy is used."""
    row = session.exec(
        select(MessageDraft)
        .where(MessageDraft.id == draft_id, MessageDraft.account_id == actor.account())
        .with_for_update()
    ).first()
    if row is None:  # sent by the other click of two
        return "", False
    if drafts.count_files(session, draft_id) >= MAX_FILES:
        return TOO_MANY, False
    wait, _ = throttles.count_attempt(
        session, "messages/files", str(actor.account()), DOCUMENTS, clock.now()
    )
    if wait:
        return TOO_MANY_TODAY, False
    file = row_of(session, sound, storage_name)
    there = select(Attachment.id).where(
        Attachment.draft_id == draft_id, Attachment.file_id == file.id
    )
    if session.exec(there).first() is None:
        session.add(Attachment(draft_id=draft_id, file_id=file.id or 0, name=name))
    return "", file.storage_name == storage_name


def finish(actor: Actor, written: Written, refused: tuple[RefusedFile, ...] = ()) -> Sent | NotSent:
    """Send the draft of this key, if nothing keeps it from being sent.

    Raises:
        NotFound: there is none, or what it is about is no longer theirs.
    """
    try:
        return _finish(actor, written, refused)
    except IntegrityError:
        # the same key went with another text just now: the second look finds it
        return _finish(actor, written, refused)


def _finish(actor: Actor, written: Written, refused: tuple[RefusedFile, ...]) -> Sent | NotSent:
    with writing() as session:
        row = drafts.find(session, actor.account(), written.thread_id, lock=True)
        before = drafts.sent_before(session, actor.account(), written.key)
        if before is not None:
            if row is not None and row.client_key == written.key:
                session.delete(row)
            return Sent(before)
        if row is None:
            raise NotFound
        told = _judged(session, actor, row, refused)
        if told != Told():
            row.told = drafts.tell(told)
            session.add(row)
            return NotSent()
        return Sent(_sent(session, actor, row, written.key, clock.now()))


def _judged(
    session: Session, actor: Actor, row: MessageDraft, refused: tuple[RefusedFile, ...]
) -> Told:
    is_new = row.thread_id is None
    found = problems(subject_line(row.subject) if is_new else None, body_text(row.body))
    if is_new and _service(session, row.service) is None:
        found = (Problem.NO_SERVICE, *found)
    if found or refused:
        return Told(found, refused)
    account = str(actor.account())
    wait, _ = throttles.count_attempt(session, "messages", account, MESSAGES, clock.now())
    return Told(wait=wait) if wait else Told()


def _service(session: Session, code: str) -> ContactService | None:
    return session.exec(
        select(ContactService).where(ContactService.code == code, col(ContactService.active))
    ).first()


def _sent(session: Session, actor: Actor, row: MessageDraft, key: str, at: datetime) -> int:
    account = session.get_one(Account, actor.account())
    body = body_text(row.body)
    if row.thread_id is not None:
        thread = my_thread(session, actor, row.thread_id, lock=True)
    else:
        thread = _begun(session, actor, row, at)
    message = add_message(session, actor, thread, name_of(account), body, key, at)
    _move_files(session, row, message)
    session.delete(row)
    if message.rank == 1:
        telling.acknowledge(session, account, thread)
    subject = f"message {message.id}"
    log_action(session, "message_sent", account_id=account.id, subject=subject)
    return thread.id or 0


def _begun(session: Session, actor: Actor, row: MessageDraft, at: datetime) -> Thread:
    """The conversation of a new message, and the procedure that stands for it."""
    about = about_of(row.about) if row.about else _first_file(session, actor)
    if about is None:
        raise NotFound
    allowed(session, actor, about)
    service = _service(session, row.service)
    assert service is not None  # noqa: S101  (asked in `_judged`, in this transaction)
    child_id = about.id if about.topic is Topic.CHILD else None
    procedure = open_procedure(
        session,
        actor,
        ProcedureKind.MESSAGE,
        f"Message : {service.label}",  # the subject may tell of somebody's health
        family_id=about.family_id,
        child_id=child_id,
    )
    return Thread(
        family_id=about.family_id,
        account_id=actor.account(),
        service_id=service.id or 0,
        subject=subject_line(row.subject),
        child_id=child_id,
        invoice_id=about.id if about.topic is Topic.INVOICE else None,
        about_procedure_id=about.id if about.topic is Topic.PROCEDURE else None,
        procedure_id=procedure.id,
        state=ThreadState.OPEN,
        created_at=at,
        last_at=at,
        message_count=1,
    )


def _first_file(session: Session, actor: Actor) -> About | None:
    """Nothing was chosen: the parent's own family file."""
    family = next(iter(my_families(session, actor)), None)
    return About(family.id or 0) if family else None


def _move_files(session: Session, row: MessageDraft, message: Message) -> None:
    """The draft's files are the message's, and their names found by searches."""
    moving = col(Attachment.draft_id) == row.id
    names = session.exec(select(Attachment.name).where(moving)).all()
    if not names:
        return
    session.execute(update(Attachment).where(moving).values(message_id=message.id, draft_id=None))
    message.looked_in = f"{message.looked_in} {search_text(*names)}"
    session.add(message)
    session.flush()
