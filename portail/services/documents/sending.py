"""A parent sends documents: examined, kept once, and told file by file what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from sqlmodel import Session, select

from portail import clock
from portail.adapters import storage
from portail.adapters.uploads.check import check
from portail.adapters.uploads.inspection import ExaminerError
from portail.adapters.uploads.receive import ReceivedFile
from portail.adapters.uploads.verdicts import Sound, Unsound
from portail.database import reading, writing
from portail.domain.documents import Check
from portail.domain.file_names import shown_name
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureState, takes_documents
from portail.domain.throttling import DOCUMENTS
from portail.models import Document, StoredFile
from portail.services import throttles
from portail.services.audit import log_action
from portail.services.documents.place import Destination, Place, find_place
from portail.services.documents.receipts import ALREADY, KEPT, Outcome, Refusal, write_receipt
from portail.services.documents.storing import row_of
from portail.services.procedures import move

log = structlog.get_logger("portail.documents")
THROTTLE = "documents"


async def send(
    actor: Actor, to: Destination, files: Sequence[ReceivedFile], batch: str
) -> tuple[Outcome, ...]:
    """Keep these files as documents of the actor's family.

    Each is examined, then kept in a transaction of its own: a refused one takes nothing from the
    others. The receipts of `batch` say what became of each.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: what it is sent for is not theirs, or makes no sense; nothing is examined.
    """
    await asyncio.to_thread(_allowed, actor, to)
    verdicts = await asyncio.gather(*(examined(file) for file in files))
    # in the order they came, which is that of the receipts
    return tuple(
        [
            await asyncio.to_thread(_told, actor, to, file.raw_name, verdict, batch)
            for file, verdict in zip(files, verdicts, strict=True)
        ]
    )


def refuse(actor: Actor, name: str, code: str, batch: str) -> Outcome:
    """Write down, for the page to say, that a file was not kept."""
    outcome = Outcome(shown_name(name, Path(name).suffix[:8]).rstrip("."), code)
    with writing() as session:
        return write_receipt(session, actor, batch, outcome)


def _allowed(actor: Actor, to: Destination) -> None:
    with reading() as session:
        find_place(session, actor, to)


async def examined(file: ReceivedFile) -> Sound | Unsound | Refusal:
    """What a received file is, or why it is not kept."""
    try:
        return await check(file)
    except (ExaminerError, OSError):
        log.exception("file_not_examined")
        return Refusal.FAILED


def _told(
    actor: Actor, to: Destination, raw_name: str, verdict: Sound | Unsound | Refusal, batch: str
) -> Outcome:
    if isinstance(verdict, Sound):
        return keep_sound(actor, to, raw_name, verdict, batch)
    why = verdict.reason if isinstance(verdict, Unsound) else verdict
    return refuse(actor, raw_name, why, batch)


def keep_sound(actor: Actor, to: Destination, raw_name: str, sound: Sound, batch: str) -> Outcome:
    """Keep a file that was found sound.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: what it is sent for is not theirs, or makes no sense.
    """
    name = shown_name(raw_name, sound.extension)
    try:
        storage_name = storage.keep(sound.path_of_clean_copy, sound.sha256)
    except (OSError, storage.AlteredFileError):
        log.exception("file_not_kept")
        return refuse(actor, raw_name, Refusal.FAILED, batch)
    # should the transaction fail, nobody knows this file, and the worker sweeps it
    with writing() as session:
        code, used = _kept(session, actor, to, sound, name, storage_name)
        outcome = write_receipt(session, actor, batch, Outcome(name, code))
    if not used:
        storage.remove(storage_name)
    return outcome


def _kept(
    session: Session, actor: Actor, to: Destination, sound: Sound, name: str, storage_name: str
) -> tuple[str, bool]:
    """What became of a sound file, and whether it is this copy that is used."""
    place = find_place(session, actor, to, lock=True)
    procedure = place.procedure
    if procedure is not None and not takes_documents(procedure.kind, procedure.state):
        return Refusal.CLOSED, False
    if _has(session, place, sound):
        return ALREADY, False
    now = clock.now()
    wait, _ = throttles.count_attempt(session, THROTTLE, str(place.family_id), DOCUMENTS, now)
    if wait:
        return Refusal.TOO_MANY, False
    file = row_of(session, sound, storage_name)
    row = Document(
        family_id=place.family_id,
        child_id=place.child_id,
        guardian_id=place.guardian_id,
        type_id=place.type_id,
        procedure_id=place.procedure_id,
        file_id=file.id or 0,
        name=name,
        check_state=Check.TO_CHECK,
        valid_until=place.good_until(clock.today()),
        sent_at=now,
        account_id=actor.account(),
    )
    session.add(row)
    session.flush()
    log_action(session, "document_sent", account_id=row.account_id, subject=f"document {row.id}")
    if procedure is not None and procedure.state is ProcedureState.DOCUMENT_ASKED:
        note = f"Document déposé : « {name} »."
        move(session, actor, procedure, ProcedureState.REQUESTED, note)
    return KEPT, file.storage_name == storage_name


def _has(session: Session, place: Place, sound: Sound) -> bool:
    """Whether the family sent the same content for the same thing; its lock is held."""
    query = (
        select(Document.id)
        .join(StoredFile)
        .where(
            StoredFile.sha256 == sound.sha256,
            Document.family_id == place.family_id,
            # None is compared as IS NULL
            Document.type_id == place.type_id,
            Document.child_id == place.child_id,
            Document.guardian_id == place.guardian_id,
            Document.procedure_id == place.procedure_id,
        )
    )
    return session.exec(query).first() is not None
