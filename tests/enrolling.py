"""A small town and its families, for the tests of enrolments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from sqlmodel import select

from portail import clock
from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.capacity import Capacity, Group, Quota
from portail.domain.catalogue import (
    SCHOOL_WEEK,
    Activity,
    ActivityType,
    Approval,
    Site,
    Slot,
    Town,
)
from portail.domain.eligibility import Eligibility
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Role
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Flat
from portail.domain.pricing.tariff import Grid
from portail.domain.schooling import MATERNELLE
from portail.models import ActivityRow, Enrolment, Reservation, SlotRow
from portail.services.catalogue import write
from tests import factories

SEASON = Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
TARIFFS = {"matin": Tariff("matin", "Matin", (Version(date(2020, 9, 1), Grid(Flat(350))),))}
MORNING = Activity(
    "MATIN",
    "1_Accueil matin maternelle",
    "peri",
    SEASON,
    (Slot("MATIN", "Matin", SCHOOL_WEEK, time(7, 30), time(8, 30), tariff="matin"),),
    site="vilar",
    eligibility=Eligibility(levels=MATERNELLE),
)
OLDER = Activity(
    "MATIN_E",
    "1_Accueil matin élémentaire",
    "peri",
    SEASON,
    (Slot("MATIN_E", "Matin", SCHOOL_WEEK, time(7, 30), time(8, 30), tariff="matin"),),
    eligibility=Eligibility(levels=("CP", "CE1", "CE2", "CM1", "CM2"), excludes=("MATIN",)),
    usual_days=True,
    order=1,
)
OVER = replace(
    MORNING,
    code="AVANT",
    label="Accueil d’avant",
    season=Period("2025-2026", date(2025, 9, 1), date(2026, 7, 3)),
    slots=(replace(MORNING.slots[0], code="AVANT"),),
    order=2,
)
GROUPS = (Group("mat", "Maternelle", MATERNELLE), Group("elem", "Élémentaire"))
QUOTAS = Capacity(3, (Quota("mat", 1), Quota("elem", 2)))


def with_places(places: int, *, automatic: bool = False) -> Activity:
    """The morning, with so many places."""
    approval = Approval.AUTOMATIC if automatic else Approval.MANUAL
    return replace(MORNING, capacity=Capacity(places), approval=approval)


def imported(*activities: Activity) -> None:
    """Make these the town's catalogue; without any, the usual ones."""
    town = Town(
        "Villejuif",
        CalendarRules(Zone.C),
        (ActivityType("peri", "Activités périscolaires"),),
        (Site("vilar", "Jean-Vilar", "1 rue Jean-Vilar"),),
        activities or (MORNING, OLDER, OVER),
    )
    with writing() as session:
        write(session, town, TARIFFS)


def parent(level: str = "MS", name: str = "Nora") -> tuple[Actor, int, int]:
    """A parent with one child: the actor, the child's id, the family's."""
    account_id = factories.account()
    family_id = factories.family(members=[account_id])
    child_id = factories.child(name, family_id, birth_on=date(2022, 9, 30), class_level=level)
    return Actor(session_id=0, account_id=account_id), child_id, family_id


def childcare() -> Actor:
    """An agent of childcare."""
    return Actor(0, agent_id=factories.agent(), roles=frozenset({Role.ENFANCE}))


def enrol(family_id: int, child_id: int, state: EnrolmentState = EnrolmentState.VALIDATED) -> None:
    """Enrol a child in the only activity of the town."""
    with writing() as session:
        activity = session.exec(select(ActivityRow)).one()
        session.add(
            Enrolment(
                family_id=family_id,
                child_id=child_id,
                activity_id=activity.id or 0,
                state=state,
                entry_on=date(2026, 9, 1),
                requested_at=clock.now(),
            )
        )


def book(family_id: int, child_id: int, day: date, held: Held = Held.BOOKED) -> None:
    """Book a day of the only slot of the town."""
    with writing() as session:
        slot = session.exec(select(SlotRow)).one()
        session.add(
            Reservation(
                family_id=family_id,
                child_id=child_id,
                slot_id=slot.id or 0,
                day=day,
                state=held,
                price_cents=350,
                booked_at=clock.now(),
            )
        )
