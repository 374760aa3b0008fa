"""Write down who did what, in the transaction of the action itself."""

from __future__ import annotations

from sqlmodel import Session

from portail import clock
from portail.models import ActionLog


def log_action(
    session: Session,
    action: str,
    *,
    account_id: int | None = None,
    agent_id: int | None = None,
    subject: str = "",
) -> None:
    """Add one line; `subject` names a thing by its kind and id, never by personal data."""
    session.add(
        ActionLog(
            at=clock.now(),
            action=action,
            account_id=account_id,
            agent_id=agent_id,
            subject=subject,
        )
    )
