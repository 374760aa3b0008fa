"""Alembic environment: run by `portail.migrations.upgrade`, on our own engine."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import portail.models  # noqa: F401  (registers the tables)
from portail.database import engine
from portail.models.base import Instant


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write plain SQLAlchemy types: a migration must not change when our types do."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


with engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite changes a column by copying its table
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
