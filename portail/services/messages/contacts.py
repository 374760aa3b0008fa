"""The services that families write to, and the answers that each gives often."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.messages import body_text, problems, subject_line
from portail.models import ContactService, SavedReply
from portail.services.audit import log_action
from portail.services.messages.answering import BadText, Done, may_answer
from portail.services.reach import NotFound

MAX_LABEL, MAX_HINT, MAX_TITLE = 80, 200, 80
MAX_DAYS = 60


@dataclass(frozen=True)
class ContactView:
    """A service as agents see it."""

    code: str
    label: str
    hint: str
    answer_days: int
    role: Role
    active: bool


@dataclass(frozen=True)
class ReplyView:
    """A saved reply."""

    title: str
    body: str


def contact_services(actor: Actor) -> tuple[ContactView, ...]:
    """Every service, in the order families see them.

    Raises:
        Forbidden: not an agent.
    """
    _agent(actor)
    query = select(ContactService).order_by(col(ContactService.rank), col(ContactService.id))
    with reading() as session:
        return tuple(
            ContactView(row.code, row.label, row.hint, row.answer_days, row.role, row.active)
            for row in session.exec(query)
        )


def set_service(actor: Actor, wanted: ContactView) -> Done | BadText:
    """Add a service, or change the one of this code; one that is not active takes no new message.

    Raises:
        Forbidden: not an agent of the administration.
    """
    agent_id = _agent(actor)
    if Role.ADMINISTRATION not in actor.roles:
        raise Forbidden
    label, hint = subject_line(wanted.label), subject_line(wanted.hint)
    good = wanted.code and len(wanted.code) <= 40 and label  # noqa: PLR2004  (its column)
    fits = len(label) <= MAX_LABEL and len(hint) <= MAX_HINT
    if not (good and fits and 0 < wanted.answer_days <= MAX_DAYS):
        return BadText()
    with writing() as session:
        row = _by_code(session, wanted.code)
        if row is None:
            known = session.exec(select(ContactService.rank)).all()
            rank = max(known, default=-1) + 1
            row = ContactService(
                code=wanted.code, label=label, answer_days=1, role=wanted.role, rank=rank
            )
        row.label, row.hint, row.role = label, hint, wanted.role
        row.answer_days, row.active = wanted.answer_days, wanted.active
        session.add(row)
        subject = f"contact service {wanted.code}"
        log_action(session, "contact_service_set", agent_id=agent_id, subject=subject)
        return Done()


def saved_replies(actor: Actor, code: str) -> tuple[ReplyView, ...]:
    """The saved replies of a service, by title.

    Raises:
        Forbidden: not an agent.
        NotFound: no such service, or not one of theirs.
    """
    with reading() as session:
        service = _answered(session, actor, code)
        query = select(SavedReply).where(SavedReply.service_id == service.id)
        rows = session.exec(query.order_by(col(SavedReply.title))).all()
        return tuple(ReplyView(row.title, row.body) for row in rows)


def save_reply(actor: Actor, code: str, title: str, text: str) -> Done | BadText:
    """Keep an answer under this title, in place of the one it had; no text: forget it.

    Raises:
        Forbidden: not an agent.
        NotFound: no such service, or not one of theirs.
    """
    name, body = subject_line(title), body_text(text)
    if not name or len(name) > MAX_TITLE or (body and problems(None, body)):
        return BadText()
    with writing() as session:
        service = _answered(session, actor, code)
        row = session.exec(
            select(SavedReply).where(SavedReply.service_id == service.id, SavedReply.title == name)
        ).first()
        if not body:
            if row is not None:
                session.delete(row)
        else:
            row = row or SavedReply(service_id=service.id or 0, title=name, body=body)
            row.body = body
            session.add(row)
        subject = f"contact service {code}"
        log_action(session, "saved_reply_set", agent_id=actor.agent_id, subject=subject)
        return Done()


def _agent(actor: Actor) -> int:
    if actor.agent_id is None:
        raise Forbidden
    return actor.agent_id


def _by_code(session: Session, code: str) -> ContactService | None:
    return session.exec(select(ContactService).where(ContactService.code == code)).first()


def _answered(session: Session, actor: Actor, code: str) -> ContactService:
    _agent(actor)
    row = _by_code(session, code)
    if row is None or not may_answer(actor, row):
        raise NotFound
    return row
