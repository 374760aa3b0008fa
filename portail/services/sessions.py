"""Signed-in browsers: opened, found, kept alive, ended.

The cookie carries a random secret; the table keeps its hash. A session ends after a time without
use, after an absolute time, or when it is ended (sign-out, password change, an agent).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from portail import clock
from portail.database import reading, writing
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

    `must_consent`: a text of today is not accepted, and comes first; `large`: «ergonomie mobile».
    """

    actor: Actor
    display_name: str
    ends_at: datetime
    must_consent: bool = False
    large: bool = False


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
    idle = timedelta(minutes=settings().session_idle_minutes)
    return min(row.expires_at, row.seen_at + idle)


def find(secret: str, *, touch: bool = True) -> SignedIn | None:
    """The live session of this secret; using it keeps it alive unless `touch` is false."""
    now = clock.now()
    with reading() as session:
        query = (
            # the consents in the same query: it runs at every event
            select(WebSession, Account, Agent, consents.accepted_count())
            .outerjoin(Account, col(WebSession.account_id) == col(Account.id))
            .outerjoin(Agent, col(WebSession.agent_id) == col(Agent.id))
            .where(WebSession.token_hash == secret_hash(secret))
        )
        found = session.exec(query).one_or_none()
        if found is None:
            return None
        row, account, agent, accepted = found
        if row.id is None or row.ended_at is not None or ends_at(row) <= now:
            return None
        if agent is not None and agent.disabled_at is not None:
            return None
        roles: frozenset[Role] = frozenset()
        if agent is not None:
            granted = select(AgentRole).where(AgentRole.agent_id == agent.id)
            roles = frozenset(row.role for row in session.exec(granted))
    person = account or agent
    if person is None:
        return None
    if touch and now - row.seen_at >= TOUCH_EVERY:
        with writing() as session:
            session.execute(
                update(WebSession).where(col(WebSession.id) == row.id).values(seen_at=now)
            )
        row.seen_at = now
    return SignedIn(
        Actor(row.id, row.account_id, row.agent_id, roles),
        f"{person.first_name} {person.last_name}",
        ends_at(row),
        must_consent=account is not None and accepted < len(ConsentText),
        large=account is not None and account.large_targets,
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
