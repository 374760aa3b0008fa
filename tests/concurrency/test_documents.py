"""The same document at the same instant: kept once, checked once, reminded of once."""

from __future__ import annotations

from portail.domain.documents import Subject
from portail.domain.procedures import ProcedureState
from portail.models import Document, Procedure, ProcedureEvent, StoredFile, Told
from portail.services.documents import Destination, checking, reminders
from tests import factories, samples
from tests.concurrency.together import at_once
from tests.services.documents import papers
from tests.services.documents.conftest import _empty_store, karim, zoe
from tests.services.test_account import mails

__all__ = ["_empty_store", "karim", "zoe"]
FILE = ("a.pdf", samples.pdf())


def test_a_file_sent_by_one_family_in_four_tabs_is_one_document(zoe: int) -> None:
    papers.kind("quotient")
    family = factories.family(members=[zoe])
    told = at_once(4, lambda _: papers.send(zoe, Destination(family, "quotient"), FILE)[0])
    assert sorted(told) == ["already", "already", "already", "kept"]
    assert (papers.count(Document), papers.count(StoredFile)) == (1, 1)
    assert papers.known_on_disk()  # the copies of the losers are gone


def test_a_content_sent_by_four_families_is_one_file_and_four_documents() -> None:
    papers.kind("quotient")
    accounts = [factories.account() for _ in range(4)]
    families = [factories.family(members=[account]) for account in accounts]

    def send(number: int) -> str:
        to = Destination(families[number], "quotient")
        return papers.send(accounts[number], to, FILE)[0]

    assert at_once(4, send) == ["kept"] * 4
    assert (papers.count(Document), papers.count(StoredFile)) == (4, 1)
    assert papers.known_on_disk()


def test_a_procedure_moves_once(zoe: int) -> None:
    family = factories.family(members=[zoe])
    procedure = factories.procedure(family, state=ProcedureState.DOCUMENT_ASKED)
    to = Destination(family, procedure_id=procedure)

    def send(number: int) -> str:
        return papers.send(zoe, to, (f"{number}.pdf", samples.pdf(number + 1)))[0]

    assert at_once(3, send) == ["kept"] * 3
    assert papers.count(Procedure) == 1
    assert papers.count(ProcedureEvent) == 2  # asked, then requested again: once


def test_two_agents_check_a_document_once(zoe: int) -> None:
    papers.kind("quotient")
    family = factories.family(members=[zoe])
    made = papers.one(zoe, Destination(family, "quotient"))
    agents = [papers.ines(factories.agent()) for _ in range(4)]

    def act(number: int) -> bool:
        agent = agents[number]
        if number % 2:
            return isinstance(checking.accept(agent, made), checking.Checked)
        return isinstance(checking.refuse(agent, made, "Illisible"), checking.Checked)

    assert sum(at_once(4, act)) == 1
    refused = papers.row(made).reason != ""
    assert len(mails("document_refused")) == refused


def test_two_workers_send_one_reminder(zoe: int, karim: int) -> None:
    papers.kind("assurance", Subject.CHILD)
    family = factories.family(members=[zoe, karim])
    for name in ("Nora", "Sami", "Audrey"):
        factories.child(name, family)
    assert sum(at_once(4, lambda _: reminders.remind())) == 2
    assert len(mails("documents_reminder")) == 2
    assert papers.count(Told) == 6
