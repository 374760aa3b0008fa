"""A small town and its families, for the tests of enrolments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from portail.database import writing
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
from portail.domain.identity import Actor, Role
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Flat
from portail.domain.pricing.tariff import Grid
from portail.domain.schooling import MATERNELLE
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
        types=(ActivityType("peri", "Activités périscolaires"),),
        sites=(Site("vilar", "Jean-Vilar", "1 rue Jean-Vilar"),),
        activities=activities or (MORNING, OLDER, OVER),
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
