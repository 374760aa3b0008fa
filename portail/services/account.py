"""«Mon compte»: what an account is, its choices, and the request to delete it.

Its e-mail address, password, open sessions and notifications have modules of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.models import Account
from portail.services import email_change, mails
from portail.services.audit import log_action
from portail.settings import settings


@dataclass(frozen=True)
class MyAccount:
    """The actor's own account; `pending_email` waits to be confirmed, if any."""

    last_name: str
    first_name: str
    user_name: str
    email: str
    pending_email: str
    password_changed_at: datetime
    large_targets: bool
    deletion_requested_at: datetime | None


def my_account(actor: Actor) -> MyAccount:
    """The actor's own account."""
    account_id = actor.account()
    with reading() as session:
        row = session.get_one(Account, account_id)
        pending = email_change.pending(session, account_id)
    return MyAccount(
        last_name=row.last_name,
        first_name=row.first_name,
        user_name=row.user_name,
        email=row.email,
        pending_email=pending,
        password_changed_at=row.password_changed_at,
        large_targets=row.large_targets,
        deletion_requested_at=row.deletion_requested_at,
    )


def set_large_targets(actor: Actor, on: bool) -> None:
    """«Activer l’ergonomie mobile», kept with the account: every device obeys."""
    with writing() as session:
        row = locked(session, actor)
        if row.large_targets != on:
            row.large_targets = on
            log_action(session, f"large_targets_{'on' if on else 'off'}", account_id=row.id)


def ask_deletion(actor: Actor) -> datetime:
    """Ask the town to delete the account; acknowledged by mail. Asking again changes nothing.

    Returns:
        When it was asked.
    """
    with writing() as session:
        row = locked(session, actor)
        if row.deletion_requested_at is not None:
            return row.deletion_requested_at
        row.deletion_requested_at = now = clock.now()
        log_action(session, "deletion_requested", account_id=row.id)
        context: dict[str, object] = {
            "first_name": row.first_name,
            "url": f"{settings().base_url}/mon-compte",
            "service": settings().town_service,
            "silence": settings().deletion_silence,
        }
        mails.queue(session, "deletion_requested", row.email, context)
        return now


def cancel_deletion(actor: Actor) -> None:
    """Take the request back, as long as the account is there."""
    with writing() as session:
        row = locked(session, actor)
        if row.deletion_requested_at is not None:
            row.deletion_requested_at = None
            log_action(session, "deletion_cancelled", account_id=row.id)


def locked(session: Session, actor: Actor) -> Account:
    """The actor's own account, which nobody else changes until the transaction ends."""
    query = select(Account).where(Account.id == actor.account()).with_for_update()
    return session.exec(query).one()
