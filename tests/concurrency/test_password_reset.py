"""Two people with the same link: one changes the password."""

from __future__ import annotations

import re
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Update
from sqlmodel import select, update

from portail.adapters.passwords import hash_password, verify_password
from portail.database import reading
from portail.models import Account, ActionLog, OneTimeLink, OutboxMail
from portail.services import links, password_reset
from portail.services.links import LinkState
from portail.services.password_reset import (
    BadLink,
    Changed,
    change_password,
    request_link,
)
from tests import factories
from tests.concurrency.together import GENEROUS, at_once

pytestmark = pytest.mark.usefixtures("db")
PEOPLE = 4
PASSWORDS = [f"Nouveau!{number}" for number in range(PEOPLE)]


@pytest.fixture
def everyone_has_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on before everyone has found the link good."""
    meeting = Barrier(PEOPLE, timeout=GENEROUS)

    def hash_together(password: str) -> str:
        meeting.wait()
        return hash_password(password)

    monkeypatch.setattr(password_reset, "hash_password", hash_together)


def send_link() -> tuple[int, str]:
    account_id = factories.account("z-pinceau", email="zoe@example.org")
    request_link("zoe@example.org", address="192.0.2.1")
    with reading() as session:
        text = session.exec(select(OutboxMail)).one().text
    found = re.search(r"/mot-de-passe/([\w-]+)", text)
    assert found is not None
    return account_id, found[1]


@pytest.mark.usefixtures("everyone_has_looked")
def test_a_link_used_by_several_at_once_works_for_one() -> None:
    account_id, secret = send_link()
    outcomes = at_once(PEOPLE, lambda number: change_password(secret, PASSWORDS[number]))
    assert outcomes.count(Changed()) == 1
    assert outcomes.count(BadLink(LinkState.USED)) == PEOPLE - 1
    with reading() as session:
        kept = session.get_one(Account, account_id).password_hash
        assert len(session.exec(select(ActionLog)).all()) == 1
    assert verify_password(PASSWORDS[outcomes.index(Changed())], kept)


@pytest.mark.usefixtures("everyone_has_looked")
def test_without_the_condition_in_the_statement_it_works_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What looking first and writing after would do."""
    _, secret = send_link()
    monkeypatch.setattr(links, "update", _without_conditions)
    outcomes = at_once(PEOPLE, lambda number: change_password(secret, PASSWORDS[number]))
    assert outcomes.count(Changed()) == PEOPLE


def _without_conditions(table: type[OneTimeLink]) -> Any:
    class Weak:
        def where(self, link: Any, *_: Any) -> Update:
            return update(table).where(link)

    return Weak()


def test_links_asked_for_at_once_leave_one_that_opens() -> None:
    factories.account("z-pinceau", email="zoe@example.org")
    at_once(3, lambda number: request_link("zoe@example.org", address=f"192.0.2.{number}"))
    with reading() as session:
        made = session.exec(select(OneTimeLink)).all()
    assert len(made) == 3
    assert sum(link.used_at is None for link in made) == 1
