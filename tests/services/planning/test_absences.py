"""Absences: told for days that are booked, answered by agents, and what the town's rule then lets
be cancelled.
"""  # noqa: D205

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.absences import AbsenceState, DaysProblem
from portail.domain.bookings import CellState, Held
from portail.domain.catalogue import Activity
from portail.domain.deadlines import DaysBefore, DuringAbsence
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.reasons import Code
from portail.models import Absence, Enrolment, OutboxMail, Procedure, Reservation
from portail.services.catalogue import current, plan_for
from portail.services.family_file import answers
from portail.services.family_file.answers import Answered
from portail.services.family_file.changes import withdraw
from portail.services.planning.absences import (
    AlreadyTold,
    Due,
    NothingBooked,
    Preview,
    Told,
    WrongDays,
    absence_children,
    my_absences,
    preview_absence,
    tell_absence,
)
from portail.services.procedures import procedure_detail
from portail.services.reach import NotFound
from tests import factories
from tests.concurrency.together import at_once
from tests.enrolling import MORNING, childcare, imported, parent

pytestmark = pytest.mark.usefixtures("db")

MON, TUE, THU, FRI = (date(2026, 11, day) for day in (23, 24, 26, 27))  # Monday is today, 9:00
SUNDAY, BEFORE = date(2026, 11, 22), date(2026, 11, 20)
# the first day is due; the next ones may be cancelled until 10:00 (Boisemont)
MEALS = replace(
    MORNING,
    slots=(
        replace(MORNING.slots[0], cancel=DuringAbsence(DaysBefore(2, time(9)), until=time(10))),
    ),
)


@dataclass(frozen=True)
class Home:
    """A family with one child, who has bookings."""

    actor: Actor
    child: int
    family: int

    def book(self, *days: date, held: Held = Held.BOOKED, family: int = 0) -> None:
        with writing() as session:
            for day in days:
                session.add(
                    Reservation(
                        family_id=family or self.family,
                        child_id=self.child,
                        slot_id=current(session).slot_ids["MATIN"],
                        day=day,
                        state=held,
                        price_cents=350,
                        booked_at=clock.now(),
                    )
                )

    def tell(self, first: date, last: date) -> object:
        return tell_absence(self.actor, self.child, first, last)

    def told(self, first: date, last: date) -> Told:
        outcome = self.tell(first, last)
        assert isinstance(outcome, Told)
        return outcome

    def cell(self, day: date) -> tuple[CellState, bool, Code]:
        with reading() as session:
            decision = plan_for(session, self.family, [day], clock.now()).decide(
                self.child, "MATIN", day
            )
        return decision.state, decision.allowed, decision.reason.code


def enrolled(activity: Activity = MEALS) -> Home:
    imported(activity)
    actor, child, family = parent()
    with writing() as session:
        session.add(
            Enrolment(
                family_id=family,
                child_id=child,
                activity_id=current(session).activity_ids["MATIN"],
                state=EnrolmentState.VALIDATED,
                entry_on=activity.season.first_day,
                requested_at=clock.now(),
            )
        )
    return Home(actor, child, family)


@pytest.fixture
def nora() -> Home:
    return enrolled()


def held() -> list[Held]:
    with reading() as session:
        rows = session.exec(select(Reservation).order_by(col(Reservation.day)))
        return [row.state for row in rows]


def absences() -> list[Absence]:
    with reading() as session:
        return list(session.exec(select(Absence).order_by(col(Absence.id))))


# --- telling


def test_days_that_are_booked_are_told_with_a_procedure_and_a_receipt(nora: Home) -> None:
    nora.book(THU, FRI)
    told = nora.told(THU, FRI)
    (row,) = absences()
    assert (row.state, row.first_on, row.last_on) == (AbsenceState.TOLD, THU, FRI)
    detail = procedure_detail(nora.actor, told.procedure_id)
    assert (detail.line.title, detail.line.child) == ("Absence du 26 au 27 novembre", "Nora")
    assert (detail.line.kind, detail.line.state) == (
        ProcedureKind.ABSENCE,
        ProcedureState.REQUESTED,
    )
    assert detail.may_withdraw
    with reading() as session:
        mail = session.exec(select(OutboxMail)).one()
    assert mail.kind == "absence_told"
    assert "vendredi 27 novembre 2026\u00a0: 1_Accueil matin maternelle, Matin" in mail.text
    assert held() == [Held.BOOKED] * 2  # nothing of it changes by itself
    assert [(one.child, one.first_on) for one in my_absences(nora.actor)] == [("Nora", THU)]


