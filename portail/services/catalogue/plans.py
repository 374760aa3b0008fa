"""A family's planning made ready: rules, reservations, places taken and prices, in few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import Session, col

from portail.clock import paris
from portail.database import ask
from portail.domain.bookings import QUEUED, CellKey, Context, Held, Pending, Price
from portail.domain.calendars import monday, week_of
from portail.domain.catalogue import Package, Slot
from portail.domain.decisions import Plan, prepare
from portail.domain.pricing import BOOKED, Outcome, Prepared, Service, Tariff, Unit, Unpriced
from portail.domain.pricing import Price as Priced
from portail.models import Reservation
from portail.services.catalogue import occupancy
from portail.services.catalogue.facts import FamilyFacts, facts_to_book, family_facts
from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.occupancy import Taken

NO_TARIFF, PER_MONTH, PACKAGE = "no_tariff", "per_month", "package"
_NOTHING: Mapping[CellKey, Pending] = {}
_NOBODY: frozenset[int] = frozenset()
# made once: putting a statement together costs as much as asking it
_RESERVATIONS = select(
    col(Reservation.child_id),
    col(Reservation.slot_id),
    col(Reservation.day),
    col(Reservation.state),
    col(Reservation.family_id),
    col(Reservation.surcharge_cents),
    col(Reservation.kept_cents),
    col(Reservation.offered_until),
    col(Reservation.cancelled_at),
).where(
    col(Reservation.day).in_(bindparam("weeks", expanding=True)),
    # what is kept is the family's own: each side has its index, together they would have none
    or_(
        and_(
            col(Reservation.child_id).in_(bindparam("children", expanding=True)),
            col(Reservation.cancelled_at).is_(None),
        ),
        and_(
            col(Reservation.family_id) == bindparam("family"),
            col(Reservation.cancelled_at).is_not(None),
            col(Reservation.kept_cents) > 0,
        ),
    ),
)


class Prices:
    """The prices of a family's cells; what they depend on is worked out once."""

    def __init__(self, loaded: Loaded, facts: FamilyFacts, present: Collection[CellKey]) -> None:
        """`present` are the units that brothers and sisters have, for a price by their number."""
        self._loaded, self._facts = loaded, facts
        # shared by all those made by `having`
        self._prepared: dict[tuple[int, str, frozenset[int]], Prepared] = {}
        self._kept: dict[tuple[int, str, date, frozenset[int]], Price] = {}
        self._there = self._by_tariff(present)

    def having(self, present: Collection[CellKey]) -> Prices:
        """The same family's prices with other units present."""
        other = copy(self)
        other._there = self._by_tariff(present)  # noqa: SLF001  (one of its own kind)
        return other

    def _by_tariff(self, present: Collection[CellKey]) -> dict[tuple[str, date], frozenset[int]]:
        found: dict[tuple[str, date], frozenset[int]] = {}
        for child, slot, day in present:
            if slot in self._loaded.rulebook.slots:
                where = (self._loaded.rulebook.slots[slot][0].tariff, day)
                found[where] = found.get(where, _NOBODY) | {child}
        return found

    def __call__(self, slot: str, child: int, day: date, /) -> Price:
        """The price of one unit, before any surcharge."""
        unit = self._loaded.rulebook.slots[slot][0]
        key = (child, slot, day, self._there.get((unit.tariff, day), _NOBODY))
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = self._price(unit, child, day)
        return known

    def outcome(
        self, slot: str, child: int, day: date, service: Service = BOOKED
    ) -> Outcome | None:
        """The same with its steps; None: the slot has no tariff."""
        found = self._prepared_for(slot, child, day)
        return None if found is None else found.on(day, service)

    def lump(self, slot: str, child: int, first_day: date, units: int) -> Outcome | None:
        """The price of a month or of a package of so many units, due on its first day."""
        found = self._prepared_for(slot, child, first_day)
        if found is None:
            return None
        # a month is one unit, whatever is used in it
        units = 1 if found.tariff.unit is Unit.MONTH else units
        context = replace(found.context, units=units)
        return Prepared(found.tariff, context).on(first_day)

    def _prepared_for(self, slot: str, child: int, day: date) -> Prepared | None:
        """None: the slot has no tariff. One that is no longer offered keeps its own."""
        known = self._loaded.slot(slot)
        tariff = self._loaded.tariffs.get(known[0].tariff) if known else None
        return self._for(known[0], tariff, child, day) if known and tariff else None

    def _price(self, unit: Slot, child: int, day: date) -> Price:
        tariff = self._loaded.tariffs.get(unit.tariff)
        if tariff is None:
            return Price(None, NO_TARIFF)
        lump = lump_of(tariff, day)
        if lump:
            return Price(None, lump)  # the whole of it is due once, not each day
        match self._for(unit, tariff, child, day).on(day):
            case Priced(cents=cents):
                return Price(cents)
            case Unpriced(reason=reason):
                return Price(None, reason.value)

    def _for(self, unit: Slot, tariff: Tariff, child: int, day: date) -> Prepared:
        there = _NOBODY
        if tariff.counts_present:
            there = self._there.get((tariff.code, day), _NOBODY)
        key = (child, unit.code, there)
        found = self._prepared.get(key)
        if found is None:
            context = replace(self._facts.pricing[child], minutes=_minutes(unit))
            if tariff.counts_present:
                siblings = tuple(replace(s, present=s.number in there) for s in context.siblings)
                context = replace(context, siblings=siblings)
            found = self._prepared[key] = Prepared(tariff, context)
        return found


