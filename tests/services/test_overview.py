"""The portal in numbers, for agents only."""

from __future__ import annotations

import pytest

from portail.database import writing
from portail.domain.identity import Actor, Forbidden
from portail.services import mails
from portail.services.overview import Overview, overview
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def test_an_agent_sees_counts() -> None:
    agent_id = factories.agent(first_name="Inès")
    zoe = factories.account()
    factories.account(activated=False)
    family = factories.family(members=[zoe])
    factories.child("Nora", family)
    factories.child("Sami", family)
    with writing() as session:
        context = {"first_name": "Zoé", "url": "https://familles.example"}
        mails.queue(session, "password_changed", "zoe@example.org", context)
    expected = Overview("Inès", families=1, children=2, accounts=1, mails_waiting=1, mails_failed=0)
    assert overview(Actor(session_id=1, agent_id=agent_id)) == expected


def test_a_parent_sees_none() -> None:
    with pytest.raises(Forbidden):
        overview(Actor(session_id=1, account_id=factories.account()))
