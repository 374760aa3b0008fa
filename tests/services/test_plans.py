"""A family's planning from the database: what the engine is told, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from portail import clock, database
from portail.adapters.sealing import seal
from portail.clock import paris
from portail.database import reading, writing
from portail.domain.bookings import CellState, Held, Pending
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.capacity import Capacity
from portail.domain.catalogue import SCHOOL_WEEK, Activity, ActivityType, Residents, Slot, Town
from portail.domain.documents import Check, Sharing, Subject, Validity
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.medical import MedicalInformation
from portail.domain.pricing import Price, Tariff, Unit, Version
from portail.domain.pricing.forms import Among, Bracket, Flat, Package, QuotientBrackets
from portail.domain.pricing.tariff import Grid, PercentOff, Raised, Rung, Siblings
from portail.domain.reasons import Code
from portail.models import (
    Document,
    DocumentType,
    Enrolment,
    Family,
    FamilyQuotient,
    MedicalRecord,
    Reservation,
    StoredFile,
)
from portail.services.catalogue import (
    NoFamilyError,
    Prices,
    current,
    family_facts,
    plan_for,
    write,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

SEASON = Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
MONDAY = date(2026, 11, 30)
REPAS = Slot(
    "REPAS", "Repas", SCHOOL_WEEK, time(11, 30), time(13, 30), tariff="repas", capacity=Capacity(2)
)
SOIR = Slot("SOIR", "Soir", SCHOOL_WEEK, time(16, 30), time(18, 30), tariff="soir")
TOWN = Town(
    "Villejuif",
    CalendarRules(Zone.C),
    (ActivityType("peri", "Périscolaire"),),
    activities=(
        Activity("CANTINE", "Restauration", "peri", SEASON, (REPAS,)),
        Activity("SOIR", "Accueil du soir", "peri", SEASON, (SOIR,)),
    ),
    residents=Residents(("94800",)),
)
GRID = Grid(QuotientBrackets((Bracket(0, 100), Bracket(80_000, 350))), Raised(200))
TARIFFS = {
    "repas": Tariff(
        "repas",
        "Repas",
        (
            Version(
                date(2020, 9, 1),
                GRID,
                own_meal=Grid(Flat(140)),
                siblings=Siblings((Rung(2, PercentOff(1000)),), among=Among.PRESENT),
            ),
        ),
    ),
    "soir": Tariff("soir", "Soir", (Version(date(2020, 9, 1), Grid(Flat(2000))),), Unit.MONTH),
}


@pytest.fixture
def family() -> int:
    with writing() as session:
        write(session, TOWN, TARIFFS)
    made = factories.family()
    with writing() as session:
        row = session.get(Family, made)
        assert row is not None
        row.postcode, row.city = "94800", "Villejuif"
        session.add(
            FamilyQuotient(
                family_id=made,
                amount_cents=85_000,
                valid_from=date(2026, 1, 1),
                valid_until=date(2026, 12, 31),
            )
        )
    return made


def enrol(
    family: int,
    name: str,
    *activities: str,
    born: date = date(2020, 1, 1),
    state: EnrolmentState = EnrolmentState.VALIDATED,
) -> int:
    child = factories.child(name, family, birth_on=born, class_level="MS")
    ids = current().activity_ids
    with writing() as session:
        for activity in activities:
            session.add(
                Enrolment(
                    family_id=family,
                    child_id=child,
                    activity_id=ids[activity],
                    state=state,
                    entry_on=SEASON.first_day,
                    requested_at=clock.now(),
                )
            )
    return child


def reserve(family: int, child: int, slot: str, day: date, held: Held = Held.BOOKED) -> None:
    slot_id = current().slot_ids[slot]
    with writing() as session:
        session.add(
            Reservation(
                family_id=family,
                child_id=child,
                slot_id=slot_id,
                day=day,
                state=held,
                price_cents=350,
                booked_at=clock.now(),
            )
        )


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)


def test_the_queries_do_not_grow_with_the_family_or_the_days(family: int) -> None:
    def asked(days: int) -> int:
        with reading() as session, statements() as found:
            plan = plan_for(
                session, family, [MONDAY + timedelta(n) for n in range(days)], clock.now()
            )
            for child in plan.children:
                for day in range(days):
                    for slot in ("REPAS", "SOIR"):
                        plan.decide(child, slot, MONDAY + timedelta(day))
        return len(found)

    enrol(family, "Nora", "CANTINE")
    current()
    few = asked(1)
    for name in ("Sami", "Audrey", "Christopher"):
        child = enrol(family, name, "CANTINE", "SOIR")
        reserve(family, child, "SOIR", MONDAY)
    assert asked(60) == few <= 12


def test_cells_answer_from_what_is_kept(family: int) -> None:
    nora = enrol(family, "Nora", "CANTINE")
    other = factories.family("MARTIN")
    for name in ("Jules", "Emma"):
        reserve(other, enrol(other, name, "CANTINE"), "REPAS", MONDAY)
    reserve(family, nora, "REPAS", MONDAY + timedelta(1))
    reserve(family, nora, "REPAS", MONDAY + timedelta(3), Held.WAITING)
    with reading() as session:
        plan = plan_for(session, family, [MONDAY], clock.now())
    assert plan.decide(nora, "REPAS", MONDAY).state is CellState.FULL
    assert plan.decide(nora, "REPAS", MONDAY + timedelta(1)).state is CellState.BOOKED
    assert plan.decide(nora, "REPAS", MONDAY + timedelta(3)).state is CellState.WAITING
    friday = plan.decide(nora, "REPAS", MONDAY + timedelta(4))
    assert (friday.state, friday.allowed, friday.price_cents) == (CellState.FREE, True, 350)
    assert friday.places_left == 2
    assert plan.decide(nora, "SOIR", MONDAY).reason.code is Code.NOT_ENROLLED


def test_what_is_pending_counts(family: int) -> None:
    nora, sami = enrol(family, "Nora", "CANTINE"), enrol(family, "Sami", "CANTINE")
    pending = {(nora, "REPAS", MONDAY): Pending.BOOKING}
    with reading() as session:
        plan = plan_for(session, family, [MONDAY], clock.now(), pending=pending)
    assert plan.decide(nora, "REPAS", MONDAY).state is CellState.PENDING_BOOKING
    assert plan.decide(sami, "REPAS", MONDAY).places_left == 1


def test_prices_follow_quotient_residence_siblings_and_own_meals(family: int) -> None:
    eldest = enrol(family, "Audrey", "CANTINE", born=date(2017, 5, 4))
    nora = enrol(family, "Nora", "CANTINE", "SOIR", born=date(2022, 9, 30))
    reserve(family, eldest, "REPAS", MONDAY)

    def cents(child: int, day: date, slot: str = "REPAS") -> int | str | None:
        with reading() as session:
            found = plan_for(session, family, [day], clock.now()).price_of(slot, child, day)
        return found.unknown or found.cents

    assert cents(eldest, MONDAY) == 350
    assert cents(nora, MONDAY) == 315  # the second one that day
    assert cents(nora, MONDAY + timedelta(1)) == 350  # alone that day
    assert cents(nora, MONDAY, "SOIR") == "per_month"
    assert cents(nora, date(2027, 1, 4)) == 350  # an expired quotient: the highest price
    with writing() as session:
        row = session.get(Family, family)
        assert row is not None
        row.postcode = "75013"
    assert cents(nora, MONDAY + timedelta(1)) == 550
    information = MedicalInformation(pai=True, pai_measures="Paniers-repas de la famille.")
    with writing() as session:
        session.add(
            MedicalRecord(child_id=nora, sealed=seal(asdict(information)), changed_at=clock.now())
        )
    assert cents(nora, MONDAY + timedelta(1)) == 140


def test_a_package_is_not_due_again_for_each_of_its_days(family: int) -> None:
    booklet = Version(date(2020, 9, 1), Grid(Package(10, Flat(2500), Flat(320))))
    with writing() as session:
        write(session, TOWN, {**TARIFFS, "soir": Tariff("soir", "Carnet", (booklet,))})
    nora = enrol(family, "Nora", "SOIR")
    with reading() as session:
        found = plan_for(session, family, [MONDAY], clock.now()).price_of("SOIR", nora, MONDAY)
    assert (found.cents, found.unknown) == (None, "package")


def test_a_price_tells_its_steps(family: int) -> None:
    nora = enrol(family, "Nora", "CANTINE")
    with reading() as session:
        prices = plan_for(session, family, [MONDAY], clock.now()).price_of
    assert isinstance(prices, Prices)
    outcome = prices.outcome("REPAS", nora, MONDAY)
    assert isinstance(outcome, Price)
    assert len(outcome.steps) == 1


def test_facts_of_a_child(family: int) -> None:
    nora = enrol(family, "Nora", "CANTINE")
    enrol(family, "Sami", "CANTINE", state=EnrolmentState.REFUSED)
    today = paris(clock.now()).date()
    with writing() as session:
        kind = DocumentType(
            code="assurance",
            name="Assurance",
            subject=Subject.CHILD,
            validity=Validity.SCHOOL_YEAR,
            sharing=Sharing.STATE,
        )
        late = replace_code(kind, "vaccins")
        file = StoredFile(
            sha256="0", storage_name="0", mime="", extension="pdf", size=1, created_at=clock.now()
        )
        session.add_all([kind, late, file])
        session.flush()
        for one, until in ((kind, today), (late, today - timedelta(1))):
            session.add(
                Document(
                    family_id=family,
                    child_id=nora,
                    type_id=one.id,
                    file_id=file.id or 0,
                    name="x",
                    check_state=Check.ACCEPTED,
                    valid_until=until,
                    sent_at=clock.now(),
                )
            )
    factories.invoice(family, "1", due_on=today)

    def facts(on: date) -> Any:
        with reading() as session:
            found = family_facts(session, current(session), family, on)
        return {found.names[child.key]: child for child in found.children}

    found = facts(today)["Nora"].facts
    assert found.documents == {"assurance"}
    assert found.payments_up_to_date
    assert found.activities == {"CANTINE"}
    assert (found.level, found.resident) == ("MS", True)
    later = facts(today + timedelta(1))
    assert later["Nora"].facts.documents == frozenset()
    assert not later["Nora"].facts.payments_up_to_date
    assert later["Sami"].facts.activities == frozenset()
    with reading() as session, pytest.raises(NoFamilyError):
        family_facts(session, current(session), 999_999, today)


def replace_code(kind: DocumentType, code: str) -> DocumentType:
    return DocumentType(**kind.model_dump(exclude={"id"}) | {"code": code})


def test_what_was_withdrawn_from_the_catalogue_has_no_cell(family: int) -> None:
    nora = enrol(family, "Nora", "CANTINE", "SOIR")
    reserve(family, nora, "REPAS", MONDAY)
    with writing() as session:
        write(session, replace(TOWN, activities=TOWN.activities[1:]), TARIFFS)
    with reading() as session:
        plan = plan_for(session, family, [MONDAY], clock.now())
    assert plan.context.held == {}
    assert plan.decide(nora, "SOIR", MONDAY).allowed
