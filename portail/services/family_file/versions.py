"""Where a family file stands: another version when a document or a procedure of it has moved.

Open pages compare it with the one they show; it says nothing else of the file.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select as sql_select
from sqlmodel import col, func, select

from portail.database import reading
from portail.domain.documents import Check
from portail.domain.identity import Actor
from portail.models import Document, Family, Procedure, ProcedureEvent
from portail.services.reach import my_family_ids

Version = tuple[int, ...]  # documents, those to check, the last one, the last event


def versions(family_ids: Collection[int]) -> dict[int, Version]:
    """Of each of these families, in one query."""
    return _read(family_ids)


def my_versions(actor: Actor) -> dict[int, Version]:
    """Of each of the actor's families.

    Raises:
        Forbidden: the actor is not a parent.
    """
    return _read(my_family_ids(actor))


def _read(family_ids: Any) -> dict[int, Version]:
    def of_documents(what: Any, *which: Any) -> Any:
        found = select(what).where(col(Document.family_id) == col(Family.id), *which)
        return found.correlate(Family).scalar_subquery()

    events = (
        select(func.max(ProcedureEvent.id))
        .join(Procedure, col(Procedure.id) == col(ProcedureEvent.procedure_id))
        .where(col(Procedure.family_id) == col(Family.id))
        .correlate(Family)
        .scalar_subquery()
    )
    query = sql_select(
        col(Family.id),
        of_documents(func.count()),
        of_documents(func.count(), col(Document.check_state) == Check.TO_CHECK),
        of_documents(func.max(Document.id)),
        events,
    ).where(col(Family.id).in_(family_ids))
    with reading() as session:
        rows = session.execute(query).all()
    return {row[0]: tuple(part or 0 for part in row[1:]) for row in rows}
