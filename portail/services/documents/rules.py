"""Which documents a parent may see, as conditions for queries."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from portail.domain.documents import Sharing
from portail.domain.identity import Actor
from portail.models import Document, DocumentType, FamilyChild
from portail.services.reach import my_family_ids


def shared_with(actor: Actor) -> Select[Document, DocumentType]:
    """What other households sent about a child of the actor's, of types that are shared.

    What the town gave to another household, or what proves something without being of a type, is
    that household's alone.
    """
    mine = my_family_ids(actor)
    my_children = select(FamilyChild.child_id).where(col(FamilyChild.family_id).in_(mine))
    return (
        select(Document, DocumentType)
        .join(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .where(
            col(Document.child_id).in_(my_children),
            col(Document.family_id).not_in(mine),
            DocumentType.sharing != Sharing.NOTHING,
            col(Document.from_town).is_(False),
        )
    )
