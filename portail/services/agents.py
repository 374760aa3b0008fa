"""Agents: the town's staff and their roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.passwords import hash_password
from portail.database import reading, writing
from portail.domain.identity import Actor, Role
from portail.domain.names import sign_in_key
from portail.domain.passwords import unmet
from portail.models import Agent, AgentRole
from portail.services.audit import log_action
from portail.settings import settings


@dataclass(frozen=True)
class AgentRefused:
    """Why the agent was not created, in French."""

    reason: str


def create_agent(
    user_name: str,
    email: str,
    first_name: str,
    last_name: str,
    password: str,
    roles: Collection[Role],
) -> int | AgentRefused:
    """Create an agent (command line). Slow (bcrypt).

    Returns:
        The agent's id, or the reason of the refusal.
    """
    try:
        with writing() as session:
            return add_agent(session, user_name, email, first_name, last_name, password, roles)
    except IntegrityError:
        return AgentRefused("Ce nom d’utilisateur ou cette adresse e-mail est déjà pris.")


def add_agent(
    session: Session,
    user_name: str,
    email: str,
    first_name: str,
    last_name: str,
    password: str,
    roles: Collection[Role],
) -> int | AgentRefused:
    """Add an agent in the caller's transaction.

    Raises:
        IntegrityError: the user name or the e-mail address is taken.
    """
    if not roles:
        return AgentRefused("Un agent a au moins un rôle.")
    if not user_name.strip() or "@" in user_name:
        return AgentRefused("Le nom d’utilisateur ne peut être vide ni contenir « @ ».")
    try:
        checked = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return AgentRefused("L’adresse e-mail n’est pas valable.")
    if missing := unmet(settings().password_rule, password):
        wanted = ", ".join(condition.label for condition in missing)
        return AgentRefused(f"Il manque au mot de passe : {wanted}.")
    agent = Agent(
        user_name=user_name.strip(),
        user_name_key=sign_in_key(user_name),
        email=checked.normalized,
        email_key=sign_in_key(checked.normalized),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        password_hash=hash_password(password),
        created_at=clock.now(),
    )
    session.add(agent)
    session.flush()
    agent_id = agent.id or 0
    session.add_all(AgentRole(agent_id=agent_id, role=role) for role in set(roles))
    log_action(session, "agent_created", subject=f"agent {agent_id}")
    return agent_id


def acting_agent(user_name: str) -> Actor | None:
    """An agent as an actor, for the command line, which whoever runs the server may use."""
    with reading() as session:
        agent = session.exec(
            select(Agent).where(
                Agent.user_name_key == sign_in_key(user_name), col(Agent.disabled_at).is_(None)
            )
        ).first()
        if agent is None:
            return None
        roles = session.exec(select(AgentRole.role).where(AgentRole.agent_id == agent.id)).all()
    return Actor(session_id=0, agent_id=agent.id, roles=frozenset(map(Role, roles)))
