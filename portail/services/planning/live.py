"""What moved on the planning since a process last looked: places taken or freed, marks of parents.

Open grids are told by `state.planning.live`; this module reads for all those of a process at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, cast, literal, null, union_all
from sqlmodel import col, func, select

from portail.database import reading
from portail.domain.bookings import CellKey, Pending
from portail.domain.capacity import FEW, settle
from portail.domain.identity import Actor
from portail.models import FamilyChild, PendingChange, PlaceChange, PlanningDraft, Subscription
from portail.services.catalogue import current
from portail.services.planning.cells import make_cell
from portail.services.planning.day_places import DayPlaces, read_places
from portail.services.planning.opening import open_planning
from portail.services.planning.views import Cell

PlaceKey = tuple[str, date]  # slot, day
Look = tuple[int | None, ...]  # what a screen may show of the places of a day
Marks = frozenset[tuple[CellKey, Pending]]
# numbers of rows are given before they are seen: a slow transaction's come late, and are looked
# for during so many rounds, and so far back when the process starts
ROUNDS, BEFORE_START = 15, 1000
# a screen takes its own pending bookings off the places left: some more are worth following
FOLLOWED = FEW + 5


@dataclass
class Seen:
    """The rows of changes a process has read: all up to `floor`, and those of the last rounds."""

    floor: int | None = None
    recent: dict[int, int] = field(default_factory=dict)  # the round each was read in
    round: int = 0

    def keep(self, ids: Collection[int]) -> set[int]:
        """Those of these that are new."""
        self.round += 1
        new = set(ids) - self.recent.keys()
        self.recent |= dict.fromkeys(new, self.round)
        old = [key for key, when in self.recent.items() if when <= self.round - ROUNDS]
        if old:
            self.floor = max(*old, self.floor or 0)
            self.recent = {key: when for key, when in self.recent.items() if key > self.floor}
        return new


@dataclass(frozen=True)
class News:
    """What moved: places, and the versions of the accounts' pending changes as they are now."""

    places: frozenset[PlaceKey] = frozenset()
    versions: Mapping[int, int] = field(default_factory=dict)


def changes_since(seen: Seen, accounts: Collection[int] = ()) -> News:
    """The changes of places not read yet, and where the drafts of these accounts stand.

    One query, and no more when nothing moved.
    """
    with reading() as session:
        starting = seen.floor is None
        if starting:
            seen.floor = (session.exec(select(func.max(PlaceChange.id))).one() or 0) - BEFORE_START
        rows = session.execute(_changes(seen.floor or 0, accounts)).all()
        places = {number: (slot_id, day) for what, number, slot_id, day in rows if what == "place"}
        versions = {number: version for what, number, version, _ in rows if what == "draft"}
        new = seen.keep(places)
        if starting:  # what is there is older than any grid
            return News(versions=versions)
        codes = current(session).slot_codes if new else {}
        rules = current(session).rulebook if new else None
    moved = ((codes.get(places[number][0], ""), places[number][1]) for number in new)
    return News(
        frozenset(
            (slot, other)
            for slot, day in moved
            if rules is not None and slot in rules.slots
            for other in rules.slot_day(slot, day).together
        ),
        versions,
    )


def _changes(floor: int, accounts: Collection[int]) -> CompoundSelect[Any]:
    return union_all(
        select(
            literal("place"), col(PlaceChange.id), col(PlaceChange.slot_id), col(PlaceChange.day)
        ).where(col(PlaceChange.id) > floor),
        select(
            literal("draft"),
            col(PlanningDraft.account_id),
            col(PlanningDraft.version),
            cast(null(), Date),
        ).where(col(PlanningDraft.account_id).in_(accounts)),
    )


def looks(places: Collection[PlaceKey]) -> dict[PlaceKey, Look]:
    """What may be shown of these places: as long as it stays the same, no screen changes.

    Many places left are all the same; a number is when they are few or somebody waits. Of days
    booked at once, a screen shows the fewest.
    """
    with reading() as session:
        loaded = current(session)
        together = {
            (slot, day): loaded.rulebook.slot_day(slot, day).together
            for slot, day in places
            if slot in loaded.rulebook.slots
        }
        wanted = {(slot, day) for (slot, _), days in together.items() for day in days}
        found = read_places(session, loaded, wanted)
    return {
        (slot, first): tuple(look for day in days for look in _look(found[slot, day]))
        for (slot, first), days in together.items()
    }


def cells(actor: Actor, keys: Collection[CellKey]) -> dict[CellKey, Cell]:
    """These cells as they are now.

    Raises:
        NotFound: a child that is not the actor's.
    """
    children = {child for child, _, _ in keys}
    slots, days = {slot for _, slot, _ in keys}, {day for _, _, day in keys}
    with reading() as session:
        opened = open_planning(session, actor, days, only=children, slots=slots)
    found = {}
    for key in keys:
        known = opened.known(key[0])
        found[key] = make_cell(opened, known, opened.plans[known.facts.family_id], key)
    return found


def _look(one: DayPlaces) -> Look:
    taken, groups = one.taken()
    found: list[int | None] = [len(one.queue)]
    for group in ("", *sorted(one.places.by_group)):
        left = settle(one.rule, one.places, group, taken, groups[group]).left
        found.append(None if left is None else min(left, FOLLOWED))
    return tuple(found)


def accounts_of(children: Collection[int]) -> dict[int, frozenset[int]]:
    """The accounts that reach each of these children, in any of its households."""
    found: dict[int, set[int]] = defaultdict(set)
    with reading() as session:
        for child, account in session.exec(
            select(FamilyChild.child_id, Subscription.account_id)
            .join(Subscription, col(Subscription.family_id) == col(FamilyChild.family_id))
            .where(col(FamilyChild.child_id).in_(children))
        ):
            found[child].add(account)
    return {child: frozenset(accounts) for child, accounts in found.items()}


def marks(accounts: Collection[int]) -> dict[int, Marks]:
    """What each of these accounts has pending."""
    found: dict[int, set[tuple[CellKey, Pending]]] = {account: set() for account in accounts}
    with reading() as session:
        codes = current(session).slot_codes
        for row in session.exec(
            select(PendingChange).where(col(PendingChange.account_id).in_(accounts))
        ):
            key = row.child_id, codes.get(row.slot_id, ""), row.day
            found[row.account_id].add((key, row.kind))
    return {account: frozenset(cells) for account, cells in found.items()}
