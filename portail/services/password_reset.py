"""Forgotten passwords: a single-use link by mail, valid one hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session, col, select, update

from portail import clock
from portail.adapters.password_strength import is_common
from portail.adapters.passwords import hash_password
from portail.database import reading, writing
from portail.domain.names import sign_in_key
from portail.domain.passwords import Condition, unmet
from portail.domain.throttling import RESET_ADDRESS, RESET_NAME
from portail.models import Account, LinkPurpose, OneTimeLink
from portail.services import mails, sessions, throttles
from portail.services.audit import log_action
from portail.services.secrets import new_secret, secret_hash
from portail.settings import settings

VALID_FOR = timedelta(hours=1)
TOO_COMMON = Condition("un mot de passe moins connu, et sans votre nom", "")


class LinkState(StrEnum):
    """What a link is worth."""

    VALID = "valid"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"


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
        session.execute(
            update(OneTimeLink)
            .where(
                col(OneTimeLink.account_id) == account.id,
                col(OneTimeLink.purpose) == LinkPurpose.RESET_PASSWORD,
                col(OneTimeLink.used_at).is_(None),
            )
            .values(used_at=now)
        )
        secret = new_secret()
        session.add(
            OneTimeLink(
                token_hash=secret_hash(secret),
                purpose=LinkPurpose.RESET_PASSWORD,
                account_id=account.id,
                created_at=now,
                expires_at=now + VALID_FOR,
            )
        )
        url = f"{settings().base_url}/mot-de-passe/{secret}"
        context: dict[str, object] = {"first_name": account.first_name, "url": url, "hours": 1}
        mails.queue(session, "reset_password", account.email, context)


def link_state(secret: str) -> LinkState:
    """What this link is worth now."""
    with reading() as session:
        return _state(_link(session, secret))


def change_password(secret: str, password: str) -> Changed | BadLink | Weak:
    """Set a new password with a link, once. Slow (bcrypt): call it in a thread."""
    state = link_state(secret)
    if state is not LinkState.VALID:
        return BadLink(state)
    if missing := unmet(settings().password_rule, password):
        return Weak(missing)
    with reading() as session:
        link = _link(session, secret)
        owner = session.get(Account, link.account_id) if link else None
    own = (owner.user_name, owner.first_name, owner.last_name, owner.email) if owner else ()
    if is_common(password, own):
        return Weak((TOO_COMMON,))
    new_hash = hash_password(password)
    now = clock.now()
    with writing() as session:
        # used in one statement: of two people with the same link, one changes the password
        used = session.execute(
            update(OneTimeLink)
            .where(
                col(OneTimeLink.token_hash) == secret_hash(secret),
                col(OneTimeLink.purpose) == LinkPurpose.RESET_PASSWORD,
                col(OneTimeLink.used_at).is_(None),
                col(OneTimeLink.expires_at) > now,
            )
            .values(used_at=now)
            .returning(col(OneTimeLink.account_id))
        ).one_or_none()
        if used is None:
            return BadLink(LinkState.USED)
        account = session.get_one(Account, used[0])
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


def _link(session: Session, secret: str) -> OneTimeLink | None:
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == secret_hash(secret),
        OneTimeLink.purpose == LinkPurpose.RESET_PASSWORD,
    )
    return session.exec(query).one_or_none()


def _state(link: OneTimeLink | None) -> LinkState:
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if link.expires_at <= clock.now() else LinkState.VALID
