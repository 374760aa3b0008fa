"""Another password, by somebody signed in who knows the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portail import clock
from portail.adapters.password_strength import is_common
from portail.adapters.passwords import hash_password, verify_password
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.passwords import MAX_LENGTH, unmet
from portail.domain.throttling import SIGN_IN_NAME
from portail.models import Account, LinkPurpose
from portail.services import links, mails, sessions, throttles
from portail.services.account import locked
from portail.services.audit import log_action
from portail.services.password_reset import Changed, Weak
from portail.settings import settings


@dataclass(frozen=True)
class WrongPassword:
    """The old password is not this one."""


@dataclass(frozen=True)
class Common:
    """The new password is well known, or made of the person's own names."""


@dataclass(frozen=True)
class Blocked:
    """Too many wrong old passwords."""

    wait: timedelta


Outcome = Changed | WrongPassword | Weak | Common | Blocked


def change_password(actor: Actor, old: str, new: str) -> Outcome:
    """Set a new password; ends the other sessions. Slow (bcrypt): call it in a thread."""
    account_id = actor.account()
    if missing := unmet(settings().password_rule, new):
        return Weak(missing)
    with reading() as session:
        account = session.get_one(Account, account_id)
    names = (account.first_name, account.last_name, account.user_name, account.email)
    if is_common(new, names):
        return Common()
    key = ("password-change/account", str(account_id))
    with writing() as session:
        wait, _ = throttles.count_attempt(session, *key, SIGN_IN_NAME, clock.now())
    if wait:
        return Blocked(wait)
    if not verify_password(old[: MAX_LENGTH + 1], account.password_hash):
        return WrongPassword()
    new_hash = hash_password(new)
    with writing() as session:
        row = locked(session, actor)
        # changed by another tab, or by a link, while this one was checked
        if row.password_hash != account.password_hash:
            return WrongPassword()
        now = clock.now()
        row.password_hash, row.password_changed_at = new_hash, now
        throttles.forgive(session, *key)
        sessions.end_all(session, account_id=account_id, keep=actor.session_id)
        links.void(session, LinkPurpose.RESET_PASSWORD, account_id)
        log_action(session, "password_changed", account_id=account_id)
        url = f"{settings().base_url}/mot-de-passe-oublie"
        context: dict[str, object] = {"first_name": row.first_name, "url": url}
        mails.queue(session, "password_changed", row.email, context)
    return Changed()
