"""Documents as a page shows them: ready French text made from what the services say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portail.domain.documents import STATE_LABELS, DocumentState, Subject
from portail.services.documents import (
    AskedDocument,
    FamilyDocuments,
    KeptDocument,
    MyDocuments,
    Outcome,
)
from portail.texts.french import day, moment

TONES = {
    DocumentState.MISSING: "accent",
    DocumentState.TO_CHECK: "brand",
    DocumentState.ACCEPTED: "ok",
    DocumentState.REFUSED: "alert",
    DocumentState.EXPIRING: "accent",
    DocumentState.EXPIRED: "alert",
}
ELSEWHERE = "Déjà fourni par l’autre foyer"
HOUSEHOLD = "Le foyer"


@dataclass(frozen=True)
class PaperLine:
    """A document one may open."""

    id: int
    name: str
    href: str
    state: str
    label: str
    tone: str
    detail: str
    reason: str
    may_remove: bool


@dataclass(frozen=True)
class AskedLine:
    """A type of document asked of somebody, and where it stands; `key` is unique on the page."""

    key: str
    family_id: int
    code: str
    child_id: int
    title: str
    help: str
    state: str
    label: str
    tone: str
    detail: str
    reason: str
    files: list[PaperLine]


@dataclass(frozen=True)
class WaitingLine:
    """A procedure that waits for a document."""

    key: str
    family_id: int
    procedure_id: int
    title: str
    detail: str


@dataclass(frozen=True)
class Person:
    """A child, or the household, and what is in order about them."""

    key: str
    name: str
    lines: list[AskedLine]


@dataclass(frozen=True)
class FamilyPapers:
    """The documents of a family file."""

    id: int
    title: str
    pressing: list[AskedLine]
    waiting: list[WaitingLine]
    settled: list[Person]
    others: list[PaperLine]
    from_town: list[PaperLine]


@dataclass(frozen=True)
class Other:
    """A document that may be sent without being asked."""

    value: str
    label: str
    family_id: int
    code: str
    child_id: int


@dataclass(frozen=True)
class ResultLine:
    """What became of a file."""

    key: str
    name: str
    message: str
    received: bool


def family_papers(family: FamilyDocuments) -> FamilyPapers:
    """A family's documents, what presses first."""
    return FamilyPapers(
        id=family.id,
        title=f"Dossier n° {family.number} « {family.name} »",
        pressing=[_asked(family.id, one) for one in family.pressing],
        waiting=[
            WaitingLine(
                f"{family.id}-demarche-{one.id}",
                family.id,
                one.id,
                f"{one.title} ({one.child})" if one.child else one.title,
                one.note or "Cette démarche attend un document.",
            )
            for one in family.procedures
        ],
        settled=_settled(family),
        others=[paper_line(one, told=True) for one in family.others],
        from_town=[_given(one) for one in family.from_town],
    )


def _settled(family: FamilyDocuments) -> list[Person]:
    """What asks nothing today, by person: the children, eldest first, then the household."""
    people = []
    for child_id, name in (*family.children, (None, HOUSEHOLD)):
        lines = [
            _asked(family.id, one)
            for one in family.asked
            if not one.pressing and one.child_id == child_id
        ]
        if lines:
            people.append(Person(f"{family.id}-{child_id or 0}", name, lines))
    return people


def _asked(family_id: int, one: AskedDocument) -> AskedLine:
    elsewhere = one.elsewhere
    shown = elsewhere.state if elsewhere else one.state
    kept = (*one.files, *(elsewhere.files if elsewhere else ()))
    files = [_beside(paper_line(file), shown, one.reason) for file in kept]
    pressing = one.pressing
    title = f"{one.name}, {one.child}" if pressing and one.child else one.name
    return AskedLine(
        key=f"{family_id}-{one.code}-{one.child_id or 0}",
        family_id=family_id,
        code=one.code,
        child_id=one.child_id or 0,
        title=title,
        help=one.help,
        state=shown.value,
        label=STATE_LABELS[shown],
        tone=TONES[shown],
        detail=_detail(one),
        reason=one.reason,
        files=files,
    )


