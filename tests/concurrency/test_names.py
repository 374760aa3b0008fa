"""The same name at once, in different cases: the database keeps one."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from portail.database import reading
from portail.domain.identity import Role
from portail.models import Account, Agent, AgentRole
from portail.services.agents import AgentRefused, create_agent
from tests import factories
from tests.concurrency.together import at_once

pytestmark = pytest.mark.usefixtures("db")
CASES = ["Marie", "MARIE", "marie", " mArIe "]


def test_accounts_of_the_same_name_at_once_are_one() -> None:
    factories.password_hash()

    def create(number: int) -> bool:
        try:
            factories.account(CASES[number], email=f"p{number}@example.org")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(len(CASES), create)) == 1
    with reading() as session:
        assert len(session.exec(select(Account)).all()) == 1


def test_accounts_of_the_same_address_at_once_are_one() -> None:
    factories.password_hash()

    def create(number: int) -> bool:
        try:
            factories.account(f"p{number}", email=f"{CASES[number]}@example.org")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(3, create)) == 1
    with reading() as session:
        assert len(session.exec(select(Account)).all()) == 1


def test_agents_of_the_same_name_at_once_are_one_and_the_others_are_told() -> None:
    def create(number: int) -> int | AgentRefused:
        email = f"p{number}@villejuif.example"
        return create_agent(
            CASES[number], email, "Marie", "Durand", factories.PASSWORD, [Role.REGIE]
        )

    made = at_once(len(CASES), create)
    assert sum(isinstance(outcome, int) for outcome in made) == 1
    refused = [outcome for outcome in made if isinstance(outcome, AgentRefused)]
    assert all("déjà pris" in outcome.reason for outcome in refused)
    with reading() as session:
        assert len(session.exec(select(Agent)).all()) == 1
        assert len(session.exec(select(AgentRole)).all()) == 1


def test_different_names_at_once_are_all_kept() -> None:
    factories.password_hash()
    at_once(4, lambda number: factories.account(f"p{number}"))
    with reading() as session:
        assert len(session.exec(select(Account)).all()) == 4
