"""What there is to issue to some families for a month: nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session, col, select

from portail.domain.billing.arranging import Placed, arrange
from portail.domain.billing.books import DEFAULT_REGIE, InvoiceKind
from portail.domain.billing.charges import Charge, Charges, Unpaid, Why
from portail.domain.billing.drafts import Draft, Line
from portail.domain.documents import add_months
from portail.domain.pricing import BOOKED, Outcome, Service, Tariff
from portail.domain.quotients import Quotient, counting
from portail.models import Adjustment, Child
from portail.services.billing import words
from portail.services.billing.bookings import FamilyBookings, Scope, is_prepaid, read_bookings
from portail.services.billing.facts import Household, households
from portail.services.catalogue.plans import Prices
from portail.texts.french import euros, numeric_day


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something of a family to look at before the month is issued; `about` says of what."""

    why: Why
    family_number: int
    family_name: str
    about: str = ""


@dataclass(slots=True)
class Drafted:
    """What there is to issue to a family."""

    household: Household
    drafts: list[Draft] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)


def draft(session: Session, scope: Scope, family_ids: Sequence[int]) -> list[Drafted]:
    """The documents of these families, by their ids; of a family without any, its anomalies."""
    known = households(session, scope.loaded, family_ids, scope.period_on)
    bookings = read_bookings(session, scope, family_ids)
    written = _adjustments(session, scope, family_ids)
    left = _names_of_those_who_left(session, known, bookings)
    return [
        _draft(scope, known[ident], bookings[ident], written[ident], left)
        for ident in sorted(family_ids)
        if ident in known
    ]


def _names_of_those_who_left(
    session: Session, known: Mapping[int, Household], bookings: Mapping[int, FamilyBookings]
) -> dict[int, str]:
    """Children who are in another file since: what they had is billed at the price told."""
    gone: set[int] = set()
    for ident, household in known.items():
        had = bookings[ident] if ident in bookings else FamilyBookings()
        children = {one.child for one in had.booked} | {one.child for one in had.lumps}
        gone |= children - household.facts.names.keys()
    if not gone:
        return {}
    rows = session.exec(select(Child).where(col(Child.id).in_(gone)))
    return {child.id or 0: child.first_name for child in rows}


def _draft(
    scope: Scope,
    household: Household,
    bookings: FamilyBookings,
    written: Sequence[Adjustment],
    left: Mapping[int, str],
) -> Drafted:
    drafted = Drafted(household)
    if not (bookings.booked or bookings.lumps or written):
        return drafted
    prices = _Prices(scope, household, bookings)
    charges = Charges(prices, prices.lump)
    charges.add(bookings.booked)
    charges.add_lumps(bookings.lumps)
    lines = list(charges.lines())
    names = {**left, **household.facts.names}
    placed = [_placed(scope, one, names.get(one.child, "")) for one in lines]
    placed += [_by_hand(one, names) for one in written]
    drafted.drafts = arrange(
        household.debtor, scope.period_on, placed, words.quotient(lines), words.CORRECTED
    )
    drafted.anomalies = _anomalies(scope, household, drafted.drafts, charges.unpriced)
    return drafted


class _Prices:
    """The prices of a household, asked of the engine once for all the days of a steady month."""

    def __init__(self, scope: Scope, household: Household, bookings: FamilyBookings) -> None:
        self._loaded = scope.loaded
        self._priced = household.facts.pricing
        self._prices = Prices(scope.loaded, household.facts, bookings.present)
        self._by_day = bool(bookings.present)  # who else comes changes from day to day
        self._months: dict[tuple[object, ...], Outcome | None] = {}
        self._steady: dict[tuple[object, ...], bool] = {}

    def __call__(self, slot: str, child: int, day: date, service: Service, /) -> Outcome | None:
        # the ordinary one is one object, and a service is slow to look up
        asked = None if service is BOOKED else service
        key = (slot, child, day.year, day.month, asked)
        if key in self._months:
            return self._months[key]
        if child not in self._priced:
            return None
        found = self._prices.outcome(slot, child, day, service)
        if not self._by_day and self._is_steady(slot, child, day):
            self._months[key] = found
        return found

    def lump(self, slot: str, child: int, first_on: date, units: int, /) -> Outcome | None:
        """The price of a month or a package."""
        if child not in self._priced:
            return None
        return self._prices.lump(slot, child, first_on, units)

    def _is_steady(self, slot: str, child: int, day: date) -> bool:
        """Whether neither the tariff nor the quotient that counts changes in the month."""
        known = self._loaded.slot(slot)
        tariff = self._loaded.tariffs.get(known[0].tariff) if known else None
        if tariff is None:
            return False
        key = (tariff.code, child, day.year, day.month)
        if key not in self._steady:
            history = self._priced[child].quotients
            self._steady[key] = _is_steady(tariff, history, day.replace(day=1))
        return self._steady[key]


def _is_steady(tariff: Tariff, history: Sequence[Quotient], first: date) -> bool:
    last = add_months(first, 1) - timedelta(days=1)
    version = tariff.version(first)
    if version is None or tariff.version(last) is not version:
        return False
    return not any(first < one.valid_from <= last for one in history) and counting(
        version.quotient, history, first
    ) == counting(version.quotient, history, last)


def _placed(scope: Scope, charge: Charge, child_name: str) -> Placed:
    known = scope.loaded.slot(charge.slot)
    kind = scope.loaded.types.get(known[1].type) if known else None
    due_on = None
    if charge.days[0] > scope.last and is_prepaid(scope.loaded, charge.slot, scope.period_on):
        due_on = charge.days[0] - timedelta(days=1)
    return Placed(
        (kind.regie if kind else "") or DEFAULT_REGIE,
        words.line(scope.loaded, charge, child_name, scope.period_on),
        charge.credits,
        due_on,
    )


def _by_hand(one: Adjustment, names: Mapping[int, str]) -> Placed:
    line = Line(
        one.label,
        1,
        one.cents,
        one.child_id,
        names.get(one.child_id or 0, ""),
        childcare=one.childcare,
        adjustment_id=one.id,
    )
    return Placed(one.regie, line)


def _adjustments(
    session: Session, scope: Scope, family_ids: Sequence[int]
) -> defaultdict[int, list[Adjustment]]:
    """The lines that agents wrote and that are on no invoice yet, by family."""
    found: defaultdict[int, list[Adjustment]] = defaultdict(list)
    rows = session.exec(
        select(Adjustment)
        .where(
            col(Adjustment.family_id).in_(family_ids),
            col(Adjustment.line_id).is_(None),
            Adjustment.period_on <= scope.period_on,
        )
        .order_by(col(Adjustment.id))
    )
    for row in rows:
        found[row.family_id].append(row)
    return found


def _anomalies(
    scope: Scope, household: Household, drafts: Sequence[Draft], unpriced: Sequence[Unpaid]
) -> list[Anomaly]:
    def of(why: Why, about: str = "") -> Anomaly:
        return Anomaly(why, household.number, household.name, about)

    found = [
        of(Why.NO_PRICE, f"{scope.loaded.label(one.slot)}, {numeric_day(one.day)}")
        for one in unpriced
    ]
    if drafts and not household.debtor.address:
        found.append(of(Why.NO_ADDRESS))
    balance = sum(
        one.total_cents if one.kind is InvoiceKind.INVOICE else -one.total_cents for one in drafts
    )
    if balance < 0:
        found.append(of(Why.NEGATIVE, euros(balance)))
    return found
