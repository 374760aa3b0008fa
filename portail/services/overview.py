"""The portal in a few numbers, for agents."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import SQLModel, col, func, select

from portail.database import reading
from portail.domain.identity import Actor, Forbidden
from portail.models import Account, Agent, Child, Family, OutboxMail


@dataclass(frozen=True)
class Overview:
    """Counts; `first_name` is the agent's own."""

    first_name: str
    families: int
    children: int
    accounts: int
    mails_waiting: int
    mails_failed: int


def overview(actor: Actor) -> Overview:
    """Count what there is.

    Raises:
        Forbidden: the actor is not an agent.
    """
    if actor.agent_id is None:
        raise Forbidden
    with reading() as session:

        def count(model: type[SQLModel], *conditions: object) -> int:
            query = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]
            return session.exec(query).one()

        waiting = (col(OutboxMail.sent_at).is_(None), col(OutboxMail.failed_at).is_(None))
        return Overview(
            session.get_one(Agent, actor.agent_id).first_name,
            families=count(Family),
            children=count(Child),
            accounts=count(Account, col(Account.activated_at).is_not(None)),
            mails_waiting=count(OutboxMail, *waiting),
            mails_failed=count(OutboxMail, col(OutboxMail.failed_at).is_not(None)),
        )
