"""A school year of bookings for the families of `tests/load/town.py`, a million if need be.

Whoever books does so all year long: with few bookings few families do, with many nearly all.
Filling up to a larger number adds what is missing: the same families, among ten times the data.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select as sql_select
from sqlmodel import col, func, select

from portail import clock
from portail.database import reading, writing
from portail.demo.town import FIRST_BULK_NUMBER
from portail.domain.bookings import Held
from portail.domain.calendars import days
from portail.domain.catalogue import Activity
from portail.models import Enrolment, Family, Reservation
from portail.services.catalogue import Loaded, current

BATCH = 20_000  # rows a statement
FULL_QUEUE = 25  # children who wait on a day that is full
# of each kind of activity: how many of the children are enrolled, and on how many days they come
TAKES_PART = {
    "RESTAURATION": (1.0, (2, 3, 4)),
    "1_MATIN": (0.4, (1, 2, 4)),
    "2_SOIR": (0.5, (1, 2, 4)),
    "5_MERCREDI_JOURNEE": (0.3, (1,)),
    "LOISIRS": (0.15, (5,)),
}


def kind_of(activity: Activity) -> str:
    """Its kind in `TAKES_PART`; none for the summer that is over."""
    if "ETE_PRECEDENT" in activity.code:
        return ""
    return next((kind for kind in TAKES_PART if activity.code.startswith(kind)), "")


@dataclass
class _Year:
    """The days of each slot, and the places taken as bookings are made up."""

    loaded: Loaded
    today: date
    taken: Counter[tuple[int, date]]

    def __post_init__(self) -> None:
        self.open: dict[str, list[date]] = {
            slot: [
                day
                for day in days(activity.season)
                if self.loaded.rulebook.closed(slot, day) is None
            ]
            for slot, (_, activity) in self.loaded.rulebook.slots.items()
        }

    def of(self, family: int, child: int, activity: Activity) -> Iterator[dict[str, Any]]:
        """A year of a child in an activity; the same ones each time."""
        chance = random.Random(f"{child} {activity.code}")
        (slot,) = activity.slots
        slot_id = self.loaded.slot_ids[slot.code]
        patterns = TAKES_PART[kind_of(activity)][1]
        weekdays = chance.sample(slot.weekdays, min(chance.choice(patterns), len(slot.weekdays)))
        price = chance.randrange(100, 700)
        for day in self.open[slot.code]:
            if day.weekday() not in weekdays or chance.random() < 0.1:
                continue
            places = self.loaded.rulebook.slot_day(slot.code, day).places.total or 0
            rank = self.taken[slot_id, day] - places
            if rank >= FULL_QUEUE:
                continue
            self.taken[slot_id, day] += 1
            held = Held.WAITING if rank >= 0 else Held.BOOKED
            if day < self.today:
                if held is Held.WAITING:
                    continue
                held = Held.ATTENDED if chance.random() < 0.95 else Held.ABSENT_JUSTIFIED
            yield {
                "family_id": family,
                "child_id": child,
                "slot_id": slot_id,
                "day": day,
                "state": held,
                "group_code": "",
                "price_cents": price,
                "surcharge_cents": 0,
                "kept_cents": 0,
                "booked_at": _booked(day, rank),
            }


def _booked(day: date, rank: int) -> datetime:
    """A month before, those who wait in the order of their rank."""
    midnight = datetime.combine(day, datetime.min.time(), clock.now().tzinfo)
    return midnight - timedelta(days=30) + timedelta(seconds=max(rank, 0))


def fill(bookings: int) -> int:
    """Bookings of the school year until there are so many; how many there are."""
    with reading() as session:
        loaded = current(session)
        there = session.exec(select(func.count()).select_from(Reservation)).one()
        done = set(session.exec(select(Reservation.child_id).distinct()))
        taken = Counter[tuple[int, date]]()
        key = (col(Reservation.slot_id), col(Reservation.day))
        for slot, day, count in session.execute(sql_select(*key, func.count()).group_by(*key)):
            taken[slot, day] = count
        rows = session.exec(
            select(Enrolment.family_id, Enrolment.child_id, Enrolment.activity_id)
            .join(Family, col(Family.id) == col(Enrolment.family_id))
            .where(col(Family.number) >= FIRST_BULK_NUMBER)
            .order_by(col(Family.number), col(Enrolment.child_id), col(Enrolment.id))
        )
        by_child: defaultdict[tuple[int, int], list[Activity]] = defaultdict(list)
        for family, child, activity in rows:
            if child not in done:
                code = loaded.activity_codes[activity]
                by_child[family, child].append(loaded.rulebook.activities[code])
    year = _Year(loaded, clock.today(), taken)

    def made() -> Iterator[dict[str, Any]]:
        for (family, child), activities in by_child.items():
            for activity in activities:
                yield from year.of(family, child, activity)

    rest = made()
    while there < bookings:
        part = list(islice(rest, min(BATCH, bookings - there)))
        if not part:
            break
        with writing() as session:
            session.execute(insert(Reservation), part)
        there += len(part)
    return there
