"""The files behind documents: each content is kept once, whoever sends it and however often."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from portail import clock
from portail.adapters import storage
from portail.adapters.uploads.verdicts import Sound
from portail.database import insert_unless_there, reading, writing
from portail.models import (
    Article,
    ArticleAttachment,
    ArticlePicture,
    DataExport,
    Document,
    Invoice,
    MessageAttachment,
    Receipt,
    StoredFile,
    TaxCertificate,
    UploadReceipt,
)
from portail.services.reach import NotFound

KEEP_RECEIPTS = timedelta(days=1)
ORPHAN_AFTER = timedelta(hours=1)
_TRIES = 5
# who keeps files in the store: what none of them names is nobody's
_NAMES = (
    col(StoredFile.storage_name),
    col(Invoice.pdf_key),
    col(Receipt.pdf_key),
    col(TaxCertificate.pdf_key),
    col(DataExport.file_key),
)


def row_of(session: Session, sound: Sound, storage_name: str) -> StoredFile:
    """The row of this content: a new one under `storage_name`, or that of whoever was first.

    The unique index settles who is first. The row cannot be removed before the transaction ends;
    when its name is another one, the caller's own file is of no use.
    """
    for _ in range(_TRIES):
        session.execute(
            insert_unless_there(session, StoredFile, "sha256").values(
                sha256=sound.sha256,
                storage_name=storage_name,
                mime=sound.mime,
                extension=sound.extension,
                size=sound.size,
                created_at=clock.now(),
            )
        )
        query = select(StoredFile).where(StoredFile.sha256 == sound.sha256)
        # shared with others who use it, against whoever would remove it
        found = session.exec(query.with_for_update(read=True, key_share=True)).one_or_none()
        if found is not None:
            return found
        # it was removed between the two statements: ours may be the first again
    msg = "The row of a file keeps disappearing"
    raise RuntimeError(msg)


def stored(session: Session, file_id: int) -> tuple[StoredFile, Path]:
    """A file and where it lies. The caller has checked who asks.

    Raises:
        NotFound: it is no longer on disk.
    """
    file = session.get_one(StoredFile, file_id)
    try:
        return file, storage.open_path(file.storage_name)
    except FileNotFoundError:
        raise NotFound from None


def tidy(now: datetime) -> None:
    """Forget yesterday's receipts of uploads, and the files that nothing needs any more."""
    with writing() as session:
        session.execute(
            delete(UploadReceipt).where(col(UploadReceipt.at) < now - KEEP_RECEIPTS),
        )
    for file_id in _unused(now - ORPHAN_AFTER):
        try:
            with writing() as session:
                session.execute(delete(StoredFile).where(col(StoredFile.id) == file_id))
        except IntegrityError:
            continue  # somebody has just sent the same content
    with reading() as session:
        known = {name for column in _NAMES for name in session.exec(select(column)) if name}
    storage.sweep(known, ORPHAN_AFTER)


def _unused(before: datetime) -> list[int]:
    query = select(StoredFile.id).where(
        col(StoredFile.created_at) < before,
        col(StoredFile.id).not_in(select(Document.file_id)),
        col(StoredFile.id).not_in(select(MessageAttachment.file_id)),
        col(StoredFile.id).not_in(select(ArticleAttachment.file_id)),
        col(StoredFile.id).not_in(select(ArticlePicture.file_id)),
        col(StoredFile.id).not_in(
            select(Article.picture_id).where(col(Article.picture_id).is_not(None))
        ),
    )
    with reading() as session:
        return [file_id or 0 for file_id in session.exec(query)]
