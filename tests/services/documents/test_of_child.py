"""The documents behind a child's page: one's own child, the types asked, and nobody else's."""

from __future__ import annotations

import pytest

from portail.domain.documents import Check, DocumentState, Sharing, Subject
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.services.documents import ChildDocuments, Destination, child_documents
from portail.services.reach import NotFound
from tests import factories
from tests.services.documents import papers
from tests.services.documents.test_asked import check
from tests.services.test_account import as_parent

CODES = ("pai", "vaccins")


@pytest.fixture
def family(zoe: int) -> int:
    return factories.family(members=[zoe])


def found(account_id: int, child: int, *procedures: int) -> ChildDocuments:
    return child_documents(as_parent(account_id), child, CODES, procedures)


def test_where_each_type_stands_whether_it_is_asked_or_not(zoe: int, family: int) -> None:
    nora, sami = factories.child("Nora", family), factories.child("Sami", family)
    papers.kind("pai", Subject.CHILD, always=False)
    papers.kind("vaccins", Subject.CHILD)
    papers.kind("assurance", Subject.CHILD)  # not of those wanted
    made = papers.one(zoe, Destination(family, "pai", nora), "le-pai.pdf")
    papers.one(zoe, Destination(family, "vaccins", sami), "de-sami.pdf", pages=2)
    hers = found(zoe, nora)
    assert set(hers.by_type) == {"pai", "vaccins"}
    assert [file.name for file in hers.by_type["pai"].files] == ["le-pai.pdf"]
    assert hers.by_type["pai"].state is DocumentState.TO_CHECK
    assert hers.by_type["vaccins"].state is DocumentState.MISSING
    check(made, Check.REFUSED, reason="Illisible")
    assert found(zoe, nora).by_type["pai"].pressing


def test_a_type_of_the_household_is_not_a_child_s(zoe: int, family: int) -> None:
    papers.kind("pai", Subject.FAMILY)
    assert found(zoe, factories.child("Nora", family)).by_type == {}


def test_what_came_with_a_request_newest_first(zoe: int, family: int) -> None:
    nora = factories.child("Nora", family)
    one, other = (
        factories.procedure(
            family, child_id=nora, state=ProcedureState.DONE, kind=ProcedureKind.COLLECTION
        )
        for _ in range(2)
    )
    for pages, name in ((1, "recto.pdf"), (2, "verso.pdf")):
        papers.one(zoe, Destination(family, procedure_id=one), name, pages)
    by_procedure = found(zoe, nora, one, other).by_procedure
    assert {key: [file.name for file in files] for key, files in by_procedure.items()} == {
        one: ["verso.pdf", "recto.pdf"],
        other: [],
    }


def test_nobody_else_s_child_nor_request(zoe: int, karim: int, family: int) -> None:
    his = factories.family(members=[karim])
    nora, lina = factories.child("Nora", family), factories.child("Lina", his)
    papers.kind("pai", Subject.CHILD)
    request = factories.procedure(
        family, child_id=nora, state=ProcedureState.DONE, kind=ProcedureKind.COLLECTION
    )
    papers.one(zoe, Destination(family, procedure_id=request))
    with pytest.raises(NotFound):
        found(karim, nora)
    assert found(karim, lina, request).by_procedure == {request: ()}
    assert len(found(zoe, nora, request).by_procedure[request]) == 1


@pytest.mark.parametrize("sharing", Sharing)
def test_the_other_household_opens_what_is_shared_and_no_more(
    zoe: int, karim: int, family: int, sharing: Sharing
) -> None:
    nino = factories.child("Nino", family, factories.family(members=[karim]))
    papers.kind("pai", Subject.CHILD, sharing=sharing)
    papers.one(zoe, Destination(family, "pai", nino), "le-pai.pdf")
    his = found(karim, nino).by_type["pai"]
    told = his.elsewhere is not None, "le-pai.pdf" in str(his)
    assert told == (sharing is not Sharing.NOTHING, sharing is Sharing.FILE)
