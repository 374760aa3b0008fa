"""The environment of the tests, and the two databases they run on; imported before the portal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlmodel import SQLModel

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
        settings.cache_clear()
        database.engine.cache_clear()
        migrations.upgrade()
        yield
        database.close()
        os.environ.pop("PORTAIL_DATABASE_URL", None)
        settings.cache_clear()


def emptied() -> None:
    """Every table, as before anything happened."""
    with database.writing() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(table.delete())
