"""A family's planning made ready: rules, reservations, places taken and prices, in few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from portail.clock import paris
from portail.domain.bookings import QUEUED, CellKey, Context, Held, Pending, Price
from portail.domain.calendars import monday
from portail.domain.capacity import serve
from portail.domain.catalogue import Package, Slot
from portail.domain.decisions import Plan, prepare
from portail.domain.pricing import Outcome, Prepared, Tariff, Unit, Unpriced
from portail.domain.pricing import Price as Priced
from portail.models import Reservation
from portail.services.catalogue.facts import FamilyFacts, family_facts
from portail.services.catalogue.loading import Loaded, current

NO_TARIFF, PER_MONTH, PACKAGE = "no_tariff", "per_month", "package"
_WEEK = timedelta(days=6)
_NOTHING: Mapping[CellKey, Pending] = {}
_NOBODY: frozenset[int] = frozenset()


class Prices:
    """The prices of a family's cells; what they depend on is worked out once."""

    def __init__(self, loaded: Loaded, facts: FamilyFacts, present: Collection[CellKey]) -> None:
        """`present` are the units that brothers and sisters have, for a price by their number."""
        self._loaded, self._facts = loaded, facts
        self._prepared: dict[tuple[int, str, frozenset[int]], Prepared] = {}
        self._kept: dict[CellKey, Price] = {}
        self._present: dict[tuple[str, date], set[int]] = {}
        for child, slot, day in present:
            if slot in loaded.rulebook.slots:
                tariff = loaded.rulebook.slots[slot][0].tariff
                self._present.setdefault((tariff, day), set()).add(child)

    def __call__(self, slot: str, child: int, day: date, /) -> Price:
        """The price of one unit, before any surcharge."""
        key = (child, slot, day)
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = self._price(slot, child, day)
        return known

    def outcome(self, slot: str, child: int, day: date) -> Outcome | None:
        """The same with its steps; None: the slot has no tariff."""
        unit = self._loaded.rulebook.slots[slot][0]
        tariff = self._loaded.tariffs.get(unit.tariff)
        return None if tariff is None else self._for(unit, tariff, child, day).on(day)

    def _price(self, slot: str, child: int, day: date) -> Price:
        unit = self._loaded.rulebook.slots[slot][0]
        tariff = self._loaded.tariffs.get(unit.tariff)
        if tariff is None:
            return Price(None, NO_TARIFF)
        if tariff.unit is Unit.MONTH:
            return Price(None, PER_MONTH)  # nothing is due for one day of it
        version = tariff.version(day)
        if version is not None and version.is_package:
            return Price(None, PACKAGE)  # the whole of it is due once, not each day
        match self._for(unit, tariff, child, day).on(day):
            case Priced(cents=cents):
                return Price(cents)
            case Unpriced(reason=reason):
                return Price(None, reason.value)

    def _for(self, unit: Slot, tariff: Tariff, child: int, day: date) -> Prepared:
        there = frozenset(self._present.get((tariff.code, day), _NOBODY))
        key = (child, unit.code, there)
        found = self._prepared.get(key)
        if found is None:
            context = self._facts.pricing[child]
            siblings = tuple(replace(s, present=s.number in there) for s in context.siblings)
            context = replace(context, siblings=siblings, minutes=_minutes(unit))
            found = self._prepared[key] = Prepared(tariff, context)
        return found


def plan_for(
    session: Session,
    family_id: int,
    days: Collection[date],
    now: datetime,
    *,
    pending: Mapping[CellKey, Pending] = _NOTHING,
    force_majeure: bool = False,
    loaded: Loaded | None = None,
) -> Plan:
    """The family's cells, ready to be asked on these days. `plan.price_of` is a `Prices`.

    Args:
        session: of the caller.
        family_id: whose children; the caller has checked who asks.
        days: those that will be asked; the whole of their weeks, and of what is booked at once
            with them, is read as well.
        now: the instant of the question.
        pending: changes not confirmed yet, in the order they were made.
        force_majeure: an agent's right: deadlines and windows are ignored, places are not.
        loaded: the catalogue, when the caller has it already.

    Raises:
        NoFamilyError: no such family.
    """
    loaded = loaded or current(session)
    facts = family_facts(session, loaded, family_id, paris(now).date())
    slots = _slots(loaded, facts, pending)
    first, last = _span(loaded, slots, [*days, *(day for _, _, day in pending)], now)
    held, elsewhere = _held(session, loaded, facts, first, last)
    slots |= {slot for _, slot, _ in held}
    taken, by_group = _taken(session, loaded, slots, first, last)
    context = Context(facts.children, held, pending, taken, by_group, elsewhere, force_majeure)
    present = {key for key, how in held.items() if how not in QUEUED}
    present |= {key for key, what in pending.items() if what is Pending.BOOKING}
    present -= {key for key, what in pending.items() if what is Pending.CANCELLATION}
    return prepare(loaded.rulebook, context, now, Prices(loaded, facts, present))


