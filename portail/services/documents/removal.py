"""Taking back a document that nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from portail.database import writing
from portail.domain.documents import Check
from portail.domain.identity import Actor
from portail.models import Document
from portail.services.audit import log_action
from portail.services.reach import NotFound, my_family_ids


@dataclass(frozen=True)
class Removed:
    """The document is gone; its file follows within the hour, unless another needs it."""

    name: str


@dataclass(frozen=True)
class TooLate:
    """An agent has already checked it."""


def remove_document(actor: Actor, document_id: int) -> Removed | TooLate:
    """Remove a document that the actor sent themselves and that waits to be checked.

    Raises:
        NotFound: not one that they sent.
    """
    account_id = actor.account()
    with writing() as session:
        query = select(Document).where(
            Document.id == document_id,
            Document.account_id == account_id,
            col(Document.family_id).in_(my_family_ids(actor)),
            col(Document.from_town).is_(False),
        )
        row = session.exec(query.with_for_update()).first()
        if row is None:
            raise NotFound
        if row.check_state is not Check.TO_CHECK:
            return TooLate()
        session.delete(row)
        log_action(
            session, "document_removed", account_id=account_id, subject=f"document {document_id}"
        )
        return Removed(row.name)
