"""Forgotten passwords: one link at a time, for an hour, used once; strangers learn nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters.passwords import hash_password, verify_password
from portail.database import reading, writing
from portail.domain.throttling import RESET_ADDRESS, RESET_NAME, SIGN_IN_NAME
from portail.models import Account, ActionLog, OneTimeLink, OutboxMail
from portail.services import password_reset, sessions, sign_in
from portail.services.links import LinkState
from portail.services.password_reset import (
    VALID_FOR,
    BadLink,
    Changed,
    Weak,
    change_password,
    link_state,
    request_link,
)
from portail.services.secrets import new_secret, secret_hash
from portail.settings import settings
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("db")
NEW = "Nouveau!1"
LINK = re.compile(r"/mot-de-passe/([\w-]+)")


def ask(email: str = "zoe@example.org", address: str = "192.0.2.1") -> None:
    request_link(email, address=address)


def mails(kind: str = "reset_password") -> list[OutboxMail]:
    with reading() as session:
        query = select(OutboxMail).where(OutboxMail.kind == kind).order_by("id")
        return list(session.exec(query).all())


def secrets() -> list[str]:
    """The secrets that were sent, the oldest first."""
    return [match[1] for mail in mails() if (match := LINK.search(mail.text))]


def password_is(account_id: int, password: str) -> bool:
    with reading() as session:
        return verify_password(password, session.get_one(Account, account_id).password_hash)


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="Zoe@example.org")


@pytest.mark.parametrize("typed", ["zoe@example.org", " ZOE@EXAMPLE.ORG "])
def test_a_known_address_gets_a_link(zoe: int, typed: str) -> None:
    ask(typed)
    (mail,) = mails()
    assert mail.recipient == "Zoe@example.org"
    (secret,) = secrets()
    assert link_state(secret) is LinkState.VALID
    assert f"{settings().base_url}/mot-de-passe/{secret}" in mail.text


@pytest.mark.parametrize("typed", ["autre@example.org", "", "z-pinceau", "x" * 5_000])
def test_an_unknown_address_gets_nothing(zoe: int, typed: str) -> None:
    ask(typed)
    with reading() as session:
        assert session.exec(select(OutboxMail)).all() == []
        assert session.exec(select(OneTimeLink)).all() == []


def test_an_account_that_is_not_activated_gets_nothing() -> None:
    factories.account("z-pinceau", email="zoe@example.org", activated=False)
    ask()
    assert mails() == []


def test_the_database_keeps_only_the_hash_of_a_link(zoe: int) -> None:
    ask()
    with reading() as session:
        row = session.exec(select(OneTimeLink)).one()
    assert secrets()[0] not in str(row)
    assert link_state(row.token_hash) is LinkState.UNKNOWN


def test_a_link_changes_the_password_once(zoe: int) -> None:
    ask()
    (secret,) = secrets()
    assert change_password(secret, NEW) == Changed()
    assert password_is(zoe, NEW)
    assert not password_is(zoe, PASSWORD)
    assert link_state(secret) is LinkState.USED
    assert change_password(secret, "Encore!12") == BadLink(LinkState.USED)
    assert password_is(zoe, NEW)


def test_the_change_is_told_and_logged(zoe: int) -> None:
    ask()
    assert mails("password_changed") == []
    change_password(secrets()[0], NEW)
    (mail,) = mails("password_changed")
    assert mail.recipient == "Zoe@example.org"
    with reading() as session:
        log = session.exec(select(ActionLog)).one()
        changed_at = session.get_one(Account, zoe).password_changed_at
    assert (log.action, log.account_id) == ("password_reset", zoe)
    assert changed_at == clock.now()


def test_a_link_is_good_for_an_hour(zoe: int) -> None:
    ask()
    (secret,) = secrets()
    clock.advance(VALID_FOR - timedelta(seconds=1))
    assert link_state(secret) is LinkState.VALID
    clock.advance(timedelta(seconds=1))
    assert link_state(secret) is LinkState.EXPIRED
    assert change_password(secret, NEW) == BadLink(LinkState.EXPIRED)
    assert password_is(zoe, PASSWORD)


def test_only_the_newest_link_opens(zoe: int) -> None:
    ask()
    ask()
    old, new = secrets()
    assert change_password(old, NEW) == BadLink(LinkState.USED)
    assert password_is(zoe, PASSWORD)
    assert change_password(new, NEW) == Changed()


def test_asking_does_not_touch_the_link_of_somebody_else(zoe: int) -> None:
    factories.account("k-benali", email="karim@example.org")
    ask("karim@example.org")
    ask()
    karims, _ = secrets()
    assert link_state(karims) is LinkState.VALID


@pytest.mark.parametrize("secret", ["", "x", "a" * 10_000, "' OR 1=1 --"])
def test_an_unknown_link_opens_nothing(zoe: int, secret: str) -> None:
    ask()
    assert change_password(secret, NEW) == BadLink(LinkState.UNKNOWN)
    assert password_is(zoe, PASSWORD)


def test_a_link_of_another_purpose_opens_nothing(zoe: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one purpose today: the code is told that it is another."""
    ask()
    (secret,) = secrets()
    with monkeypatch.context() as patch:
        patch.setattr(password_reset, "LinkPurpose", _OtherPurpose)
        assert link_state(secret) is LinkState.UNKNOWN
        assert change_password(secret, NEW) == BadLink(LinkState.UNKNOWN)
    assert change_password(secret, NEW) == Changed()


