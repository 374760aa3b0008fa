"""Is the portal fit to serve: database reached, schema up to date."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portail import migrations
from portail.database import reading


def problems() -> list[str]:
    """What is wrong, in words for whoever runs the portal; empty when all is well."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
        current, wanted = migrations.current_revision(), migrations.wanted_revision()
    except SQLAlchemyError as error:
        return [f"database: {type(error).__name__}"]
    if current != wanted:
        return [f"migrations: database at {current or 'nothing'}, code at {wanted}"]
    return []
