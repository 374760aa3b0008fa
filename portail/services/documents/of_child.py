"""The documents behind a child's page: what proves its health, its insurance, who collects it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portail.database import reading
from portail.domain.documents import Subject
from portail.domain.identity import Actor
from portail.services.documents.asked import Reader
from portail.services.documents.views import AskedDocument, KeptDocument
from portail.services.reach import my_child


@dataclass(frozen=True)
class ChildDocuments:
    """What there is about one child.

    Attributes:
        by_type: where each type stands, asked or not; a type the town does not have is left out.
        by_procedure: what was sent with each procedure, newest first.
    """

    by_type: dict[str, AskedDocument]
    by_procedure: dict[int, tuple[KeptDocument, ...]]


def child_documents(
    actor: Actor, child_id: int, codes: Collection[str], procedures: Collection[int]
) -> ChildDocuments:
    """The documents of these types, and of these procedures, about a child of the actor's.

    Raises:
        NotFound: not a child of theirs.
    """
    with reading() as session:
        child, family = my_child(session, actor, child_id)
        reader = Reader(session, actor)
        return ChildDocuments(
            {
                kind.code: reader.one(kind, family.id or 0, child)
                for kind in reader.kinds
                if kind.code in codes and kind.subject is Subject.CHILD
            },
            {one: reader.proofs(one) for one in procedures},
        )
