"""The catalogue in force, kept in the process until the next import.

Each call asks the database one row: the stamp of the last import. Everything else is read, and the
rules made ready, when it changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portail.database import ask, reading
from portail.domain.calendars import CalendarRules, Zone
from portail.domain.catalogue import Activity, ActivityType, Residents, Site, Slot, Town
from portail.domain.catalogue_plain import activity_from_plain, read
from portail.domain.pricing import Tariff
from portail.domain.pricing import from_plain as tariff_from_plain
from portail.domain.slot_days import Rulebook
from portail.models import (
    ActivityRow,
    ActivityTypeRow,
    CatalogueState,
    SiteRow,
    SlotRow,
    TariffRow,
)

# asked by whatever needs the catalogue: made once
_STAMP = select(CatalogueState.stamp)
Row = TypeVar("Row", bound=SQLModel)


Place = tuple[int, date]  # id of a slot, day
Queue = tuple[tuple[int, str], ...]  # child and group of each who waits


@dataclass(frozen=True, slots=True)
class Counted:
    """Places taken of a slot on a day, as `occupancy` counted them; `newest`: the last change."""

    newest: int
    until: datetime
    taken: int
    by_group: Mapping[str, int]
    queue: Queue


@dataclass(frozen=True)
class Loaded:
    """A town's catalogue, its rules made ready, and the rows its codes stand for.

    Codes of rows and `labels` go for what was withdrawn from the town's file as well, for
    enrolments and reservations still point there; the rulebook has only what is in the file, and
    `withdrawn` the slots that no longer are, as they were.
    `version` is 0 as long as nothing was imported: an empty town. `counted` is kept by `occupancy`.
    `imported_at`: since when it is so; unset, nothing was imported.
    """

    version: int
    stamp: str
    town: Town
    rulebook: Rulebook
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)
    activity_ids: Mapping[str, int] = field(default_factory=dict)
    slot_ids: Mapping[str, int] = field(default_factory=dict)
    activity_codes: Mapping[int, str] = field(default_factory=dict)
    slot_codes: Mapping[int, str] = field(default_factory=dict)
    activity_labels: Mapping[str, str] = field(default_factory=dict)
    slot_labels: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, ActivityType] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    withdrawn: Mapping[str, tuple[Slot, Activity]] = field(default_factory=dict)
    imported_at: datetime | None = None
    counted: dict[Place, Counted] = field(default_factory=dict, repr=False, compare=False)

    def slot(self, code: str) -> tuple[Slot, Activity] | None:
        """A slot and its activity, those of before too: what was used of them is still billed."""
        return self.rulebook.slots.get(code) or self.withdrawn.get(code)

    def label(self, code: str) -> str:
        """The French name of a slot, an activity, a group, a type or a site; else the code."""
        for labels in (self.slot_labels, self.activity_labels, self._groups()):
            if code in labels:
                return labels[code]
        named = self.types.get(code) or self.sites.get(code)
        return named.label if named else code

    def _groups(self) -> dict[str, str]:
        activities = self.town.activities
        return {group.code: group.label for activity in activities for group in activity.groups}


def _empty() -> Loaded:
    town = Town("", CalendarRules(Zone.C))
    return Loaded(0, "", town, Rulebook(town))


class _Kept:
    """The last catalogue read; threads that find it out of date read it one at a time."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.loaded: Loaded | None = None


_kept = _Kept()


def current(session: Session | None = None) -> Loaded:
    """The catalogue in force, in the caller's transaction if it has one."""
    with nullcontext(session) if session is not None else reading() as own:
        stamp = _stamp(own)
        loaded = _kept.loaded
        if loaded is not None and loaded.stamp == stamp:
            return loaded
        with _kept.lock:
            loaded = _kept.loaded
            # an import between two of the queries would give half of each catalogue
            while loaded is None or loaded.stamp != stamp:
                loaded = _load(own)
                stamp = _stamp(own)
            _kept.loaded = loaded
        return loaded


def _stamp(session: Session) -> str:
    return ask(session, _STAMP).scalar() or ""


def _load(session: Session) -> Loaded:
    def rows(query: SelectOfScalar[Row]) -> Sequence[Row]:
        # as they are now, whatever the caller's session has read before
        return session.exec(query.execution_options(populate_existing=True)).all()

    states = rows(select(CatalogueState))
    if not states:
        return _empty()
    (state,) = states
    activity_rows = rows(select(ActivityRow).order_by(col(ActivityRow.id)))
    slot_rows = rows(select(SlotRow).order_by(col(SlotRow.rank), col(SlotRow.id)))
    types = [read(ActivityType, row.definition) for row in rows(select(ActivityTypeRow))]
    sites = [read(Site, row.definition) for row in rows(select(SiteRow))]
    slots: dict[int, list[Slot]] = {}
    for slot_row in slot_rows:
        if slot_row.withdrawn_at is None:
            slots.setdefault(slot_row.activity_id, []).append(read(Slot, slot_row.definition))
    activities = [
        activity_from_plain(row.definition, slots.get(row.id or 0, ()))
        for row in activity_rows
        if row.withdrawn_at is None
    ]
    plain = {row.id: row.definition for row in activity_rows}
    withdrawn = {
        row.code: (slot, activity_from_plain(plain[row.activity_id], (slot,)))
        for row in slot_rows
        if row.withdrawn_at is not None
        for slot in (read(Slot, row.definition),)
    }
    town = Town(
        name=state.town,
        calendar=read(CalendarRules, state.calendar),
        residents=read(Residents, state.residents),
        types=tuple(sorted(types, key=lambda one: (one.order, one.code))),
        sites=tuple(sorted(sites, key=lambda one: one.code)),
        activities=tuple(sorted(activities, key=lambda one: (one.order, one.code))),
    )
    tariffs = [tariff_from_plain(row.definition) for row in rows(select(TariffRow))]
    return Loaded(
        version=state.version,
        stamp=state.stamp,
        town=town,
        rulebook=Rulebook(town),
        tariffs={tariff.code: tariff for tariff in tariffs},
        activity_ids={row.code: row.id or 0 for row in activity_rows},
        slot_ids={row.code: row.id or 0 for row in slot_rows},
        activity_codes={row.id or 0: row.code for row in activity_rows},
        slot_codes={row.id or 0: row.code for row in slot_rows},
        activity_labels={row.code: row.label for row in activity_rows},
        slot_labels={row.code: row.label for row in slot_rows},
        types={one.code: one for one in town.types},
        sites={one.code: one for one in town.sites},
        withdrawn=withdrawn,
        imported_at=state.imported_at,
    )
