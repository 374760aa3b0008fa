"""Activation of an account by a link: 72 hours, single use, sent again on request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.database import reading, writing
from portail.domain.names import sign_in_key
from portail.domain.throttling import RESET_ADDRESS, RESET_NAME
from portail.models import Account, LinkPurpose
from portail.services import links, mails, throttles
from portail.services.audit import log_action
from portail.services.links import LinkState
from portail.settings import settings

VALID_FOR = timedelta(hours=72)
ACCOUNT_LIVES = timedelta(days=30)  # without activation


@dataclass(frozen=True)
class Activated:
    """The account may sign in."""

    user_name: str


def send_link(session: Session, account: Account) -> None:
    """Make a link and queue its mail, in the caller's transaction; older links are void."""
    # expired rather than used: «déjà servi» would be untrue
    links.void(session, LinkPurpose.ACTIVATE, account.id, expired=True)
    secret = links.issue(session, LinkPurpose.ACTIVATE, account.id, VALID_FOR)
    url = f"{settings().base_url}/activation/{secret}"
    context: dict[str, object] = {"first_name": account.first_name, "url": url, "hours": 72}
    mails.queue(session, "activate_account", account.email, context)


def send_again(session: Session, account: Account, *, address: str) -> bool:
    """Send a new link, not more than a few times an hour; whether one was sent."""
    now = clock.now()
    wait, _ = throttles.count_attempt(session, "activate/address", address, RESET_ADDRESS, now)
    if not wait:
        wait, _ = throttles.count_attempt(
            session, "activate/email", account.email_key, RESET_NAME, now
        )
    if wait or account.activated_at is not None:
        return False
    send_link(session, account)
    return True


def send_again_to(email: str, *, address: str) -> None:
    """Send a new link to this address if an account waits for one; says nothing either way."""
    with writing() as session:
        query = select(Account).where(Account.email_key == sign_in_key(email)[:254])
        account = session.exec(query).one_or_none()
        if account is not None:
            send_again(session, account, address=address)


def link_state(secret: str) -> LinkState:
    """What an activation link is worth now."""
    with reading() as session:
        return links.state(session, secret, LinkPurpose.ACTIVATE)


def activate(secret: str) -> Activated | LinkState:
    """Activate the account of this link, once."""
    now = clock.now()
    with writing() as session:
        spent = links.spend(session, secret, LinkPurpose.ACTIVATE)
        if spent is not None:
            account = session.get_one(Account, spent.account_id)
            account.activated_at = account.activated_at or now
            log_action(session, "account_activated", account_id=account.id)
            mails.queue(
                session,
                "account_activated",
                account.email,
                {
                    "first_name": account.first_name,
                    "user_name": account.user_name,
                    "url": f"{settings().base_url}/connexion",
                },
            )
            return Activated(account.user_name)
    return link_state(secret)


def resend_from(secret: str, *, address: str) -> None:
    """Send a new link to the account of an expired one."""
    with writing() as session:
        link = links.find(session, secret, LinkPurpose.ACTIVATE)
        if link is not None and link.account_id is not None:
            send_again(session, session.get_one(Account, link.account_id), address=address)


def remove_unactivated(now: datetime) -> int:
    """Remove accounts that were never activated in 30 days: their references are free again."""
    with writing() as session:
        query = select(Account).where(
            col(Account.activated_at).is_(None), col(Account.created_at) < now - ACCOUNT_LIVES
        )
        accounts = session.exec(query).all()
        for account in accounts:
            url = f"{settings().base_url}/creer-mon-compte"
            mails.queue(
                session,
                "account_removed",
                account.email,
                {"first_name": account.first_name, "url": url},
            )
            log_action(session, "account_removed", subject=f"account {account.id}")
        ids = [account.id for account in accounts]
        session.execute(delete(Account).where(col(Account.id).in_(ids)))
        return len(ids)
