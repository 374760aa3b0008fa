"""«Mes messages»: the conversations of the actor's families, listed, read and closed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select as ModelSelect

from portail import clock
from portail.database import ask, reading, writing
from portail.domain.identity import Actor
from portail.domain.paging import nearest_page
from portail.domain.searching import count_found, excerpt, search_terms
from portail.models import (
    Child,
    ContactService,
    Message,
    Subscription,
    Thread,
    ThreadRead,
)
from portail.models import MessageAttachment as Attachment
from portail.services.audit import log_action
from portail.services.messages import abouts
from portail.services.messages.rows import end, files_of, mark, my_thread, service_view
from portail.services.messages.views import (
    Closed,
    Conversation,
    Filter,
    MessageView,
    NewerMessage,
    ThreadLine,
    ThreadPage,
    UnreadAnswer,
)

PER_PAGE = 10
SHOWN = 20  # messages of a conversation, unless all are asked


def my_threads(actor: Actor, wanted: Filter, page: int = 1) -> ThreadPage:
    """A page of the actor's conversations, from 1; a page beyond the last is the last.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id = actor.account()
    with reading() as session:
        matching = _matching(wanted)
        total = session.exec(_mine(account_id, func.count()).where(*matching)).one()
        page, pages = nearest_page(page, total, PER_PAGE)
        unread = unread_answer()
        rows = session.exec(
            _mine(account_id, Thread, ContactService, Message, Child.first_name, unread)
            .join(
                Message,
                and_(
                    col(Message.thread_id) == col(Thread.id),
                    col(Message.rank) == col(Thread.message_count),
                ),
            )
            .outerjoin(Child, col(Child.id) == col(Thread.child_id))
            .where(*matching)
            .order_by(unread.desc(), col(Thread.last_at).desc(), col(Thread.id).desc())
            .offset((page - 1) * PER_PAGE)
            .limit(PER_PAGE)
        ).all()
        ids = [thread.id or 0 for thread, *_ in rows]
        files = _count_files(session, ids)
        terms = search_terms(wanted.search)
        hits = _hits(session, ids, terms)
        known = session.exec(
            select(ContactService)
            .where(col(ContactService.id).in_(_mine(account_id, Thread.service_id)))
            .order_by(col(ContactService.rank), col(ContactService.id))
        ).all()
    lines = []
    for thread, service, last, child, is_unread in rows:
        shown, file = hits.get(thread.id or 0, (last, ""))
        lines.append(
            ThreadLine(
                thread.id or 0,
                service.label,
                thread.subject,
                excerpt(shown.body, terms),
                shown.from_town,
                thread.last_at,
                thread.state,
                bool(is_unread),
                files.get(thread.id or 0, 0),
                child or "",
                file,
            )
        )
    services = tuple(service_view(one) for one in known)
    return ThreadPage(tuple(lines), page, pages, total, services, bool(known))


def _mine(account_id: int, *columns: Any) -> Any:
    """The conversations of an account's families, with its own marks."""
    query: ModelSelect[Any] = select(*columns)
    return (
        query.select_from(Thread)
        .join(ContactService, col(ContactService.id) == col(Thread.service_id))
        .join(
            Subscription,
            and_(
                col(Subscription.family_id) == col(Thread.family_id),
                col(Subscription.account_id) == account_id,
            ),
        )
        .outerjoin(
            ThreadRead,
            and_(
                col(ThreadRead.thread_id) == col(Thread.id),
                col(ThreadRead.account_id) == account_id,
            ),
        )
    )


def unread_answer() -> ColumnElement[bool]:
    """Whether the town's last message is unread; what it said before one came is not asked."""
    return and_(
        col(Thread.answer_rank) > func.coalesce(col(ThreadRead.rank), 0),
        col(Thread.answered_at) >= col(Subscription.created_at),
    )


