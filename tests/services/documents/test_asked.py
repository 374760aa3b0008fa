"""«Mes documents»: what is asked, where it stands, and what each household of a child sees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from portail import clock
from portail.database import writing
from portail.domain.documents import Check, DocumentState, Sharing, Subject, Validity
from portail.domain.identity import Actor, Forbidden
from portail.domain.procedures import ProcedureState
from portail.models import Document
from portail.services.documents import (
    AskedDocument,
    Destination,
    FamilyDocuments,
    my_documents,
    required,
)
from tests import factories, samples
from tests.services.documents import papers
from tests.services.test_account import as_parent

CHILD = Subject.CHILD


def only(account_id: int) -> FamilyDocuments:
    (family,) = my_documents(as_parent(account_id)).families
    return family


def asked(account_id: int, code: str, child_id: int | None = None) -> AskedDocument:
    (found,) = (
        one for one in only(account_id).asked if (one.code, one.child_id) == (code, child_id)
    )
    return found


def check(document_id: int, verdict: Check, until: date | None = None, reason: str = "") -> None:
    with writing() as session:
        row = session.get_one(Document, document_id)
        row.check_state, row.reason = verdict, reason
        row.valid_until = until or row.valid_until


def test_what_is_asked_of_everybody_is_asked_of_each_child_and_of_the_household(zoe: int) -> None:
    family = factories.family(members=[zoe])
    nora = factories.child("Nora", family, birth_on=date(2022, 9, 30))
    sami = factories.child("Sami", family, birth_on=date(2019, 11, 19))
    papers.kind("quotient", rank=1)
    papers.kind("assurance", CHILD, rank=2)
    papers.kind("pai", CHILD, always=False)
    found = only(zoe)
    assert [(one.code, one.child_id, one.child) for one in found.asked] == [
        ("quotient", None, ""),
        ("assurance", sami, "Sami"),
        ("assurance", nora, "Nora"),
    ]
    assert {one.state for one in found.asked} == {DocumentState.MISSING}
    assert my_documents(as_parent(zoe)).to_do == 3
    assert [one.code for one in my_documents(as_parent(zoe)).catalogue] == [
        "pai",
        "quotient",
        "assurance",
    ]


def test_the_most_pressing_comes_first(zoe: int) -> None:
    family = factories.family(members=[zoe])
    today = clock.today()
    for code in ("good", "expiring", "missing", "refused", "expired", "waiting"):
        papers.kind(code)
        if code != "missing":
            made = papers.one(zoe, Destination(family, code))
        if code == "good":
            check(made, Check.ACCEPTED)
        if code == "expiring":
            check(made, Check.ACCEPTED, today + timedelta(days=30))
        if code == "expired":
            check(made, Check.ACCEPTED, today - timedelta(days=1))
        if code == "refused":
            check(made, Check.REFUSED, reason="Illisible.")
    found = only(zoe)
    assert [(one.code, one.state.value, one.pressing) for one in found.asked] == [
        ("refused", "refused", True),
        ("missing", "missing", True),
        ("expired", "expired", True),
        ("expiring", "expiring", True),
        ("good", "accepted", False),
        ("waiting", "to_check", False),
    ]
    assert found.asked[0].reason == "Illisible."
    assert found.pressing == found.asked[:4]


def test_the_two_sides_of_a_document_are_both_shown(zoe: int) -> None:
    family = factories.family(members=[zoe])
    papers.kind("quotient")
    to = Destination(family, "quotient")
    papers.send(zoe, to, ("recto.pdf", samples.pdf(1)), ("verso.pdf", samples.pdf(2)))
    assert [file.name for file in asked(zoe, "quotient").files] == ["verso.pdf", "recto.pdf"]
    assert only(zoe).others == ()


def test_what_is_past_stays_within_reach_but_aside(zoe: int) -> None:
    family = factories.family(members=[zoe])
    papers.kind("quotient")
    old = papers.one(zoe, Destination(family, "quotient"), "2025.pdf")
    check(old, Check.REFUSED)
    new = papers.one(zoe, Destination(family, "quotient"), "2026.pdf", pages=2)
    check(new, Check.ACCEPTED)
    assert [file.name for file in asked(zoe, "quotient").files] == ["2026.pdf"]
    assert [file.name for file in only(zoe).others] == ["2025.pdf"]


def test_proofs_of_procedures_are_listed_and_those_that_wait_for_one_ask_for_it(zoe: int) -> None:
    family = factories.family(members=[zoe])
    procedure = factories.procedure(family, "Adresse", state=ProcedureState.DOCUMENT_ASKED)
    (waiting,) = only(zoe).procedures
    assert (waiting.id, waiting.title) == (procedure, "Adresse")
    assert my_documents(as_parent(zoe)).to_do == 1
    papers.one(zoe, Destination(family, procedure_id=procedure), "bail.pdf")
    assert only(zoe).procedures == ()
    (proof,) = only(zoe).others
    assert (proof.name, proof.procedure, proof.may_remove) == ("bail.pdf", "Adresse", True)


def test_a_parent_answers_for_their_own_identity(zoe: int) -> None:
    family = factories.family(members=[zoe])
    paul = factories.account("paul", first_name="Paul")
    factories.join_family(paul, family)
    papers.kind("identite", Subject.GUARDIAN)
    papers.one(zoe, Destination(family, "identite"))
    assert asked(zoe, "identite").state is DocumentState.TO_CHECK
    assert asked(paul, "identite").state is DocumentState.MISSING


def test_another_feature_may_require_a_document(
    zoe: int, karim: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    family, his = factories.family(members=[zoe]), factories.family(members=[karim])
    nora, lina = factories.child("Nora", family), factories.child("Lina", his)
    papers.kind("fiche", CHILD, always=False)
    papers.kind("domicile", always=False)

    def source(_session: Session, families: Collection[int]) -> required.Required:
        everything: required.Required = {
            (family, nora): {"fiche": "pour l’accueil du matin"},
            (his, lina): {"fiche": "pour la cantine"},
            (his, None): {"domicile": "pour le déménagement"},
        }
        return {key: value for key, value in everything.items() if key[0] in families}

    assert only(zoe).asked == ()
    monkeypatch.setattr(required, "SOURCES", [source])
    (mine,) = only(zoe).asked
    assert (mine.code, mine.child, mine.why) == ("fiche", "Nora", "pour l’accueil du matin")
    assert [(one.code, one.child_id) for one in only(karim).asked] == [
        ("fiche", lina),
        ("domicile", None),
    ]


def test_a_parent_without_a_family_is_asked_nothing_and_an_agent_is_no_parent(zoe: int) -> None:
    papers.kind("quotient")
    found = my_documents(as_parent(zoe))
    assert (found.families, found.to_do) == ((), 0)
    with pytest.raises(Forbidden):
        my_documents(Actor(session_id=1, agent_id=factories.agent()))


def test_two_families_are_apart(zoe: int) -> None:
    first, second = (factories.family(members=[zoe], number=n) for n in (20_001, 20_002))
    papers.kind("quotient")
    papers.one(zoe, Destination(second, "quotient"))
    states = [one.asked[0].state.value for one in my_documents(as_parent(zoe)).families]
    assert [one.id for one in my_documents(as_parent(zoe)).families] == [first, second]
    assert states == ["missing", "to_check"]


# --- a child in two households


@pytest.fixture
def nino(zoe: int, karim: int) -> tuple[int, int, int]:
    """A child of Zoé's family and of Karim's: their ids, and the child's."""
    hers, his = factories.family(members=[zoe]), factories.family(members=[karim])
    return hers, his, factories.child("Nino", hers, his)


