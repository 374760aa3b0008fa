"""Sign-in: two doors, one neutral answer and the same work for every name, limits that hold."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import bcrypt
import pytest
from sqlmodel import select

from portail import clock, database
from portail.adapters import passwords
from portail.database import reading, writing
from portail.domain.throttling import SIGN_IN_ADDRESS, SIGN_IN_NAME
from portail.models import Account, ActionLog, Agent, FailureCount, OutboxMail, WebSession
from portail.services import sessions, sign_in
from portail.services.sign_in import Blocked, NotActivated, Opened, Outcome, Realm, Refused
from portail.settings import settings
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("db")
WRONG = "Pas-le-bon!1"


def enter(
    name: str,
    password: str = PASSWORD,
    realm: Realm = Realm.FAMILY,
    *,
    address: str = "192.0.2.1",
) -> Outcome:
    return sign_in.sign_in(realm, name, password, address=address, device="Firefox")


def fail_until_locked(name: str = "z-pinceau", realm: Realm = Realm.FAMILY) -> None:
    """Fail as often as it takes, waiting each time; each from another address."""
    for number in range(SIGN_IN_NAME.lock_after):
        assert enter(name, WRONG, realm, address=f"192.0.2.{number}") == Refused()
        if number < SIGN_IN_NAME.lock_after - 1:
            clock.advance(SIGN_IN_NAME.first_wait * 2**number)


def mails(kind: str) -> list[OutboxMail]:
    with reading() as session:
        return list(session.exec(select(OutboxMail).where(OutboxMail.kind == kind)).all())


def actions() -> list[str]:
    with reading() as session:
        return [row.action for row in session.exec(select(ActionLog).order_by("id"))]


# --- who may enter


@pytest.mark.parametrize(
    "typed", ["z-pinceau", "Z-Pinceau", " z-pinceau ", "zoe@example.org", "ZOE@Example.ORG"]
)
def test_a_parent_enters_by_name_or_by_email_whatever_the_case(typed: str) -> None:
    account_id = factories.account("z-pinceau", email="zoe@example.org")
    outcome = enter(typed)
    assert isinstance(outcome, Opened)
    found = sessions.find(outcome.secret)
    assert found is not None
    assert found.actor.account_id == account_id
    assert found.display_name == "Zoé Pinceau"
    assert actions() == ["sign_in"]


def test_the_database_keeps_no_secret_of_a_session() -> None:
    factories.account("z-pinceau")
    outcome = enter("z-pinceau")
    assert isinstance(outcome, Opened)
    with reading() as session:
        row = session.exec(select(WebSession)).one()
    assert outcome.secret not in str(row)
    assert len(outcome.secret) >= 43  # 256 bits


@pytest.mark.parametrize("name", ["z-pinceau", "nobody", "", "zoe@example.org", "x" * 5_000])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(name: str) -> None:
    factories.account("z-pinceau", email="zoe@example.org")
    assert enter(name, WRONG) == Refused()


@pytest.mark.parametrize("password", ["", PASSWORD.lower(), PASSWORD + " ", "x" * 10_000, "é" * 99])
def test_only_the_exact_password_opens(password: str) -> None:
    factories.account("z-pinceau")
    assert enter("z-pinceau", password) == Refused()
    assert isinstance(enter("z-pinceau"), Opened)


def test_long_passwords_count_to_their_last_character() -> None:
    """Bcrypt itself reads 72 bytes."""
    long = "é" * 100
    factories.account("z-pinceau", hashed=passwords.hash_password(long + "a"))
    assert enter("z-pinceau", long + "b") == Refused()
    assert isinstance(enter("z-pinceau", long + "a"), Opened)


def test_an_account_that_is_not_activated_is_told_so_only_with_its_password() -> None:
    factories.account("z-pinceau", activated=False)
    assert enter("z-pinceau", WRONG) == Refused()
    assert enter("z-pinceau") == NotActivated()
    with reading() as session:
        assert session.exec(select(WebSession)).all() == []


def test_each_door_is_for_its_own_people() -> None:
    factories.account("z-pinceau")
    factories.agent("agent.regie")
    assert enter("agent.regie", realm=Realm.FAMILY) == Refused()
    assert enter("z-pinceau", realm=Realm.AGENT) == Refused()
    assert isinstance(enter("agent.regie", realm=Realm.AGENT), Opened)
    assert isinstance(enter("z-pinceau", realm=Realm.FAMILY), Opened)


def test_a_disabled_agent_is_a_stranger() -> None:
    factories.agent("parti", disabled=True)
    factories.agent("present")
    assert enter("parti", realm=Realm.AGENT) == Refused()
    assert isinstance(enter("present", realm=Realm.AGENT), Opened)


# --- the same work for every name


class Work:
    """Counts bcrypt's own calls, and at which cost."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.checked: list[str] = []
        self.hashed = 0
        check, make = bcrypt.checkpw, bcrypt.hashpw

        def checkpw(password: bytes, hashed: bytes) -> bool:
            self.checked.append(hashed.decode().split("$")[2])
            return check(password, hashed)

        def hashpw(password: bytes, salt: bytes) -> bytes:
            self.hashed += 1
            return make(password, salt)

        monkeypatch.setattr(bcrypt, "checkpw", checkpw)
        monkeypatch.setattr(bcrypt, "hashpw", hashpw)


