"""Agents check documents and give some: only those of the role, once, with a mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters.uploads.verdicts import Reason, Unsound
from portail.database import reading
from portail.domain.documents import Check, Subject, Validity
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import ActionLog, Document
from portail.services.documents import Destination, checking, my_documents
from portail.services.documents.local import local_file
from portail.services.documents.tell import DISCREET
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.documents import papers
from tests.services.test_account import as_parent, mails


@pytest.fixture
def family(zoe: int) -> int:
    papers.kind("quotient", validity=Validity.CALENDAR_YEAR)
    return factories.family(members=[zoe])


@pytest.fixture
def made(zoe: int, family: int) -> int:
    return papers.one(zoe, Destination(family, "quotient"), "CAF.pdf")


@pytest.fixture
def agent() -> Actor:
    return papers.ines(factories.agent())


def log(agent: Actor) -> list[tuple[str, str]]:
    with reading() as session:
        query = select(ActionLog).where(ActionLog.agent_id == agent.agent_id).order_by("id")
        return [(line.action, line.subject) for line in session.exec(query)]


def test_the_list_is_the_longest_waiting_first(zoe: int, family: int, agent: Actor) -> None:
    first = papers.one(zoe, Destination(family, "quotient"), "a.pdf")
    papers.kind("identite", validity=Validity.STATED)
    clock.advance(timedelta(minutes=1))
    second = papers.one(zoe, Destination(family, "identite"), "b.pdf", pages=2)
    waiting = checking.documents_to_check(agent)
    assert [(one.id, one.about, one.states_date) for one in waiting] == [
        (first, "Type quotient", False),
        (second, "Type identite", True),
    ]
    assert waiting[0].family_number == papers.number_of(family)
    checking.accept(agent, first)
    assert [one.id for one in checking.documents_to_check(agent)] == [second]


def test_an_accepted_document_asks_nothing_more(zoe: int, made: int, agent: Actor) -> None:
    assert checking.accept(agent, made) == checking.Checked("CAF.pdf")
    row = papers.row(made)
    assert (row.check_state, row.agent_id) == (Check.ACCEPTED, agent.agent_id)
    assert row.checked_at == clock.now()
    assert row.valid_until == date(2026, 12, 31)
    assert my_documents(as_parent(zoe)).to_do == 0
    assert log(agent) == [("document_accepted", f"document {made}")]
    assert mails("document_refused") == []


def test_a_type_that_states_its_date_asks_for_it(zoe: int, family: int, agent: Actor) -> None:
    papers.kind("identite", validity=Validity.STATED)
    made = papers.one(zoe, Destination(family, "identite"))
    past = clock.today() - timedelta(days=1)
    assert checking.accept(agent, made) == checking.DateNeeded()
    assert checking.accept(agent, made, past) == checking.DateNeeded()
    assert papers.row(made).check_state is Check.TO_CHECK
    until = date(2031, 5, 4)
    assert isinstance(checking.accept(agent, made, until), checking.Checked)
    assert papers.row(made).valid_until == until


def test_a_refused_document_tells_every_account_of_the_family_why(
    zoe: int, family: int, made: int, agent: Actor
) -> None:
    paul = factories.account("paul", email="paul@example.org", first_name="Paul")
    factories.join_family(paul, family)
    factories.join_family(factories.account(activated=False), family)
    refused = checking.refuse(agent, made, "  L’année\n est celle de 2025. ")
    assert refused == checking.Checked("CAF.pdf")
    assert papers.row(made).reason == "L’année est celle de 2025."
    sent = mails("document_refused")
    assert [mail.recipient for mail in sent] == ["zoe@example.org", "paul@example.org"]
    for mail in sent:
        assert "Type quotient" in mail.text
        assert "L’année est celle de 2025." in mail.text
        assert "/dossier/documents" in mail.text
    assert log(agent) == [("document_refused", f"document {made}")]


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 401])
def test_a_refusal_says_why(made: int, agent: Actor, reason: str) -> None:
    assert checking.refuse(agent, made, reason) == checking.ReasonNeeded()
    assert papers.row(made).check_state is Check.TO_CHECK


def test_a_mail_does_not_tell_of_a_child_s_health(zoe: int, family: int, agent: Actor) -> None:
    papers.kind("pai", Subject.CHILD, always=False)
    nora = factories.child("Nora", family)
    made = papers.one(zoe, Destination(family, "pai", nora))
    checking.refuse(agent, made, "La page sur l’asthme manque.")
    (mail,) = mails("document_refused")
    assert DISCREET in mail.text
    assert not any(word in mail.text + mail.html for word in ("asthme", "Type pai"))


def test_what_was_checked_is_not_checked_twice(made: int, agent: Actor) -> None:
    checking.accept(agent, made)
    already = checking.AlreadyChecked(Check.ACCEPTED)
    assert checking.accept(agent, made) == already
    assert checking.refuse(agent, made, "Trop tard") == already
    assert papers.row(made).check_state is Check.ACCEPTED
    assert mails("document_refused") == []
    assert len(log(agent)) == 1


async def test_the_town_gives_a_document(zoe: int, family: int, agent: Actor) -> None:
    number = papers.number_of(family)
    with local_file(samples.pdf(), "Règlement.pdf") as file:
        given = await checking.give(agent, number, file)
    assert isinstance(given, checking.Given)
    (found,) = my_documents(as_parent(zoe)).families[0].from_town
    assert (found.name, found.by_me, found.may_remove) == ("Règlement.pdf", False, False)
    (mail,) = mails("document_from_town")
    assert "Règlement.pdf" in mail.text
    assert log(agent) == [("document_given", f"document {given.document_id}")]
    with pytest.raises(NotFound):  # nobody checks what the town gave
        checking.accept(agent, given.document_id)
    assert papers.known_on_disk()


async def test_what_the_town_gives_is_examined_too(family: int, agent: Actor) -> None:
    with local_file(samples.HTML, "a.pdf") as file:
        found = await checking.give(agent, papers.number_of(family), file)
    assert found == Unsound(Reason.NOT_ALLOWED)
    with local_file(samples.pdf(), "a.pdf") as file, pytest.raises(NotFound):
        await checking.give(agent, 10**8, file)
    stranger = factories.child("Lina", factories.family("BENALI"))
    with local_file(samples.pdf(), "a.pdf") as file, pytest.raises(NotFound):
        await checking.give(agent, papers.number_of(family), file, stranger)
    assert papers.count(Document) == 0


@pytest.mark.parametrize("role", [Role.REGIE, Role.ADMINISTRATION])
async def test_the_others_check_and_give_nothing(
    zoe: int, family: int, made: int, role: Role
) -> None:
    for actor in (papers.ines(factories.agent(), role), as_parent(zoe)):
        with pytest.raises(Forbidden):
            checking.documents_to_check(actor)
        with pytest.raises(Forbidden):
            checking.accept(actor, made)
        with pytest.raises(Forbidden):
            checking.refuse(actor, made, "Non")
        with local_file(samples.pdf(), "a.pdf") as file, pytest.raises(Forbidden):
            await checking.give(actor, papers.number_of(family), file)
    assert papers.row(made).check_state is Check.TO_CHECK
    assert mails("document_refused") == mails("document_from_town") == []


def test_what_does_not_exist_is_not_found(agent: Actor) -> None:
    with pytest.raises(NotFound):
        checking.accept(agent, 1)
    with pytest.raises(NotFound):
        checking.refuse(agent, 1, "Non")
