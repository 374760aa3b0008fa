"""Sending documents: examined, kept once, told file by file, for what is one's own only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters import storage
from portail.adapters.uploads.inspection import ExaminerError
from portail.adapters.uploads.receive import ReceivedFile
from portail.database import reading
from portail.domain.documents import Check, Subject, Validity
from portail.domain.identity import Actor, Forbidden
from portail.domain.procedures import ProcedureState
from portail.domain.throttling import DOCUMENTS
from portail.models import (
    ActionLog,
    Document,
    FailureCount,
    Procedure,
    ProcedureEvent,
    StoredFile,
    UploadReceipt,
)
from portail.services.documents import Destination, Outcome, receipts, sending, storing
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.documents import papers
from tests.services.test_account import actions, as_parent

TABLES = (Document, StoredFile, UploadReceipt, Procedure, ProcedureEvent, ActionLog, FailureCount)


@pytest.fixture
def family(zoe: int) -> int:
    papers.kind("quotient", validity=Validity.CALENDAR_YEAR)
    papers.kind("assurance", Subject.CHILD, validity=Validity.SCHOOL_YEAR)
    return factories.family(members=[zoe])


def test_a_document_is_kept_with_its_receipt_and_its_validity(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"), "Attestation CAF.PDF")
    row = papers.row(made)
    assert (row.name, row.family_id, row.account_id) == ("Attestation CAF.pdf", family, zoe)
    assert (row.check_state, row.valid_until) == (Check.TO_CHECK, date(2026, 12, 31))
    assert not row.from_town
    assert actions(zoe) == ["document_sent"]
    assert receipts(as_parent(zoe), "lot") == (Outcome("Attestation CAF.pdf", "kept"),)
    assert papers.known_on_disk()
    assert papers.count(Procedure) == 0  # the state says enough


@pytest.mark.parametrize(
    ("validity", "months", "until"),
    [
        (Validity.ALWAYS, 0, None),
        (Validity.SCHOOL_YEAR, 0, date(2027, 8, 31)),
        (Validity.MONTHS, 3, date(2027, 2, 23)),
        (Validity.STATED, 0, None),
    ],
)
def test_how_long_it_is_good_is_told_by_its_type(
    zoe: int, family: int, validity: Validity, months: int, until: date | None
) -> None:
    papers.kind("autre", validity=validity, months=months)
    assert papers.row(papers.one(zoe, Destination(family, "autre"))).valid_until == until


def test_a_refused_file_changes_nothing_but_its_receipt(zoe: int, family: int) -> None:
    before = [papers.count(table) for table in TABLES if table is not UploadReceipt]
    told = papers.send_all(
        as_parent(zoe),
        Destination(family, "quotient"),
        [("page.pdf", samples.HTML), ("../../dessin 🎨.svg", samples.SVG), ("vide", b"")],
    )
    assert [one.code for one in told] == ["not_allowed", "not_allowed", "empty"]
    assert [one.name for one in told] == ["page.pdf", "dessin 🎨.svg", "vide"]
    assert all(one.message.endswith(".") and not one.received for one in told)
    assert receipts(as_parent(zoe), "lot") == told
    assert [papers.count(t) for t in TABLES if t is not UploadReceipt] == before
    assert papers.on_disk() == set()


def test_a_refused_file_takes_nothing_from_the_others(zoe: int, family: int) -> None:
    files = [("a.pdf", samples.pdf(1)), ("b.pdf", samples.HTML), ("c.jpg", samples.pdf(2))]
    assert papers.send(zoe, Destination(family, "quotient"), *files) == [
        "kept",
        "not_allowed",
        "kept",
    ]
    assert papers.all_files(zoe) == {"a.pdf", "c.pdf"}  # a PDF, whatever its name says


def test_too_long_a_file_is_refused(zoe: int, family: int) -> None:
    long = samples.pdf() + b" " * (11 * 1024 * 1024)
    assert papers.send(zoe, Destination(family, "quotient"), ("a.pdf", long)) == ["too_large"]


def test_the_same_again_changes_nothing(zoe: int, family: int) -> None:
    papers.one(zoe, Destination(family, "quotient"))
    disk = papers.on_disk()
    before = [papers.count(table) for table in TABLES if table is not UploadReceipt]
    again = ("autre nom.pdf", samples.pdf())
    assert papers.send(zoe, Destination(family, "quotient"), again, batch="2") == ["already"]
    assert [papers.count(t) for t in TABLES if t is not UploadReceipt] == before
    assert papers.on_disk() == disk
    assert receipts(as_parent(zoe), "2")[0].received


def test_the_same_content_for_two_things_is_two_documents_and_one_file(
    zoe: int, karim: int, family: int
) -> None:
    his = factories.family("BENALI", members=[karim])
    nora, sami = factories.child("Nora", family), factories.child("Sami", family)
    for account, to in (
        (zoe, Destination(family, "quotient")),
        (zoe, Destination(family, "assurance", nora)),
        (zoe, Destination(family, "assurance", sami)),
        (karim, Destination(his, "quotient")),
    ):
        papers.one(account, to)
    assert (papers.count(Document), papers.count(StoredFile)) == (4, 1)
    assert papers.known_on_disk()


def test_nothing_is_sent_for_what_is_not_one_s_own(zoe: int, karim: int, family: int) -> None:
    his = factories.family("BENALI", members=[karim])
    lina, nora = factories.child("Lina", his), factories.child("Nora", family)
    closed = factories.procedure(his, state=ProcedureState.DOCUMENT_ASKED)
    wrong = (
        Destination(his, "quotient"),
        Destination(10**8, "quotient"),
        Destination(family, "assurance", lina),
        Destination(family, "assurance"),  # of whom?
        Destination(family, "inconnu"),
        Destination(family),  # of what?
        Destination(family, "quotient", nora, closed),
        Destination(family, "", None, closed),
        Destination(his, "", None, closed),
    )
    before = [papers.count(table) for table in TABLES]
    for to in wrong:
        with pytest.raises(NotFound):
            papers.send(zoe, to, ("a.pdf", samples.pdf()))
    assert [papers.count(table) for table in TABLES] == before
    assert papers.on_disk() == set()


def test_an_agent_sends_nothing_as_a_family(family: int) -> None:
    agent = Actor(session_id=1, agent_id=factories.agent())
    with pytest.raises(Forbidden):
        papers.send_all(agent, Destination(family, "quotient"), [("a.pdf", samples.pdf())])
    with pytest.raises(Forbidden):
        receipts(agent, "lot")


def test_receipts_are_those_of_who_sent(zoe: int, karim: int, family: int) -> None:
    papers.one(zoe, Destination(family, "quotient"))
    assert receipts(as_parent(karim), "lot") == ()
    assert receipts(as_parent(zoe), "autre") == ()


# --- procedures


def state_of(procedure_id: int) -> tuple[ProcedureState, list[str]]:
    with reading() as session:
        notes = session.exec(
            select(ProcedureEvent.note)
            .where(ProcedureEvent.procedure_id == procedure_id)
            .order_by("id")
        ).all()
        return session.get_one(Procedure, procedure_id).state, list(notes)


def test_a_procedure_that_waits_for_a_document_goes_on_and_its_history_says_which(
    zoe: int, family: int
) -> None:
    asked = factories.procedure(family, state=ProcedureState.DOCUMENT_ASKED)
    made = papers.one(zoe, Destination(family, procedure_id=asked), "bail.pdf")
    state, notes = state_of(asked)
    assert state is ProcedureState.REQUESTED
    assert notes[-1] == "Document déposé\u00a0: «\u00a0bail.pdf\u00a0»."
    assert papers.row(made).procedure_id == asked
    # another side of the same document: nothing more to say
    papers.one(zoe, Destination(family, procedure_id=asked), "verso.pdf", pages=2)
    assert len(state_of(asked)[1]) == len(notes)


def test_a_refused_file_leaves_the_procedure_where_it_is(zoe: int, family: int) -> None:
    asked = factories.procedure(family, state=ProcedureState.DOCUMENT_ASKED)
    papers.send(zoe, Destination(family, procedure_id=asked), ("a.pdf", samples.HTML))
    assert state_of(asked)[0] is ProcedureState.DOCUMENT_ASKED


def test_a_procedure_that_is_over_takes_nothing_more(zoe: int, family: int) -> None:
    over = factories.procedure(family, state=ProcedureState.REFUSED)
    to = Destination(family, procedure_id=over)
    assert papers.send(zoe, to, ("a.pdf", samples.pdf())) == ["closed"]
    assert papers.count(Document) == 0
    assert papers.on_disk() == set()


def test_the_proof_of_a_procedure_is_about_its_child(zoe: int, family: int) -> None:
    nora = factories.child("Nora", family)
    asked = factories.procedure(family, child_id=nora, state=ProcedureState.DOCUMENT_ASKED)
    made = papers.one(zoe, Destination(family, "assurance", None, asked))
    assert papers.row(made).child_id == nora


# --- limits, failures, upkeep


def test_a_family_sends_so_many_documents_a_day(
    zoe: int, family: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = type(DOCUMENTS)(2, 2, timedelta(0), timedelta(days=1), timedelta(days=1))
    monkeypatch.setattr(sending, "DOCUMENTS", few)
    to = Destination(family, "quotient")
    for pages in (1, 2):
        papers.one(zoe, to, pages=pages)
    third = ("c.pdf", samples.pdf(3))
    assert papers.send(zoe, to, third) == ["too_many"]
    assert papers.send(zoe, to, ("a.pdf", samples.pdf(1))) == ["already"]
    assert papers.known_on_disk()
    clock.advance(timedelta(days=1, minutes=1))
    assert papers.send(zoe, to, third) == ["kept"]


@pytest.mark.parametrize("fault", [OSError("disk full"), storage.AlteredFileError()])
def test_a_store_that_fails_is_said_in_words(
    zoe: int, family: int, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def keep(_path: Path, _sha256: str) -> str:
        raise fault

    monkeypatch.setattr(storage, "keep", keep)
    assert papers.send(zoe, Destination(family, "quotient"), ("a.pdf", samples.pdf())) == ["failed"]
    assert papers.count(Document) == 0


def test_an_examiner_that_does_not_work_is_said_in_words(
    zoe: int, family: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(_file: ReceivedFile) -> None:
        raise ExaminerError

    monkeypatch.setattr(sending, "check", check)
    assert papers.send(zoe, Destination(family, "quotient"), ("a.pdf", samples.pdf())) == ["failed"]


def test_every_outcome_has_a_sentence() -> None:
    for code in ("kept", "already", "too_many", "closed", "failed", "virus", "empty"):
        assert Outcome("a", code).message.endswith(".")


def test_upkeep_forgets_receipts_and_files_that_nobody_needs(
    zoe: int, family: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = Destination(family, "quotient")
    kept, gone = papers.one(zoe, to, pages=1), papers.one(zoe, to, pages=2)
    papers.remove(zoe, gone)
    storing.tidy(clock.now())
    assert papers.count(StoredFile) == 2  # too young: a sending may be on its way
    assert papers.count(UploadReceipt) == 2
    clock.advance(timedelta(days=1, minutes=1))
    # ages of files are the system's: make all of them old
    monkeypatch.setattr("portail.adapters.storage.time.time", lambda: 4e9)
    storing.tidy(clock.now())
    assert papers.count(UploadReceipt) == 0
    assert papers.count(StoredFile) == 1
    assert papers.known_on_disk()
    assert papers.all_files(zoe) == {papers.row(kept).name}