def _beside(line: PaperLine, shown: DocumentState, reason: str) -> PaperLine:
    """A file under its document, whose state and reason are not said twice."""
    return replace(
        line,
        label="" if line.state == shown.value else line.label,
        reason="" if line.reason == reason else line.reason,
    )


def _detail(one: AskedDocument) -> str:
    """What to know at a glance: who asks, until when, who gave it."""
    if one.elsewhere is not None:
        return f"{ELSEWHERE}."
    until = day(one.valid_until).split(" ", 1)[1] if one.valid_until else ""
    why = f"Demandé {one.why}." if one.why else ""
    match one.state:
        case DocumentState.EXPIRED:
            return f"Expiré depuis le {until}."
        case DocumentState.EXPIRING:
            return f"Valable jusqu’au {until} : déposez le suivant."
        case DocumentState.ACCEPTED if until:
            return f"Valable jusqu’au {until}."
        case _:
            return why


def paper_line(one: KeptDocument, *, told: bool = False) -> PaperLine:
    """A document; `told` says what it is about, where no title does."""
    on = moment(one.sent_at).rsplit(" à ", 1)[0]
    about = ", ".join(part for part in (one.procedure or one.about, one.child) if part)
    detail = f"Déposé le {on}" if one.by_me else f"Reçu le {on}"
    return PaperLine(
        id=one.id,
        name=one.name,
        href=f"/dossier/fichiers/{one.id}",
        state=one.state.value,
        label=STATE_LABELS[one.state],
        tone=TONES[one.state],
        detail=f"{about}. {detail}" if told and about else detail,
        reason=one.reason,
        may_remove=one.may_remove,
    )


def _given(one: KeptDocument) -> PaperLine:
    on = moment(one.sent_at).rsplit(" à ", 1)[0]
    about = f" pour {one.child}" if one.child else ""
    return PaperLine(
        id=one.id,
        name=one.name,
        href=f"/dossier/fichiers/{one.id}",
        state="town",
        label="",
        tone="brand",
        detail=f"Remis{about} le {on}",
        reason="",
        may_remove=False,
    )


def other_documents(mine: MyDocuments) -> list[Other]:
    """What may be sent besides what presses, a newer version included: «PAI, Nora»."""
    found = []
    for family in mine.families:
        pressing = {(one.code, one.child_id) for one in family.pressing}
        where = f" (dossier n° {family.number})" if len(mine.families) > 1 else ""
        for kind in mine.catalogue:
            people: tuple[tuple[int | None, str], ...] = ((None, ""),)
            if kind.subject is Subject.CHILD:
                people = family.children
            for child_id, name in people:
                if (kind.code, child_id) not in pressing:
                    label = f"{kind.name}, {name}" if name else kind.name
                    value = f"{family.id}-{kind.code}-{child_id or 0}"
                    found.append(Other(value, label + where, family.id, kind.code, child_id or 0))
    return found


def refused_files(outcomes: tuple[Outcome, ...]) -> str:
    """Why the files of a sending were not kept, each by its name."""
    refused = [one for one in outcomes if not one.received]
    return " ".join(f"«\u00a0{one.name}\u00a0»\u00a0: {one.message}" for one in refused)


def result_line(place: int, one: Outcome) -> ResultLine:
    """A file of a sending."""
    return ResultLine(str(place), one.name, one.message, one.received)


def standing(families: list[FamilyPapers]) -> dict[str, tuple[str, str]]:
    """The name of each document of the page, and where it stands, by a key of its own."""
    asked = [
        one
        for family in families
        for one in (*family.pressing, *(line for person in family.settled for line in person.lines))
    ]
    files = [one for family in families for one in (*family.others, *family.from_town)]
    named = {one.key: (one.title, one.label) for one in asked}
    return named | {str(one.id): (one.name, one.label) for one in files}


def moved(before: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]) -> str:
    """What is not as it was, in a sentence."""
    news = [
        f"{name}\u00a0: {label}" if label else name
        for key, (name, label) in now.items()
        if before.get(key, ("", ""))[1] != label or key not in before
    ]
    return f"Mis à jour. {', '.join(news)}." if news else ""