def test_it_begins_with_the_first_day_booked(nora: Home) -> None:
    nora.book(MON, TUE)
    assert nora.told(SUNDAY, TUE).first_on == MON
    # naming the Sunday before does not make Monday a «next day»
    assert nora.cell(MON) == (CellState.BOOKED, False, Code.CANCELLING_TOO_LATE)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (TUE, MON, DaysProblem.ORDER),
        (MON - timedelta(days=4), MON, DaysProblem.TOO_OLD),
        (MON, MON + timedelta(days=31), DaysProblem.TOO_FAR),
    ],
)
def test_days_out_of_reach_are_refused(
    nora: Home, first: date, last: date, problem: DaysProblem
) -> None:
    nora.book(MON)
    outcome = nora.tell(first, last)
    assert isinstance(outcome, WrongDays)
    assert outcome.problem is problem
    assert not absences()


def test_the_last_days_of_reach_are_told(nora: Home) -> None:
    nora.book(MON - timedelta(days=3), MON + timedelta(days=29))
    nora.told(MON - timedelta(days=3), MON + timedelta(days=30))


def test_without_a_booking_there_is_nothing_to_tell(nora: Home) -> None:
    nora.book(MON)
    nora.book(TUE, held=Held.WAITING)
    nora.book(THU, held=Held.ABSENT_JUSTIFIED)
    assert nora.tell(TUE, FRI) == NothingBooked()
    assert not absences()


def test_the_bookings_of_the_other_household_are_not_ours_to_tell(nora: Home) -> None:
    other = factories.family("DELMAS")
    factories.share(nora.child, other)
    nora.book(TUE, family=other)
    assert nora.tell(TUE, TUE) == NothingBooked()
    nora.book(THU)
    told = nora.told(TUE, THU)
    answers.accept(childcare(), told.procedure_id)
    assert held() == [Held.BOOKED, Held.ABSENT_JUSTIFIED]


def test_days_told_before_are_not_told_again(nora: Home) -> None:
    nora.book(TUE, THU, FRI)
    told = nora.told(TUE, THU)
    again = AlreadyTold(told.procedure_id, TUE, THU)
    assert nora.tell(TUE, THU) == again
    assert nora.tell(THU, FRI) == again
    assert preview_absence(nora.actor, nora.child, THU, FRI) == again
    nora.told(FRI, FRI)
    assert len(absences()) == 2


def test_two_parents_at_once_tell_one_absence(nora: Home) -> None:
    nora.book(TUE)
    other = factories.account()
    factories.join_family(other, nora.family)
    actors = [nora.actor, Actor(session_id=0, account_id=other)] * 3
    outcomes = at_once(len(actors), lambda n: tell_absence(actors[n], nora.child, TUE, TUE))
    assert sum(isinstance(one, Told) for one in outcomes) == 1
    assert sum(isinstance(one, AlreadyTold) for one in outcomes) == len(actors) - 1
    assert len(absences()) == 1


def test_a_child_that_is_not_theirs_does_not_exist(nora: Home) -> None:
    nora.book(TUE)
    stranger, child, _ = parent(name="Lina")
    for ask in (tell_absence, preview_absence):
        with pytest.raises(NotFound):
            ask(stranger, nora.child, TUE, TUE)
    nora.told(TUE, TUE)
    assert my_absences(stranger) == ()
    assert absence_children(stranger) == ((child, "Lina"),)


# --- what the town's rule then lets be cancelled


def test_the_days_after_the_first_may_be_cancelled_until_the_very_morning(nora: Home) -> None:
    nora.book(MON, TUE)
    assert nora.cell(TUE)[1:] == (False, Code.CANCELLING_TOO_LATE)
    nora.told(MON, TUE)
    assert nora.cell(MON)[1:] == (False, Code.CANCELLING_TOO_LATE)
    assert nora.cell(TUE)[1:] == (True, Code.CANCELLABLE)
    clock.advance(timedelta(days=1, hours=1))
    assert nora.cell(TUE)[1:] == (True, Code.CANCELLABLE)  # 10:00 is in time
    clock.advance(timedelta(seconds=1))
    assert nora.cell(TUE)[1:] == (False, Code.CANCELLING_TOO_LATE)