@pytest.mark.parametrize("realm", Realm)
@pytest.mark.parametrize("name", ["known", "sleeping", "nobody", "", "gone"])
def test_the_same_work_is_done_whether_the_name_is_known_or_not(
    realm: Realm, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.account("known")
    factories.account("sleeping", activated=False)
    factories.agent("known")
    factories.agent("gone", disabled=True)
    passwords.verify_password("", None)  # what a process does once
    work = Work(monkeypatch)
    assert enter(name, WRONG, realm) == Refused()
    assert work.checked == [f"{settings().bcrypt_cost:02d}"]
    assert work.hashed == 0


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = bcrypt.hashpw(passwords._prepared(PASSWORD), bcrypt.gensalt(5)).decode()
    account_id = factories.account("z-pinceau", hashed=old)
    assert enter("z-pinceau", WRONG) == Refused()
    with reading() as session:
        assert session.get_one(Account, account_id).password_hash == old
    assert isinstance(enter("z-pinceau"), Opened)
    with reading() as session:
        new = session.get_one(Account, account_id).password_hash
    assert new.split("$")[2] == f"{settings().bcrypt_cost:02d}"
    work = Work(monkeypatch)
    assert isinstance(enter("z-pinceau"), Opened)
    assert work.hashed == 0


@pytest.mark.parametrize("realm", Realm)
def test_a_password_changed_while_the_old_one_is_checked_lets_nobody_in(
    realm: Realm, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.account("known")
    factories.agent("known")
    new_hash = passwords.hash_password("Nouveau!1")
    check = passwords.verify_password

    def slow(password: str, hashed: str | None) -> bool:
        right = check(password, hashed)
        with writing() as session:
            for model in (Account, Agent):
                session.exec(select(model)).one().password_hash = new_hash
        return right

    with monkeypatch.context() as patch:
        patch.setattr("portail.services.sign_in.verify_password", slow)
        assert enter("known", realm=realm) == Refused()
    assert enter("known", realm=realm) == Refused()
    assert isinstance(enter("known", "Nouveau!1", realm), Opened)


# --- limits


@pytest.mark.parametrize("name", ["z-pinceau", "nobody"])
def test_failures_slow_down_then_lock_a_name_known_or_not(name: str) -> None:
    factories.account("z-pinceau")
    for _ in range(SIGN_IN_NAME.free):
        assert enter(name, WRONG) == Refused()
    waits = []
    for _ in range(SIGN_IN_NAME.free, SIGN_IN_NAME.lock_after):
        assert enter(name, WRONG) == Refused()
        blocked = enter(name, WRONG)
        assert isinstance(blocked, Blocked)
        waits.append(blocked.wait)
        clock.advance(blocked.wait)
    assert waits[0] == SIGN_IN_NAME.first_wait
    assert all(later == 2 * sooner for sooner, later in pairwise(waits[:-1]))
    assert waits[-1] == SIGN_IN_NAME.lock


def test_a_locked_name_refuses_the_right_password_until_the_time_is_served() -> None:
    factories.account("z-pinceau")
    fail_until_locked()
    assert enter("z-pinceau") == Blocked(SIGN_IN_NAME.lock)
    clock.advance(SIGN_IN_NAME.lock - timedelta(seconds=1))
    assert enter("z-pinceau") == Blocked(timedelta(seconds=1))
    clock.advance(timedelta(seconds=1))
    assert isinstance(enter("z-pinceau"), Opened)


def test_attempts_while_locked_do_not_make_the_lock_longer() -> None:
    factories.account("z-pinceau")
    fail_until_locked()
    for _ in range(5):
        assert isinstance(enter("z-pinceau", WRONG), Blocked)
    clock.advance(SIGN_IN_NAME.lock)
    assert isinstance(enter("z-pinceau"), Opened)


def test_a_lock_is_of_one_name_at_one_door() -> None:
    factories.account("z-pinceau")
    factories.account("k-benali")
    factories.agent("z-pinceau")
    fail_until_locked()
    assert isinstance(enter("z-pinceau"), Blocked)
    assert isinstance(enter("k-benali"), Opened)
    assert isinstance(enter("z-pinceau", realm=Realm.AGENT), Opened)


@pytest.mark.parametrize("realm", Realm)
def test_the_owner_of_a_locked_account_is_told_once(realm: Realm) -> None:
    factories.account("known", email="zoe@example.org")
    factories.agent("known")
    fail_until_locked("known", realm)
    for _ in range(3):
        enter("known", WRONG, realm)
    (mail,) = mails("account_locked")
    expected = "zoe@example.org" if realm is Realm.FAMILY else "known@villejuif.example"
    assert mail.recipient == expected
    assert "15" in mail.text
    assert actions() == ["sign_in_locked"]


def test_nobody_is_told_of_an_unknown_name() -> None:
    fail_until_locked("nobody")
    assert mails("account_locked") == []


def test_a_right_password_forgets_the_failures_before_it() -> None:
    factories.account("z-pinceau")
    for _ in range(3):
        for _ in range(SIGN_IN_NAME.free):
            assert enter("z-pinceau", WRONG) == Refused()
        assert isinstance(enter("z-pinceau"), Opened)


def test_old_failures_do_not_count() -> None:
    factories.account("z-pinceau")
    for _ in range(SIGN_IN_NAME.free):
        enter("z-pinceau", WRONG)
    clock.advance(SIGN_IN_NAME.window + timedelta(seconds=1))
    assert enter("z-pinceau", WRONG) == Refused()
    assert isinstance(enter("z-pinceau"), Opened)


def test_an_address_that_tries_many_names_is_slowed_down_and_others_are_not() -> None:
    factories.account("z-pinceau")
    for number in range(SIGN_IN_ADDRESS.free + 1):
        assert enter(f"name{number}", WRONG) == Refused()
    blocked = enter("z-pinceau")
    assert blocked == Blocked(SIGN_IN_ADDRESS.first_wait)
    assert isinstance(enter("z-pinceau", address="198.51.100.7"), Opened)
    clock.advance(SIGN_IN_ADDRESS.first_wait)
    assert isinstance(enter("z-pinceau"), Opened)


def test_a_right_password_does_not_wipe_the_failures_of_a_shared_address() -> None:
    """Else an attacker with one account of theirs would try others for ever."""
    factories.account("z-pinceau")
    for number in range(SIGN_IN_ADDRESS.free):
        assert enter(f"name{number}", WRONG) == Refused()
        assert isinstance(enter("z-pinceau"), Opened)
    assert enter("one-more", WRONG) == Refused()
    assert isinstance(enter("z-pinceau"), Blocked)


def test_counts_hold_over_a_restart() -> None:
    factories.account("z-pinceau")
    fail_until_locked()
    database.close()
    assert isinstance(enter("z-pinceau"), Blocked)


def test_counts_hold_no_name_and_no_address() -> None:
    factories.account("z-pinceau")
    enter("z-pinceau", WRONG)
    with reading() as session:
        rows = session.exec(select(FailureCount)).all()
    assert len(rows) == 2
    assert "z-pinceau" not in str(rows)
    assert "192.0.2.1" not in str(rows)
