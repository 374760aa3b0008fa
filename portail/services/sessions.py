"""Signed-in browsers: opened, found, kept alive, ended.

The cookie carries a random secret; the table keeps its hash. A session ends after a time without
use, after an absolute time, or when it is ended (sign-out, password change, an agent).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, delete, select, update

from portail import clock
from portail.database import ask, reading, writing
from portail.domain.consents import ConsentText
from portail.domain.devices import device_words
from portail.domain.identity import Actor, Role
from portail.models import Account, Agent, AgentRole, WebSession
from portail.services import consents
from portail.services.secrets import new_secret, secret_hash
from portail.settings import settings

# a write for each event would cost more than the event itself
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """Who a live session belongs to, and when it ends if nothing is done.

    `must_consent`: a text of today is not accepted, and comes first; `large`: «ergonomie mobile»;
    `touch_due`: this use is still to be written down, which `find` does unless it is told not to.
    """

    actor: Actor
    display_name: str
    ends_at: datetime
    must_consent: bool = False
    large: bool = False
    touch_due: bool = False


def open_session(
    session: Session, *, account_id: int | None = None, agent_id: int | None = None, device: str
) -> str:
    """Open a session in the caller's transaction.

    Returns:
        The secret for the cookie; it is kept nowhere else.
    """
    secret, now = new_secret(), clock.now()
    session.add(
        WebSession(
            token_hash=secret_hash(secret),
            account_id=account_id,
            agent_id=agent_id,
            device=device_words(device),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=settings().session_hours),
        )
    )
    return secret


def ends_at(row: WebSession) -> datetime:
    """When the session ends if it is not used again."""
    return _end(row.seen_at, row.expires_at)


def _end(seen_at: datetime, expires_at: datetime) -> datetime:
    return min(expires_at, seen_at + timedelta(minutes=settings().session_idle_minutes))


def find(secret: str, *, touch: bool = True) -> SignedIn | None:
    """The live session of this secret; using it keeps it alive unless `touch` is false."""
    now = clock.now()
    with reading() as session:
        query = _query(consents.texts_of_today())
        row = ask(session, query, {"token_hash": secret_hash(secret)}).one_or_none()
        if row is None or row.ended_at is not None or _end(row.seen_at, row.expires_at) <= now:
            return None
        if row.disabled_at is not None:
            return None
        roles: frozenset[Role] = frozenset()
        if row.agent_id is not None:
            granted = select(AgentRole).where(AgentRole.agent_id == row.agent_id)
            roles = frozenset(one.role for one in session.exec(granted))
    seen_at = row.seen_at
    touch_due = now - seen_at >= TOUCH_EVERY
    if touch and touch_due:
        with writing() as session:
            session.execute(
                update(WebSession).where(col(WebSession.id) == row.id).values(seen_at=now)
            )
        seen_at, touch_due = now, False
    is_parent = row.account_id is not None
    return SignedIn(
        Actor(row.id, row.account_id, row.agent_id, roles),
        f"{row.first_name} {row.last_name}",
        _end(seen_at, row.expires_at),
        must_consent=is_parent and row.accepted < len(ConsentText),
        large=is_parent and row.large_targets,
        touch_due=touch_due,
    )


@lru_cache(maxsize=1)
def _query(texts: consents.Texts) -> Select[*tuple[Any, ...]]:
    """The session of a `token_hash`, its person, and how many texts of today are accepted.

    It runs at every event: one query, made once, of bare columns (half the time of making it anew
    and of filling rows).
    """
    return (
        sql_select(
            col(WebSession.id),
            col(WebSession.account_id),
            col(WebSession.agent_id),
            col(WebSession.seen_at),
            col(WebSession.expires_at),
            col(WebSession.ended_at),
            col(Agent.disabled_at),
            func.coalesce(Account.first_name, Agent.first_name).label("first_name"),
            func.coalesce(Account.last_name, Agent.last_name).label("last_name"),
            col(Account.large_targets),
            consents.accepted_count(texts).label("accepted"),
        )
        .outerjoin(Account, col(WebSession.account_id) == col(Account.id))
        .outerjoin(Agent, col(WebSession.agent_id) == col(Agent.id))
        .where(col(WebSession.token_hash) == bindparam("token_hash"))
    )


def end(session_id: int) -> None:
    """End one session."""
    with writing() as session:
        session.execute(
            update(WebSession)
            .where(col(WebSession.id) == session_id, col(WebSession.ended_at).is_(None))
            .values(ended_at=clock.now())
        )


def end_all(
    session: Session,
    *,
    account_id: int | None = None,
    agent_id: int | None = None,
    keep: int | None = None,
) -> None:
    """End every session of a person but `keep`, in the caller's transaction."""
    statement = update(WebSession).where(col(WebSession.ended_at).is_(None))
    if account_id is not None:
        statement = statement.where(col(WebSession.account_id) == account_id)
    else:
        statement = statement.where(col(WebSession.agent_id) == agent_id)
    if keep is not None:
        statement = statement.where(col(WebSession.id) != keep)
    session.execute(statement.values(ended_at=clock.now()))


def ends(session_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these sessions ends, or ended, for want of use.

    Those that somebody ended (sign-out, new password, an agent disabled) are left out.
    """
    with reading() as session:
        query = (
            select(WebSession)
            .outerjoin(Agent, col(WebSession.agent_id) == col(Agent.id))
            .where(
                col(WebSession.id).in_(session_ids),
                col(WebSession.ended_at).is_(None),
                col(Agent.disabled_at).is_(None),
            )
        )
        rows = {row.id: ends_at(row) for row in session.exec(query)}
    return {key: end for key, end in rows.items() if key is not None}


def purge(session: Session, before: datetime) -> None:
    """Delete sessions that expired before this instant."""
    session.execute(delete(WebSession).where(col(WebSession.expires_at) < before))
