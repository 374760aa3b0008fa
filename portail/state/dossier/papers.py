"""The documents beside what they prove, on a child's page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from portail.domain.documents import DocumentState
from portail.domain.file_fields import FIELDS
from portail.services.documents import ChildDocuments
from portail.services.family_file.file import CollectorView, FieldView, WaitingChange
from portail.state.documents_words import ELSEWHERE, PaperLine, paper_line
from portail.state.dossier.words import PROOFS, Row, row
from portail.texts.file_values import shown
from portail.texts.french import sentence

PROVED = ("medical.pai", "medical.vaccinations", "child.insurance")
CODES = frozenset(FIELDS[key].proof for key in PROVED)


@dataclass(frozen=True)
class Person:
    """A person allowed to collect the child.

    `procedure`: the address of the request; for one already allowed, only while the proof of
    identity is still to be sent with it.
    """

    id: int
    name: str
    detail: str
    procedure: str
    papers: list[PaperLine] = field(default_factory=list)


def proved_row(view: FieldView, documents: ChildDocuments) -> Row:
    """A field with the documents that prove it, or the way to send one."""
    line = row(view)
    asked = documents.by_type.get(FIELDS[view.key].proof) if view.key in PROVED else None
    if asked is None or (view.key == "medical.pai" and not view.value["pai"]):
        return line  # a child without a plan has none to show
    elsewhere = asked.elsewhere
    files = (*asked.files, *(elsewhere.files if elsewhere else ()))
    # what a request waits for is sent with the request
    wanted = asked.pressing and not line.waiting
    return replace(
        line,
        papers=[paper_line(file) for file in files],
        papers_note=f"{ELSEWHERE}." if elsewhere and not files else "",
        wanted=f"Déposer {PROOFS[asked.code]}" if wanted else "",
    )


def person(one: CollectorView, documents: ChildDocuments) -> Person:
    """A person allowed to collect the child, with the proof of identity that was sent."""
    files = documents.by_procedure.get(one.procedure_id or 0, ())
    proved = any(file.state not in (DocumentState.REFUSED, DocumentState.EXPIRED) for file in files)
    return Person(
        one.id,
        f"{one.first_name} {one.last_name}",
        f"{sentence(one.link)}, {one.phone}",
        _procedure(one.procedure_id) if one.procedure_id and not proved else "",
        [paper_line(file) for file in files],
    )


def person_waiting(one: WaitingChange) -> Person:
    """A person whom the town has not agreed to yet."""
    name, _, detail = shown("child.collector", one.value).partition(", ")
    return Person(one.procedure_id, name, detail, _procedure(one.procedure_id))


def _procedure(number: int) -> str:
    return f"/dossier/demarche?n={number}"
