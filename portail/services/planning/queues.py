"""The worker's part of the waiting lists: offer what is freed, end what was let pass or is over.

Each offer, each end is a transaction of its own, with its mail: a crash loses nothing and repeats
nothing. One process at a time does it (`database.alone`); the others come back a moment later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portail import clock
from portail.database import Work, alone, lock_places, reading, writing
from portail.domain.bookings import CellState, Held
from portail.domain.catalogue import Package
from portail.domain.moments import utc
from portail.domain.verdicts import may_book
from portail.models import Child, Reservation
from portail.models.enrolments import QUEUE
from portail.services.audit import log_action
from portail.services.catalogue import Loaded, current, plan_for
from portail.services.planning import receipts
from portail.services.planning.day_places import DayPlaces, read_places
from portail.services.planning.places import note_places
from portail.services.planning.receipts import Place

PASSED, OVER, NO_MORE = "passed", "over", "enrolment"  # why one no longer waits
Unit = tuple[int, tuple[date, ...]]  # a slot's id, and the days that are booked at once


def tend() -> int:
    """All that the waiting lists ask for now; how many children were offered a place or told."""
    return end_offers() + end_queues() + offer_freed()


def end_offers() -> int:
    """End the offers that were let pass; whoever was offered is told."""
    with reading() as session:
        loaded = current(session)
        rows = session.exec(
            _queued().where(
                Reservation.state == Held.OFFERED, col(Reservation.offered_until) <= clock.now()
            )
        ).all()
    offers = {(row.child_id, unit_of(loaded, row)) for row in rows}
    return sum(_end_offer(child, unit) for child, unit in sorted(offers))


def end_queues() -> int:
    """End the waiting for days that can no longer be booked: one mail a family and account."""
    with reading() as session:
        loaded, now = current(session), clock.now()
        pairs = _pairs(session)
        over = [pair for pair in pairs if _is_over(loaded, *pair, now)]
        rows = _waiting(session, over)
    families = dict.fromkeys((row.family_id, row.account_id) for row in rows)
    return sum(_end_queue(*family, over) for family in families)


def offer_freed() -> int:
    """Offer the places that are free to the first of those who wait for them."""
    with reading() as session:
        loaded = current(session)
        pairs = [
            pair for pair in _pairs(session) if loaded.slot_codes[pair[0]] in loaded.rulebook.slots
        ]
        keys = {(loaded.slot_codes[slot_id], day) for slot_id, day in pairs}
        free = {key for key, one in read_places(session, loaded, keys).items() if one.served()}
    units = {_unit(loaded, loaded.slot_ids[slot], day) for slot, day in free}
    return sum(_offer(unit) for unit in sorted(units))


def unit_of(loaded: Loaded, row: Reservation) -> Unit:
    """The slot of a reservation and the days that go with it."""
    return _unit(loaded, row.slot_id, row.day)


def end(session: Session, rows: Sequence[Reservation], at: datetime, why: str) -> None:
    """They no longer wait, nor is anything kept for them."""
    for row in rows:
        row.cancelled_at, row.offered_until, row.state = at, None, Held.WAITING
        session.add(row)
        log_action(session, f"waiting_{why}", subject=f"reservation {row.id}")
    note_places(session, ((row.slot_id, row.day) for row in rows))
    session.flush()


def place_of(session: Session, loaded: Loaded, row: Reservation) -> Place:
    """A place in words."""
    child = session.get_one(Child, row.child_id)
    return Place(child.first_name, receipts.named(loaded, loaded.slot_codes[row.slot_id]), row.day)


def _end_offer(child: int, unit: Unit) -> int:
    with writing() as session:
        if not alone(session, Work.WAITING_LISTS):
            return 0
        slot_id, days = unit
        lock_places(session, ((slot_id, day) for day in days))
        now = clock.now()
        rows = session.exec(
            _queued().where(
                Reservation.slot_id == slot_id,
                col(Reservation.day).in_(days),
                Reservation.child_id == child,
                Reservation.state == Held.OFFERED,
                col(Reservation.offered_until) <= now,
            )
        ).all()
        if not rows:
            return 0  # answered meanwhile
        _end_and_tell(session, current(session), rows, now, PASSED)
        return 1


def _end_queue(family_id: int, account_id: int | None, over: Sequence[tuple[int, date]]) -> int:
    with writing() as session:
        if not alone(session, Work.WAITING_LISTS):
            return 0
        lock_places(session, over)
        rows = [
            row
            for row in _waiting(session, over)
            if (row.family_id, row.account_id) == (family_id, account_id)
        ]
        if not rows:
            return 0
        _end_and_tell(session, current(session), rows, clock.now(), OVER)
        return 1


def _offer(unit: Unit) -> int:
    """Offer the free places of a unit, one child after the other; how many children moved."""
    with writing() as session:
        if not alone(session, Work.WAITING_LISTS):
            return 0
        slot_id, days = unit
        lock_places(session, ((slot_id, day) for day in days))
        loaded, now = current(session), clock.now()
        slot = loaded.slot_codes[slot_id]
        found = read_places(session, loaded, [(slot, day) for day in days])
        places = {day: found[slot, day] for day in days}
        by_child: dict[int, list[Reservation]] = defaultdict(list)
        for row in _waiting(session, [(slot_id, day) for day in days]):
            by_child[row.child_id].append(row)
        count = 0
        while rows := _first_served(places, by_child):
            del by_child[rows[0].child_id]
            until = _until(session, loaded, rows[0], now)
            if until is None:
                _end_and_tell(session, loaded, rows, now, NO_MORE)
            else:
                _keep_place(session, loaded, rows, until)
            for row in rows:
                places[row.day].leave(row.id or 0, row.group_code, Held.WAITING)
                places[row.day].held[row.group_code] += until is not None
            count += 1
        return count


def _first_served(
    places: dict[date, DayPlaces], by_child: dict[int, list[Reservation]]
) -> list[Reservation]:
    """The rows of the first child for whom there is a place each day it waits for."""
    served = {place.queue[n][0] for place in places.values() for n in place.served()}
    return next(
        (rows for rows in by_child.values() if all(row.id in served for row in rows)),
        [],
    )


def _until(session: Session, loaded: Loaded, row: Reservation, now: datetime) -> datetime | None:
    """How long the place may be kept for this child; None: it may no longer come."""
    plan = plan_for(session, row.family_id, [row.day], now, loaded=loaded)
    child = plan.children.get(row.child_id)
    if child is None:  # no longer of this family
        return None
    view = loaded.rulebook.slot_day(loaded.slot_codes[row.slot_id], row.day)
    verdict = plan.time_to_book(view, resident=child.facts.resident)
    if plan.refusal(child, view) is not None or not verdict.allowed:
        return None
    until = now + timedelta(hours=view.slot.capacity.offer_hours)
    return min(until, utc(verdict.changes_at)) if verdict.changes_at else until


def _keep_place(
    session: Session, loaded: Loaded, rows: Sequence[Reservation], until: datetime
) -> None:
    for row in rows:
        row.state, row.offered_until = Held.OFFERED, until
        session.add(row)
        log_action(session, "place_offered", subject=f"reservation {row.id}")
    note_places(session, ((row.slot_id, row.day) for row in rows))
    receipts.offered(session, rows[0], place_of(session, loaded, rows[0]), until)
    session.flush()


def _end_and_tell(
    session: Session, loaded: Loaded, rows: Sequence[Reservation], now: datetime, why: str
) -> None:
    places = [(row, place_of(session, loaded, row)) for row in rows]
    end(session, rows, now, why)
    receipts.ended(session, places, why)


def _queued() -> SelectOfScalar[Reservation]:
    """Those who wait or are offered a place; in the words of the index, which is small."""
    return (
        select(Reservation)
        .where(text(QUEUE))
        .order_by(col(Reservation.booked_at), col(Reservation.id))
        .execution_options(populate_existing=True)
    )


def _pairs(session: Session) -> list[tuple[int, date]]:
    """The slots and days that somebody waits for."""
    query = select(col(Reservation.slot_id), col(Reservation.day)).where(
        text(QUEUE), Reservation.state == Held.WAITING
    )
    return sorted(session.exec(query.distinct()).all())


def _waiting(session: Session, pairs: Sequence[tuple[int, date]]) -> list[Reservation]:
    wanted = set(pairs)
    rows = session.exec(
        _queued().where(
            Reservation.state == Held.WAITING,
            col(Reservation.slot_id).in_({slot_id for slot_id, _ in wanted}),
            col(Reservation.day).in_({day for _, day in wanted}),
        )
    )
    return [row for row in rows if (row.slot_id, row.day) in wanted]


def _unit(loaded: Loaded, slot_id: int, day: date) -> Unit:
    slot = loaded.slot_codes[slot_id]
    known = loaded.rulebook.slots.get(slot)
    if known is None or known[0].package is Package.DAY:
        return slot_id, (day,)
    return slot_id, loaded.rulebook.slot_day(slot, day).together


def _is_over(loaded: Loaded, slot_id: int, day: date, now: datetime) -> bool:
    """Whether nobody can book it any more."""
    slot = loaded.slot_codes[slot_id]
    if slot not in loaded.rulebook.slots:
        return True
    view = loaded.rulebook.slot_day(slot, day)
    verdict = may_book(view, utc(now), resident=True, forced=False)
    return view.closed is not None or verdict.state is CellState.TOO_LATE
