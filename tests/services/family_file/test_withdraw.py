"""«Retirer ma demande»: one's own, while it waits, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portail import clock
from portail.database import reading
from portail.domain.file_fields import FieldRule
from portail.domain.identity import Forbidden, Role
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import ChangeState, Family, FieldChange, Procedure, ProcedureEvent
from portail.services.family_file import answers
from portail.services.family_file.changes import Saved, withdraw
from portail.services.family_file.rules import set_rule
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent, rows
from tests.services.test_account import actions, as_parent, mails

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make()


def states() -> tuple[list[ProcedureState], list[ChangeState]]:
    return [row.state for row in rows(Procedure)], [row.state for row in rows(FieldChange)]


def test_what_waits_is_dropped_with_its_history(zoe: Home) -> None:
    set_rule("guardian.phone", FieldRule.AGENT)
    number = zoe.asked("guardian.name", "guardian.phone")
    clock.advance(timedelta(days=1))
    assert withdraw(zoe.actor, number)
    assert states() == ([ProcedureState.WITHDRAWN], [ChangeState.WITHDRAWN] * 2)
    last = rows(ProcedureEvent)[-1]
    assert (last.state, last.account_id, last.at) == (
        ProcedureState.WITHDRAWN,
        zoe.account,
        clock.now(),
    )
    assert actions(zoe.account) == ["file_change_asked", "procedure_withdrawn"]
    assert mails("procedure_answered") == []
    assert not withdraw(zoe.actor, number)  # once
    assert len(rows(ProcedureEvent)) == 2
    assert isinstance(zoe.ask("guardian.name"), Saved)  # and one may ask again


def test_the_file_keeps_what_it_held(zoe: Home) -> None:
    assert withdraw(zoe.actor, zoe.asked("household.address"))
    with reading() as session:
        assert session.get_one(Family, zoe.family).street == "1 rue des Roses"


def test_the_other_adult_of_the_household_withdraws_it_too(zoe: Home) -> None:
    paul = factories.account()
    factories.join_family(paul, zoe.family)
    assert withdraw(as_parent(paul), zoe.asked("household.address"))


def test_nobody_else_withdraws_it(zoe: Home) -> None:
    karim, number = home.make("BENALI"), zoe.asked("household.address")
    before = states()
    for one in (number, 0, -1, 987_654):
        assert not withdraw(karim.actor, one)
    for role in Role:
        with pytest.raises(Forbidden):
            withdraw(as_agent(role), number)
    assert states() == before
    assert len(rows(ProcedureEvent)) == 1
    assert actions(karim.account) == []


def test_what_applied_or_was_answered_stays(zoe: Home) -> None:
    applied = zoe.asked("guardian.phone")
    answered = zoe.asked("household.address")
    answers.refuse(as_agent(Role.ENFANCE), answered, "illisible")
    before = states()
    assert not withdraw(zoe.actor, applied)
    assert not withdraw(zoe.actor, answered)
    assert states() == before


def test_an_enrolment_is_not_withdrawn_here(zoe: Home) -> None:
    number = factories.procedure(
        zoe.family, "Inscription", account_id=zoe.account, kind=ProcedureKind.ENROLMENT
    )
    assert not withdraw(zoe.actor, number)
    assert states() == ([ProcedureState.REQUESTED], [])