@pytest.mark.parametrize(
    ("sharing", "verdict", "told", "files"),
    [
        (Sharing.NOTHING, Check.TO_CHECK, None, set()),
        (Sharing.NOTHING, Check.ACCEPTED, None, set()),
        (Sharing.STATE, Check.TO_CHECK, "to_check", set()),
        (Sharing.STATE, Check.ACCEPTED, "accepted", set()),
        (Sharing.STATE, Check.REFUSED, None, set()),
        (Sharing.FILE, Check.TO_CHECK, "to_check", {"a.pdf"}),
        (Sharing.FILE, Check.ACCEPTED, "accepted", {"a.pdf"}),
        (Sharing.FILE, Check.REFUSED, None, set()),
    ],
)
def test_what_the_other_household_sees(
    zoe: int,
    karim: int,
    nino: tuple[int, int, int],
    sharing: Sharing,
    verdict: Check,
    told: str | None,
    files: set[str],
) -> None:
    hers, _, child = nino
    papers.kind("carnet", CHILD, sharing=sharing)
    made = papers.one(zoe, Destination(hers, "carnet", child))
    check(made, verdict, reason="Le nom de la rue ne se lit pas.")
    his = asked(karim, "carnet", child)
    assert his.state is DocumentState.MISSING
    assert (his.files, his.reason) == ((), "")
    assert (his.elsewhere.state.value if his.elsewhere else None) == told
    assert papers.all_files(karim) == files
    assert his.pressing is (told is None)
    assert "rue" not in str(only(karim))
    assert not any(file.may_remove for file in papers.files_of(karim))
    # she who sent it sees it, whatever is shared
    assert papers.all_files(zoe) == {"a.pdf"}


