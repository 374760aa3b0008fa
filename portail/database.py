"""The engine and its transactions. The one module that knows SQLite from PostgreSQL.

SQLite: WAL, foreign keys on, `BEGIN IMMEDIATE` for writes, so that two writers wait for each other
instead of failing half-way. PostgreSQL: its own defaults, row locks where a service asks for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from enum import IntEnum
from functools import lru_cache
from threading import RLock
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
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
_TRY_SESSION = text("SELECT pg_try_advisory_lock(:work)")
_LEAVE = text("SELECT pg_advisory_unlock(:work)")


class Work(IntEnum):
    """Background work that one process does at a time."""

    WAITING_LISTS = 1
    BILLING = 2
    PAPERS = 3
    EXPORTS = 4
    DEADLINES = 5


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


def reads_are_local() -> bool:
    """Whether what is read is a file's: a read waits for no network, nor (WAL) for a writer."""
    return engine().dialect.name == "sqlite"


def close() -> None:
    """Close every connection: before this process forks, for a connection is one process's."""
    if engine.cache_info().currsize:
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


def new_ids(session: Session, table: type[SQLModel], count: int) -> list[int]:
    """So many ids for rows that this transaction will insert by `insert_many`."""
    if _is_postgresql(session):
        numbers = text("SELECT nextval(:sequence) FROM generate_series(1, :count)")
        asked = {"sequence": f"{table.__tablename__}_id_seq", "count": count}
        return [int(number) for (number,) in session.execute(numbers, asked)]
    # the writer is alone, and what is issued is never deleted: no id is given twice
    last = session.scalar(text(f"SELECT MAX(id) FROM {table.__tablename__}")) or 0  # noqa: S608
    return list(range(last + 1, last + count + 1))


def insert_many(
    session: Session, table: type[SQLModel], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Very many rows, by each driver's quickest way; days as ISO text.

    Defaults and types of the model are not applied: values are those the database keeps.

    Raises:
        IntegrityError: a constraint refuses one of them.
    """
    if not rows:
        return
    into = f"{table.__tablename__} ({', '.join(columns)})"
    if not _is_postgresql(session):
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608  (our names)
        session.connection().exec_driver_sql(statement, list(map(tuple, rows)))
        return
    driver: Any = session.connection().connection
    refused: type[Exception] = session.get_bind().dialect.dbapi.IntegrityError  # type: ignore[union-attr]
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except refused as error:  # said as everywhere else
        raise IntegrityError(f"COPY {into}", None, error) from error


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


@contextmanager
def working_alone(work: Work) -> Iterator[bool]:
    """Whether this process is the only one at a work of many transactions; nobody waits for it.

    It stays so until the block ends, or the process dies, however it does.
    """
    if engine().dialect.name == "postgresql":
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mine = bool(connection.scalar(_TRY_SESSION, {"work": int(work)}))
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(_LEAVE, {"work": int(work)})
        return
    # a database of its own, that nobody reads: its lock goes with the process that holds it
    path = f"{engine().url.database}.{work.name.lower()}"
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
            return
        yield True


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
