"""What a parent sees of the documents of their families: plain values, nothing of another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portail.domain.documents import ASKED_STATES, DocumentState, Subject


@dataclass(frozen=True)
class KeptDocument:
    """A document that the actor may open.

    Attributes:
        about: name of its type; empty for one without a type.
        child: first name of the child it is about; empty for none.
        procedure: title of the procedure it proves; empty for none.
        by_me: whether the actor's own account sent it.
        may_remove: sent by the actor, and nobody has looked at it yet.
    """

    id: int
    name: str
    about: str
    child: str
    procedure: str
    state: DocumentState
    reason: str
    valid_until: date | None
    sent_at: datetime
    by_me: bool
    may_remove: bool


@dataclass(frozen=True)
class GivenElsewhere:
    """The other household of the child gave it; `files` only when the type shares them."""

    state: DocumentState
    files: tuple[KeptDocument, ...]


@dataclass(frozen=True)
class AskedDocument:
    """A document asked of a family, and where it stands today.

    Attributes:
        child_id: with Subject.CHILD.
        child: first name of that child, or empty.
        why: what asks for it, in words; empty when it is asked of everybody.
        reason: why it was refused.
        files: what counts today, newest first.
    """

    code: str
    name: str
    help: str
    subject: Subject
    child_id: int | None
    child: str
    why: str
    state: DocumentState
    reason: str
    valid_until: date | None
    files: tuple[KeptDocument, ...]
    elsewhere: GivenElsewhere | None

    @property
    def pressing(self) -> bool:
        """Whether the family has something to do."""
        return self.state in ASKED_STATES and self.elsewhere is None


@dataclass(frozen=True)
class WaitingProcedure:
    """A procedure that waits for a document; `note` says which, as the agent wrote it."""

    id: int
    title: str
    child: str
    note: str


@dataclass(frozen=True)
class FamilyDocuments:
    """The documents of one family file.

    Attributes:
        asked: the most pressing first.
        procedures: those that wait for a document.
        others: proofs of procedures, documents nobody asked for, and past ones; newest first.
        from_town: newest first.
        children: id and first name, eldest first.
    """

    id: int
    number: int
    name: str
    asked: tuple[AskedDocument, ...]
    procedures: tuple[WaitingProcedure, ...]
    others: tuple[KeptDocument, ...]
    from_town: tuple[KeptDocument, ...]
    children: tuple[tuple[int, str], ...]

    @property
    def pressing(self) -> tuple[AskedDocument, ...]:
        """What the family has to do something about."""
        return tuple(one for one in self.asked if one.pressing)


@dataclass(frozen=True)
class KindOfDocument:
    """A type that may be sent without being asked."""

    code: str
    name: str
    subject: Subject


@dataclass(frozen=True)
class MyDocuments:
    """Everything about the actor's documents."""

    families: tuple[FamilyDocuments, ...]
    catalogue: tuple[KindOfDocument, ...]

    @property
    def to_do(self) -> int:
        """How many documents are waited for."""
        return sum(len(one.pressing) + len(one.procedures) for one in self.families)
