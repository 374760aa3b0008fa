"""Enrolments of the demo's fixed families, with their procedures, and the bookings of two weeks.

Written straight into the tables, dated in the past: a family asked in summer, the town answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from portail import clock
from portail.domain.bookings import Held
from portail.domain.calendars import Weekday
from portail.domain.catalogue import Activity
from portail.domain.enrolling import enrolment_group, entry_day
from portail.domain.enrolment_states import LIVE, EnrolmentState
from portail.domain.pricing import Price
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Enrolment,
    Family,
    Procedure,
    ProcedureEvent,
    Reservation,
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
WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
AHEAD = 14  # days with bookings, today included
OPEN_DAYS = (*WEEK[:2], Weekday.WEDNESDAY, *WEEK[2:])
HOLIDAYS = "loisirs"  # the type of the holiday centres
HOLIDAYS_OPEN = timedelta(days=55)  # before them, when somebody has enrolled and was answered


@dataclass(frozen=True)
class DemoEnrolment:
    """A child in an activity; `days`: how long ago it was asked.

    `HOLIDAYS` in place of a code: the holidays that are on or next, unless they are far away.
    """

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
        DemoEnrolment("Nora", HOLIDAYS, VALIDATED, 19, booked=OPEN_DAYS),
        DemoEnrolment("Audrey", HOLIDAYS, VALIDATED, 18, booked=OPEN_DAYS[:2]),
        DemoEnrolment("Sami", "1_MATIN_ELEM", VALIDATED, 80),
        DemoEnrolment("Sami", "2_SOIR_ELEM", VALIDATED, 80, booked=WEEK),
        DemoEnrolment("Sami", "RESTAURATION_ELEM", VALIDATED, 80, WEEK, booked=WEEK),
        DemoEnrolment(
            "Sami",
            "3_MERCREDI_MATIN_ELEM",
            REFUSED,
            40,
            note="Le groupe du mercredi matin est complet cette année.",
        ),
        DemoEnrolment("Audrey", "5_MERCREDI_JOURNEE_ELEM", REQUESTED, 2),
    ),
    BENALI: (
        DemoEnrolment("Lina", "RESTAURATION_ELEM", VALIDATED, 79, WEEK, booked=WEEK),
        DemoEnrolment("Lina", "5_MERCREDI_JOURNEE_ELEM", REQUESTED, 4),
    ),
    # asked at the counter: nobody of this file has an account
    MARTIN: (DemoEnrolment("Jules", "6_PASSERELLE_MAT", VALIDATED, 70),),
}


def fill(session: Session) -> None:
    """Add them; the families and the catalogue exist."""
    loaded = current(session)
    for number, wanted in ENROLMENTS.items():
        family = session.exec(select(Family).where(Family.number == number)).one()
        account = session.exec(
            select(Subscription.account_id).where(Subscription.family_id == family.id)
        ).first()
        known = {one.child.first_name: one for one in family_children(session, family, loaded)}
        # oldest first, so that numbers grow with time
        for one in sorted(wanted, key=lambda line: -line.days):
            activity = _activity(loaded, known[one.child], one.activity)
            if activity is not None:
                _enrol(session, loaded, account, known[one.child], activity, one)
        session.flush()
        for one in wanted:
            activity = _activity(loaded, known[one.child], one.activity)
            if activity is not None:
                session.add_all(_bookings(loaded, known[one.child], activity, one))


def _activity(loaded: Loaded, known: Known, code: str) -> Activity | None:
    """The activity of this code; of `HOLIDAYS`, that of the child's class level."""
    if code != HOLIDAYS:
        return next(one for one in loaded.town.activities if one.code == code)
    today = clock.today()
    return next(
        (
            one
            for one in sorted(loaded.town.activities, key=lambda one: one.season.first_day)
            if one.type == HOLIDAYS
            and known.facts.level in one.eligibility.levels
            and one.season.first_day - HOLIDAYS_OPEN <= today <= one.season.last_day
        ),
        None,
    )


def _enrol(
    session: Session,
    loaded: Loaded,
    account_id: int | None,
    known: Known,
    activity: Activity,
    one: DemoEnrolment,
) -> None:
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
            activity_id=loaded.activity_ids[activity.code],
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


def _bookings(
    loaded: Loaded, known: Known, activity: Activity, one: DemoEnrolment
) -> Iterator[Reservation]:
    """From today on, the days of the pattern when the slot is open, at the family's price."""
    if one.state not in LIVE or not one.booked:
        return
    (slot,) = activity.slots
    for ahead in range(AHEAD):
        day = clock.today() + timedelta(days=ahead)
        if day.weekday() not in one.booked or loaded.rulebook.closed(slot.code, day) is not None:
            continue
        price = known.prices.outcome(slot.code, known.child.id or 0, day)
        yield Reservation(
            family_id=known.family.id or 0,
            child_id=known.child.id or 0,
            slot_id=loaded.slot_ids[slot.code],
            day=day,
            state=Held.BOOKED,
            group_code=enrolment_group(activity, known.facts, day),
            price_cents=price.cents if isinstance(price, Price) else None,
            booked_at=_at(20),
        )


def _at(days: int) -> datetime:
    """A quarter to nine in the evening, so many days ago."""
    day: date = clock.today() - timedelta(days=days)
    return datetime.combine(day, time(20, 45), clock.paris(clock.now()).tzinfo)
