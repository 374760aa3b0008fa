"""The environment of the tests, and the two databases they run on; imported before the portal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session, SQLModel

os.environ.update(
    {
        "PORTAIL_NOW": "2026-11-23T09:00",
        "PORTAIL_BCRYPT_COST": "4",
        "PORTAIL_MODE": "demo",
        "PORTAIL_SECRET": "tests-only-" + "x" * 32,
        "PORTAIL_SEALING_KEYS": "dGVzdHMtb25seS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0=",
    }
)
for name in ("PORTAIL_DATABASE_URL", "PORTAIL_SMTP_URL", "PORTAIL_REDIS_URL", "PORTAIL_PUBLIC_URL"):
    os.environ.pop(name, None)

from portail import database, migrations
from portail.settings import settings
from tests import postgres

KINDS = ("sqlite", "postgresql")


@contextmanager
def migrated(kind: str, folder: Path) -> Iterator[None]:
    """A database of this kind, up to date; SQLite's in this folder."""
    os.environ["PORTAIL_DATA_DIR"] = str(folder)
    with ExitStack() as stack:
        url = stack.enter_context(postgres.temporary_server()) if kind == "postgresql" else ""
        os.environ["PORTAIL_DATABASE_URL"] = url
        database.close()  # one that another test may have left open
        settings.cache_clear()
        migrations.upgrade()
        yield
        database.close()
        os.environ.pop("PORTAIL_DATABASE_URL", None)
        settings.cache_clear()


def emptied() -> None:
    """Every table, as before anything happened: even what the database itself keeps for ever."""
    with database.writing() as session, _nothing_kept(session):
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(table.delete())


@contextmanager
def _nothing_kept(session: Session) -> Iterator[None]:
    """Without the triggers that keep the books, as no service can do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    triggers = session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, statement in triggers:
        session.execute(text(statement))
