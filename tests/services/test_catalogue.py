"""The catalogue in the database: written in one go, read once a version, kept where pointed to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import Held
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.catalogue import (
    SCHOOL_WEEK,
    Activity,
    ActivityType,
    Residents,
    Site,
    Slot,
    Town,
)
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Flat
from portail.domain.pricing.tariff import Grid
from portail.models import ActivityRow, Enrolment, Reservation, SlotRow
from portail.services.catalogue import changes, current, write
from tests import factories

SEASON = Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
MATIN = Slot("1_MATIN", "Matin", SCHOOL_WEEK, time(7, 30), time(8, 30), tariff="matin")
REPAS = Slot("REPAS", "Repas", SCHOOL_WEEK, time(11, 30), time(13, 30))
ACCUEIL = Activity(
    "1_ACCUEIL", "1_Accueil matin maternelle", "peri", SEASON, (MATIN,), site="vilar"
)
CANTINE = Activity("CANTINE", "Restauration", "peri", SEASON, (REPAS,), order=1)
TOWN = Town(
    "Villejuif",
    CalendarRules(Zone.C),
    (ActivityType("peri", "Activités périscolaires"),),
    (Site("vilar", "Jean-Vilar"),),
    (ACCUEIL, CANTINE),
    Residents(("94800",)),
)
TARIFFS = {"matin": Tariff("matin", "Matin", (Version(date(2020, 9, 1), Grid(Flat(350))),))}


def imported(town: Town = TOWN) -> int:
    with writing() as session:
        return write(session, town, TARIFFS)


@pytest.mark.usefixtures("db")
def test_before_any_import_the_town_is_empty() -> None:
    assert (current().version, current().town.activities) == (0, ())


@pytest.mark.usefixtures("db")
def test_what_is_written_is_read() -> None:
    assert imported() == 1
    loaded = current()
    assert (loaded.town, loaded.tariffs, loaded.version) == (TOWN, TARIFFS, 1)
    assert loaded.slot_codes[loaded.slot_ids["REPAS"]] == "REPAS"
    assert loaded.activity_codes[loaded.activity_ids["CANTINE"]] == "CANTINE"
    assert loaded.label("CANTINE") == "Restauration"
    assert loaded.label("vilar") == "Jean-Vilar"
    assert loaded.rulebook.slots["REPAS"][1] == CANTINE
    assert current() is loaded


@pytest.mark.usefixtures("db")
def test_an_import_is_seen_at_once_and_ids_stay() -> None:
    imported()
    before = current()
    assert imported(replace(TOWN, activities=(replace(ACCUEIL, label="Accueil"), CANTINE))) == 2
    assert current().label("1_ACCUEIL") == "Accueil"
    assert current().activity_ids == before.activity_ids
    assert current().slot_ids == before.slot_ids


@pytest.mark.usefixtures("db")
def test_what_nothing_points_to_is_deleted() -> None:
    imported()
    imported(replace(TOWN, activities=(ACCUEIL,)))
    with reading() as session:
        assert session.exec(select(ActivityRow.code)).all() == ["1_ACCUEIL"]
        assert session.exec(select(SlotRow.code)).all() == ["1_MATIN"]


@pytest.mark.usefixtures("db")
def test_what_is_pointed_to_is_withdrawn_and_may_come_back() -> None:
    imported()
    loaded = current()
    family = factories.family()
    child = factories.child("Nora", family)
    with writing() as session:
        session.add(
            Enrolment(
                family_id=family,
                child_id=child,
                activity_id=loaded.activity_ids["1_ACCUEIL"],
                state=EnrolmentState.VALIDATED,
                entry_on=SEASON.first_day,
                requested_at=clock.now(),
            )
        )
        session.add(
            Reservation(
                family_id=family,
                child_id=child,
                slot_id=loaded.slot_ids["REPAS"],
                day=date(2026, 11, 24),
                state=Held.BOOKED,
                price_cents=350,
                booked_at=clock.now(),
            )
        )
    imported(replace(TOWN, activities=()))
    with reading() as session:
        # the canteen stays for its slot, the morning's slot goes: nobody booked it
        assert {row.code for row in session.exec(select(ActivityRow)) if row.withdrawn_at} == {
            "1_ACCUEIL",
            "CANTINE",
        }
        assert [row.code for row in session.exec(select(SlotRow)) if row.withdrawn_at] == ["REPAS"]
    assert current().town.activities == ()
    assert current().label("REPAS") == "Repas"
    imported()
    assert current().town == TOWN
    assert current().slot_ids["REPAS"] == loaded.slot_ids["REPAS"]


@pytest.mark.usefixtures("db")
def test_a_slot_may_move_to_another_activity() -> None:
    imported()
    before = current().slot_ids["1_MATIN"]
    imported(replace(TOWN, activities=(replace(CANTINE, slots=(REPAS, MATIN)),)))
    assert current().slot_ids["1_MATIN"] == before
    assert [slot.code for slot in current().town.activities[0].slots] == ["REPAS", "1_MATIN"]


@pytest.mark.usefixtures("db")
def test_what_an_import_would_change() -> None:
    with reading() as session:
        assert changes(session, TOWN, TARIFFS).added[:2] == ("town", "type peri")
    imported()
    after = replace(TOWN, activities=(replace(ACCUEIL, slots=(replace(MATIN, label="M"),)),))
    with reading() as session:
        assert not changes(session, TOWN, TARIFFS)
        found = changes(session, after, {})
    assert found.changed == ("slot 1_MATIN",)
    assert set(found.removed) == {"activity CANTINE", "slot REPAS", "tariff matin"}
    with reading() as session:
        assert current(session).version == 1


@pytest.mark.usefixtures("db")
def test_an_import_that_fails_changes_nothing() -> None:
    imported()
    with pytest.raises(RuntimeError), writing() as session:
        write(session, replace(TOWN, name="Autre"), {})
        assert current(session).town.name == "Autre"
        raise RuntimeError
    assert (current().town, current().version) == (TOWN, 1)


@pytest.mark.usefixtures("db")
def test_threads_share_one_reading() -> None:
    imported()
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: id(current()), range(16)))
    assert len(found) == 1
