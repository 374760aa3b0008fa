"""What is being written: kept as it is typed, with its files, until it is sent or thrown away.

A draft survives a refused file, a lost connection, a session that ended, and another device.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, func, select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.messages import MAX_BODY, MAX_SUBJECT, Problem
from portail.models import Message, MessageDraft, StoredFile
from portail.models import MessageAttachment as Attachment
from portail.services.messages.rows import my_thread
from portail.services.messages.views import Draft, FileView, RefusedFile, Told, Written
from portail.services.reach import NotFound

KEPT = timedelta(days=30)
MAX_KEPT = 4 * MAX_BODY  # characters: too long to be sent is kept all the same


def my_draft(actor: Actor, thread_id: int | None = None) -> Draft | None:
    """What the actor is writing: a new message, or a reply in this conversation.

    Raises:
        NotFound: not a conversation of theirs.
    """
    with reading() as session:
        if thread_id is not None:
            my_thread(session, actor, thread_id)
        row = find(session, actor.account(), thread_id)
        if row is None:
            return None
        return Draft(
            row.client_key,
            row.service,
            row.subject,
            row.body,
            row.about,
            files(session, row.id or 0),
            _told(row.told),
            row.saved_at,
        )


def keep(actor: Actor, written: Written) -> bool:
    """Keep what is typed so far; False when it is nothing, or was sent meanwhile.

    Raises:
        NotFound: not a conversation of theirs.
    """
    with writing() as session:
        return save(session, actor, written) is not None


def throw_away(actor: Actor, thread_id: int | None = None) -> None:
    """Forget what was being written, and its files."""
    with writing() as session:
        row = find(session, actor.account(), thread_id, lock=True)
        if row is not None:
            session.delete(row)


def remove_file(actor: Actor, file_id: int) -> str:
    """Take a file out of a draft of the actor's own; returns its name.

    Raises:
        NotFound: it is in none of theirs.
    """
    with writing() as session:
        row = session.exec(
            select(Attachment)
            .join(MessageDraft, col(MessageDraft.id) == col(Attachment.draft_id))
            .where(Attachment.id == file_id, MessageDraft.account_id == actor.account())
        ).first()
        if row is None:
            raise NotFound
        session.delete(row)
        return row.name


# --- within the caller's transaction


def find(
    session: Session, account_id: int, thread_id: int | None, *, lock: bool = False
) -> MessageDraft | None:
    """The draft of an account, if there is one."""
    query = select(MessageDraft).where(
        MessageDraft.account_id == account_id, MessageDraft.thread_id == thread_id
    )
    return session.exec(query.with_for_update() if lock else query).first()


def save(session: Session, actor: Actor, written: Written) -> MessageDraft | None:
    """Write the draft; none when there is nothing to keep, or when it was sent already.

    Raises:
        NotFound: not a conversation of theirs.
    """
    account_id = actor.account()
    if written.thread_id is not None:
        my_thread(session, actor, written.thread_id)
    row = find(session, account_id, written.thread_id, lock=True)
    if row is None:
        if not (written.subject.strip() or written.body.strip()):
            return None
        row = _new(session, account_id, written)
    if row is None or sent_before(session, account_id, written.key) is not None:
        # a word of the page that was late: the message has gone
        if row is not None and row.client_key == written.key:
            session.delete(row)
        return None
    row.client_key = written.key
    row.service, row.about = written.service[:40], written.about[:60]
    row.subject = written.subject[: 4 * MAX_SUBJECT]
    row.body = written.body[:MAX_KEPT]
    row.saved_at = clock.now()
    session.add(row)
    session.flush()
    return row


def _new(session: Session, account_id: int, written: Written) -> MessageDraft | None:
    row = MessageDraft(
        account_id=account_id,
        thread_id=written.thread_id,
        client_key=written.key,
        saved_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another tab was quicker: its row is the draft
        return find(session, account_id, written.thread_id, lock=True)
    return row


def sent_before(session: Session, account_id: int, key: str) -> int | None:
    """The conversation of the message that was sent under this key, if it was."""
    query = select(Message.thread_id).where(
        Message.account_id == account_id, Message.client_key == key
    )
    return session.exec(query).first()


def files(session: Session, draft_id: int) -> tuple[FileView, ...]:
    """The files that wait with a draft."""
    rows = session.exec(
        select(Attachment, StoredFile.size)
        .join(StoredFile, col(StoredFile.id) == col(Attachment.file_id))
        .where(Attachment.draft_id == draft_id)
        .order_by(col(Attachment.id))
    )
    return tuple(FileView(row.id or 0, row.name, size) for row, size in rows)


def count_files(session: Session, draft_id: int) -> int:
    """How many there are."""
    query = select(func.count()).select_from(Attachment).where(Attachment.draft_id == draft_id)
    return session.exec(query).one()


def tell(told: Told) -> str:
    """Why a draft was not sent, as its row keeps it."""
    if told == Told():
        return ""
    values: dict[str, Any] = {
        "problems": list(told.problems),
        "files": [[one.name, one.why] for one in told.files],
        "wait": told.wait.total_seconds() if told.wait else 0,
    }
    return json.dumps(values)


def _told(text: str) -> Told:
    if not text:
        return Told()
    values = json.loads(text)
    return Told(
        tuple(Problem(one) for one in values["problems"] if one in set(Problem)),
        tuple(RefusedFile(name, why) for name, why in values["files"]),
        timedelta(seconds=values["wait"]) if values["wait"] else None,
    )


def purge(session: Session, before: datetime) -> None:
    """Forget drafts that nobody has touched since."""
    old: ColumnElement[bool] = col(MessageDraft.saved_at) < before
    session.execute(delete(MessageDraft).where(old))
