"""The browsers where an account is signed in, and how to sign one out from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select, update

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.models import WebSession
from portail.services import sessions
from portail.services.audit import log_action


@dataclass(frozen=True)
class OpenSession:
    """A signed-in browser; `current` is the one that asks."""

    id: int
    device: str
    opened_at: datetime
    seen_at: datetime
    current: bool


def open_sessions(actor: Actor) -> tuple[OpenSession, ...]:
    """The actor's own live sessions: this one, then the most recently used."""
    now = clock.now()
    with reading() as session:
        rows = session.exec(
            select(WebSession)
            .where(
                WebSession.account_id == actor.account(),
                col(WebSession.ended_at).is_(None),
                col(WebSession.expires_at) > now,
            )
            .order_by(col(WebSession.seen_at).desc(), col(WebSession.id).desc())
        ).all()
    found = [
        OpenSession(
            row.id or 0, row.device, row.created_at, row.seen_at, row.id == actor.session_id
        )
        for row in rows
        if sessions.ends_at(row) > now
    ]
    return tuple(sorted(found, key=lambda one: not one.current))


def end_session(actor: Actor, session_id: int) -> bool:
    """End another of the actor's own sessions; whether there was one.

    One leaves the current one by «Déconnexion», which also empties the browser.
    """
    account_id = actor.account()
    if session_id == actor.session_id:
        return False
    with writing() as session:
        ended = session.execute(
            update(WebSession)
            .where(
                col(WebSession.id) == session_id,
                col(WebSession.account_id) == account_id,
                col(WebSession.ended_at).is_(None),
            )
            .values(ended_at=clock.now())
            .returning(col(WebSession.id))
        ).one_or_none()
        if ended is None:
            return False
        log_action(session, "session_ended", account_id=account_id, subject=f"session {session_id}")
        return True
