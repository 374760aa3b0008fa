"""Opening and taking back a document: who may, and what others are told (nothing)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portail.adapters import storage
from portail.database import reading
from portail.domain.documents import Check, Sharing, Subject
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import ActionLog, Document, StoredFile
from portail.services.documents import (
    Destination,
    Removed,
    TooLate,
    checking,
    open_document,
    remove_document,
)
from portail.services.documents.local import local_file
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.documents import papers
from tests.services.documents.test_asked import check
from tests.services.test_account import actions, as_parent


@pytest.fixture
def family(zoe: int) -> int:
    papers.kind("quotient")
    return factories.family(members=[zoe])


def may_open(actor: Actor, document_id: int) -> bool:
    try:
        opened = open_document(actor, document_id)
    except NotFound:
        return False
    return opened.path.read_bytes().startswith(b"%PDF")


def test_the_family_opens_it_and_nobody_else(zoe: int, karim: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"), "CAF.pdf")
    opened = open_document(as_parent(zoe), made)
    assert (opened.mime, opened.name) == ("application/pdf", "CAF.pdf")
    assert opened.path.read_bytes() == samples.pdf()
    paul = factories.account("paul")
    factories.join_family(paul, family)
    assert may_open(as_parent(paul), made)
    factories.family("BENALI", members=[karim])
    assert not may_open(as_parent(karim), made)
    assert not may_open(as_parent(zoe), made + 1)  # as what does not exist


def test_an_agent_of_the_right_role_opens_it_and_it_is_written_down(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    agent = factories.agent()
    for role in (Role.REGIE, Role.ADMINISTRATION):
        assert not may_open(papers.ines(agent, role), made)
    with reading() as session:
        assert session.exec(select(ActionLog).where(ActionLog.agent_id == agent)).all() == []
    assert may_open(papers.ines(agent), made)
    with reading() as session:
        (line,) = session.exec(select(ActionLog).where(ActionLog.agent_id == agent)).all()
    assert (line.action, line.subject) == ("document_read", f"document {made}")
    assert not may_open(papers.ines(agent), made + 1)


@pytest.mark.parametrize("sharing", Sharing)
@pytest.mark.parametrize("verdict", Check)
def test_the_other_household_of_a_child_opens_what_is_shared(
    zoe: int, karim: int, family: int, sharing: Sharing, verdict: Check
) -> None:
    his = factories.family("BENALI", members=[karim])
    child = factories.child("Nino", family, his)
    papers.kind("carnet", Subject.CHILD, sharing=sharing)
    made = papers.one(zoe, Destination(family, "carnet", child))
    check(made, verdict)
    shared = sharing is Sharing.FILE and verdict is not Check.REFUSED
    assert may_open(as_parent(karim), made) is shared
    stranger = factories.account("autre")
    factories.family("AUTRE", members=[stranger])
    assert not may_open(as_parent(stranger), made)


async def test_what_the_town_gave_a_household_is_its_own(zoe: int, karim: int, family: int) -> None:
    his = factories.family("BENALI", members=[karim])
    child = factories.child("Nino", family, his)
    agent = papers.ines(factories.agent())
    with local_file(samples.pdf(), "attestation.pdf") as file:
        given = await checking.give(agent, papers.number_of(family), file, child)
    assert isinstance(given, checking.Given)
    assert may_open(as_parent(zoe), given.document_id)
    assert not may_open(as_parent(karim), given.document_id)


def test_a_file_that_is_lost_is_not_found(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    for path in papers.on_disk():
        storage.remove(path.name)
    assert not may_open(as_parent(zoe), made)


# --- taking back


def test_who_sent_it_takes_it_back_before_anybody_looked(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"), "CAF.pdf")
    assert remove_document(as_parent(zoe), made) == Removed("CAF.pdf")
    assert papers.count(Document) == 0
    assert papers.count(StoredFile) == 1  # swept within the hour, unless another needs it
    assert actions(zoe) == ["document_sent", "document_removed"]
    with pytest.raises(NotFound):
        remove_document(as_parent(zoe), made)
    # and it may be sent again
    papers.one(zoe, Destination(family, "quotient"), "CAF.pdf")


@pytest.mark.parametrize("verdict", [Check.ACCEPTED, Check.REFUSED])
def test_what_was_checked_stays(zoe: int, family: int, verdict: Check) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    check(made, verdict)
    assert remove_document(as_parent(zoe), made) == TooLate()
    assert papers.count(Document) == 1


def test_nobody_takes_back_what_another_sent(zoe: int, karim: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    paul = factories.account("paul")
    factories.join_family(paul, family)  # of the same family, all the same
    for other in (karim, paul):
        with pytest.raises(NotFound):
            remove_document(as_parent(other), made)
    with pytest.raises(Forbidden):
        remove_document(papers.ines(factories.agent()), made)
    assert papers.count(Document) == 1
