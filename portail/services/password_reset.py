"""Forgotten passwords: a single-use link by mail, valid one hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import select

from portail import clock
from portail.adapters.password_strength import is_common
from portail.adapters.passwords import hash_password
from portail.database import reading, writing
from portail.domain.names import sign_in_key
from portail.domain.passwords import Condition, unmet
from portail.domain.throttling import RESET_ADDRESS, RESET_NAME
from portail.models import Account, LinkPurpose
from portail.services import links, mails, sessions, throttles
from portail.services.audit import log_action
from portail.services.links import LinkState
from portail.settings import settings

VALID_FOR = timedelta(hours=1)
TOO_COMMON = Condition("un mot de passe moins connu, et sans votre nom", "")


@dataclass(frozen=True)
class Changed:
    """The password is changed; the sessions of the account are ended."""


@dataclass(frozen=True)
class BadLink:
    """The link opens nothing."""

    state: LinkState


@dataclass(frozen=True)
class Weak:
    """The new password does not meet these conditions."""

    conditions: tuple[Condition, ...]


def request_link(email: str, *, address: str) -> None:
    """Send a link if the address is known; says nothing either way.

    Call it after the answer is sent: its time would tell what the answer does not.
    """
    key, now = sign_in_key(email)[:254], clock.now()
    with writing() as session:
        wait, _ = throttles.count_attempt(session, "reset/address", address, RESET_ADDRESS, now)
        if not wait:
            wait, _ = throttles.count_attempt(session, "reset/email", key, RESET_NAME, now)
        if wait:
            return
        account = session.exec(select(Account).where(Account.email_key == key)).one_or_none()
        if account is None or account.activated_at is None or account.id is None:
            return
        # the newest link is the only one: an older mail in the box opens nothing
        links.void(session, LinkPurpose.RESET_PASSWORD, account.id)
        secret = links.issue(session, LinkPurpose.RESET_PASSWORD, account.id, VALID_FOR)
        url = f"{settings().base_url}/mot-de-passe/{secret}"
        context: dict[str, object] = {"first_name": account.first_name, "url": url, "hours": 1}
        mails.queue(session, "reset_password", account.email, context)


def link_state(secret: str) -> LinkState:
    """What this link is worth now."""
    with reading() as session:
        return links.state(session, secret, LinkPurpose.RESET_PASSWORD)


def change_password(secret: str, password: str) -> Changed | BadLink | Weak:
    """Set a new password with a link, once. Slow (bcrypt): call it in a thread."""
    state = link_state(secret)
    if state is not LinkState.VALID:
        return BadLink(state)
    if missing := unmet(settings().password_rule, password):
        return Weak(missing)
    with reading() as session:
        link = links.find(session, secret, LinkPurpose.RESET_PASSWORD)
        owner = session.get(Account, link.account_id) if link else None
    own = (owner.user_name, owner.first_name, owner.last_name, owner.email) if owner else ()
    if is_common(password, own):
        return Weak((TOO_COMMON,))
    new_hash = hash_password(password)
    now = clock.now()
    with writing() as session:
        spent = links.spend(session, secret, LinkPurpose.RESET_PASSWORD)
        if spent is None:
            return BadLink(LinkState.USED)
        account = session.get_one(Account, spent.account_id)
        account.password_hash = new_hash
        account.password_changed_at = now
        sessions.end_all(session, account_id=account.id)
        for key in (account.user_name_key, account.email_key):
            throttles.forgive(session, "sign-in/family/name", key)
        log_action(session, "password_reset", account_id=account.id)
        url = f"{settings().base_url}/mot-de-passe-oublie"
        mails.queue(
            session,
            "password_changed",
            account.email,
            {"first_name": account.first_name, "url": url},
        )
    return Changed()
