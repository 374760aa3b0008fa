"""The places of a slot on a day: who holds one, who waits. Read once under the lock, then counted.

Whoever takes, frees or offers a place holds it first by `database.lock_places`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from portail.domain.bookings import Held
from portail.domain.capacity import Capacity, Places, serve
from portail.domain.slot_days import Rulebook
from portail.models import Reservation
from portail.services.catalogue import Loaded
from portail.services.enrolments import places

SlotDayKey = tuple[str, date]


@dataclass
class DayPlaces:
    """Holders by group, and the queue: id of the reservation and group, first come first."""

    rule: Capacity
    places: Places
    held: Counter[str] = field(default_factory=Counter)
    queue: list[tuple[int, str]] = field(default_factory=list)
    latest: datetime | None = None  # when the last one began to wait

    def served(self) -> tuple[int, ...]:
        """The positions in the queue of those for whom there is a place."""
        return serve(self.rule, self.places, [group for _, group in self.queue], *self._counts())

    def taken(self) -> tuple[int, Counter[str]]:
        """Places held, those that the queue could take included: of all, and by group."""
        groups = Counter(self.held)
        groups.update(self.queue[place][1] for place in self.served())
        return groups.total(), groups

    def rank(self, reservation_id: int) -> int:
        """The rank of one who waits, from 1; 0 when it does not."""
        queue = ((one, 0, group) for one, group in self.queue)
        return places.ranks(queue, {0: self.rule}).get(reservation_id, 0)

    def leave(self, reservation_id: int, group: str, held: Held) -> None:
        """Count one less."""
        if held is Held.WAITING:
            self.queue.remove((reservation_id, group))
        else:
            self.held[group] -= 1

    def copy(self) -> DayPlaces:
        """One to count on without touching this one."""
        return replace(self, held=Counter(self.held), queue=list(self.queue))

    def _counts(self) -> tuple[int, Counter[str]]:
        return self.held.total(), self.held


def is_limited(rules: Rulebook, slot: str) -> bool:
    """Whether the places of a slot are counted at all."""
    return slot in rules.slots and rules.slots[slot][0].capacity.limits


def read_places(
    session: Session, loaded: Loaded, wanted: Collection[SlotDayKey]
) -> dict[SlotDayKey, DayPlaces]:
    """The places of these slots, which are in the catalogue, on these days, as they are now."""
    rules = loaded.rulebook
    found = {
        (slot, day): DayPlaces(rules.slots[slot][0].capacity, rules.slot_day(slot, day).places)
        for slot, day in wanted
    }
    if not found:
        return found
    # each slot on each of the days: a few too many, but the index gives them without the rows
    live = (
        col(Reservation.slot_id).in_({loaded.slot_ids[slot] for slot, _ in wanted}),
        col(Reservation.day).in_({day for _, day in wanted}),
        col(Reservation.cancelled_at).is_(None),
    )
    key = (col(Reservation.slot_id), col(Reservation.day), col(Reservation.group_code))
    for slot_id, day, group, count in session.execute(
        select(*key, func.count())
        .where(*live, col(Reservation.state) != Held.WAITING)
        .group_by(*key)
    ):
        place = found.get((loaded.slot_codes[slot_id], day))
        if place is not None:
            place.held[group] = count
    for row_id, slot_id, day, group, since in session.execute(
        select(col(Reservation.id), *key, col(Reservation.booked_at))
        .where(*live, col(Reservation.state) == Held.WAITING)
        .order_by(col(Reservation.booked_at), col(Reservation.id))
    ):
        place = found.get((loaded.slot_codes[slot_id], day))
        if place is not None:
            place.queue.append((row_id or 0, group))
            place.latest = since
    return found
