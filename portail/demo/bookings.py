"""Bookings of the demo's fixed families: what was attended or not, what is to come, a full day.

Written straight into the tables, around today: past days have their attendance, the next two weeks
their bookings. Some Wednesday mornings are full, and Nora waits for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from portail import clock
from portail.demo import town
from portail.demo.enrolments import PINCEAU, DemoEnrolment, wanted_enrolments
from portail.domain.absences import AbsenceState
from portail.domain.bookings import Held
from portail.domain.calendars import Weekday
from portail.domain.catalogue import Activity
from portail.domain.enrolling import enrolment_group
from portail.domain.enrolment_states import LIVE, EnrolmentState
from portail.domain.pricing import Price
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import Absence, Child, Enrolment, Family, Procedure, Reservation
from portail.services.catalogue import Loaded, current
from portail.services.enrolments.facts import Known, family_children

BEFORE, AHEAD = 60, 14  # days with bookings; today is the first of those ahead
WEDNESDAY = "3_MERCREDI_MATIN_MAT"
FULL_FROM = 2  # the Wednesdays to come that are full: the third, where Nora waits, and the fourth
MISSED = 4  # somebody missed the fourth of the last days expected, without a word
ANSWERS = {
    ProcedureState.VALIDATED: AbsenceState.JUSTIFIED,
    ProcedureState.REFUSED: AbsenceState.REFUSED,
}


def fill(session: Session) -> None:
    """Add them; the families, their procedures and their enrolments exist."""
    loaded = current(session)
    for number, wanted in wanted_enrolments(loaded).items():
        known = _known(session, loaded, number)
        for one in wanted:
            session.add_all(_usual(loaded, known[one.child], one))
    session.flush()
    _absences(session)
    _full_days(session, loaded)
    session.flush()


def _known(session: Session, loaded: Loaded, number: int) -> dict[str, Known]:
    family = session.exec(select(Family).where(Family.number == number)).one()
    return {one.child.first_name: one for one in family_children(session, family, loaded)}


def _usual(loaded: Loaded, known: Known, one: DemoEnrolment) -> Iterator[Reservation]:
    """The days of the pattern when the slot is open, at the family's price."""
    if one.state not in LIVE or not one.booked:
        return
    activity = loaded.rulebook.activities[one.activity]
    today = clock.today()
    for ahead in range(-BEFORE, AHEAD):
        day = today + timedelta(days=ahead)
        (slot,) = activity.slots
        if day.weekday() in one.booked and loaded.rulebook.closed(slot.code, day) is None:
            yield _booking(
                loaded, known, activity, day, Held.ATTENDED if day < today else Held.BOOKED
            )


def _booking(
    loaded: Loaded, known: Known, activity: Activity, day: date, held: Held
) -> Reservation:
    (slot,) = activity.slots
    price = known.prices.outcome(slot.code, known.child.id or 0, day)
    return Reservation(
        family_id=known.family.id or 0,
        child_id=known.child.id or 0,
        slot_id=loaded.slot_ids[slot.code],
        day=day,
        state=held,
        group_code=enrolment_group(activity, known.facts, day),
        price_cents=price.cents if isinstance(price, Price) else None,
        booked_at=_before(min(day, clock.today()), 20),
    )


def _absences(session: Session) -> None:
    """The days of the absences that were told, then one that was not."""
    procedures = session.exec(
        select(Procedure).where(Procedure.kind == ProcedureKind.ABSENCE).order_by(col(Procedure.id))
    ).all()
    for procedure in procedures:
        told_on = clock.paris(procedure.requested_at).date()
        rows = _attended(session, procedure.child_id, told_on)
        day = rows[0].day if rows else told_on
        state = ANSWERS[procedure.state]
        session.add(
            Absence(
                family_id=procedure.family_id,
                child_id=procedure.child_id or 0,
                first_on=day,
                last_on=day,
                state=state,
                told_at=procedure.requested_at,
                procedure_id=procedure.id,
            )
        )
        if state is AbsenceState.JUSTIFIED:
            _missed(rows, day, Held.ABSENT_JUSTIFIED)
    for name in ("Christopher", "Audrey"):  # the second one in September, after the summer
        child = session.exec(select(Child.id).where(Child.first_name == name)).one()
        rows = _attended(session, child, clock.today())
        days = list(dict.fromkeys(row.day for row in rows))
        if len(days) >= MISSED:
            _missed(rows, days[MISSED - 1], Held.ABSENT_UNJUSTIFIED)
            return


def _attended(session: Session, child_id: int | None, until: date) -> Sequence[Reservation]:
    """Where the child was, the last day first."""
    return session.exec(
        select(Reservation)
        .where(
            Reservation.child_id == child_id,
            Reservation.state == Held.ATTENDED,
            Reservation.day <= until,
        )
        .order_by(col(Reservation.day).desc(), col(Reservation.id))
    ).all()


def _missed(rows: Sequence[Reservation], day: date, held: Held) -> None:
    for row in rows:
        if row.day == day:
            row.state = held


def _full_days(session: Session, loaded: Loaded) -> None:
    """Made-up families take every place of two Wednesday mornings; one waits, then Nora."""
    activity = loaded.rulebook.activities[WEDNESDAY]
    (slot,) = activity.slots
    days = _next_open(loaded, slot.code, Weekday.WEDNESDAY, FULL_FROM + 2)[FULL_FROM:]
    if not days:
        return
    neighbours = [
        one for family in town.NEIGHBOURS for one in _known(session, loaded, family.number).values()
    ]
    for one in neighbours:
        session.add(
            Enrolment(
                family_id=one.family.id or 0,
                child_id=one.child.id or 0,
                activity_id=loaded.activity_ids[WEDNESDAY],
                state=EnrolmentState.VALIDATED,
                group_code=enrolment_group(activity, one.facts, days[0]),
                entry_on=activity.season.first_day,
                requested_at=_before(clock.today(), 90),
            )
        )
    places = slot.capacity.places or 0
    for day in days:
        for one in neighbours[:places]:
            session.add(_booking(loaded, one, activity, day, Held.BOOKED))
    session.flush()
    for one in (*neighbours[places:], _known(session, loaded, PINCEAU)["Nora"]):
        row = _booking(loaded, one, activity, days[0], Held.WAITING)
        row.booked_at = _before(clock.today(), 3)
        session.add(row)
        session.flush()  # in this order


def _next_open(loaded: Loaded, slot: str, weekday: Weekday, count: int) -> list[date]:
    """The next days of the week when a slot is open, within the school year."""
    day = clock.today() + timedelta(days=(weekday - clock.today().weekday()) % 7)
    last = loaded.rulebook.slots[slot][1].season.last_day
    found: list[date] = []
    while day <= last and len(found) < count:
        if loaded.rulebook.closed(slot, day) is None:
            found.append(day)
        day += timedelta(days=7)
    return found


def _before(day: date, days: int) -> datetime:
    """A quarter to nine in the evening, so many days before."""
    local = clock.paris(clock.now()).tzinfo
    return datetime.combine(day - timedelta(days=days), time(20, 45), local)
