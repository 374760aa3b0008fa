"""A small town that bills, its families, and what they booked, for the tests of invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from sqlmodel import Session, col, select, update

from portail import clock
from portail.database import reading, writing
from portail.domain.billing.books import InvoiceKind
from portail.domain.bookings import Held
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.catalogue import SCHOOL_WEEK, Activity, ActivityType, Package, Slot, Town
from portail.domain.identity import Actor, Role
from portail.domain.pricing import Tariff, Unit, Version
from portail.domain.pricing import tariff as tariffs
from portail.domain.pricing.forms import Among, Bracket, Flat, NoPrice, QuotientBrackets
from portail.domain.pricing.forms import Package as Booklet
from portail.domain.pricing.tariff import Grid, PercentOff, Rung, Siblings
from portail.models import Invoice, InvoiceLine, Reservation
from portail.services.billing import ledger, runs
from portail.services.billing.outcomes import MonthIssued
from portail.services.catalogue import current, write
from tests import factories

SEASON = Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
BEGIN = date(2020, 9, 1)


def _tariff(code: str, version: Version, unit: Unit = Unit.UNIT) -> Tariff:
    return Tariff(code, code.title(), (version,), unit)


BY_QUOTIENT = QuotientBrackets((Bracket(0, 150), Bracket(80_000, 333)), without_quotient=NoPrice())
TARIFFS = {
    "matin": Tariff(
        "matin",
        "Matin",
        (
            Version(
                BEGIN,
                Grid(Flat(350)),
                siblings=Siblings((Rung(2, PercentOff(1000)),), among=Among.FAMILY),
                absence=tariffs.Absence(unjustified=5_000, waiting_days=1),
            ),
            Version(
                NOVEMBER,
                Grid(Flat(400)),
                siblings=Siblings((Rung(2, PercentOff(1000)),), among=Among.FAMILY),
                absence=tariffs.Absence(unjustified=5_000),
            ),
        ),
    ),
    "repas": _tariff("repas", Version(BEGIN, Grid(BY_QUOTIENT))),
    "mois": _tariff("mois", Version(BEGIN, Grid(Flat(4_000))), Unit.MONTH),
    "carnet": _tariff("carnet", Version(BEGIN, Grid(Booklet(2, Flat(1_000), Flat(600))))),
    "semaine": _tariff("semaine", Version(BEGIN, Grid(Booklet(5, Flat(6_000), Flat(1_500))))),
    "avance": _tariff("avance", Version(BEGIN, Grid(Flat(1_200)), prepaid=True)),
}


def _slot(code: str, tariff: str, package: Package = Package.DAY) -> Slot:
    return Slot(code, code.title(), SCHOOL_WEEK, time(8), time(9), tariff=tariff, package=package)


TOWN = Town(
    "Villejuif",
    CalendarRules(Zone.C),
    (
        ActivityType("garde", "Accueils", childcare=True),
        ActivityType("repas", "Restauration", regie="CANTINE"),
    ),
    activities=(
        Activity(
            "ACCUEIL",
            "Accueil",
            "garde",
            SEASON,
            (
                _slot("MATIN", "matin"),
                _slot("MOIS", "mois"),
                _slot("CARNET", "carnet"),
                _slot("SEMAINE", "semaine", Package.WEEK),
                _slot("AVANCE", "avance"),
                _slot("GRATUIT", ""),
            ),
        ),
        Activity("CANTINE", "Restauration scolaire", "repas", SEASON, (_slot("REPAS", "repas"),)),
    ),
)


@dataclass
class Home:
    """A family, its children, and what they have."""

    account: int
    family: int
    children: list[int] = field(default_factory=list)

    def book(
        self,
        slot: str,
        day: date,
        held: Held = Held.ATTENDED,
        *,
        child: int = 0,
        told: int | None = None,
        late: int = 0,
    ) -> int:
        with writing() as session:
            row = Reservation(
                family_id=self.family,
                child_id=self.children[child],
                slot_id=current(session).slot_ids[slot],
                day=day,
                state=held,
                price_cents=told,
                surcharge_cents=late,
                booked_at=clock.now(),
            )
            session.add(row)
        return row.id or 0

    def became(self, reservation: int, held: Held) -> None:
        self._change(reservation, state=held)

    def cancel(self, reservation: int, kept: int = 0) -> None:
        self._change(reservation, cancelled_at=clock.now(), kept_cents=kept)

    def _change(self, reservation: int, **values: object) -> None:
        with writing() as session:
            session.execute(
                update(Reservation).where(col(Reservation.id) == reservation).values(**values)
            )

    def papers(self) -> list[tuple[str, str, int]]:
        """Kind, régie and cents of each document, in the order of issue."""
        return [(one.kind.value, one.regie, one.total_cents) for one in self._invoices()]

    def invoices(self) -> list[int]:
        return [one.id or 0 for one in self._invoices() if one.kind is InvoiceKind.INVOICE]

    def lines(self, place: int = -1) -> list[tuple[str, int, int]]:
        """Label, quantity and unit price of the lines of a document, the last one by default."""
        with reading() as session:
            rows = session.exec(
                select(InvoiceLine)
                .where(InvoiceLine.invoice_id == self._invoices()[place].id)
                .order_by(col(InvoiceLine.position))
            )
            return [(row.label, row.quantity, row.unit_cents) for row in rows]

    def due(self) -> int:
        """What is left to pay on all invoices."""
        with reading() as session:
            left = ledger.remaining(session, self.invoices())
        return sum(left.values())

    def balance(self) -> int:
        with reading() as session:
            return ledger.balance(session, self.family)

    def _invoices(self) -> list[Invoice]:
        with reading() as session:
            return mine(session, self.family)


def mine(session: Session, family: int) -> list[Invoice]:
    query = select(Invoice).where(Invoice.family_id == family).order_by(col(Invoice.id))
    return list(session.exec(query))


def town(catalogue: Town = TOWN, prices: dict[str, Tariff] | None = None) -> None:
    with writing() as session:
        write(session, catalogue, prices or TARIFFS)


def home(children: int = 1, *, quotient: int | None = 85_000, address: bool = True) -> Home:
    account = factories.account()
    street = "12 rue des Lilas" if address else ""
    family = factories.family(members=[account], street=street, city="Villejuif" if address else "")
    if quotient is not None:
        factories.quotient(family, quotient)
    names = ("Nora", "Sami", "Audrey")[:children]
    born = [date(2016 + n, 1, 1) for n in range(children)]
    ids = [
        factories.child(name, family, birth_on=day) for name, day in zip(names, born, strict=True)
    ]
    return Home(account, family, ids)


def regie() -> Actor:
    agent = factories.agent(roles=[Role.REGIE])
    return Actor(2, agent_id=agent, roles=frozenset({Role.REGIE}))


def issued(month: date, actor: Actor | None = None, *, before_end: bool = False) -> MonthIssued:
    outcome = runs.issue_month(actor or regie(), month, before_end=before_end)
    assert isinstance(outcome, MonthIssued), outcome
    return outcome
