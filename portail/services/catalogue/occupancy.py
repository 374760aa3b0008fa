"""Places taken by slot and day, counted once and kept in the process until somebody takes one.

A month of a family reads the bookings of the whole town: counting them at each opening would cost
ten times more with ten times the bookings. Whoever takes or frees a place writes a `PlaceChange` in
the same transaction; a count holds as long as its slot and day have no newer one, and a minute at
most. It is for screens: a confirmation counts the rows themselves, under its locks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from portail import clock
from portail.database import ask
from portail.domain.bookings import Held
from portail.domain.capacity import serve
from portail.models import PlaceChange, Reservation
from portail.services.catalogue.loading import Counted, Loaded, Place, Queue

HOLDS = timedelta(minutes=1)
# asked at each opening and each click: made once
_NEWEST = (
    select(col(PlaceChange.slot_id), col(PlaceChange.day), func.max(col(PlaceChange.id)))
    .where(
        col(PlaceChange.slot_id).in_(bindparam("slots", expanding=True)),
        col(PlaceChange.day).in_(bindparam("days", expanding=True)),
    )
    .group_by(col(PlaceChange.slot_id), col(PlaceChange.day))
)


@dataclass(frozen=True)
class Taken:
    """Places held or promised where there is a limit: of all, and by group; and who waits.

    `queues`: the child and group of each who waits, first come first, where anybody does.
    """

    of_all: dict[tuple[str, date], int]
    by_group: dict[tuple[str, date, str], int]
    queues: dict[tuple[str, date], Queue]


def taken(
    session: Session, loaded: Loaded, slots: Collection[str], wanted: Collection[date]
) -> Taken:
    """The places that every family holds of these slots on these days.

    A place that is free and that somebody waits for is as good as held: it is theirs first.
    """
    rules = loaded.rulebook
    places = {
        (loaded.slot_ids[code], day): (code, day)
        for code in slots
        if rules.slots[code][0].capacity.limits
        for day in wanted
        if rules.slot_day(code, day).closed is None
    }
    counts = _counts(session, loaded, places)
    return Taken(
        {places[place]: one.taken for place, one in counts.items() if one.taken},
        {
            (*places[place], group): count
            for place, one in counts.items()
            for group, count in one.by_group.items()
            if group
        },
        {places[place]: one.queue for place, one in counts.items() if one.queue},
    )


def _counts(
    session: Session, loaded: Loaded, places: Mapping[Place, tuple[str, date]]
) -> dict[Place, Counted]:
    """Those that are kept and still hold; the rest is counted."""
    if not places:
        return {}
    # asked before counting: what comes in between is counted again next time, never missed
    newest, now = _newest(session, places), clock.now()
    found: dict[Place, Counted] = {}
    for place in places:
        kept = loaded.counted.get(place)
        if kept is not None and kept.newest == newest.get(place, kept.newest) and now < kept.until:
            found[place] = kept
    missing = places.keys() - found.keys()
    if missing:
        fresh = _count(session, loaded, {place: places[place] for place in missing}, newest, now)
        loaded.counted.update(fresh)
        found |= fresh
    return found


def _newest(session: Session, places: Collection[Place]) -> dict[Place, int]:
    """The number of the last change of each, if it is not forgotten yet."""
    slot_ids, wanted = _both(places)
    rows = ask(session, _NEWEST, {"slots": slot_ids, "days": wanted})
    return {(slot_id, day): number for slot_id, day, number in rows}


def _count(
    session: Session,
    loaded: Loaded,
    places: Mapping[Place, tuple[str, date]],
    newest: Mapping[Place, int],
    now: datetime,
) -> dict[Place, Counted]:
    slot_ids, wanted = _both(places)
    key = (col(Reservation.slot_id), col(Reservation.day), col(Reservation.group_code))
    held: dict[Place, Counter[str]] = {place: Counter() for place in places}
    awaited: set[Place] = set()
    for slot_id, day, group, how, count in ask(
        session,
        select(*key, col(Reservation.state), func.count())
        .where(
            col(Reservation.slot_id).in_(slot_ids),
            col(Reservation.day).in_(wanted),
            col(Reservation.cancelled_at).is_(None),
        )
        .group_by(*key, col(Reservation.state)),
    ):
        if (slot_id, day) not in held:
            continue
        if how is Held.WAITING:
            awaited.add((slot_id, day))
        else:
            held[slot_id, day][group] += count
    queues = _queues(session, awaited)
    for place, queue in queues.items():
        code, day = places[place]
        rule, there = loaded.rulebook.slots[code][0].capacity, held[place]
        groups = [group for _, group in queue]
        open_places = loaded.rulebook.slot_day(code, day).places
        served = serve(rule, open_places, groups, there.total(), there)
        there.update(groups[position] for position in served)
    return {
        place: Counted(
            newest.get(place, 0), now + HOLDS, there.total(), there, tuple(queues.get(place, ()))
        )
        for place, there in held.items()
    }


def _queues(session: Session, places: Collection[Place]) -> dict[Place, list[tuple[int, str]]]:
    queues: dict[Place, list[tuple[int, str]]] = {place: [] for place in places}
    if not places:
        return queues
    slot_ids, wanted = _both(places)
    for slot_id, day, child, group in ask(
        session,
        select(
            col(Reservation.slot_id),
            col(Reservation.day),
            col(Reservation.child_id),
            col(Reservation.group_code),
        )
        .where(
            col(Reservation.slot_id).in_(slot_ids),
            col(Reservation.day).in_(wanted),
            col(Reservation.cancelled_at).is_(None),
            col(Reservation.state) == Held.WAITING,
        )
        .order_by(col(Reservation.booked_at), col(Reservation.id)),
    ):
        if (slot_id, day) in queues:
            queues[slot_id, day].append((child, group))
    return queues


def _both(places: Collection[Place]) -> tuple[list[int], list[date]]:
    return sorted({slot_id for slot_id, _ in places}), sorted({day for _, day in places})
