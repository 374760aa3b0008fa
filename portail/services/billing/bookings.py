"""What families booked, and what was billed of it: only what there may be something to bill of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, and_, case, or_, select
from sqlmodel import Session, col

from portail.domain.absences import AbsenceState
from portail.domain.billing.charges import BilledLump, BilledPart, Booked, Lump, lump_units
from portail.domain.billing.usage import HOW, How
from portail.domain.bookings import CellKey, Held
from portail.domain.catalogue import Package
from portail.domain.documents import add_months
from portail.domain.slot_days import why_closed
from portail.models import (
    Absence,
    BilledFee,
    BilledReservation,
    InvoiceLine,
    Reservation,
)
from portail.services.catalogue import Loaded
from portail.services.catalogue.plans import PER_MONTH, lump_of

AHEAD = 2  # months: how far the days go that are billed before they come
# an enum's member is slow to look up: a month has hundreds of thousands
_HOWS = {one.value: one for one in How}
_NOT_PLACES = [held for held, how in HOW.items() if how is How.NOTHING]


@dataclass(frozen=True)
class Scope:
    """The days that a run looks at: `first` is the first month ever issued, or a year ago."""

    loaded: Loaded
    first: date
    period_on: date

    @cached_property
    def last(self) -> date:
        """The last day of the month."""
        return add_months(self.period_on, 1) - timedelta(days=1)

    @cached_property
    def last_ahead(self) -> date:
        """The last day of what is paid beforehand: it is billed with the month before."""
        return add_months(self.period_on, AHEAD) - timedelta(days=1)


@dataclass
class FamilyBookings:
    """What a family has."""

    booked: list[Booked] = field(default_factory=list)
    lumps: list[Lump] = field(default_factory=list)
    present: set[CellKey] = field(default_factory=set)


def read_bookings(
    session: Session, scope: Scope, family_ids: Sequence[int]
) -> defaultdict[int, FamilyBookings]:
    """By family."""
    reader = _Reader(session, scope, family_ids)
    return reader.read()


class _Reader:
    def __init__(self, session: Session, scope: Scope, family_ids: Sequence[int]) -> None:
        self.session, self.scope, self.family_ids = session, scope, family_ids
        self.loaded = scope.loaded
        self.found: defaultdict[int, FamilyBookings] = defaultdict(FamilyBookings)
        self.units: defaultdict[tuple[int, int, str, date], Counter[How]] = defaultdict(Counter)
        self.ends: dict[tuple[str, date], date] = {}
        self._lumps: dict[tuple[str, date], tuple[date, date] | None] = {}

    def read(self) -> defaultdict[int, FamilyBookings]:
        rows = self.session.execute(self._query()).all()
        billed = self._billed([row.id for row in rows if row.last_how is not None])
        absences = self._absences(rows)
        codes, last = self.loaded.slot_codes, self.scope.last
        for ident, family, child, slot_id, day, word, told, late, kept, _ in rows:
            slot = codes.get(slot_id, "")
            how = _HOWS[word]
            lump = None if how is How.CANCELLED else self._lump(slot, day)
            if lump is not None:
                self.units[family, child, slot, lump[0]][how] += 1
                continue
            if day > last and not self._is_prepaid(slot):
                continue  # booked at once with days of the month, and due by the day
            absent = 1
            if how is How.JUSTIFIED:
                absent = self._absence_day(slot, day, absences[family, child])
            before = tuple(billed.get(ident, ()))
            self.found[family].booked.append(
                Booked(ident, child, slot, day, how, told, late, kept, absent, before)
            )
        self._add_lumps()
        if any(tariff.counts_present for tariff in self.loaded.tariffs.values()):
            self._add_present()
        return self.found

    def _query(self) -> Select[*tuple[Any, ...]]:
        scope = self.scope
        last_how = (
            select(col(BilledReservation.how))
            .where(col(BilledReservation.reservation_id) == col(Reservation.id))
            .order_by(col(BilledReservation.seq).desc())
            .limit(1)
            .correlate(Reservation)
            .scalar_subquery()
        )
        gone = col(Reservation.cancelled_at).is_not(None)
        how = case(
            (gone, How.CANCELLED.value),
            *(
                (col(Reservation.state).in_([h for h in Held if HOW[h] is one]), one.value)
                for one in (How.PRESENT, How.JUSTIFIED, How.UNJUSTIFIED)
            ),
            else_=How.NOTHING.value,
        )
        nothing = or_(
            and_(gone, col(Reservation.kept_cents) == 0),
            and_(~gone, col(Reservation.state).in_(_NOT_PLACES)),
        )
        ahead = [ident for code, ident in self.loaded.slot_ids.items() if self._is_ahead(code)]
        until = scope.last_ahead if ahead else scope.last
        return (
            select(
                col(Reservation.id),
                col(Reservation.family_id),
                col(Reservation.child_id),
                col(Reservation.slot_id),
                col(Reservation.day),
                how.label("how"),
                col(Reservation.price_cents),
                col(Reservation.surcharge_cents),
                col(Reservation.kept_cents),
                last_how.label("last_how"),
            )
            .where(
                col(Reservation.family_id).in_(self.family_ids),
                col(Reservation.day).between(scope.first, until),
                or_(col(Reservation.day) <= scope.last, col(Reservation.slot_id).in_(ahead)),
                or_(and_(last_how.is_(None), ~nothing), last_how != how),
            )
            .order_by(col(Reservation.family_id), col(Reservation.day), col(Reservation.id))
        )

    # --- what was billed ------------------------------------------------------------------------

    def _billed(self, ids: Collection[int]) -> dict[int, list[BilledPart]]:
        if not ids:
            return {}
        rows = self.session.execute(
            select(
                col(BilledReservation.reservation_id),
                col(BilledReservation.seq),
                col(BilledReservation.part),
                col(BilledReservation.how),
                col(BilledReservation.cents),
                col(InvoiceLine.invoice_id),
            )
            .join(InvoiceLine, col(InvoiceLine.id) == col(BilledReservation.line_id))
            .where(col(BilledReservation.reservation_id).in_(ids))
            .order_by(col(BilledReservation.reservation_id), col(BilledReservation.seq))
        )
        found: dict[int, list[BilledPart]] = defaultdict(list)
        for reservation_id, *billed in rows:
            found[reservation_id].append(BilledPart(*billed))
        return found

    # --- months and packages --------------------------------------------------------------------

    def _is_ahead(self, slot: str) -> bool:
        """Whether days after the month may count: paid beforehand, or booked at once."""
        known = self.loaded.slot(slot)
        if known is None:
            return False
        return known[0].package is not Package.DAY or self._is_prepaid(slot)

    def _is_prepaid(self, slot: str) -> bool:
        return is_prepaid(self.loaded, slot, self.scope.period_on)

    def _lump(self, slot: str, day: date) -> tuple[date, date] | None:
        """The first and last day of the month or package of which this day is one."""
        key = (slot, day)
        if key not in self._lumps:
            self._lumps[key] = lump_period(self.loaded, slot, day)
        return self._lumps[key]

    def _add_lumps(self) -> None:
        billed: dict[tuple[int, int, str, date], list[BilledLump]] = defaultdict(list)
        rows = self.session.execute(
            select(BilledFee, col(InvoiceLine.invoice_id))
            .join(InvoiceLine, col(InvoiceLine.id) == col(BilledFee.line_id))
            .where(
                col(BilledFee.family_id).in_(self.family_ids),
                col(BilledFee.first_on) >= self.scope.first,
            )
            .order_by(col(BilledFee.seq))
        )
        for fee, invoice_id in rows:
            slot = self.loaded.slot_codes.get(fee.slot_id, "")
            key = (fee.family_id, fee.child_id, slot, fee.first_on)
            billed[key].append(BilledLump(fee.seq, fee.units, fee.cents, invoice_id))
        for key in sorted(self.units.keys() | billed.keys()):
            family_id, child, slot, first = key
            period = self._lump(slot, first)
            # no longer in the catalogue: what was billed of it stays so. Begun before the first
            # month ever issued: not all of it was read, and it was for somebody else to bill
            if period is None or first < self.scope.first or first > self._until(slot):
                continue
            self.found[family_id].lumps.append(
                Lump(
                    child,
                    slot,
                    self.loaded.slot_ids[slot],
                    first,
                    period[1],
                    lump_units(self.units.get(key, {})),
                    tuple(billed.get(key, ())),
                )
            )

    def _until(self, slot: str) -> date:
        return self.scope.last_ahead if self._is_prepaid(slot) else self.scope.last

    # --- absences and presences -----------------------------------------------------------------

    def _absences(
        self, rows: Sequence[Row[Any]]
    ) -> defaultdict[tuple[int, int], list[tuple[date, date]]]:
        """The justified absences, by family and child."""
        found: defaultdict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
        families = {row.family_id for row in rows if row.how == How.JUSTIFIED}
        if families:
            query = select(
                col(Absence.family_id),
                col(Absence.child_id),
                col(Absence.first_on),
                col(Absence.last_on),
            ).where(
                col(Absence.family_id).in_(families),
                col(Absence.state) == AbsenceState.JUSTIFIED,
            )
            for family_id, child_id, first, last in self.session.execute(query):
                found[family_id, child_id].append((first, last))
        return found

    def _absence_day(self, slot: str, day: date, told: Iterable[tuple[date, date]]) -> int:
        """The rank of a day among those of its absence when the slot is open, from 1."""
        first = next((first for first, last in told if first <= day <= last), day)
        known = self.loaded.slot(slot)
        if known is None:
            return 1
        span = (first + timedelta(days=n) for n in range((day - first).days))
        calendar = self.loaded.rulebook.calendar
        return 1 + sum(why_closed(*known, one, calendar) is None for one in span)

    def _add_present(self) -> None:
        """All that the children have, for reductions between those who come the same day."""
        rows = self.session.execute(
            select(
                col(Reservation.family_id),
                col(Reservation.child_id),
                col(Reservation.slot_id),
                col(Reservation.day),
            ).where(
                col(Reservation.family_id).in_(self.family_ids),
                col(Reservation.day).between(self.scope.first, self.scope.last_ahead),
                col(Reservation.cancelled_at).is_(None),
                col(Reservation.state).not_in(_NOT_PLACES),
            )
        )
        for family_id, child_id, slot_id, day in rows:
            slot = self.loaded.slot_codes.get(slot_id, "")
            self.found[family_id].present.add((child_id, slot, day))


def is_prepaid(loaded: Loaded, slot: str, on: date) -> bool:
    """Whether a slot is paid before the day it is for."""
    known = loaded.slot(slot)
    if known is None:
        return False
    unit, activity = known
    tariff = loaded.tariffs.get(unit.tariff)
    version = tariff.version(on) if tariff else None
    return activity.prepaid or (version is not None and version.prepaid)


def lump_period(loaded: Loaded, slot: str, day: date) -> tuple[date, date] | None:
    """The month or the package that is due whole, of which this day is one; None: by the day."""
    known = loaded.slot(slot)
    tariff = loaded.tariffs.get(known[0].tariff) if known else None
    if known is None or tariff is None:
        return None
    kind = lump_of(tariff, day)
    if not kind:
        return None
    unit, activity = known
    if kind == PER_MONTH or unit.package is Package.DAY:
        first = day.replace(day=1)
        return first, add_months(first, 1) - timedelta(days=1)
    period = loaded.rulebook.package_period(unit, activity, day)
    return period.first_day, period.last_day
