"""Put a town's catalogue in the database in place of the one before, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.catalogue import Town
from portail.domain.catalogue_plain import activity_to_plain, json_ready, written
from portail.domain.pricing import Tariff
from portail.domain.pricing import to_plain as tariff_to_plain
from portail.models import (
    ActivityRow,
    ActivityTypeRow,
    CatalogueState,
    ConfirmationLine,
    Enrolment,
    PendingChange,
    Reservation,
    SiteRow,
    SlotRow,
    TariffRow,
)
from portail.services.audit import log_action

Row = TypeVar("Row", ActivityTypeRow, SiteRow, TariffRow)
Definitions = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What an import changes, each part by its name: «activity CANTINE», «slot REPAS»."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def changes(session: Session, town: Town, tariffs: Mapping[str, Tariff]) -> Changes:
    """What `write` would change, writing nothing."""
    before, after = _kept(session), _definitions(town, tariffs)
    return Changes(
        added=tuple(key for key in after if key not in before),
        changed=tuple(key for key in after if key in before and after[key] != before[key]),
        removed=tuple(key for key in before if key not in after),
    )


def write(session: Session, town: Town, tariffs: Mapping[str, Tariff]) -> int:
    """Make this the town's catalogue; the caller's transaction keeps all of it or nothing.

    What is no longer there is deleted; an activity or a slot that an enrolment, a reservation, a
    pending change or the answer to one points to is marked as withdrawn instead: parents are told
    of what they chose, not robbed of it. The catalogue must have passed its checks.

    Returns:
        The version it becomes.
    """
    now = clock.now()
    state = session.exec(select(CatalogueState).with_for_update()).first()
    if state is None:
        state = CatalogueState(
            town="", calendar={}, residents={}, version=0, stamp="", imported_at=now
        )
    state.town = town.name
    state.calendar = json_ready(written(town.calendar))
    state.residents = json_ready(written(town.residents))
    state.version += 1
    state.stamp = uuid4().hex
    state.imported_at = now
    session.add(state)
    _simple(session, ActivityTypeRow, {one.code: json_ready(written(one)) for one in town.types})
    _simple(session, SiteRow, {one.code: json_ready(written(one)) for one in town.sites})
    _simple(session, TariffRow, _tariffs(tariffs))
    # locked: whoever enrols a child meanwhile waits, and is then seen below
    activity_rows = session.exec(select(ActivityRow).with_for_update()).all()
    slot_rows = session.exec(select(SlotRow).with_for_update()).all()
    ids = _activities(session, town, activity_rows)
    _slots(session, town, slot_rows, ids)
    _withdraw(session, town, activity_rows, slot_rows, now)
    log_action(session, "catalogue_imported", subject=f"{town.name} {state.version}"[:120])
    return state.version


def _simple(session: Session, kind: type[Row], definitions: Mapping[str, Definitions]) -> None:
    rows = {row.code: row for row in session.exec(select(kind))}
    for code, definition in definitions.items():
        row = rows.pop(code, None)
        if row is None:
            session.add(kind(code=code, definition=definition))
        elif row.definition != definition:
            row.definition = definition
    for row in rows.values():
        session.delete(row)


def _activities(session: Session, town: Town, rows: Sequence[ActivityRow]) -> dict[str, int]:
    """Insert and update the activities; their ids by code."""
    known = {row.code: row for row in rows}
    kept = []
    for activity in town.activities:
        values: Definitions = {
            "type_code": activity.type,
            "label": activity.label,
            "first_day": activity.season.first_day,
            "last_day": activity.season.last_day,
            "definition": json_ready(activity_to_plain(activity)),
            "withdrawn_at": None,
        }
        row = known.get(activity.code)
        if row is None:
            row = ActivityRow(code=activity.code, **values)
            session.add(row)
        else:
            _set(row, values)
        kept.append(row)
    session.flush()
    return {row.code: row.id or 0 for row in kept}


def _slots(
    session: Session, town: Town, rows: Sequence[SlotRow], activity_ids: Mapping[str, int]
) -> None:
    known = {row.code: row for row in rows}
    for activity in town.activities:
        for rank, slot in enumerate(activity.slots):
            values: Definitions = {
                "activity_id": activity_ids[activity.code],
                "label": slot.label,
                "rank": rank,
                "definition": json_ready(written(slot)),
                "withdrawn_at": None,
            }
            row = known.get(slot.code)
            if row is None:
                session.add(SlotRow(code=slot.code, **values))
            else:
                _set(row, values)
    session.flush()


def _set(row: ActivityRow | SlotRow, values: Definitions) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _withdraw(
    session: Session,
    town: Town,
    activity_rows: Sequence[ActivityRow],
    slot_rows: Sequence[SlotRow],
    now: datetime,
) -> None:
    """Slots before their activities, whose end would take them along."""
    activities = {activity.code for activity in town.activities}
    slots = {slot.code for activity in town.activities for slot in activity.slots}
    gone_slots = [row for row in slot_rows if row.code not in slots]
    gone = [row for row in activity_rows if row.code not in activities]
    if gone_slots:
        ids = [row.id for row in gone_slots]
        used = {
            slot
            for one in (Reservation, PendingChange, ConfirmationLine)
            for slot in session.exec(
                select(one.slot_id).where(col(one.slot_id).in_(ids)).distinct()
            )
        }
        _end(session, gone_slots, used, now)
    if gone:
        ids = [row.id for row in gone]
        query = select(Enrolment.activity_id).where(col(Enrolment.activity_id).in_(ids)).distinct()
        kept = {row.activity_id for row in gone_slots if row.withdrawn_at is not None}
        _end(session, gone, set(session.exec(query)) | kept, now)


def _end(
    session: Session, rows: Sequence[ActivityRow] | Sequence[SlotRow], used: set[int], now: datetime
) -> None:
    for row in rows:
        if row.id not in used:
            session.delete(row)
        elif row.withdrawn_at is None:
            row.withdrawn_at = now
    session.flush()


def _definitions(town: Town, tariffs: Mapping[str, Tariff]) -> Definitions:
    """Every part of a catalogue by a name that an agent reads."""
    found: Definitions = {
        "town": {
            "name": town.name,
            "calendar": json_ready(written(town.calendar)),
            "residents": json_ready(written(town.residents)),
        }
    }
    found |= {f"type {one.code}": json_ready(written(one)) for one in town.types}
    found |= {f"site {one.code}": json_ready(written(one)) for one in town.sites}
    found |= {f"tariff {code}": plain for code, plain in _tariffs(tariffs).items()}
    for activity in town.activities:
        found[f"activity {activity.code}"] = json_ready(activity_to_plain(activity))
        for slot in activity.slots:
            found[f"slot {slot.code}"] = {
                "activity": activity.code,
                **json_ready(written(slot)),
            }
    return found


def _kept(session: Session) -> Definitions:
    """The same of what the database has, withdrawn parts left out."""
    state = session.exec(select(CatalogueState)).first()
    if state is None:
        return {}
    found: Definitions = {
        "town": {"name": state.town, "calendar": state.calendar, "residents": state.residents}
    }
    found |= {f"type {row.code}": row.definition for row in session.exec(select(ActivityTypeRow))}
    found |= {f"site {row.code}": row.definition for row in session.exec(select(SiteRow))}
    found |= {f"tariff {row.code}": row.definition for row in session.exec(select(TariffRow))}
    live = select(ActivityRow).where(col(ActivityRow.withdrawn_at).is_(None))
    activities = {row.id: row for row in session.exec(live)}
    found |= {f"activity {row.code}": row.definition for row in activities.values()}
    for row in session.exec(select(SlotRow).where(col(SlotRow.withdrawn_at).is_(None))):
        of = activities.get(row.activity_id)
        found[f"slot {row.code}"] = {"activity": of.code if of else "", **row.definition}
    return found


def _tariffs(tariffs: Mapping[str, Tariff]) -> dict[str, Definitions]:
    return {code: json_ready(tariff_to_plain(tariff)) for code, tariff in tariffs.items()}