def _matching(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.service:
        found.append(col(ContactService.code) == wanted.service)
    if wanted.state is not None:
        found.append(col(Thread.state) == wanted.state)
    searched = aliased(Message)  # any of them
    found.extend(
        exists(
            select(searched.id).where(
                col(searched.thread_id) == col(Thread.id),
                col(searched.looked_in).contains(term, autoescape=True),
            )
        )
        for term in search_terms(wanted.search)
    )
    return found


def _hits(
    session: Session, thread_ids: list[int], terms: tuple[str, ...]
) -> dict[int, tuple[Message, str]]:
    """By conversation, the message where most of these words are, the newest of equals.

    With a file whose name has one that the text has not. Words of the subject are in no message.
    """
    if not terms:
        return {}
    somewhere = or_(*(col(Message.looked_in).contains(term, autoescape=True) for term in terms))
    rows = session.exec(
        select(Message)
        .where(col(Message.thread_id).in_(thread_ids), somewhere)
        .order_by(col(Message.rank))
    ).all()
    files = files_of(session, [row.id or 0 for row in rows])
    most: dict[int, int] = {}
    found: dict[int, tuple[Message, str]] = {}
    for row in rows:
        names = [one.name for one in files.get(row.id or 0, ())]
        count = count_found(" ".join((row.body, *names)), terms)
        if count and count >= most.get(row.thread_id, 0):
            most[row.thread_id] = count
            missing = [term for term in terms if not count_found(row.body, [term])]
            named = next((name for name in names if count_found(name, missing)), "")
            found[row.thread_id] = row, named
    return found


def _count_files(session: Session, thread_ids: list[int]) -> dict[int, int]:
    rows = session.exec(
        select(Message.thread_id, func.count())
        .join(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(col(Message.thread_id).in_(thread_ids))
        .group_by(col(Message.thread_id))
    )
    return {thread_id: int(number) for thread_id, number in rows}


def conversation(actor: Actor, thread_id: int, *, whole: bool = False) -> Conversation:
    """One of the actor's conversations: its last messages, or all of them.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of theirs.
    """
    account_id = actor.account()
    with reading() as session:
        thread = my_thread(session, actor, thread_id)
        first = 1 if whole else max(1, thread.message_count - SHOWN + 1)
        rows = session.exec(
            select(Message)
            .where(Message.thread_id == thread_id, col(Message.rank) >= first)
            .order_by(col(Message.rank))
        ).all()
        files = files_of(session, [row.id or 0 for row in rows])
        read = session.get(ThreadRead, (account_id, thread_id))
        service = session.get_one(ContactService, thread.service_id)
        about = abouts.of_thread(session, thread)
    seen = read.rank if read else 0
    return Conversation(
        thread_id,
        service_view(service),
        thread.subject,
        about,
        thread.state,
        thread.procedure_id,
        tuple(
            MessageView(
                row.rank,
                "town" if row.from_town else "me" if row.account_id == account_id else "family",
                row.author,
                row.sent_at,
                row.body,
                tuple(files.get(row.id or 0, ())),
                row.from_town and row.rank > seen,
            )
            for row in rows
        ),
        first - 1,
        thread.message_count,
    )


def mark_read(actor: Actor, thread_id: int, rank: int) -> None:
    """The actor has read this conversation up to its message of this number.

    Raises:
        NotFound: not one of theirs.
    """
    with writing() as session:
        # held: two tabs would both make the mark
        thread = my_thread(session, actor, thread_id, lock=True)
        seen = min(max(rank, 0), thread.message_count)
        mark(session, actor.account(), thread_id, seen, clock.now())


def close(actor: Actor, thread_id: int, seen: int) -> Closed | NewerMessage:
    """Close a conversation whose messages were read up to this number.

    Raises:
        NotFound: not one of theirs.
    """
    with writing() as session:
        thread = my_thread(session, actor, thread_id, lock=True)
        if seen < thread.message_count:
            return NewerMessage()
        end(session, actor, thread, clock.now())
        account_id = actor.account()
        log_action(session, "thread_closed", account_id=account_id, subject=f"thread {thread_id}")
        return Closed()


def of_procedure(actor: Actor, procedure_id: int) -> int | None:
    """The conversation that a procedure stands for, if it is one of the actor's."""
    query = _mine(actor.account(), Thread.id).where(Thread.procedure_id == procedure_id)
    with reading() as session:
        found: int | None = session.exec(query).first()
        return found


def unread_answers(session: Session, actor: Actor) -> tuple[UnreadAnswer, ...]:
    """The conversations whose last answer the actor has not read, oldest first."""
    query = (
        _mine(actor.account(), Thread, ContactService.label)
        .where(unread_answer())
        .order_by(col(Thread.answered_at), col(Thread.id))
    )
    return tuple(
        UnreadAnswer(thread.id or 0, label, thread.subject, thread.answered_at)
        for thread, label in session.exec(query)
    )


def count_unread(session: Session, account_id: int) -> int:
    """How many there are, for the menu."""
    return int(ask(session, _count(), {"account": account_id}).scalar_one())


@lru_cache(maxsize=1)
def _count() -> Select[Any]:
    """Bare columns, made once: every page asks."""
    account: BindParameter[int] = bindparam("account")
    return (
        sql_select(func.count())
        .select_from(Subscription)
        .join(Thread, col(Thread.family_id) == col(Subscription.family_id))
        .outerjoin(
            ThreadRead,
            and_(
                col(ThreadRead.thread_id) == col(Thread.id),
                col(ThreadRead.account_id) == account,
            ),
        )
        .where(col(Subscription.account_id) == account, unread_answer())
    )
