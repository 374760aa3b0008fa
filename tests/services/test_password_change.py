"""Another password: the old one is asked, the other sessions end, this one goes on."""

from __future__ import annotations

import pytest

from portail import clock
from portail.adapters.passwords import hash_password, verify_password
from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden
from portail.domain.throttling import SIGN_IN_NAME
from portail.models import Account
from portail.services import password_change, password_reset, sessions
from portail.services.links import LinkState
from portail.services.password_change import (
    Blocked,
    Common,
    Outcome,
    WrongPassword,
    change_password,
)
from portail.services.password_reset import Changed, Weak
from tests import factories
from tests.factories import PASSWORD
from tests.services.test_account import actions, as_parent, mails
from tests.services.test_password_reset import secrets
from tests.services.test_sessions import alive, opened, session_id

pytestmark = pytest.mark.usefixtures("db")
NEW = "Grand!cerf-volant"


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="zoe@example.org")


def change(account_id: int, old: str = PASSWORD, new: str = NEW) -> Outcome:
    return change_password(as_parent(account_id), old, new)


def password_is(account_id: int, password: str) -> bool:
    with reading() as session:
        return verify_password(password, session.get_one(Account, account_id).password_hash)


def test_the_right_old_password_lets_one_choose_another(zoe: int) -> None:
    karim = factories.account()
    assert change(zoe) == Changed()
    assert password_is(zoe, NEW)
    assert password_is(karim, PASSWORD)
    (mail,) = mails("password_changed")
    assert mail.recipient == "zoe@example.org"
    assert actions(zoe) == ["password_changed"]


@pytest.mark.parametrize("old", ["", "Faux!1", "x" * 100_000])
def test_a_wrong_old_password_changes_nothing(zoe: int, old: str) -> None:
    assert change(zoe, old) == WrongPassword()
    assert password_is(zoe, PASSWORD)
    assert mails("password_changed") == []
    assert actions(zoe) == []


def test_the_other_sessions_end_and_this_one_goes_on(zoe: int) -> None:
    here, there = opened(account_id=zoe), opened(account_id=zoe)
    his = opened(account_id=factories.account())
    actor = Actor(session_id(here), account_id=zoe)
    change_password(actor, "Faux!1", NEW)
    assert alive(there)
    assert change_password(actor, PASSWORD, NEW) == Changed()
    assert [alive(secret) for secret in (here, there, his)] == [True, False, True]


@pytest.mark.parametrize("new", ["", "court", "sansmajuscule!1", "A!" + "x" * 255])
def test_a_weak_new_password_is_refused_whatever_the_old_one(zoe: int, new: str) -> None:
    assert isinstance(change(zoe, PASSWORD, new), Weak)
    assert isinstance(change(zoe, "Faux!1", new), Weak)
    assert password_is(zoe, PASSWORD)


@pytest.mark.parametrize("new", ["Password!1", "Motdepasse!", "Z-pinceau!"])
def test_a_common_new_password_or_one_s_own_name_is_refused(zoe: int, new: str) -> None:
    assert change(zoe, PASSWORD, new) == Common()
    assert password_is(zoe, PASSWORD)


def test_wrong_old_passwords_slow_down_then_lock_as_at_sign_in(zoe: int) -> None:
    karim = factories.account()
    for _ in range(SIGN_IN_NAME.free):
        assert change(zoe, "Faux!1") == WrongPassword()
    waits = []
    for _ in range(SIGN_IN_NAME.free, SIGN_IN_NAME.lock_after):
        assert change(zoe, "Faux!1") == WrongPassword()
        blocked = change(zoe)
        assert isinstance(blocked, Blocked)
        waits.append(blocked.wait)
        clock.advance(blocked.wait)
    assert waits[0] == SIGN_IN_NAME.first_wait
    assert waits[-1] == SIGN_IN_NAME.lock
    assert change(karim) == Changed()
    assert change(zoe) == Changed()


def test_a_right_old_password_forgets_the_failures(zoe: int) -> None:
    for _ in range(2):
        for _ in range(SIGN_IN_NAME.free - 1):
            change(zoe, "Faux!1")
        assert change(zoe) == Changed()
        assert change(zoe, NEW, "Petite!barque-bleue") == Changed()
        with writing() as session:
            session.get_one(Account, zoe).password_hash = factories.password_hash()


def test_a_link_sent_before_the_change_is_void(zoe: int) -> None:
    password_reset.request_link("zoe@example.org", address="192.0.2.1")
    change(zoe)
    assert password_reset.link_state(secrets()[0]) is LinkState.USED


def test_a_password_changed_elsewhere_while_the_old_one_is_checked_stays(
    zoe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = hash_password("Ailleurs!1")

    def slow(password: str, hashed: str | None) -> bool:
        right = verify_password(password, hashed)
        with writing() as session:
            session.get_one(Account, zoe).password_hash = other
        return right

    monkeypatch.setattr(password_change, "verify_password", slow)
    assert change(zoe) == WrongPassword()
    assert password_is(zoe, "Ailleurs!1")


def test_an_agent_has_no_password_of_a_parent() -> None:
    with pytest.raises(Forbidden):
        change_password(Actor(session_id=1, agent_id=factories.agent()), PASSWORD, NEW)


def test_sessions_of_an_agent_are_not_touched(zoe: int) -> None:
    staff = opened(agent_id=factories.agent())
    change(zoe)
    assert sessions.find(staff) is not None