class _OtherPurpose:
    RESET_PASSWORD = "activate"


def test_a_link_that_ran_out_while_the_password_was_hashed_opens_nothing(
    zoe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    (secret,) = secrets()

    def slow(password: str) -> str:
        clock.advance(VALID_FOR)
        return hash_password(password)

    with monkeypatch.context() as patch:
        patch.setattr(password_reset, "hash_password", slow)
        assert isinstance(change_password(secret, NEW), BadLink)
    assert password_is(zoe, PASSWORD)


@pytest.mark.parametrize("weak", ["", "court", "sansmajuscule!1", "SansSpecial1", "A!" + "x" * 255])
def test_a_weak_password_is_refused_and_the_link_is_still_good(zoe: int, weak: str) -> None:
    ask()
    (secret,) = secrets()
    outcome = change_password(secret, weak)
    assert isinstance(outcome, Weak)
    assert outcome.conditions
    assert password_is(zoe, PASSWORD)
    assert change_password(secret, NEW) == Changed()


def test_a_change_ends_the_sessions_of_the_account_and_no_others(zoe: int) -> None:
    karim = factories.account("k-benali")
    with writing() as session:
        mine = sessions.open_session(session, account_id=zoe, device="")
        other = sessions.open_session(session, account_id=karim, device="")
    ask()
    assert sessions.find(mine) is not None
    change_password(secrets()[0], NEW)
    assert sessions.find(mine) is None
    assert sessions.find(other) is not None


@pytest.mark.parametrize("name", ["z-pinceau", "zoe@example.org"])
def test_a_change_unlocks_the_account(zoe: int, name: str) -> None:
    def enter(password: str, address: str) -> sign_in.Outcome:
        return sign_in.sign_in(sign_in.Realm.FAMILY, name, password, address=address, device="")

    for number in range(SIGN_IN_NAME.lock_after):
        enter("Faux!1", f"192.0.2.{number}")
        clock.advance(SIGN_IN_NAME.first_wait * 2**number)
    assert isinstance(enter(PASSWORD, "192.0.2.99"), sign_in.Blocked)
    ask()
    change_password(secrets()[-1], NEW)
    assert isinstance(enter(NEW, "192.0.2.99"), sign_in.Opened)


def test_one_address_is_not_flooded_with_mails(zoe: int) -> None:
    for number in range(RESET_NAME.lock_after + 2):
        ask(address=f"192.0.2.{number}")
    assert len(mails()) == RESET_NAME.lock_after
    assert link_state(secrets()[-1]) is LinkState.VALID
    clock.advance(RESET_NAME.lock)
    ask()
    assert len(mails()) == RESET_NAME.lock_after + 1


def test_one_client_cannot_ask_for_many_people() -> None:
    count = RESET_ADDRESS.lock_after + 2
    for number in range(count):
        factories.account(email=f"p{number}@example.org")
        ask(f"p{number}@example.org")
    assert len(mails()) == RESET_ADDRESS.lock_after
    ask(f"p{count - 1}@example.org", address="198.51.100.7")
    assert len(mails()) == RESET_ADDRESS.lock_after + 1


def test_secrets_are_long_and_all_different() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in made)
    assert len({secret_hash(secret) for secret in made}) == 100


def test_a_well_known_password_is_refused_and_the_link_stays_good(zoe: int) -> None:
    ask()
    (secret,) = secrets()
    for known in ("Password!1", "Pinceau!1"):
        assert isinstance(change_password(secret, known), Weak)
    assert isinstance(change_password(secret, "Trois mots sans lien !"), Changed)