@pytest.mark.parametrize("how", ["withdraw", "refuse"])
def test_an_absence_that_no_longer_stands_changes_no_deadline(nora: Home, how: str) -> None:
    nora.book(MON, TUE)
    told = nora.told(MON, TUE)
    if how == "withdraw":
        assert withdraw(nora.actor, told.procedure_id)
    else:
        answers.refuse(childcare(), told.procedure_id, "Illisible.")
    assert nora.cell(TUE)[1:] == (False, Code.CANCELLING_TOO_LATE)
    nora.told(MON, TUE)  # it may be told again


def test_the_absence_told_by_one_household_changes_nothing_for_the_other(nora: Home) -> None:
    other = factories.family("DELMAS")
    factories.share(nora.child, other)
    nora.book(MON)
    nora.book(TUE, family=other)
    nora.told(MON, TUE)
    with reading() as session:
        plan = plan_for(session, other, [TUE], clock.now())
    assert not plan.decide(nora.child, "MATIN", TUE).allowed


def test_the_preview_says_what_each_booking_becomes(nora: Home) -> None:
    nora.book(MON, TUE, FRI)
    shown = preview_absence(nora.actor, nora.child, MON, FRI)
    assert isinstance(shown, Preview)
    assert [(line.day, line.due) for line in shown.lines] == [
        (MON, Due.DECIDED),
        (TUE, Due.ONCE_TOLD),
        (FRI, Due.CANCELLABLE),
    ]
    assert shown.lines[0].until is None
    assert shown.lines[1].until is not None
    assert clock.paris(shown.lines[1].until).hour == 10
    assert not absences()


# --- answers


def test_justified_its_bookings_are_absences(nora: Home) -> None:
    nora.book(BEFORE, held=Held.ABSENT_UNJUSTIFIED)
    nora.book(MON, FRI)
    nora.book(TUE, held=Held.ATTENDED)
    told = nora.told(BEFORE, TUE)
    assert answers.accept(childcare(), told.procedure_id) == Answered(ProcedureState.VALIDATED)
    assert held() == [Held.ABSENT_JUSTIFIED, Held.ABSENT_JUSTIFIED, Held.ATTENDED, Held.BOOKED]
    assert absences()[0].state is AbsenceState.JUSTIFIED
    assert nora.cell(MON)[::2] == (CellState.ABSENT, Code.ABSENT_JUSTIFIED)
    assert not withdraw(nora.actor, told.procedure_id)  # it has its answer
    with reading() as session:
        mail = session.exec(select(OutboxMail).where(OutboxMail.kind == "procedure_answered")).one()
    assert "L’absence est justifiée" in mail.text


def test_refused_its_bookings_stay(nora: Home) -> None:
    nora.book(TUE)
    told = nora.told(TUE, TUE)
    answers.refuse(childcare(), told.procedure_id, "Sans justificatif.")
    assert held() == [Held.BOOKED]
    assert absences()[0].state is AbsenceState.REFUSED
    assert my_absences(nora.actor) == ()


def test_a_document_may_be_asked_first(nora: Home) -> None:
    nora.book(TUE)
    told = nora.told(TUE, TUE)
    answers.ask_document(childcare(), told.procedure_id, "Un justificatif")
    assert absences()[0].state is AbsenceState.TOLD
    answers.accept(childcare(), told.procedure_id)
    assert held() == [Held.ABSENT_JUSTIFIED]


def test_the_family_withdraws_what_it_told(nora: Home) -> None:
    nora.book(TUE)
    told = nora.told(TUE, TUE)
    stranger, _, _ = parent(name="Lina")
    assert not withdraw(stranger, told.procedure_id)
    assert withdraw(nora.actor, told.procedure_id)
    assert absences()[0].state is AbsenceState.WITHDRAWN
    assert held() == [Held.BOOKED]


def test_an_absence_without_days_is_answered_all_the_same(nora: Home) -> None:
    number = factories.procedure(nora.family, "Absence signalée", kind=ProcedureKind.ABSENCE)
    assert answers.accept(childcare(), number) == Answered(ProcedureState.VALIDATED)
    with reading() as session:
        assert session.get_one(Procedure, number).state is ProcedureState.VALIDATED
