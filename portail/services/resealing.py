"""What is sealed at rest, sealed again with the newest key."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel, col, select

from portail.adapters.sealing import reseal
from portail.database import writing

BATCH = 500


def reseal_rows(table: type[SQLModel], key: str, *fields: str) -> int:
    """Seal these fields of a table again, in batches; how many texts. Safe to run again.

    `key`: its field that numbers the rows.

    Raises:
        SealBrokenError: a text that no key opens; nothing of its batch is changed.
    """
    number: Any = getattr(table, key)
    done = last = 0
    while True:
        with writing() as session:
            rows = session.exec(
                select(table)
                .where(col(number) > last)
                .order_by(col(number))
                .limit(BATCH)
                .with_for_update()
            ).all()
            for row in rows:
                for field in fields:
                    setattr(row, field, reseal(getattr(row, field)))
                last = getattr(row, key)
        done += len(fields) * len(rows)
        if len(rows) < BATCH:
            return done
