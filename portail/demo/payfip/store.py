"""What the peer remembers, in an SQLite file of its own: processes agree, a restart keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS operation (
    idop TEXT PRIMARY KEY, numcli TEXT NOT NULL, exer TEXT NOT NULL, refdet TEXT NOT NULL,
    montant INTEGER NOT NULL, mel TEXT NOT NULL, objet TEXT NOT NULL, saisie TEXT NOT NULL,
    urlnotif TEXT NOT NULL, urlredirect TEXT NOT NULL, created_at TEXT NOT NULL,
    resultrans TEXT NOT NULL DEFAULT '', settled_at TEXT, numauto TEXT NOT NULL DEFAULT '',
    paid INTEGER
);
CREATE TABLE IF NOT EXISTS notification (
    id INTEGER PRIMARY KEY, idop TEXT NOT NULL, due REAL NOT NULL, held INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL);
PRAGMA user_version = 1;
"""


@dataclass(frozen=True)
class Operation:
    """A payment announced; `resultrans` is empty until it ends, `paid` in cents once paid."""

    idop: str
    numcli: str
    exer: str
    refdet: str
    montant: int
    mel: str
    objet: str
    saisie: str
    urlnotif: str
    urlredirect: str
    created_at: datetime
    resultrans: str = ""
    settled_at: datetime | None = None
    numauto: str = ""
    paid: int | None = None


@contextmanager
def opened(file: Path, *, write: bool = True) -> Iterator[sqlite3.Connection]:
    """One transaction on the file, which is made if need be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        if not connection.execute("PRAGMA user_version").fetchone()[0]:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def add(connection: sqlite3.Connection, operation: Operation) -> None:
    """Keep a new operation."""
    connection.execute(
        "INSERT INTO operation (idop, numcli, exer, refdet, montant, mel, objet, saisie, urlnotif,"
        " urlredirect, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            operation.idop,
            operation.numcli,
            operation.exer,
            operation.refdet,
            operation.montant,
            operation.mel,
            operation.objet,
            operation.saisie,
            operation.urlnotif,
            operation.urlredirect,
            operation.created_at.isoformat(),
        ),
    )


def find(connection: sqlite3.Connection, idop: str) -> Operation | None:
    """An operation by its name."""
    row = connection.execute("SELECT * FROM operation WHERE idop = ?", (idop,)).fetchone()
    return _operation(row) if row else None


def newest(connection: sqlite3.Connection, count: int) -> list[Operation]:
    """The last operations."""
    query = "SELECT * FROM operation ORDER BY rowid DESC LIMIT ?"
    return [_operation(row) for row in connection.execute(query, (count,))]


def settle(connection: sqlite3.Connection, operation: Operation) -> None:
    """Keep how it ended."""
    at = operation.settled_at.isoformat() if operation.settled_at else None
    connection.execute(
        "UPDATE operation SET resultrans = ?, settled_at = ?, numauto = ?, paid = ? WHERE idop = ?",
        (operation.resultrans, at, operation.numauto, operation.paid, operation.idop),
    )


def queue(connection: sqlite3.Connection, idop: str, due: float, *, held: bool = False) -> None:
    """A notification to send at `due` (seconds since 1970); held: not before it is released."""
    connection.execute(
        "INSERT INTO notification (idop, due, held) VALUES (?, ?, ?)", (idop, due, held)
    )


def waiting(connection: sqlite3.Connection, *, held: bool) -> list[int]:
    """The notifications that wait, oldest first."""
    query = "SELECT id FROM notification WHERE held = ? ORDER BY id"
    return [row["id"] for row in connection.execute(query, (held,))]


def release(connection: sqlite3.Connection, ids: list[int], due: float) -> None:
    """Let held notifications go from `due` on, in this order."""
    for place, ident in enumerate(ids):
        connection.execute(
            "UPDATE notification SET held = 0, due = ? WHERE id = ?", (due + place / 1000, ident)
        )


def take_due(connection: sqlite3.Connection, at: float) -> list[str]:
    """The addresses to call now, each given to one caller only."""
    rows = connection.execute(
        "SELECT n.id, o.urlnotif, o.idop FROM notification n JOIN operation o ON o.idop = n.idop"
        " WHERE n.held = 0 AND n.due <= ? ORDER BY n.due, n.id",
        (at,),
    ).fetchall()
    for row in rows:
        connection.execute("DELETE FROM notification WHERE id = ?", (row["id"],))
    return [with_idop(row["urlnotif"], row["idop"]) for row in rows]


def switch(connection: sqlite3.Connection, name: str) -> str:
    """What a switch is set to; empty when it never was."""
    row = connection.execute("SELECT value FROM switch WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row else ""


def set_switch(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Set a switch."""
    connection.execute(
        "INSERT INTO switch (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def with_idop(url: str, idop: str) -> str:
    """The address of the portal, with the operation it is about."""
    return f"{url}{'&' if '?' in url else '?'}idop={idop}"


def _operation(row: sqlite3.Row) -> Operation:
    values = dict(row)
    for name in ("created_at", "settled_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Operation(**values)
