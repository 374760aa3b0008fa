"""«Mes données»: the ZIP is asked for, made by the worker, given back, and forgotten after a day.

An account has one at most. It is made by one process at a time, whose lock ends with it: whatever
stops a process, what was asked for is made by the next one, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import structlog
from sqlalchemy import Update
from sqlmodel import Session, col, delete, or_, select, update

from portail import clock
from portail.adapters import storage
from portail.database import Work, insert_unless_there, reading, working_alone, writing
from portail.domain.identity import Actor
from portail.models import Account, DataExport
from portail.services import mails
from portail.services.audit import log_action
from portail.services.export import export_my_data
from portail.services.reach import NotFound
from portail.settings import settings
from portail.texts.french import moment

log = structlog.get_logger("portail.export")
PAGE = "/mon-compte/consentements"
KEPT = timedelta(hours=24)
AGAIN_AFTER = timedelta(hours=1)  # the same is given until then
RETRY = timedelta(minutes=10)

Version = tuple[datetime, datetime | None]  # asked, ready


@dataclass(frozen=True)
class MyData:
    """What was asked for last; being prepared as long as `ready_at` is not set.

    `until`: kept so long; `size`: in bytes; `again`: another one may be asked for.
    """

    asked_at: datetime
    ready_at: datetime | None
    until: datetime | None
    size: int
    again: bool

    @property
    def version(self) -> Version:
        """As `versions` gives it."""
        return self.asked_at, self.ready_at


def ask(actor: Actor) -> None:
    """Have the actor's data prepared; nothing more when they are, or have just been.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id, now = actor.account(), clock.now()
    asked = {"asked_at": now, "next_attempt_at": now}
    with writing() as session:
        first = insert_unless_there(session, DataExport, "account_id").values(
            account_id=account_id, **asked
        )
        again = (
            update(DataExport)
            .where(
                col(DataExport.account_id) == account_id,
                or_(
                    col(DataExport.ready_at) <= now - KEPT,
                    col(DataExport.ready_at).is_not(None)
                    & (col(DataExport.asked_at) <= now - AGAIN_AFTER),
                ),
            )
            .values(**asked, ready_at=None, file_key=None, file_bytes=None)
        )
        if _touched(session, first) or _touched(session, again):
            log_action(session, "data_exported", account_id=account_id)


def my_data(actor: Actor) -> MyData | None:
    """What the actor asked for last; nothing when it is past.

    Raises:
        Forbidden: the actor is not a parent.
    """
    now = clock.now()
    with reading() as session:
        row = session.get(DataExport, actor.account())
    if row is None or (row.ready_at is not None and row.ready_at <= now - KEPT):
        return None
    ready = row.ready_at
    return MyData(
        row.asked_at,
        ready,
        ready + KEPT if ready else None,
        row.file_bytes or 0,
        again=ready is not None and row.asked_at <= now - AGAIN_AFTER,
    )


def versions(account_ids: Collection[int]) -> dict[int, Version]:
    """Where what these accounts asked for stands; it says nothing else of it."""
    query = select(DataExport.account_id, DataExport.asked_at, DataExport.ready_at)
    with reading() as session:
        rows = session.exec(query.where(col(DataExport.account_id).in_(account_ids))).all()
    return {account_id: (asked_at, ready_at) for account_id, asked_at, ready_at in rows}


def open_data(actor: Actor) -> Path:
    """The actor's own ZIP.

    Raises:
        NotFound: there is none that is ready.
    """
    if actor.account_id is None:
        raise NotFound
    with writing() as session:
        row = session.get(DataExport, actor.account_id)
        kept = row is not None and row.ready_at is not None and row.ready_at > clock.now() - KEPT
        if row is None or row.file_key is None or not kept:
            raise NotFound
        log_action(session, "data_downloaded", account_id=row.account_id)
    return storage.open_path(row.file_key)


def make_asked() -> int:
    """Make what was asked for, the first asked first; how many. Slow.

    One process does it at a time. What fails is tried again later, and the others go on.
    """
    made = 0
    if _next() is None:
        return made
    with working_alone(Work.EXPORTS) as mine:
        while mine and (row := _next()) is not None:
            try:
                made += _make(row)
            except Exception:
                log.exception("export_failed", account=row.account_id)
                _later(row)
    return made


def forget(session: Session, account_id: int) -> None:
    """What the account reaches has changed: what was prepared is given no more."""
    session.execute(delete(DataExport).where(col(DataExport.account_id) == account_id))


def purge(now: datetime) -> None:
    """Remove those that are past; files without a row are swept with the others."""
    with writing() as session:
        gone = session.execute(
            delete(DataExport)
            .where(col(DataExport.ready_at) <= now - KEPT)
            .returning(col(DataExport.file_key))
        ).scalars()
        names = [name for name in gone if name]
    for name in names:
        storage.remove(name)


def _next() -> DataExport | None:
    query = select(DataExport).where(
        col(DataExport.ready_at).is_(None), col(DataExport.next_attempt_at) <= clock.now()
    )
    with reading() as session:
        return session.exec(
            query.order_by(col(DataExport.asked_at), col(DataExport.account_id)).limit(1)
        ).first()


def _make(row: DataExport) -> bool:
    with NamedTemporaryFile(dir=storage.temporary_folder()) as file:
        # nobody is signed in: their data are those of the account alone
        export_my_data(Actor(0, account_id=row.account_id), file)
        file.flush()
        size = file.tell()
        file.seek(0)
        path = Path(file.name)
        name = storage.keep(path, hashlib.file_digest(file, "sha256").hexdigest())
    with writing() as session:
        account = session.get(Account, row.account_id)
        done = account is not None and _ready(session, row, name, size)
        if account is not None and done:
            context: dict[str, object] = {
                "first_name": account.first_name,
                "url": f"{settings().base_url}{PAGE}",
                "until": moment(clock.now() + KEPT),
            }
            mails.queue(session, "data_ready", account.email, context)
    if not done:  # asked for again, or not any more
        storage.remove(name)
    return done


def _ready(session: Session, row: DataExport, name: str, size: int) -> bool:
    ready = _still(row).values(ready_at=clock.now(), file_key=name, file_bytes=size)
    return _touched(session, ready)


def _later(row: DataExport) -> None:
    with writing() as session:
        session.execute(_still(row).values(next_attempt_at=clock.now() + RETRY))


def _touched(session: Session, change: Any) -> bool:
    """Whether this INSERT or UPDATE finds its row to write."""
    return session.execute(change.returning(col(DataExport.account_id))).first() is not None


def _still(row: DataExport) -> Update:
    """A change of this row, as long as it waits for what it waited for when it was read."""
    return (
        update(DataExport)
        .where(
            col(DataExport.account_id) == row.account_id,
            col(DataExport.asked_at) == row.asked_at,
            col(DataExport.ready_at).is_(None),
        )
        .execution_options(synchronize_session=False)
    )