def lump_of(tariff: Tariff, day: date) -> str:
    """`PER_MONTH` or `PACKAGE` when nothing is due for one day alone; else empty."""
    if tariff.unit is Unit.MONTH:
        return PER_MONTH
    version = tariff.version(day)
    return PACKAGE if version is not None and version.is_package else ""


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
        pending: changes not confirmed yet, in the order they were made; their days count among
            those asked.
        force_majeure: an agent's right: deadlines and windows are ignored, places are not.
        loaded: the catalogue, when the caller has it already.

    Raises:
        NoFamilyError: no such family.
    """
    days = {*days, *(day for _, _, day in pending)}
    slots = {slot for _, slot, _ in pending}
    known = family_days(session, family_id, days, now, loaded=loaded, slots=slots)
    return known.plan(pending, force_majeure=force_majeure)


@dataclass(frozen=True, slots=True)
class Row:
    """A live reservation of a child, whichever of its households made it."""

    held: Held
    family_id: int
    surcharge_cents: int
    offered_until: datetime | None


@dataclass(frozen=True)
class FamilyDays:
    """A family on some days as the database has it: whatever is pending, plans are made of it.

    `rows` are the live reservations of its children; `kept` what stays due of those this
    household cancelled late, in cents.
    """

    loaded: Loaded
    facts: FamilyFacts
    now: datetime
    rows: Mapping[CellKey, Row]
    kept: Mapping[CellKey, int]
    taken: Taken

    def plan(
        self, pending: Mapping[CellKey, Pending] = _NOTHING, *, force_majeure: bool = False
    ) -> Plan:
        """Its cells, ready to be asked, with these changes pending in the order they were made."""
        context = self._context(pending, force_majeure=force_majeure)
        present = {key for key, row in self.rows.items() if row.held not in QUEUED}
        present |= {key for key, what in pending.items() if what is Pending.BOOKING}
        present -= {key for key, what in pending.items() if what is Pending.CANCELLATION}
        return prepare(self.loaded.rulebook, context, self.now, self._prices.having(present))

    def plan_without_prices(self) -> Plan:
        """The same with nothing pending, when only what may be booked is asked."""
        return prepare(self.loaded.rulebook, self._context(_NOTHING), self.now, _no_price)

    def _context(
        self, pending: Mapping[CellKey, Pending], *, force_majeure: bool = False
    ) -> Context:
        family_id = self.facts.family_id
        return Context(
            self.facts.children,
            {key: row.held for key, row in self.rows.items()},
            pending,
            self.taken.of_all,
            self.taken.by_group,
            frozenset(key for key, row in self.rows.items() if row.family_id != family_id),
            force_majeure,
        )

    @cached_property
    def _prices(self) -> Prices:
        return Prices(self.loaded, self.facts, ())


def family_days(
    session: Session,
    family_id: int,
    days: Collection[date],
    now: datetime,
    *,
    loaded: Loaded | None = None,
    slots: Collection[str] = (),
) -> FamilyDays:
    """Read what the plans of a family need on these days, in a fixed number of queries.

    Args:
        session: of the caller.
        family_id: whose children; the caller has checked who asks.
        days: those that will be asked.
        now: the instant of the question.
        loaded: the catalogue, when the caller has it already.
        slots: those that will be asked beside the slots the children are enrolled in or booked.

    Raises:
        NoFamilyError: no such family.
    """
    loaded = loaded or current(session)
    facts = family_facts(session, loaded, family_id, paris(now).date(), papers=False)
    asked = _slots(loaded, facts) | {slot for slot in slots if slot in loaded.rulebook.slots}
    days = set(days) or {paris(now).date()}
    days |= _together(loaded, asked, days)
    rows, kept = _rows(session, loaded, facts.ids, days, family_id)
    asked |= {slot for _, slot, _ in rows}
    taken = occupancy.taken(session, loaded, asked, days)
    return FamilyDays(loaded, facts, now, rows, kept, taken)


def days_of_many(
    session: Session,
    family_ids: Collection[int],
    days: Collection[date],
    now: datetime,
    loaded: Loaded,
) -> dict[int, FamilyDays]:
    """The same for many families, in as many queries as for one: what may be booked, not prices.

    Families without children are left out, and what stays due of cancelled reservations.
    """
    facts = facts_to_book(session, loaded, family_ids, paris(now).date())
    asked = {slot for one in facts.values() for slot in _slots(loaded, one)}
    days = set(days) | _together(loaded, asked, days)
    children = {child for one in facts.values() for child in one.ids}
    rows, _ = _rows(session, loaded, children, days)
    taken = occupancy.taken(session, loaded, asked | {slot for _, slot, _ in rows}, days)
    by_child: dict[int, dict[CellKey, Row]] = {}
    for key, row in rows.items():
        by_child.setdefault(key[0], {})[key] = row
    return {
        family_id: FamilyDays(
            loaded,
            one,
            now,
            {key: row for child in one.ids for key, row in by_child.get(child, {}).items()},
            {},
            taken,
        )
        for family_id, one in facts.items()
    }


def _no_price(_slot: str, _child: int, _day: date, /) -> Price:
    return Price(None)


def _slots(loaded: Loaded, facts: FamilyFacts) -> set[str]:
    """The slots the children may have something to do with."""
    activities = {code for child in facts.children for code in child.enrolments}
    return {
        slot.code
        for code in activities & loaded.rulebook.activities.keys()
        for slot in loaded.rulebook.activities[code].slots
    }


def _together(loaded: Loaded, slots: Collection[str], days: Collection[date]) -> set[date]:
    """The days booked at once with these."""
    packages = [code for code in slots if loaded.rulebook.slots[code][0].package is not Package.DAY]
    return {
        other
        for code in packages
        for day in days
        for other in loaded.rulebook.slot_day(code, day).together
    }


def _rows(
    session: Session,
    loaded: Loaded,
    children: Collection[int],
    days: Collection[date],
    family_id: int = 0,
) -> tuple[dict[CellKey, Row], dict[CellKey, int]]:
    """What the children have, over whole weeks (a limit may count them), and what a family kept."""
    weeks = sorted({near for first in {monday(day) for day in days} for near in week_of(first)})
    asked = {"children": children, "family": family_id, "weeks": weeks}
    rows = ask(session, _RESERVATIONS, asked)
    found: dict[CellKey, Row] = {}
    kept: Counter[CellKey] = Counter()
    for child, slot_id, day, how, family, surcharge, late, until, cancelled in rows:
        key = (child, loaded.slot_codes.get(slot_id, ""), day)
        if cancelled is not None:
            kept[key] += late
        # what was withdrawn from the catalogue has no rule any more, and no row on the grid
        elif key[1] in loaded.rulebook.slots:
            found[key] = Row(how, family, surcharge, until)
    return found, dict(kept)


def _minutes(slot: Slot) -> int:
    start, end = slot.starts_at, slot.ends_at
    return max((end.hour - start.hour) * 60 + end.minute - start.minute, 0)
