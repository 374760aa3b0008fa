"""Guesses at once: no more of them reach the password than if they came one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Lock

import pytest
from sqlmodel import Session, select

from portail import clock
from portail.adapters import passwords
from portail.database import reading, writing
from portail.domain.throttling import SIGN_IN_ADDRESS, SIGN_IN_NAME, Count, Policy, blocked_for
from portail.models import ActionLog, FailureCount, OutboxMail
from portail.services import sign_in, throttles
from portail.services.sign_in import Blocked, Opened, Outcome, Realm, Refused
from tests import factories
from tests.concurrency.together import GENEROUS, at_once

pytestmark = pytest.mark.usefixtures("db")
MANY = 12


class Checks:
    """Counts the passwords that were really compared."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._lock = Lock()
        monkeypatch.setattr("portail.services.sign_in.verify_password", self._verify)

    def _verify(self, password: str, hashed: str | None) -> bool:
        with self._lock:
            self.count += 1
        return passwords.verify_password(password, hashed)


def guess(number: int, *, address: str = "") -> Outcome:
    address = address or f"192.0.2.{number}"
    return sign_in.sign_in(
        Realm.FAMILY, "z-pinceau", f"Faux!{number}", address=address, device="Firefox"
    )


def test_guesses_at_once_do_not_pass_the_limit_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.account("z-pinceau")
    checks = Checks(monkeypatch)
    outcomes = at_once(MANY, guess)
    # the free ones, and the one that starts the wait
    assert checks.count == SIGN_IN_NAME.free + 1
    assert outcomes.count(Refused()) == SIGN_IN_NAME.free + 1
    assert all(isinstance(outcome, Refused | Blocked) for outcome in outcomes)


def test_without_the_count_before_the_check_guesses_at_once_all_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the usual order would do: look, compare, then count."""
    factories.account("z-pinceau")
    everyone_has_looked = Barrier(MANY, timeout=GENEROUS)

    def look_only(
        session: Session, kind: str, value: str, policy: Policy, now: datetime
    ) -> tuple[timedelta, Count]:
        query = select(FailureCount).where(
            FailureCount.kind == kind, FailureCount.key_hash == throttles.key_hash(value)
        )
        row = session.exec(query).one_or_none()
        count = Count(row.failures, row.started_at, row.blocked_until) if row else Count(0, now)
        return blocked_for(count, now), count

    class Late(Checks):
        def _verify(self, password: str, hashed: str | None) -> bool:
            everyone_has_looked.wait()
            return super()._verify(password, hashed)

    monkeypatch.setattr(throttles, "count_attempt", look_only)
    checks = Late(monkeypatch)
    at_once(MANY, guess)
    assert checks.count == MANY


def test_guesses_at_once_from_one_address_do_not_pass_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checks = Checks(monkeypatch)
    count = SIGN_IN_ADDRESS.free + 6

    def try_one(number: int) -> Outcome:
        return sign_in.sign_in(
            Realm.FAMILY, f"name{number}", "Faux!1", address="192.0.2.1", device=""
        )

    outcomes = at_once(count, try_one)
    assert checks.count == SIGN_IN_ADDRESS.free + 1
    assert sum(isinstance(outcome, Blocked) for outcome in outcomes) == 5


def test_the_last_failures_at_once_lock_once_and_tell_the_owner_once() -> None:
    account_id = factories.account("z-pinceau")
    with reading() as session:
        assert session.exec(select(FailureCount)).all() == []
    for number in range(SIGN_IN_NAME.lock_after - 1):
        guess(number)
        _serve_the_wait()
    at_once(MANY, guess)
    with reading() as session:
        (mail,) = session.exec(select(OutboxMail)).all()
        (log,) = session.exec(select(ActionLog)).all()
    assert mail.kind == "account_locked"
    assert (log.action, log.account_id) == ("sign_in_locked", account_id)


def test_right_passwords_at_once_all_enter() -> None:
    factories.account("z-pinceau")

    def enter(number: int) -> Outcome:
        return sign_in.sign_in(
            Realm.FAMILY,
            "z-pinceau",
            factories.PASSWORD,
            address=f"192.0.2.{number}",
            device="",
        )

    outcomes = at_once(SIGN_IN_NAME.free, enter)
    assert all(isinstance(outcome, Opened) for outcome in outcomes)


def _serve_the_wait() -> None:
    with writing() as session:
        for row in session.exec(select(FailureCount)):
            row.blocked_until = clock.now()
