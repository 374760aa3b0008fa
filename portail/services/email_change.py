"""Another e-mail address: a link to the new one confirms it, and the old one is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.emails import EmailProblem, checked_email
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.names import masked_email, sign_in_key
from portail.domain.throttling import EMAIL_CHANGE, EMAIL_CHANGE_ADDRESS
from portail.models import Account, LinkPurpose, OneTimeLink
from portail.services import links, mails, throttles
from portail.services.audit import log_action
from portail.services.links import LinkState
from portail.services.password_reset import BadLink
from portail.settings import settings

HOURS = 24
VALID_FOR = timedelta(hours=HOURS)


@dataclass(frozen=True)
class LinkSent:
    """The new address waits to be confirmed. Said of an address already taken, too."""

    email: str


@dataclass(frozen=True)
class Blocked:
    """Too many changes asked for."""

    wait: timedelta


@dataclass(frozen=True)
class EmailChanged:
    """The account has its new address."""

    email: str


@dataclass(frozen=True)
class EmailTaken:
    """Another account has taken this address meanwhile; nothing is changed."""


def ask_email_change(
    actor: Actor, new_email: str, *, address: str
) -> LinkSent | EmailProblem | Blocked:
    """Send a link to the new address; the account keeps the old one until it is followed.

    The answer is the same when another account has this address: only no mail is sent.

    Args:
        actor: a parent.
        new_email: as typed.
        address: network address of the client, for the throttle.
    """
    account_id = actor.account()
    email = checked_email(new_email)
    if isinstance(email, EmailProblem):
        return email
    key, now = sign_in_key(email), clock.now()
    with writing() as session:
        account = session.get_one(Account, account_id)
        if key == account.email_key:
            return EmailProblem("C’est déjà l’adresse e-mail de votre compte.")
        by_address = ("email-change/address", address)
        wait, _ = throttles.count_attempt(session, *by_address, EMAIL_CHANGE_ADDRESS, now)
        if not wait:
            by_account = ("email-change/account", str(account_id))
            wait, _ = throttles.count_attempt(session, *by_account, EMAIL_CHANGE, now)
        if wait:
            return Blocked(wait)
        _end_links(session, account_id)
        secret = links.issue(session, LinkPurpose.CHANGE_EMAIL, account_id, VALID_FOR, email)
        log_action(session, "email_change_asked", account_id=account_id)
        if not _taken(session, key):
            url = f"{settings().base_url}/confirmer-adresse/{secret}"
            context: dict[str, object] = {
                "first_name": account.first_name,
                "url": url,
                "hours": HOURS,
            }
            mails.queue(session, "confirm_email", email, context)
    return LinkSent(email)


def cancel_email_change(actor: Actor) -> None:
    """Give up: the link already sent opens nothing."""
    account_id = actor.account()
    with writing() as session:
        if pending(session, account_id):
            _end_links(session, account_id)
            log_action(session, "email_change_cancelled", account_id=account_id)


def awaited_email(secret: str) -> str | BadLink:
    """The address that this link confirms, or what the link is worth."""
    with reading() as session:
        found = links.state(session, secret, LinkPurpose.CHANGE_EMAIL)
        link = links.find(session, secret, LinkPurpose.CHANGE_EMAIL)
    return link.email if link and found is LinkState.VALID else BadLink(found)


def confirm_email_change(secret: str) -> EmailChanged | EmailTaken | BadLink:
    """Give the account the address of this link, once; whoever holds it has read the mailbox."""
    try:
        with writing() as session:
            outcome = _confirm(session, secret)
    except IntegrityError:
        return EmailTaken()  # taken between the look and the write
    if outcome is None:
        found = awaited_email(secret)
        return found if isinstance(found, BadLink) else BadLink(LinkState.EXPIRED)
    return outcome


def _confirm(session: Session, secret: str) -> EmailChanged | EmailTaken | None:
    spent = links.spend(session, secret, LinkPurpose.CHANGE_EMAIL)
    if spent is None:
        return None
    account_id, email = spent.account_id, spent.email
    if _taken(session, sign_in_key(email)):
        return EmailTaken()
    account = session.get_one(Account, account_id)
    old = account.email
    account.email, account.email_key = email, sign_in_key(email)
    session.flush()
    # a link already in the old mailbox must not set a password any more
    links.void(session, LinkPurpose.RESET_PASSWORD, account_id)
    log_action(session, "email_changed", account_id=account_id)
    mails.queue(
        session,
        "email_changed",
        old,
        {
            "first_name": account.first_name,
            "masked_email": masked_email(email),
            "url": f"{settings().base_url}/mot-de-passe-oublie",
        },
    )
    return EmailChanged(email)


def pending(session: Session, account_id: int) -> str:
    """The address that waits to be confirmed; empty when none does."""
    query = (
        select(OneTimeLink.email)
        .where(
            OneTimeLink.account_id == account_id,
            OneTimeLink.purpose == LinkPurpose.CHANGE_EMAIL,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > clock.now(),
        )
        .order_by(col(OneTimeLink.id).desc())
    )
    return session.exec(query).first() or ""


def _end_links(session: Session, account_id: int) -> None:
    """The newest link is the only one. Expired rather than used: «déjà servi» would be untrue."""
    links.void(session, LinkPurpose.CHANGE_EMAIL, account_id, expired=True)


def _taken(session: Session, key: str) -> bool:
    return session.exec(select(Account.id).where(Account.email_key == key)).first() is not None
