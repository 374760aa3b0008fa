"""Two parents, or a parent and an agent, on the same file at the same instant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select

from portail.database import reading
from portail.domain.file_fields import FieldRule
from portail.domain.identity import Role
from portail.domain.procedures import ProcedureState
from portail.models import Certification, ChangeState, Family, FieldChange, Procedure
from portail.services.family_file import answers
from portail.services.family_file.answers import Answered, NotPossible
from portail.services.family_file.care import certify
from portail.services.family_file.changes import Invalid, Saved, withdraw
from portail.services.family_file.rules import set_rule
from portail.services.family_file.values import Problem
from tests import factories
from tests.concurrency.together import at_once
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent

pytestmark = pytest.mark.usefixtures("db")
PEOPLE = 4
ROUNDS = 5


def another_parent(one: Home) -> Home:
    """Another adult of the same household, with an account of their own."""
    account = factories.account()
    return replace(one, account=account, guardian=factories.join_family(account, one.family))


def test_of_several_who_ask_for_the_same_field_one_request_waits() -> None:
    zoe = home.make()
    people = [zoe, *(another_parent(zoe) for _ in range(PEOPLE - 1))]
    streets = [{"street": f"{n} rue Neuve", "postcode": "94800", "city": "Paris"} for n in range(9)]
    outcomes = at_once(PEOPLE, lambda n: people[n].ask("household.address", typed=streets[n]))
    assert sum(isinstance(one, Saved) for one in outcomes) == 1
    told = Invalid({"street": Problem.WAITING})
    assert [one for one in outcomes if not isinstance(one, Saved)] == [told] * (PEOPLE - 1)
    with reading() as session:
        changes = session.exec(select(FieldChange)).all()
        assert [one.state for one in changes] == [ChangeState.WAITING]
        assert len(session.exec(select(Procedure)).all()) == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_withdrawn_and_accepted_at_once_the_file_says_which_came_first(_round: int) -> None:
    zoe, agent = home.make(), as_agent(Role.ENFANCE)
    set_rule("household.address", FieldRule.AGENT)
    asked = zoe.asked("household.address")

    def act(number: int) -> object:
        return withdraw(zoe.actor, asked) if number else answers.accept(agent, asked)

    accepted, withdrawn = at_once(2, act)
    with reading() as session:
        procedure = session.get_one(Procedure, asked)
        (change,) = session.exec(select(FieldChange)).all()
        street = session.get_one(Family, zoe.family).street
    if withdrawn:
        assert accepted == NotPossible()
        assert change.state is ChangeState.WITHDRAWN
        assert (procedure.state, street) == (ProcedureState.WITHDRAWN, "1 rue des Roses")
    else:
        assert accepted == Answered(ProcedureState.VALIDATED)
        assert change.state is ChangeState.APPLIED
        assert (procedure.state, street) == (ProcedureState.VALIDATED, "3 rue des Lilas")


def test_both_parents_certify_at_once_and_it_is_done_once() -> None:
    zoe = home.make()
    people = [zoe, *(another_parent(zoe) for _ in range(PEOPLE - 1))]
    moments = at_once(PEOPLE, lambda n: certify(people[n].actor, zoe.family, zoe.child))
    assert len(set(moments)) == 1
    with reading() as session:
        rows = session.exec(select(Certification).order_by(col(Certification.id))).all()
        procedures = session.exec(select(Procedure)).all()
    assert [row.child_id for row in rows] == [zoe.child]
    assert [row.account_id for row in procedures] == [rows[0].account_id]  # who was first
