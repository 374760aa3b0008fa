"""Places of limited slots were taken or freed: written down for the open grids to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, func, select

from portail import clock
from portail.models import PlaceChange

Place = tuple[int, date]  # id of a slot, day


def note_places(session: Session, places: Iterable[Place]) -> None:
    """Say, in the caller's transaction, that the places of these slots and days have changed.

    Only limited slots are worth it. Whoever joins or leaves a waiting list changes them too.
    """
    now = clock.now()
    rows = [
        {"slot_id": slot_id, "day": day, "changed_at": now} for slot_id, day in sorted(set(places))
    ]
    if rows:
        session.execute(insert(PlaceChange), rows)


def purge(session: Session, before: datetime) -> None:
    """Forget what was told before this instant.

    The newest row stays: SQLite would give its number again, and numbers tell what is new.
    """
    newest = select(func.max(PlaceChange.id)).scalar_subquery()
    session.execute(
        delete(PlaceChange).where(
            col(PlaceChange.changed_at) < before, col(PlaceChange.id) < newest
        )
    )