def _slots(loaded: Loaded, facts: FamilyFacts, pending: Mapping[CellKey, Pending]) -> set[str]:
    """The slots the children may have something to do with."""
    activities = {code for child in facts.children for code in child.enrolments}
    found = {
        slot.code
        for code in activities & loaded.rulebook.activities.keys()
        for slot in loaded.rulebook.activities[code].slots
    }
    return found | {slot for _, slot, _ in pending if slot in loaded.rulebook.slots}


def _span(
    loaded: Loaded, slots: Collection[str], days: Collection[date], now: datetime
) -> tuple[date, date]:
    """The days to read: whole weeks for a limit by week, whole packages for their places."""
    wanted = set(days) or {paris(now).date()}
    for code in slots:
        if loaded.rulebook.slots[code][0].package is not Package.DAY:
            for day in tuple(days):
                wanted.update(loaded.rulebook.slot_day(code, day).together)
    return monday(min(wanted)), monday(max(wanted)) + _WEEK


def _held(
    session: Session, loaded: Loaded, facts: FamilyFacts, first: date, last: date
) -> tuple[dict[CellKey, Held], frozenset[CellKey]]:
    """What the children have, and of it what their other household booked."""
    rows = session.exec(
        select(
            col(Reservation.child_id),
            col(Reservation.slot_id),
            col(Reservation.day),
            col(Reservation.state),
            col(Reservation.family_id),
        ).where(
            col(Reservation.child_id).in_(facts.ids),
            col(Reservation.day).between(first, last),
            col(Reservation.cancelled_at).is_(None),
        )
    )
    held: dict[CellKey, Held] = {}
    elsewhere: set[CellKey] = set()
    for child, slot_id, day, how, family in rows:
        slot = loaded.slot_codes.get(slot_id, "")
        # what was withdrawn from the catalogue has no rule any more, and no row on the grid
        if slot in loaded.rulebook.slots:
            held[child, slot, day] = how
            if family != facts.family_id:
                elsewhere.add((child, slot, day))
    return held, frozenset(elsewhere)


def _taken(
    session: Session, loaded: Loaded, slots: Collection[str], first: date, last: date
) -> tuple[dict[tuple[str, date], int], dict[tuple[str, date, str], int]]:
    """Places held by every family, where there is a limit.

    A place that is free and that somebody waits for is as good as held: it is theirs first.
    """
    limited = [
        loaded.slot_ids[code] for code in slots if loaded.rulebook.slots[code][0].capacity.limits
    ]
    if not limited:
        return {}, {}
    live = (
        col(Reservation.slot_id).in_(limited),
        col(Reservation.day).between(first, last),
        col(Reservation.cancelled_at).is_(None),
    )
    rows = session.exec(
        select(
            col(Reservation.slot_id),
            col(Reservation.day),
            col(Reservation.group_code),
            func.count(),
        )
        .where(*live, col(Reservation.state) != Held.WAITING)
        .group_by(col(Reservation.slot_id), col(Reservation.day), col(Reservation.group_code))
    )
    taken: Counter[tuple[str, date]] = Counter()
    by_group: Counter[tuple[str, date, str]] = Counter()
    for slot_id, day, group, count in rows:
        slot = loaded.slot_codes[slot_id]
        taken[slot, day] += count
        if group:
            by_group[slot, day, group] += count
    queues: dict[tuple[str, date], list[str]] = {}
    for slot_id, day, group in session.exec(
        select(col(Reservation.slot_id), col(Reservation.day), col(Reservation.group_code))
        .where(*live, col(Reservation.state) == Held.WAITING)
        .order_by(col(Reservation.booked_at), col(Reservation.id))
    ):
        queues.setdefault((loaded.slot_codes[slot_id], day), []).append(group)
    for (slot, day), queue in queues.items():
        rule = loaded.rulebook.slots[slot][0].capacity
        places = loaded.rulebook.slot_day(slot, day).places
        groups = {group: by_group[slot, day, group] for group in queue}
        for place in serve(rule, places, queue, taken[slot, day], groups):
            taken[slot, day] += 1
            by_group[slot, day, queue[place]] += 1
    return dict(taken), dict(by_group)


def _minutes(slot: Slot) -> int:
    start, end = slot.starts_at, slot.ends_at
    return max((end.hour - start.hour) * 60 + end.minute - start.minute, 0)
