"""Sign-in of parents and of agents: same answer and same time whether the name exists or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session, col, or_, select

from portail import clock
from portail.adapters.passwords import hash_password, needs_rehash, verify_password
from portail.database import reading, writing
from portail.domain.names import sign_in_key
from portail.domain.passwords import MAX_LENGTH
from portail.domain.throttling import SIGN_IN_ADDRESS, SIGN_IN_NAME, just_locked
from portail.models import Account, Agent
from portail.services import mails, sessions, throttles
from portail.services.audit import log_action
from portail.settings import settings


class Realm(StrEnum):
    """The two doors: parents and agents do not share names."""

    FAMILY = "family"
    AGENT = "agent"


@dataclass(frozen=True)
class Opened:
    """Signed in: the secret for the cookie."""

    secret: str


@dataclass(frozen=True)
class Refused:
    """Wrong name or password; which of the two is not said."""


@dataclass(frozen=True)
class NotActivated:
    """Right name and password, but the link received by mail has not been followed."""


@dataclass(frozen=True)
class Blocked:
    """Too many failures for this name or this address."""

    wait: timedelta


Outcome = Opened | Refused | NotActivated | Blocked


def sign_in(realm: Realm, name: str, password: str, *, address: str, device: str) -> Outcome:
    """Try to sign in. Slow (bcrypt): call it in a thread.

    Args:
        realm: which door.
        name: user name or e-mail address, as typed.
        password: as typed.
        address: network address of the client, for the throttle.
        device: what the browser says it is.
    """
    name_key = sign_in_key(name)[:254]
    by_name = (f"sign-in/{realm}/name", name_key)
    by_address = ("sign-in/address", address)
    now = clock.now()
    with writing() as session:
        wait, _ = throttles.count_attempt(session, *by_address, SIGN_IN_ADDRESS, now)
        if not wait:
            wait, count = throttles.count_attempt(session, *by_name, SIGN_IN_NAME, now)
    if wait:
        return Blocked(wait)
    with reading() as session:
        person = _person(session, realm, name_key)
    typed = password[: MAX_LENGTH + 1]
    right = verify_password(typed, person.password_hash if person else None)
    if not right or person is None:
        if person is not None and just_locked(SIGN_IN_NAME, count):
            _tell_owner(person)
        return Refused()
    new_hash = hash_password(typed) if needs_rehash(person.password_hash) else None
    with writing() as session:
        # the password may have been changed, and sessions ended, while this one was checked
        checked, person = person, _person(session, realm, name_key, lock=True)
        if person is None or person.password_hash != checked.password_hash:
            return Refused()
        throttles.forgive(session, *by_name)
        throttles.take_back(session, *by_address)
        if isinstance(person, Account) and person.activated_at is None:
            return NotActivated()
        account_id, agent_id = _owner(person)
        if new_hash is not None:
            person.password_hash = new_hash
        log_action(session, "sign_in", account_id=account_id, agent_id=agent_id)
        secret = sessions.open_session(
            session, account_id=account_id, agent_id=agent_id, device=device
        )
        return Opened(secret)


def _owner(person: Account | Agent) -> tuple[int | None, int | None]:
    """The person's id, as (account, agent)."""
    return (person.id, None) if isinstance(person, Account) else (None, person.id)


def _person(
    session: Session, realm: Realm, key: str, *, lock: bool = False
) -> Account | Agent | None:
    if realm is Realm.FAMILY:
        query = select(Account).where(
            or_(col(Account.user_name_key) == key, col(Account.email_key) == key)
        )
        return session.exec(query.with_for_update() if lock else query).one_or_none()
    agents = select(Agent).where(
        or_(col(Agent.user_name_key) == key, col(Agent.email_key) == key),
        col(Agent.disabled_at).is_(None),
    )
    return session.exec(agents.with_for_update() if lock else agents).one_or_none()


def _tell_owner(person: Account | Agent) -> None:
    minutes = int(SIGN_IN_NAME.lock.total_seconds() // 60)
    account_id, agent_id = _owner(person)
    with writing() as session:
        log_action(session, "sign_in_locked", account_id=account_id, agent_id=agent_id)
        mails.queue(
            session,
            "account_locked",
            person.email,
            {
                "first_name": person.first_name,
                "minutes": minutes,
                "url": f"{settings().base_url}/mot-de-passe-oublie",
            },
        )
