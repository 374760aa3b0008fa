"""Enrolments of the demo's fixed families, with their procedures.

Written straight into the tables, dated in the past: a family asked in summer, the town answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from portail import clock
from portail.domain.calendars import Weekday
from portail.domain.catalogue import WORKING_WEEK, Activity
from portail.domain.enrolling import enrolment_group, entry_day
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Enrolment,
    Family,
    Procedure,
    ProcedureEvent,
    Subscription,
)
from portail.services.catalogue import Loaded, current
from portail.services.enrolments.days import days_text
from portail.services.enrolments.facts import Known, family_children

PINCEAU, BENALI, MARTIN = 10001, 10002, 10427
VALIDATED, REFUSED, WAITING, REQUESTED, ENDED = (
    EnrolmentState.VALIDATED,
    EnrolmentState.REFUSED,
    EnrolmentState.WAITING_LIST,
    EnrolmentState.REQUESTED,
    EnrolmentState.ENDED,
)
SUMMERS = ("LOISIRS_ETE_PRECEDENT_ELEM", "LOISIRS_ETE_ELEM")
SUMMER_SHOWN = (timedelta(days=14), timedelta(days=60))  # before it begins, once it is over
WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


@dataclass(frozen=True)
class DemoEnrolment:
    """A child in an activity; `days`: how long ago it was asked; `booked`: see `bookings`."""

    child: str
    activity: str
    state: EnrolmentState
    days: int
    usual_days: tuple[Weekday, ...] = ()
    note: str = ""
    booked: tuple[Weekday, ...] = ()


# Nora is not in 1_MATIN_MAT: whoever shows the demo enrols her
ENROLMENTS = {
    PINCEAU: (
        DemoEnrolment("Christopher", "1_MATIN_MAT", VALIDATED, 82, booked=WEEK),
        DemoEnrolment("Christopher", "RESTAURATION_MAT", VALIDATED, 82, WEEK, booked=WEEK),
        DemoEnrolment("Christopher", "6_PASSERELLE_MAT", WAITING, 8),
        DemoEnrolment("Nora", "6_PASSERELLE_MAT", VALIDATED, 60),
        DemoEnrolment("Nora", "2_SOIR_MAT", VALIDATED, 82, booked=WEEK[:2]),
        DemoEnrolment("Nora", "RESTAURATION_MAT", VALIDATED, 82, WEEK, booked=WEEK),
        DemoEnrolment("Nora", "3_MERCREDI_MATIN_MAT", VALIDATED, 81),
        DemoEnrolment("Nora", "5_MERCREDI_JOURNEE_MAT", VALIDATED, 81, booked=(Weekday.WEDNESDAY,)),
        DemoEnrolment("Audrey", "1_MATIN_ELEM", VALIDATED, 80, booked=WEEK[:2]),
        DemoEnrolment("Audrey", "2_SOIR_ELEM", VALIDATED, 80, booked=WEEK),
        DemoEnrolment("Audrey", "RESTAURATION_ELEM", VALIDATED, 80, WEEK, booked=WEEK),
        DemoEnrolment("Sami", "1_MATIN_ELEM", VALIDATED, 80),
        DemoEnrolment("Sami", "2_SOIR_ELEM", VALIDATED, 80, booked=WEEK),
        DemoEnrolment("Sami", "RESTAURATION_ELEM", VALIDATED, 80, WEEK, booked=WEEK),
        DemoEnrolment(
            "Sami",
            "3_MERCREDI_MATIN_ELEM",
            REFUSED,
            40,
            note="Le groupe du mercredi matin est complet jusqu’aux vacances d’hiver.",
        ),
        DemoEnrolment("Audrey", "5_MERCREDI_JOURNEE_ELEM", REQUESTED, 2),
        # in summer, when nothing else is open
        *(
            DemoEnrolment(child, activity, VALIDATED, 70, booked=WORKING_WEEK)
            for child in ("Audrey", "Sami")
            for activity in SUMMERS
        ),
    ),
    BENALI: (
        DemoEnrolment("Lina", "RESTAURATION_ELEM", VALIDATED, 79, WEEK, booked=WEEK),
        DemoEnrolment("Lina", "5_MERCREDI_JOURNEE_ELEM", REQUESTED, 4),
    ),
    # asked at the counter: nobody of this file has an account
    MARTIN: (DemoEnrolment("Jules", "6_PASSERELLE_MAT", VALIDATED, 70),),
}


def wanted_enrolments(loaded: Loaded) -> dict[int, tuple[DemoEnrolment, ...]]:
    """Those of today, by number of the family: summers that are far away are left out."""
    return {
        number: tuple(
            one
            for one in wanted
            if one.activity not in SUMMERS or _near(_activity(loaded, one.activity))
        )
        for number, wanted in ENROLMENTS.items()
    }


def _near(activity: Activity) -> bool:
    before, after = SUMMER_SHOWN
    return activity.season.first_day - before <= clock.today() <= activity.season.last_day + after


def fill(session: Session) -> None:
    """Add them; the families and the catalogue exist."""
    loaded = current(session)
    for number, wanted in wanted_enrolments(loaded).items():
        family = session.exec(select(Family).where(Family.number == number)).one()
        account = session.exec(
            select(Subscription.account_id).where(Subscription.family_id == family.id)
        ).first()
        known = {one.child.first_name: one for one in family_children(session, family, loaded)}
        # oldest first, so that numbers grow with time
        for one in sorted(wanted, key=lambda line: -line.days):
            _enrol(session, loaded, account, known[one.child], one)
    session.flush()


def _activity(loaded: Loaded, code: str) -> Activity:
    return next(one for one in loaded.town.activities if one.code == code)


def _enrol(
    session: Session, loaded: Loaded, account_id: int | None, known: Known, one: DemoEnrolment
) -> None:
    activity = _activity(loaded, one.activity)
    asked = _at(one.days)
    answered = asked + timedelta(days=1, hours=1)
    waits = one.state in (WAITING, REQUESTED)
    procedure = Procedure(
        family_id=known.family.id or 0,
        child_id=known.child.id,
        account_id=account_id,
        kind=ProcedureKind.ENROLMENT,
        state=ProcedureState(one.state.value),
        title=f"Demande d’inscription à l’activité {activity.label}",
        requested_at=asked,
        changed_at=asked if waits else answered,
    )
    session.add(procedure)
    session.flush()
    first = procedure.state if waits else ProcedureState.REQUESTED
    _event(session, procedure, asked, first, account_id=account_id)
    if not waits:
        _event(session, procedure, answered, procedure.state, note=one.note)
    entry = max(entry_day(activity, asked), activity.season.first_day)
    session.add(
        Enrolment(
            family_id=known.family.id or 0,
            child_id=known.child.id or 0,
            activity_id=loaded.activity_ids[one.activity],
            procedure_id=procedure.id,
            state=one.state,
            group_code=enrolment_group(activity, known.facts, entry),
            entry_on=entry,
            usual_days=days_text(one.usual_days),
            requested_at=asked,
            waiting_since=asked if one.state is WAITING else None,
        )
    )
    session.flush()


def _event(
    session: Session,
    procedure: Procedure,
    at: datetime,
    state: ProcedureState,
    *,
    account_id: int | None = None,
    note: str = "",
) -> None:
    session.add(
        ProcedureEvent(
            procedure_id=procedure.id or 0, at=at, state=state, note=note, account_id=account_id
        )
    )
    session.flush()


def _at(days: int) -> datetime:
    """A quarter to nine in the evening, so many days ago."""
    day: date = clock.today() - timedelta(days=days)
    return datetime.combine(day, time(20, 45), clock.paris(clock.now()).tzinfo)
