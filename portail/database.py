"""The engine and its transactions. The one module that knows SQLite from PostgreSQL.

SQLite: WAL, foreign keys on, `BEGIN IMMEDIATE` for writes, so that two writers wait for each other
instead of failing half-way. PostgreSQL: its own defaults, row locks where a service asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from enum import IntEnum
from functools import lru_cache
from threading import RLock
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from portail.settings import settings

BUSY_TIMEOUT_MS = 10_000
# SQLite lets any of those who wait pass: in a rush somebody would wait in vain
_turn = RLock()
_LOCK_PLACES = text(
    "SELECT pg_advisory_xact_lock(slot, day)"
    " FROM unnest(CAST(:slots AS int[]), CAST(:days AS int[])) AS pair(slot, day)"
)
_TRY = text("SELECT pg_try_advisory_xact_lock(:work)")


class Work(IntEnum):
    """Background work that one process does at a time."""

    WAITING_LISTS = 1


def make_engine(url: str) -> Engine:
    """An engine for this address, tuned for its kind of database."""
    if url.startswith("postgresql"):
        return create_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
        )
    # hide_parameters: an error in the logs must not carry a name or an address
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("portail_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process."""
    if settings().sqlalchemy_url.startswith("sqlite"):
        settings().data_dir.mkdir(parents=True, exist_ok=True)
    return make_engine(settings().sqlalchemy_url)


def close() -> None:
    """Close every connection: before this process forks, for a connection is one process's."""
    engine().dispose()
    engine.cache_clear()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for queries only: one consistent view, nothing kept."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction: all of it is kept when the block ends, none of it when it raises."""
    write_engine = engine().execution_options(portail_write=True)
    in_turn = _turn if write_engine.dialect.name == "sqlite" else nullcontext()
    with in_turn, Session(write_engine, expire_on_commit=False) as session, session.begin():
        yield session


def ask(
    session: Session,
    statement: Executable,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> CursorResult[*tuple[Any, ...]]:
    """Execute a statement of bare columns in the session's transaction.

    It goes to the connection itself: half the cost of the session's own way, which matters to what
    each click and each opening asks a dozen times. Entities are for the session.
    """
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, values)


def insert_unless_there(session: Session, table: type[SQLModel], *unique: str) -> Any:
    """An INSERT that does nothing for a row whose unique columns are taken, by anybody, just now.

    It waits for whoever is writing the same row to be done; add `values` to it.
    """
    insert = (postgresql if _is_postgresql(session) else sqlite).insert
    return insert(table).on_conflict_do_nothing(index_elements=list(unique))


def lock_places(session: Session, pairs: Iterable[tuple[int, date]]) -> None:
    """Hold the places of these slots (by id) and days until the transaction ends.

    Taken in one order by everybody, after any other lock. On SQLite the writer is alone already.
    """
    wanted = sorted(set(pairs))
    if wanted and _is_postgresql(session):
        slots, days = [slot for slot, _ in wanted], [day.toordinal() for _, day in wanted]
        session.execute(_LOCK_PLACES, {"slots": slots, "days": days})


def alone(session: Session, work: Work) -> bool:
    """Whether this transaction is the only one at this work, until it ends; nobody waits for it."""
    return not _is_postgresql(session) or bool(session.scalar(_TRY, {"work": int(work)}))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
