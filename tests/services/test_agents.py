"""Agents: created whole, or refused with a reason in French."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portail.database import reading
from portail.domain.identity import Role
from portail.models import ActionLog, Agent, AgentRole
from portail.services import sessions, sign_in
from portail.services.agents import AgentRefused, create_agent
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("db")


def create(
    user_name: str = "agent.regie",
    email: str = "paul@villejuif.example",
    password: str = PASSWORD,
    roles: tuple[Role, ...] = (Role.REGIE,),
) -> int | AgentRefused:
    return create_agent(user_name, email, "Paul", "Girard", password, roles)


def agents() -> list[Agent]:
    with reading() as session:
        return list(session.exec(select(Agent)).all())


def test_an_agent_is_created_with_roles_and_may_enter() -> None:
    made = create(roles=(Role.REGIE, Role.ENFANCE, Role.REGIE))
    assert isinstance(made, int)
    with reading() as session:
        roles = {row.role for row in session.exec(select(AgentRole))}
        log = session.exec(select(ActionLog)).one()
    assert roles == {Role.REGIE, Role.ENFANCE}
    assert (log.action, log.subject) == ("agent_created", f"agent {made}")
    realm = sign_in.Realm.AGENT
    opened = sign_in.sign_in(realm, "Agent.Regie", PASSWORD, address="192.0.2.1", device="")
    assert isinstance(opened, sign_in.Opened)
    found = sessions.find(opened.secret)
    assert found is not None
    assert found.actor.agent_id == made


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"roles": ()}, "rôle"),
        ({"user_name": "  "}, "nom d’utilisateur"),
        ({"user_name": "paul@villejuif.example"}, "@"),
        ({"email": "pas une adresse"}, "e-mail"),
        ({"password": "court"}, "mot de passe"),
        ({"password": "x" * 200}, "mot de passe"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(values: dict[str, object], reason: str) -> None:
    made = create(**values)  # type: ignore[arg-type]
    assert isinstance(made, AgentRefused)
    assert reason in made.reason
    assert agents() == []
    assert isinstance(create(), int)


@pytest.mark.parametrize(
    ("user_name", "email"),
    [("AGENT.Regie", "autre@villejuif.example"), ("autre", "PAUL@villejuif.example")],
)
def test_a_name_or_address_taken_in_another_case_is_refused(user_name: str, email: str) -> None:
    assert isinstance(create(), int)
    assert isinstance(create(user_name, email), AgentRefused)
    assert len(agents()) == 1


def test_a_parent_and_an_agent_may_have_the_same_name() -> None:
    factories.account("agent.regie", email="paul@villejuif.example")
    assert isinstance(create(), int)