def test_an_expired_document_of_the_other_household_spares_nobody(
    zoe: int, karim: int, nino: tuple[int, int, int]
) -> None:
    hers, _, child = nino
    papers.kind("carnet", CHILD, sharing=Sharing.FILE)
    made = papers.one(zoe, Destination(hers, "carnet", child))
    check(made, Check.ACCEPTED, clock.today() - timedelta(days=1))
    assert asked(karim, "carnet", child).elsewhere is None
    assert papers.all_files(karim) == set()


def test_documents_of_the_household_of_a_shared_child_are_not_shared(
    zoe: int, karim: int, nino: tuple[int, int, int]
) -> None:
    hers, _, child = nino
    papers.kind("quotient", sharing=Sharing.FILE)  # a mistake of the town's
    papers.one(zoe, Destination(hers, "quotient"))
    proof = factories.procedure(hers, child_id=child, state=ProcedureState.DOCUMENT_ASKED)
    papers.one(zoe, Destination(hers, procedure_id=proof), "preuve.pdf")
    assert papers.all_files(karim) == set()
    assert asked(karim, "quotient").state is DocumentState.MISSING


def test_one_s_own_counts_before_the_other_household_s(
    zoe: int, karim: int, nino: tuple[int, int, int]
) -> None:
    hers, his, child = nino
    papers.kind("carnet", CHILD, sharing=Sharing.FILE)
    papers.one(zoe, Destination(hers, "carnet", child), "la-sienne.pdf")
    papers.one(karim, Destination(his, "carnet", child), "la-mienne.pdf", pages=2)
    mine = asked(karim, "carnet", child)
    assert (mine.state, mine.elsewhere) == (DocumentState.TO_CHECK, None)
    assert papers.all_files(karim) == {"la-mienne.pdf"}


def test_a_parent_of_both_households_is_asked_once(zoe: int) -> None:
    first, second = factories.family(members=[zoe]), factories.family(members=[zoe])
    child = factories.child("Nino", first, second)
    papers.kind("carnet", CHILD, sharing=Sharing.STATE, validity=Validity.SCHOOL_YEAR)
    papers.one(zoe, Destination(second, "carnet", child))
    found = my_documents(as_parent(zoe))
    assert found.to_do == 0
    assert [one.pressing for one in found.families] == [(), ()]
