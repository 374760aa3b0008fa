"""The rows of conversations, found and written within the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from portail.domain.identity import Actor
from portail.domain.messages import (
    PROCEDURE_STATES,
    ThreadState,
    after_message,
)
from portail.domain.searching import search_text
from portail.models import (
    Account,
    ContactService,
    Message,
    Procedure,
    StoredFile,
    Thread,
    ThreadRead,
)
from portail.models import MessageAttachment as Attachment
from portail.services import procedures
from portail.services.messages.views import FileView, ServiceView
from portail.services.reach import NotFound, my_family_ids


def my_thread(session: Session, actor: Actor, thread_id: int, *, lock: bool = False) -> Thread:
    """A conversation of the actor's families; `lock` keeps others from writing in it meanwhile.

    Raises:
        NotFound: not one of theirs.
    """
    query = select(Thread).where(
        Thread.id == thread_id, col(Thread.family_id).in_(my_family_ids(actor))
    )
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    return found


def add_message(
    session: Session, actor: Actor, thread: Thread, author: str, body: str, key: str, at: datetime
) -> Message:
    """Add a message to a conversation that is held, or that has just begun without any.

    Its state and its procedure follow.
    """
    thread.state = after_message(from_town=actor.is_agent)
    thread.last_at, thread.closed_at = at, None
    if thread.id is not None:
        thread.message_count += 1
    if actor.is_agent:
        thread.answer_rank, thread.answered_at = thread.message_count, at
        thread.town_read = thread.message_count
    session.add(thread)
    session.flush()
    first = thread.message_count == 1
    message = Message(
        thread_id=thread.id or 0,
        rank=thread.message_count,
        from_town=actor.is_agent,
        account_id=actor.account_id,
        agent_id=actor.agent_id,
        author=author[:120],
        body=body,
        looked_in=search_text(thread.subject if first else "", body),
        client_key=key,
        sent_at=at,
    )
    session.add(message)
    session.flush()
    follow(session, actor, thread)
    return message


def end(session: Session, actor: Actor, thread: Thread, at: datetime) -> None:
    """Close a conversation that is held; one that is closed stays as it is."""
    if thread.state is ThreadState.CLOSED:
        return
    thread.state, thread.closed_at = ThreadState.CLOSED, at
    session.add(thread)
    follow(session, actor, thread)


def follow(session: Session, actor: Actor, thread: Thread) -> None:
    """The procedure that stands for a conversation becomes what the conversation is."""
    if thread.procedure_id is None:
        return
    procedure = session.get(Procedure, thread.procedure_id, with_for_update=True)
    if procedure is not None:
        procedures.move(session, actor, procedure, PROCEDURE_STATES[thread.state])


def mark(session: Session, account_id: int, thread_id: int, rank: int, at: datetime) -> None:
    """An account has read so far; never less than before."""
    row = session.get(ThreadRead, (account_id, thread_id))
    if row is None:
        session.add(ThreadRead(account_id=account_id, thread_id=thread_id, rank=rank, at=at))
    elif row.rank < rank:
        row.rank, row.at = rank, at
        session.add(row)


def files_of(session: Session, message_ids: list[int]) -> dict[int, list[FileView]]:
    """The files of these messages, in the order they came."""
    rows = session.exec(
        select(Attachment, StoredFile.size)
        .join(StoredFile, col(StoredFile.id) == col(Attachment.file_id))
        .where(col(Attachment.message_id).in_(message_ids))
        .order_by(col(Attachment.id))
    )
    found: dict[int, list[FileView]] = {}
    for row, size in rows:
        found.setdefault(row.message_id or 0, []).append(FileView(row.id or 0, row.name, size))
    return found


def name_of(account: Account) -> str:
    """How a parent signs."""
    return f"{account.first_name} {account.last_name}".strip() or account.user_name


def service_view(row: ContactService) -> ServiceView:
    """A service as shown."""
    return ServiceView(row.code, row.label, row.hint, row.answer_days)
