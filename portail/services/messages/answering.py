"""Agents read, answer, assign, annotate and close the conversations of their services.

An agent reaches the services of their roles; the administration reaches them all. Notes are in a
table of their own, which no query of a family knows of.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.messages import ThreadState, body_text, problems
from portail.models import (
    Agent,
    AgentRole,
    ContactService,
    Family,
    Message,
    Thread,
    ThreadNote,
)
from portail.services.audit import log_action
from portail.services.messages import abouts, telling
from portail.services.messages.rows import add_message, end, files_of
from portail.services.messages.views import (
    AboutView,
    Closed,
    MessageView,
    NewerMessage,
    Sent,
)
from portail.services.reach import NotFound


@dataclass(frozen=True)
class Waiting:
    """A line of the agents' queue."""

    id: int
    service: str
    family_number: int
    family_name: str
    subject: str
    state: ThreadState
    last_at: datetime
    unread: bool
    agent: str  # user name of whoever it is assigned to, or empty


@dataclass(frozen=True)
class Note:
    """What an agent told the others."""

    author: str
    at: datetime
    body: str


@dataclass(frozen=True)
class File:
    """A conversation as agents read it, with their notes."""

    line: Waiting
    about: AboutView
    messages: tuple[MessageView, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class BadText:
    """Nothing is said, or too much."""


@dataclass(frozen=True)
class Done:
    """It is done."""


def may_answer(actor: Actor, service: ContactService) -> bool:
    """Whether an agent answers for this service."""
    return actor.is_agent and bool(actor.roles & {service.role, Role.ADMINISTRATION})


def queue(
    actor: Actor,
    *,
    service: str = "",
    state: ThreadState | None = None,
    mine: bool = False,
    limit: int = 200,
) -> tuple[Waiting, ...]:
    """The conversations of the agent's services, the longest waiting first.

    Args:
        actor: an agent.
        service: code of one of them; empty: all.
        state: only these; none: all but those that are closed.
        mine: only those assigned to the agent.
        limit: at most so many.

    Raises:
        Forbidden: not an agent.
    """
    _agent(actor)
    query = (
        select(Thread, ContactService, Family, Agent.user_name)
        .join(ContactService, col(ContactService.id) == col(Thread.service_id))
        .join(Family, col(Family.id) == col(Thread.family_id))
        .outerjoin(Agent, col(Agent.id) == col(Thread.agent_id))
        .order_by(col(Thread.last_at), col(Thread.id))
    )
    if state is None:
        query = query.where(Thread.state != ThreadState.CLOSED)
    else:
        query = query.where(Thread.state == state)
    if Role.ADMINISTRATION not in actor.roles:
        query = query.where(col(ContactService.role).in_(actor.roles))
    if service:
        query = query.where(ContactService.code == service)
    if mine:
        query = query.where(Thread.agent_id == actor.agent_id)
    with reading() as session:
        return tuple(_line(*found) for found in session.exec(query.limit(limit)))


def read(actor: Actor, thread_id: int) -> File:
    """A conversation and its notes; the service has read it from now on, and that is written down.

    Raises:
        Forbidden: not an agent.
        NotFound: no such conversation, or not of their services.
    """
    agent_id = _agent(actor)
    with writing() as session:
        thread, service = _held(session, actor, thread_id)
        family = session.get_one(Family, thread.family_id)
        to = session.get(Agent, thread.agent_id) if thread.agent_id else None
        line = _line(thread, service, family, to.user_name if to else None)
        rows = session.exec(
            select(Message).where(Message.thread_id == thread_id).order_by(col(Message.rank))
        ).all()
        files = files_of(session, [row.id or 0 for row in rows])
        notes = session.exec(
            select(ThreadNote).where(ThreadNote.thread_id == thread_id).order_by(col(ThreadNote.id))
        ).all()
        about = abouts.of_thread(session, thread)
        seen, thread.town_read = thread.town_read, thread.message_count
        session.add(thread)
        log_action(session, "thread_read", agent_id=agent_id, subject=f"thread {thread_id}")
    return File(
        line,
        about,
        tuple(
            MessageView(
                row.rank,
                "town" if row.from_town else "family",
                row.author,
                row.sent_at,
                row.body,
                tuple(files.get(row.id or 0, ())),
                not row.from_town and row.rank > seen,
            )
            for row in rows
        ),
        tuple(Note(one.author, one.written_at, one.body) for one in notes),
    )


def answer(actor: Actor, thread_id: int, text: str, key: str = "") -> Sent | BadText:
    """Answer; every adult of the family is told by mail, as each chose.

    `key` names this sending: the same one again sends nothing.

    Raises:
        Forbidden: not an agent.
        NotFound: no such conversation, or not of their services.
    """
    body = body_text(text)
    if problems(None, body):
        return BadText()
    try:
        return _answer(actor, thread_id, body, key or secrets.token_urlsafe(16))
    except IntegrityError:
        # the same key in another conversation, just now: the second look finds it
        return _answer(actor, thread_id, body, key)


def _answer(actor: Actor, thread_id: int, body: str, key: str) -> Sent:
    agent_id = _agent(actor)
    with writing() as session:
        thread, service = _held(session, actor, thread_id)
        before = session.exec(
            select(Message.thread_id).where(Message.agent_id == agent_id, Message.client_key == key)
        ).first()
        if before is not None:
            return Sent(before)
        author = f"{_name(session, agent_id)}, {service.label}"
        message = add_message(session, actor, thread, author, body, key, clock.now())
        telling.tell_answer(session, thread, message)
        subject = f"message {message.id}"
        log_action(session, "message_answered", agent_id=agent_id, subject=subject)
        return Sent(thread_id)


def assign(actor: Actor, thread_id: int, user_name: str) -> Done | BadText:
    """Give a conversation to an agent who answers for its service; no name: to nobody.

    Raises:
        Forbidden: not an agent.
        NotFound: no such conversation, or not of their services.
    """
    agent_id = _agent(actor)
    with writing() as session:
        thread, service = _held(session, actor, thread_id)
        to = _colleague(session, service, user_name) if user_name else None
        if user_name and to is None:
            return BadText()
        thread.agent_id = to
        session.add(thread)
        log_action(session, "thread_assigned", agent_id=agent_id, subject=f"thread {thread_id}")
        return Done()


def note(actor: Actor, thread_id: int, text: str) -> Done | BadText:
    """Write something that agents alone read.

    Raises:
        Forbidden: not an agent.
        NotFound: no such conversation, or not of their services.
    """
    agent_id, body = _agent(actor), body_text(text)
    if problems(None, body):
        return BadText()
    with writing() as session:
        _held(session, actor, thread_id)
        session.add(
            ThreadNote(
                thread_id=thread_id,
                agent_id=agent_id,
                author=_name(session, agent_id)[:120],
                body=body,
                written_at=clock.now(),
            )
        )
        log_action(session, "thread_noted", agent_id=agent_id, subject=f"thread {thread_id}")
        return Done()


def close(actor: Actor, thread_id: int, seen: int | None = None) -> Closed | NewerMessage:
    """Close a conversation, unless a message came that the agent has not seen.

    Args:
        actor: an agent.
        thread_id: of the conversation.
        seen: number of the last message they saw; none: whatever the service has read.

    Raises:
        Forbidden: not an agent.
        NotFound: no such conversation, or not of their services.
    """
    agent_id = _agent(actor)
    with writing() as session:
        thread, _ = _held(session, actor, thread_id)
        if (thread.town_read if seen is None else seen) < thread.message_count:
            return NewerMessage()
        end(session, actor, thread, clock.now())
        log_action(session, "thread_closed", agent_id=agent_id, subject=f"thread {thread_id}")
        return Closed()


# --- what they share


def _agent(actor: Actor) -> int:
    if actor.agent_id is None:
        raise Forbidden
    return actor.agent_id


def _held(session: Session, actor: Actor, thread_id: int) -> tuple[Thread, ContactService]:
    """A conversation of the agent's services, where nobody else writes meanwhile."""
    thread = session.exec(select(Thread).where(Thread.id == thread_id).with_for_update()).first()
    if thread is None:
        raise NotFound
    service = session.get_one(ContactService, thread.service_id)
    if not may_answer(actor, service):
        raise NotFound
    return thread, service


def _colleague(session: Session, service: ContactService, user_name: str) -> int | None:
    query = (
        select(Agent.id)
        .join(AgentRole, col(AgentRole.agent_id) == col(Agent.id))
        .where(
            Agent.user_name == user_name,
            col(Agent.disabled_at).is_(None),
            col(AgentRole.role).in_([service.role, Role.ADMINISTRATION]),
        )
    )
    return session.exec(query).first()


def _name(session: Session, agent_id: int) -> str:
    agent = session.get_one(Agent, agent_id)
    return f"{agent.first_name} {agent.last_name}".strip() or agent.user_name


def _line(thread: Thread, service: ContactService, family: Family, agent: str | None) -> Waiting:
    return Waiting(
        thread.id or 0,
        service.label,
        family.number,
        family.name,
        thread.subject,
        thread.state,
        thread.last_at,
        thread.town_read < thread.message_count,
        agent or "",
    )
