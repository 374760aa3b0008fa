"""The drafts themselves: found by the hash of a browser's token, for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.models import RegistrationDraft
from portail.services.secrets import secret_hash

DRAFT_LIVES = timedelta(hours=24)


def draft_row(session: Session, token: str) -> RegistrationDraft | None:
    """The live draft of a browser, locked until the transaction ends."""
    query = select(RegistrationDraft).where(
        RegistrationDraft.token_hash == secret_hash(token),
        col(RegistrationDraft.created_at) > clock.now() - DRAFT_LIVES,
    )
    return session.exec(query.with_for_update()).one_or_none()


def purge(session: Session, before: datetime) -> None:
    """Delete drafts begun before this instant."""
    session.execute(delete(RegistrationDraft).where(col(RegistrationDraft.created_at) <= before))
