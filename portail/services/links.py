"""One-time links: a secret sent by mail, kept hashed, for one purpose, for a time, used once."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session, col, select, update

from portail import clock
from portail.models import LinkPurpose, OneTimeLink
from portail.services.secrets import new_secret, secret_hash


class LinkState(StrEnum):
    """What a link is worth."""

    VALID = "valid"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"


def issue(
    session: Session,
    purpose: LinkPurpose,
    account_id: int | None,
    valid_for: timedelta,
    email: str = "",
) -> str:
    """Make a link in the caller's transaction.

    Returns:
        Its secret, for the mail; it is kept nowhere else.
    """
    secret, now = new_secret(), clock.now()
    session.add(
        OneTimeLink(
            token_hash=secret_hash(secret),
            purpose=purpose,
            account_id=account_id,
            email=email,
            created_at=now,
            expires_at=now + valid_for,
        )
    )
    return secret


def void(
    session: Session, purpose: LinkPurpose, account_id: int | None, *, expired: bool = False
) -> None:
    """Make the links still waiting open nothing: the newest, or none, is to be good.

    Args:
        session: of the caller.
        purpose: whose links.
        account_id: whose links.
        expired: say later that they have expired; else that they have been used.
    """
    now = clock.now()
    ended = {"expires_at": now, "created_at": now - timedelta(seconds=1)}
    session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.account_id) == account_id,
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.used_at).is_(None),
        )
        .values(ended if expired else {"used_at": now})
    )


def find(session: Session, secret: str, purpose: LinkPurpose) -> OneTimeLink | None:
    """The link of this secret; one of another purpose is not found."""
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == secret_hash(secret), OneTimeLink.purpose == purpose
    )
    return session.exec(query).one_or_none()


def state(session: Session, secret: str, purpose: LinkPurpose) -> LinkState:
    """What a link is worth now."""
    link = find(session, secret, purpose)
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if link.expires_at <= clock.now() else LinkState.VALID


def spend(session: Session, secret: str, purpose: LinkPurpose) -> OneTimeLink | None:
    """Use a link, in one statement: of two people with the same link, one goes on."""
    now = clock.now()
    spent = session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.token_hash) == secret_hash(secret),
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(OneTimeLink.id))
    ).one_or_none()
    return None if spent is None else session.get_one(OneTimeLink, spent[0])
