"""«Signaler une absence»: a family tells days, an agent says whether they are due.

An absence is a household's own: what the child's other household booked is not concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from portail import clock
from portail.database import reading, writing
from portail.domain import bookings
from portail.domain.absences import STANDING, AbsenceState, DaysProblem, bounds, days_problem
from portail.domain.bookings import EXPECTED, Act, Held
from portail.domain.decisions import Plan, prepare
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import Absence, Account, Child, Family, Procedure, Reservation
from portail.services import mails, procedures
from portail.services.audit import log_action
from portail.services.catalogue import current, plan_for
from portail.services.enrolments.places import lock_children
from portail.services.procedures import moves
from portail.services.reach import my_child, my_children, my_family_ids
from portail.settings import settings
from portail.texts import french

# what an absence is about: expected, or found absent without a word
_CONCERNED = EXPECTED | {Held.ABSENT_UNJUSTIFIED}
_BECOMES = {
    ProcedureState.VALIDATED: AbsenceState.JUSTIFIED,
    ProcedureState.REFUSED: AbsenceState.REFUSED,
    ProcedureState.WITHDRAWN: AbsenceState.WITHDRAWN,
}


class Due(StrEnum):
    """What an absence makes of one booking."""

    CANCELLABLE = "cancellable"  # may be cancelled anyway: better so
    ONCE_TOLD = "once_told"  # the town's rule lets it be cancelled once the absence is told
    DECIDED = "decided"  # an agent says whether it is due


@dataclass(frozen=True)
class AbsentLine:
    """A booking of these days; `until` is the last instant to cancel it, if there is one."""

    day: date
    activity: str
    slot: str
    due: Due
    until: datetime | None


@dataclass(frozen=True)
class Preview:
    """What telling these days would do."""

    child: str
    lines: tuple[AbsentLine, ...]


@dataclass(frozen=True)
class Told:
    """The absence is told; it begins with the first day that was booked."""

    procedure_id: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class WrongDays:
    """These days cannot be told: only those from `earliest` to `latest`."""

    problem: DaysProblem
    earliest: date
    latest: date


@dataclass(frozen=True)
class NothingBooked:
    """The household has nothing booked for the child on these days."""


@dataclass(frozen=True)
class AlreadyTold:
    """Some of these days were told before."""

    procedure_id: int
    first_on: date
    last_on: date


Refusal = WrongDays | NothingBooked | AlreadyTold
PreviewOutcome = Preview | Refusal
TellOutcome = Told | Refusal


@dataclass(frozen=True)
class ToldAbsence:
    """An absence that stands."""

    procedure_id: int
    child: str
    first_on: date
    last_on: date
    state: AbsenceState


def absence_children(actor: Actor) -> tuple[tuple[int, str], ...]:
    """The actor's children, id and first name, eldest first."""
    with reading() as session:
        # one line a child, whatever the number of its households
        return tuple({c.id or 0: c.first_name for c, _ in my_children(session, actor)}.items())


def my_absences(actor: Actor) -> tuple[ToldAbsence, ...]:
    """The absences of the actor's families that stand and are not long over, soonest first."""
    with reading() as session:
        rows = session.exec(
            select(Absence, Child.first_name)
            .join(Child, col(Child.id) == col(Absence.child_id))
            .where(
                col(Absence.family_id).in_(my_family_ids(actor)),
                col(Absence.state).in_(STANDING),
                Absence.last_on >= bounds(clock.today())[0],
            )
            .order_by(col(Absence.first_on), col(Absence.id))
        )
        return tuple(
            ToldAbsence(row.procedure_id or 0, name, row.first_on, row.last_on, row.state)
            for row, name in rows
        )


def preview_absence(actor: Actor, child_id: int, first: date, last: date) -> PreviewOutcome:
    """What is booked on these days, and what telling the absence changes of it.

    Raises:
        NotFound: not a child of the actor's.
    """
    with reading() as session:
        child, family = my_child(session, actor, child_id)
        days = _days(session, child, family, first, last)
        if not isinstance(days, tuple):
            return days
        return Preview(child.first_name, _lines(session, child, family, days))


def tell_absence(actor: Actor, child_id: int, first: date, last: date) -> TellOutcome:
    """«Signaler une absence» from `first` to `last`, both included.

    Raises:
        NotFound: not a child of the actor's.
    """
    with writing() as session:
        child, family = my_child(session, actor, child_id)
        # two parents, or the same click twice: one after the other
        lock_children(session, [child_id])
        days = _days(session, child, family, first, last)
        if not isinstance(days, tuple):
            return days
        lines = _lines(session, child, family, days)
        # the first day may be due: naming the Sunday before does not move it
        first = lines[0].day
        procedure = procedures.open_procedure(
            session,
            actor,
            ProcedureKind.ABSENCE,
            f"Absence {french.span(first, last)}",
            family_id=family.id or 0,
            child_id=child_id,
        )
        row = Absence(
            family_id=family.id or 0,
            child_id=child_id,
            first_on=first,
            last_on=last,
            state=AbsenceState.TOLD,
            told_at=clock.now(),
            procedure_id=procedure.id,
        )
        session.add(row)
        session.flush()
        log_action(
            session, "absence_told", account_id=actor.account_id, subject=f"absence {row.id}"
        )
        _acknowledge(session, actor, procedure, child, lines)
        return Told(procedure.id or 0, first, last)


