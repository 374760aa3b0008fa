"""A child's page: each thing to prove beside its document, or beside the way to send it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portail.domain.documents import DocumentState, Subject
from portail.domain.file_fields import FieldRule
from portail.services.documents import (
    AskedDocument,
    ChildDocuments,
    GivenElsewhere,
    KeptDocument,
)
from portail.services.family_file.file import CollectorView, FieldView, WaitingChange
from portail.state.dossier.papers import person, proved_row

PAI: dict[str, Any] = {"pai": True, "pai_measures": ""}
WHEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def kept(state: DocumentState, ident: int = 5, name: str = "pai.pdf") -> KeptDocument:
    return KeptDocument(ident, name, "", "Nora", "", state, "", None, WHEN, True, False)


def asked(
    state: DocumentState,
    *files: KeptDocument,
    elsewhere: GivenElsewhere | None = None,
    code: str = "pai",
) -> ChildDocuments:
    one = AskedDocument(
        code, "PAI", "", Subject.CHILD, 1, "Nora", "", state, "", None, files, elsewhere
    )
    return ChildDocuments({code: one}, {})


def view(
    key: str = "medical.pai", value: dict[str, Any] = PAI, waiting: WaitingChange | None = None
) -> FieldView:
    return FieldView(key, value, FieldRule.PROOF, waiting)


def test_a_document_is_beside_what_it_proves() -> None:
    found = asked(DocumentState.ACCEPTED, kept(DocumentState.ACCEPTED))
    line = proved_row(view(), found)
    (one,) = line.papers
    assert (one.name, one.href, one.label, one.tone) == (
        *("pai.pdf", "/dossier/fichiers/5"),
        *("Accepté", "ok"),
    )
    assert (line.wanted, line.papers_note) == ("", "")


@pytest.mark.parametrize(
    "state",
    [
        DocumentState.MISSING,
        DocumentState.REFUSED,
        DocumentState.EXPIRED,
        DocumentState.EXPIRING,
    ],
)
def test_what_is_missing_or_no_longer_good_has_a_way_to_be_sent(state: DocumentState) -> None:
    files = () if state is DocumentState.MISSING else (kept(state),)
    line = proved_row(view(), asked(state, *files))
    assert line.wanted == "Déposer le projet d’accueil individualisé signé"
    assert [one.state for one in line.papers] == [one.state.value for one in files]


def test_what_waits_for_its_proof_does_not_ask_twice() -> None:
    waiting = WaitingChange(
        7, {"pai": False, "pai_measures": ""}, WHEN, needs_proof=True, mine=True
    )
    line = proved_row(view(waiting=waiting), asked(DocumentState.MISSING))
    assert (line.needs_proof, line.wanted) == (True, "")


def test_a_child_without_a_plan_has_none_to_show() -> None:
    value = {"pai": False, "pai_measures": ""}
    line = proved_row(view(value=value), asked(DocumentState.MISSING))
    assert (line.papers, line.wanted) == ([], "")


def test_a_town_that_does_not_know_the_type_asks_for_nothing() -> None:
    assert proved_row(view(), ChildDocuments({}, {})).wanted == ""
    other = view("medical.allergies", {"allergies": ""})
    assert proved_row(other, asked(DocumentState.MISSING)).wanted == ""


def test_what_the_other_household_gave_is_said_or_opened() -> None:
    for files, note in (
        ((), "Déjà fourni par l’autre foyer."),
        ((kept(DocumentState.ACCEPTED),), ""),
    ):
        given = GivenElsewhere(DocumentState.ACCEPTED, files)
        line = proved_row(view(), asked(DocumentState.MISSING, elsewhere=given))
        assert (len(line.papers), line.papers_note, line.wanted) == (len(files), note, "")


@pytest.mark.parametrize(
    ("procedure", "states", "to_send"),
    [
        (None, [], ""),  # the town wrote it down
        (9, [], "/dossier/demarche?n=9"),
        (9, [DocumentState.TO_CHECK], ""),
        (9, [DocumentState.ACCEPTED], ""),
        (9, [DocumentState.REFUSED], "/dossier/demarche?n=9"),
        (9, [DocumentState.REFUSED, DocumentState.TO_CHECK], ""),
    ],
)
def test_a_person_s_proof_of_identity(
    procedure: int | None, states: list[DocumentState], to_send: str
) -> None:
    files = tuple(kept(state, place) for place, state in enumerate(states))
    one = CollectorView(3, "Traoré", "Awa", "06 00 00 30 02", "voisine", procedure)
    shown = person(one, ChildDocuments({}, {procedure: files} if procedure else {}))
    assert (shown.name, shown.detail) == ("Awa Traoré", "Voisine, 06 00 00 30 02")
    assert shown.procedure == to_send
    assert [paper.state for paper in shown.papers] == [state.value for state in states]
