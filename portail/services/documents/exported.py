"""The documents of the actor's own families, for the copy of their data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath

from sqlmodel import Session, col, or_, select

from portail.adapters import storage
from portail.domain.documents import STATE_LABELS, DocumentState, Sent, state_of
from portail.domain.identity import Actor
from portail.models import Child, Document, DocumentType, Family, StoredFile, Subscription
from portail.services.reach import my_family_ids


@dataclass(frozen=True)
class ExportedDocument:
    """A document; `entry` is its name in the archive, `path` its file, unless it is lost."""

    entry: str
    path: Path | None
    family_number: int
    name: str
    about: str
    child: str
    from_town: bool
    state: str
    reason: str
    valid_until: date | None
    sent_at: datetime
    sha256: str


def exported_documents(session: Session, actor: Actor, today: date) -> tuple[ExportedDocument, ...]:
    """Those of the actor's families, without those about their other adults; oldest first."""
    myself = select(Subscription.guardian_id).where(Subscription.account_id == actor.account())
    rows = session.exec(
        select(Document, StoredFile, Family, DocumentType)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .join(Family, col(Family.id) == col(Document.family_id))
        .outerjoin(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .where(
            col(Document.family_id).in_(my_family_ids(actor)),
            or_(col(Document.guardian_id).is_(None), col(Document.guardian_id).in_(myself)),
        )
        .order_by(col(Family.number), col(Document.sent_at), col(Document.id))
    ).all()
    names = _unique(f"documents/{family.number}/{row.name}" for row, _, family, _ in rows)
    return tuple(
        ExportedDocument(
            entry=entry,
            path=_path(file),
            family_number=family.number,
            name=row.name,
            about=kind.name if kind else "",
            child=_first_name(session, row.child_id),
            from_town=row.from_town,
            state=STATE_LABELS[_state(row, today)],
            reason=row.reason,
            valid_until=row.valid_until,
            sent_at=row.sent_at,
            sha256=file.sha256,
        )
        for entry, (row, file, family, kind) in zip(names, rows, strict=True)
    )


def _state(row: Document, today: date) -> DocumentState:
    return state_of(Sent(row.check_state, row.valid_until), today)


def _first_name(session: Session, child_id: int | None) -> str:
    child = session.get(Child, child_id) if child_id else None
    return child.first_name if child else ""


def _path(file: StoredFile) -> Path | None:
    try:
        return storage.open_path(file.storage_name)
    except FileNotFoundError:
        return None


def _unique(names: Iterator[str]) -> list[str]:
    """The same names, numbered where one comes back, whatever its case."""
    taken: set[str] = set()
    found = []
    for name in names:
        path, number, free = PurePath(name), 1, name
        while free.lower() in taken:
            number += 1
            free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken.add(free.lower())
        found.append(free)
    return found