def follow(session: Session, procedure: Procedure) -> None:
    """An absence keeps in step with its procedure; justified, its bookings are absences."""
    becomes = _BECOMES.get(procedure.state)
    if procedure.kind is not ProcedureKind.ABSENCE or becomes is None:
        return
    row = session.exec(
        select(Absence).where(Absence.procedure_id == procedure.id).with_for_update()
    ).first()
    if row is None:
        return
    row.state = becomes
    session.add(row)
    if becomes is AbsenceState.JUSTIFIED:
        lock_children(session, [row.child_id])
        session.execute(
            update(Reservation)
            .where(*_concerned(row.child_id, row.family_id, row.first_on, row.last_on))
            .values(state=Held.ABSENT_JUSTIFIED)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def register() -> None:
    """Have absences follow their procedures; once a process."""
    if follow not in moves.FOLLOWERS:
        moves.FOLLOWERS.append(follow)


def _days(
    session: Session, child: Child, family: Family, first: date, last: date
) -> tuple[Reservation, ...] | Refusal:
    """The bookings of these days, or why they cannot be told."""
    today = clock.today()
    problem = days_problem(first, last, today)
    if problem is not None:
        return WrongDays(problem, *bounds(today))
    told = session.exec(
        select(Absence)
        .where(
            Absence.child_id == child.id,
            Absence.family_id == family.id,
            col(Absence.state).in_(STANDING),
            Absence.first_on <= last,
            Absence.last_on >= first,
        )
        .order_by(col(Absence.first_on))
    ).first()
    if told is not None:
        return AlreadyTold(told.procedure_id or 0, told.first_on, told.last_on)
    rows = session.exec(
        select(Reservation)
        .where(*_concerned(child.id or 0, family.id or 0, first, last))
        .order_by(col(Reservation.day), col(Reservation.id))
    ).all()
    return tuple(rows) or NothingBooked()


def _concerned(
    child_id: int, family_id: int, first: date, last: date
) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Reservation.child_id) == child_id,
        col(Reservation.family_id) == family_id,
        col(Reservation.day).between(first, last),
        col(Reservation.cancelled_at).is_(None),
        col(Reservation.state).in_(_CONCERNED),
    )


def _lines(
    session: Session, child: Child, family: Family, rows: tuple[Reservation, ...]
) -> tuple[AbsentLine, ...]:
    """What the engine says of each booking, before the absence is told and after."""
    loaded = current(session)
    days = [row.day for row in rows]
    before = plan_for(session, family.id or 0, days, clock.now(), loaded=loaded)
    after = _once_told(before, child.id or 0, bookings.Absence(days[0], days[-1]))
    lines = []
    for row in rows:
        code = loaded.slot_codes[row.slot_id]
        found = loaded.rulebook.slots.get(code)
        due, until = Due.DECIDED, None
        if found is not None:
            now = before.decide(row.child_id, code, row.day)
            then = after.decide(row.child_id, code, row.day)
            if now.act is Act.CANCEL and now.allowed:
                due, until = Due.CANCELLABLE, now.changes_at
            elif then.act is Act.CANCEL and then.allowed:
                due, until = Due.ONCE_TOLD, then.changes_at
        lines.append(
            AbsentLine(
                row.day,
                found[1].label if found else "",
                loaded.slot_labels.get(code, ""),
                due,
                until,
            )
        )
    return tuple(lines)


def _once_told(plan: Plan, child_id: int, absence: bookings.Absence) -> Plan:
    children = tuple(
        replace(one, absences=(*one.absences, absence)) if one.key == child_id else one
        for one in plan.context.children
    )
    return prepare(plan.rules, replace(plan.context, children=children), plan.now, plan.price_of)


def _acknowledge(
    session: Session,
    actor: Actor,
    procedure: Procedure,
    child: Child,
    lines: tuple[AbsentLine, ...],
) -> None:
    account = session.get_one(Account, actor.account())
    context: dict[str, object] = {
        "first_name": account.first_name,
        "child": child.first_name,
        "number": procedure.id,
        "title": procedure.title,
        "lines": [
            f"{french.day(one.day)}\u00a0: {', '.join(w for w in (one.activity, one.slot) if w)}"
            for one in lines
        ],
        "cancellable": any(one.due is not Due.DECIDED for one in lines),
        "service": settings().town_service,
        "silence": settings().absence_silence,
        "url": f"{settings().base_url}/dossier/demarche?n={procedure.id}",
    }
    mails.queue(session, "absence_told", account.email, context)
