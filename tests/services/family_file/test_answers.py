"""Agents of childcare answer what waits; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portail import clock
from portail.database import reading, writing
from portail.domain.file_fields import FIELDS, FieldRule, Scope
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Account,
    ActionLog,
    ChangeState,
    Child,
    Collector,
    Family,
    FieldChange,
    Guardian,
    OutboxMail,
    Procedure,
    ProcedureEvent,
)
from portail.services.family_file import answers
from portail.services.family_file.answers import Answered, NotPossible
from portail.services.family_file.changes import Saved, withdraw
from portail.services.family_file.medical import medical_of
from portail.services.family_file.rules import set_rule
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import KEPT, TYPED, Home, as_agent, rows
from tests.services.test_account import mails

pytestmark = pytest.mark.usefixtures("db")
Answer = Callable[[Actor, int], object]
ANSWERS: dict[str, Answer] = {
    "accept": answers.accept,
    "refuse": lambda actor, number: answers.refuse(actor, number, "illisible"),
    "ask_document": lambda actor, number: answers.ask_document(actor, number, "un bail"),
}
BECOMES = {
    "accept": ProcedureState.VALIDATED,
    "refuse": ProcedureState.REFUSED,
    "ask_document": ProcedureState.DOCUMENT_ASKED,
}
each_answer = pytest.mark.parametrize("answer", ANSWERS)
each_end = pytest.mark.parametrize("answer", ["accept", "refuse"])


@pytest.fixture
def zoe(db: None) -> Home:
    set_rule("guardian.phone", FieldRule.AGENT)
    return home.make(email="zoe@example.org")


@pytest.fixture
def ines(db: None) -> Actor:
    return as_agent(Role.ENFANCE)


def street(one: Home) -> str:
    with reading() as session:
        return session.get_one(Family, one.family).street


def everything() -> tuple[list[object], ...]:
    tables = (Family, Guardian, Procedure, ProcedureEvent, FieldChange, OutboxMail, ActionLog)
    return tuple([repr(row) for row in rows(table)] for table in tables)


@each_answer
@pytest.mark.parametrize(
    "roles",
    [(), (Role.REGIE,), (Role.ADMINISTRATION,), (Role.REGIE, Role.ADMINISTRATION)],
)
def test_another_agent_answers_nothing(roles: tuple[Role, ...], answer: str, zoe: Home) -> None:
    number = zoe.asked("guardian.phone")
    actor, before = as_agent(*roles), everything()
    for one in (number, 987_654):  # nothing is said of what exists
        with pytest.raises(Forbidden):
            ANSWERS[answer](actor, one)
    with pytest.raises(Forbidden):
        answers.waiting(actor)
    assert everything() == before


@each_answer
def test_no_parent_answers_their_own_request(answer: str, zoe: Home) -> None:
    number = zoe.asked("guardian.phone")
    crafty = Actor(session_id=1, account_id=zoe.account, roles=frozenset(Role))
    before = everything()
    for actor in (zoe.actor, crafty):
        with pytest.raises(Forbidden):
            ANSWERS[answer](actor, number)
        with pytest.raises(Forbidden):
            answers.waiting(actor)
    assert everything() == before


@each_answer
def test_an_agent_of_childcare_answers_once(answer: str, zoe: Home, ines: Actor) -> None:
    number = zoe.asked("guardian.phone")
    clock.advance(timedelta(days=2))
    assert ANSWERS[answer](ines, number) == Answered(BECOMES[answer])
    (procedure,) = rows(Procedure)
    assert (procedure.state, procedure.changed_at) == (BECOMES[answer], clock.now())
    last = rows(ProcedureEvent)[-1]
    note = {"accept": "", "refuse": "illisible", "ask_document": "un bail"}[answer]
    assert (last.state, last.agent_id, last.account_id) == (BECOMES[answer], ines.agent_id, None)
    assert last.note == note
    line = rows(ActionLog)[-1]
    assert (line.action, line.agent_id) == (f"procedure_{BECOMES[answer].value}", ines.agent_id)
    assert line.subject == f"procedure {number}"
    before = everything()
    assert ANSWERS[answer](ines, number) == NotPossible()
    assert everything() == before


@pytest.mark.parametrize("key", sorted(TYPED))
def test_accepted_the_file_holds_the_new_value(key: str, zoe: Home, ines: Actor) -> None:
    set_rule(key, FieldRule.PROOF)
    number = zoe.asked(key)
    assert answers.accept(ines, number) == Answered(ProcedureState.VALIDATED)
    assert [row.state for row in rows(FieldChange)] == [ChangeState.APPLIED]
    field = FIELDS[key]
    with reading() as session:
        row: object
        if key == "child.collector":
            (row,) = rows(Collector)
            assert (row.family_id, row.child_id, row.procedure_id) == (
                zoe.family,
                zoe.child,
                number,
            )
        elif field.scope is Scope.MEDICAL:
            row = medical_of(session, zoe.child)[0]
        else:
            kinds = {Scope.HOUSEHOLD: Family, Scope.GUARDIAN: Guardian, Scope.CHILD: Child}
            row = session.get(kinds[field.scope], zoe.target(field.scope))
        for part in field.parts:
            kept = getattr(row, part)
            assert (kept.isoformat() if part == "insured_until" else kept) == KEPT[key][part]
        if key == "guardian.email":
            assert session.get_one(Guardian, zoe.guardian).email_key == KEPT[key]["email"]


def test_all_the_changes_of_a_request_are_answered_together(zoe: Home, ines: Actor) -> None:
    number = zoe.asked("guardian.name", "guardian.phone")
    elsewhere = zoe.asked("household.address")
    assert answers.accept(ines, number) == Answered(ProcedureState.VALIDATED)
    (guardian,) = [row for row in rows(Guardian) if row.id == zoe.guardian]
    assert (guardian.last_name, guardian.phone) == ("Pinceau-Roy", "06 12 34 56 78")
    assert street(zoe) == "1 rue des Roses"
    assert answers.refuse(ines, elsewhere, "non") == Answered(ProcedureState.REFUSED)
    assert street(zoe) == "1 rue des Roses"
    assert [row.state for row in rows(FieldChange)] == [
        ChangeState.APPLIED,
        ChangeState.APPLIED,
        ChangeState.REFUSED,
    ]


@each_end
def test_after_an_answer_one_may_ask_again(answer: str, zoe: Home, ines: Actor) -> None:
    ANSWERS[answer](ines, zoe.asked("household.address"))
    typed = {**TYPED["household.address"], "street": "5 rue des Iris"}
    assert isinstance(zoe.ask("household.address", typed=typed), Saved)


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_a_refusal_has_a_reason_and_a_document_a_name(nothing: str, zoe: Home, ines: Actor) -> None:
    number = zoe.asked("guardian.phone")
    before = everything()
    for answer in (answers.refuse, answers.ask_document):
        with pytest.raises(ValueError):  # noqa: PT011
            answer(ines, number, nothing)
        with pytest.raises(Forbidden):  # who may not is told that first
            answer(zoe.actor, number, nothing)
    assert everything() == before


@each_answer
def test_what_does_not_exist(answer: str, ines: Actor) -> None:
    for number in (0, -1, 987_654):
        with pytest.raises(NotFound):
            ANSWERS[answer](ines, number)


@each_answer
@pytest.mark.parametrize("over", ["withdrawn", "accept", "refuse"])
def test_nothing_follows_the_end(over: str, answer: str, zoe: Home, ines: Actor) -> None:
    number = zoe.asked("household.address")
    if over == "withdrawn":
        assert withdraw(zoe.actor, number)
    else:
        ANSWERS[over](ines, number)
    before = everything()
    assert ANSWERS[answer](ines, number) == NotPossible()
    assert everything() == before


@each_end
def test_a_document_asked_then_an_answer(answer: str, zoe: Home, ines: Actor) -> None:
    number = zoe.asked("guardian.phone")
    answers.ask_document(ines, number, "un bail")
    assert ANSWERS[answer](ines, number) == Answered(BECOMES[answer])
    assert len(rows(ProcedureEvent)) == 3


@each_answer
def test_what_has_no_change_that_waits_is_answered_elsewhere(
    answer: str, zoe: Home, ines: Actor
) -> None:
    done = zoe.asked("guardian.work_phone")
    enrolment = factories.procedure(zoe.family, "Inscription", kind=ProcedureKind.ENROLMENT)
    for number in (done, enrolment) if answer != "ask_document" else (done,):
        assert ANSWERS[answer](ines, number) == NotPossible()


def test_a_value_that_somebody_took_meanwhile_is_not_kept(zoe: Home, ines: Actor) -> None:
    set_rule("guardian.email", FieldRule.AGENT)
    number = zoe.asked("guardian.phone", "guardian.email")
    factories.guardian(zoe.family, "Léa", "Roy", "Zoe.Neuve@example.org")
    before = everything()
    assert answers.accept(ines, number) == NotPossible()
    assert everything() == before
    assert answers.refuse(ines, number, "déjà pris") == Answered(ProcedureState.REFUSED)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("accept", ["est acceptée"]),
        ("refuse", ["est refusée", "illisible", "tribunal administratif"]),
        ("ask_document", ["vous demande", "un bail"]),
    ],
)
def test_whoever_asked_is_told(answer: str, said: list[str], zoe: Home, ines: Actor) -> None:
    paul = factories.account(email="paul@example.org")
    factories.join_family(paul, zoe.family)
    number = zoe.asked("guardian.phone")
    ANSWERS[answer](ines, number)
    (mail,) = mails("procedure_answered")
    assert mail.recipient == "zoe@example.org"
    assert [words for words in said if words not in mail.text] == []
    assert f"n°\u00a0{number}" in mail.subject
    assert "Moreau" not in mail.text  # the town answers, not a person


def test_nobody_left_to_tell_is_no_obstacle(zoe: Home, ines: Actor) -> None:
    number = zoe.asked("household.address")
    with writing() as session:
        session.delete(session.get_one(Account, zoe.account))
    assert answers.accept(ines, number) == Answered(ProcedureState.VALIDATED)
    assert mails("procedure_answered") == []
    assert street(zoe) == "3 rue des Lilas"


def test_the_queue_is_what_waits_oldest_first(zoe: Home, ines: Actor) -> None:
    karim = home.make("BENALI")
    first = karim.asked("household.address")
    clock.advance(timedelta(hours=1))
    second = zoe.asked("medical.pai")
    zoe.asked("guardian.work_phone")  # done at once
    withdraw(zoe.actor, zoe.asked("guardian.phone"))
    queue = answers.waiting(ines)
    assert [(one.id, one.family_number, one.family_name, one.child) for one in queue] == [
        (first, karim.number, "BENALI", ""),
        (second, zoe.number, "PINCEAU", "Nora"),
    ]
    assert {one.state for one in queue} == {ProcedureState.DOCUMENT_ASKED}
    assert [one.requested_at for one in queue] == [clock.now() - timedelta(hours=1), clock.now()]
    answers.refuse(ines, first, "non")
    answers.accept(ines, second)
    assert answers.waiting(ines) == ()
