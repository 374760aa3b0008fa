"""«Suivi de mes démarches»: one's own, newest first, by page, child and state; their history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portail import clock
from portail.database import writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import ChangeState, Procedure, ProcedureEvent
from portail.services.family_file import answers
from portail.services.family_file.changes import withdraw
from portail.services.procedures import (
    Filter,
    HistoryLine,
    ProcedurePage,
    move,
    procedure_detail,
    procedures_page,
)
from portail.services.procedures.listing import PER_PAGE
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent, rows
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")
ALL = Filter()


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make()


@pytest.fixture
def karim(db: None) -> Home:
    return home.make("BENALI")


def titles(page: ProcedurePage) -> list[str]:
    return [line.title for line in page.lines]


def listed(one: Home, wanted: Filter = ALL) -> list[int]:
    return [line.id for line in procedures_page(one.actor, wanted).lines]


def test_pages_newest_first_and_none_lost(zoe: Home) -> None:
    for number in range(PER_PAGE * 2 + 1):
        factories.procedure(zoe.family, f"n{number}")
        if number % 2:  # two at the same instant keep an order
            clock.advance(timedelta(minutes=1))
    newest = [f"n{number}" for number in reversed(range(PER_PAGE * 2 + 1))]
    pages = [procedures_page(zoe.actor, ALL, number) for number in (1, 2, 3)]
    assert [titles(page) for page in pages] == [newest[:10], newest[10:20], newest[20:]]
    assert {(page.pages, page.total) for page in pages} == {(3, PER_PAGE * 2 + 1)}
    assert [page.page for page in pages] == [1, 2, 3]


@pytest.mark.parametrize(("asked", "given"), [(-5, 1), (0, 1), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_beyond_is_the_last_and_before_is_the_first(
    asked: int, given: int, zoe: Home
) -> None:
    for number in range(PER_PAGE + 1):
        factories.procedure(zoe.family, f"n{number}")
    page = procedures_page(zoe.actor, ALL, asked)
    assert page.page == given
    assert len(page.lines) == (PER_PAGE if given == 1 else 1)


def test_ten_are_one_page_and_none_is_one_too(zoe: Home, karim: Home) -> None:
    for number in range(PER_PAGE):
        factories.procedure(zoe.family, f"n{number}")
    assert procedures_page(zoe.actor, ALL).pages == 1
    assert procedures_page(karim.actor, ALL) == ProcedurePage((), 1, 1, 0, (), ())


def test_by_child_and_state_with_the_choices_there_are(zoe: Home) -> None:
    sami = factories.child("Sami", zoe.family, birth_on=date(2016, 1, 1))
    factories.child("Bébé", zoe.family, birth_on=date(2025, 1, 1))
    done, asked = ProcedureState.DONE, ProcedureState.REQUESTED
    household = factories.procedure(zoe.family, "adresse", state=asked)
    nora = factories.procedure(zoe.family, "Nora", child_id=zoe.child, state=done)
    his = factories.procedure(zoe.family, "Sami", child_id=sami, state=asked)
    assert listed(zoe) == [his, nora, household]
    assert listed(zoe, Filter(child_id=sami)) == [his]
    assert listed(zoe, Filter(state=asked)) == [his, household]
    assert listed(zoe, Filter(zoe.child, done)) == [nora]
    assert listed(zoe, Filter(zoe.child, asked)) == []
    assert listed(zoe, Filter(state=ProcedureState.REFUSED)) == []
    page = procedures_page(zoe.actor, Filter(child_id=sami))
    assert page.total == 1
    # the choices stay, whatever is chosen; eldest first, in the order of states
    assert page.children == ((sami, "Sami"), (zoe.child, "Nora"))
    assert page.states == (asked, done)
    assert [line.child for line in procedures_page(zoe.actor, ALL).lines] == ["Sami", "Nora", ""]


def test_nothing_of_another_family_is_listed_nor_read(zoe: Home, karim: Home) -> None:
    hers = factories.procedure(zoe.family, "à elle", child_id=zoe.child)
    his = factories.procedure(karim.family, "à lui")
    assert (listed(zoe), listed(karim)) == ([hers], [his])
    assert listed(karim, Filter(child_id=zoe.child)) == []
    assert procedures_page(karim.actor, ALL).children == ()
    assert procedure_detail(zoe.actor, hers).line.title == "à elle"
    for number in (hers, 0, -1, 987_654, 2**31 - 1):
        with pytest.raises(NotFound):
            procedure_detail(karim.actor, number)


@pytest.mark.parametrize("role", Role)
def test_an_agent_has_no_procedures_of_their_own(role: Role, zoe: Home) -> None:
    agent = as_agent(role)
    hers = factories.procedure(zoe.family)
    with pytest.raises(Forbidden):
        procedures_page(agent, ALL)
    with pytest.raises(Forbidden):
        procedure_detail(agent, hers)


def test_a_change_in_detail_with_its_values_history_and_files(zoe: Home, karim: Home) -> None:
    number = zoe.asked("household.address")
    sent = factories.sent_file(zoe.family, number, "facture.pdf")
    factories.sent_file(zoe.family, None, "autre.pdf")
    factories.sent_file(karim.family, number, "intrus.pdf")
    asked_at = clock.now()
    clock.advance(timedelta(days=1))
    answers.refuse(as_agent(Role.ENFANCE), number, " illisible ")
    detail = procedure_detail(zoe.actor, number)
    (change,) = detail.changes
    assert change.field == "household.address"
    assert change.old == {"street": "1 rue des Roses", "postcode": "94800", "city": "Villejuif"}
    assert change.new == home.KEPT["household.address"]
    assert change.state is ChangeState.REFUSED
    assert detail.history == (
        HistoryLine(asked_at, ProcedureState.DOCUMENT_ASKED, "", "me"),
        HistoryLine(clock.now(), ProcedureState.REFUSED, "illisible", "town"),
    )
    assert [(file.id, file.name) for file in detail.files] == [(sent, "facture.pdf")]
    assert detail.line.state is ProcedureState.REFUSED
    assert detail.line.requested_at == asked_at
    assert not detail.may_withdraw


def test_who_did_it_is_me_the_family_the_town_or_the_portal(zoe: Home) -> None:
    other = factories.account()
    factories.join_family(other, zoe.family, first_name="Paul")
    number = factories.procedure(zoe.family)  # by nobody: the portal
    agent = as_agent(Role.ENFANCE)
    steps: list[tuple[Actor | None, ProcedureState]] = [
        (zoe.actor, ProcedureState.DOCUMENT_ASKED),
        (as_parent(other), ProcedureState.REQUESTED),
        (agent, ProcedureState.VALIDATED),
    ]
    for actor, state in steps:
        with writing() as session:
            assert move(session, actor, session.get_one(Procedure, number), state)
    seen = [line.by for line in procedure_detail(zoe.actor, number).history]
    assert seen == ["portal", "me", "family", "town"]
    seen = [line.by for line in procedure_detail(as_parent(other), number).history]
    assert seen == ["portal", "family", "me", "town"]


def test_only_changes_that_wait_are_withdrawn_from_here(zoe: Home) -> None:
    waits = zoe.asked("household.address")
    assert procedure_detail(zoe.actor, waits).may_withdraw
    assert withdraw(zoe.actor, waits)
    assert not procedure_detail(zoe.actor, waits).may_withdraw
    assert not procedure_detail(zoe.actor, zoe.asked("guardian.phone")).may_withdraw
    enrolment = factories.procedure(zoe.family, "Inscription", kind=ProcedureKind.ENROLMENT)
    assert not procedure_detail(zoe.actor, enrolment).may_withdraw


def test_what_is_over_does_not_move_and_leaves_no_trace(zoe: Home) -> None:
    number = factories.procedure(zoe.family, state=ProcedureState.DONE)
    before = rows(ProcedureEvent)
    clock.advance(timedelta(days=1))
    with writing() as session:
        row = session.get_one(Procedure, number)
        for state in ProcedureState:
            assert not move(session, zoe.actor, row, state)
    assert rows(ProcedureEvent) == before
    (row,) = rows(Procedure)
    assert (row.state, row.changed_at) == (ProcedureState.DONE, before[0].at)


def test_a_long_title_and_a_long_note_are_cut(zoe: Home) -> None:
    number = factories.procedure(zoe.family, "é" * 300)
    with writing() as session:
        row = session.get_one(Procedure, number)
        assert move(session, zoe.actor, row, ProcedureState.WITHDRAWN, "é" * 1_500)
    detail = procedure_detail(zoe.actor, number)
    assert detail.line.title == "é" * 200
    assert detail.history[-1].note == "é" * 1_000
