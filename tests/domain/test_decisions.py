"""May this family book / cancel this slot for this child on this date, now, and at what price?

Thursday 12 March 2026 is the day asked, until Tuesday 10 March 9:00, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from portail.domain.bookings import (
    Absence,
    Act,
    CellState,
    Context,
    Decision,
    Enrolled,
    Held,
    Pending,
    Price,
)
from portail.domain.calendars import Period
from portail.domain.capacity import Capacity, Group, PlacesException, Quota
from portail.domain.catalogue import (
    FRI,
    MON,
    THU,
    TUE,
    WED,
    WORKING_WEEK,
    Approval,
    Late,
    Opens,
    Package,
    Slot,
    Town,
)
from portail.domain.deadlines import (
    Cutoff,
    DaysBefore,
    DuringAbsence,
    Never,
    SameDay,
    WeekdayTable,
)
from portail.domain.decisions import decide_all, prepare
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.moments import Moment
from portail.domain.reasons import Code, Reason
from portail.domain.slot_days import Rulebook
from portail.domain.surcharges import Surcharge
from portail.domain.windows import Window
from tests.catalogues import (
    CHILD,
    SIBLING,
    YEARS,
    activity,
    child,
    decided,
    family,
    paris,
    plan,
    price,
    slot,
    town,
)

DAY = "2026-03-12"
THAT_DAY = date(2026, 3, 12)
CELL = (CHILD, "repas", THAT_DAY)
BEFORE, AT, AFTER = "2026-03-10 08:59:59", "2026-03-10 09:00", "2026-03-10 09:00:00.000001"
TWO_DAYS = DaysBefore(2, time(9))
MEAL = slot(book=TWO_DAYS, cancel=TWO_DAYS)
HALF_MORE = replace(MEAL, late_booking=Late(Surcharge(percent=50)))


def booked(**values: object) -> Context:
    return replace(family(held={CELL: Held.BOOKED}), **values)  # type: ignore[arg-type]


def said(decision: Decision) -> tuple[CellState, bool, Code]:
    return decision.state, decision.allowed, decision.reason.code


# --- time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", [BEFORE, AT])
def test_in_time(now: str) -> None:
    found = decided(MEAL, DAY, now)
    assert said(found) == (CellState.FREE, True, Code.BOOKABLE)
    assert found.act is Act.BOOK
    assert found.changes_at == found.reason.at == paris(AT)
    assert (found.price_cents, found.surcharge_cents, found.total_cents) == (350, 0, 350)
    assert not found.late


def test_too_late() -> None:
    found = decided(MEAL, DAY, AFTER)
    assert said(found) == (CellState.TOO_LATE, False, Code.BOOKING_TOO_LATE)
    assert found.reason.at == paris(AT)
    assert found.changes_at is None


@pytest.mark.parametrize(("now", "allowed"), [(BEFORE, True), (AT, True), (AFTER, False)])
def test_a_booking_stays_booked_when_it_can_no_longer_be_cancelled(now: str, allowed: bool) -> None:
    found = decided(MEAL, DAY, now, booked())
    assert found.state is CellState.BOOKED
    assert found.act is Act.CANCEL
    assert found.allowed is allowed
    assert found.kept_cents == 0
    assert found.changes_at == (paris(AT) if allowed else None)
    assert found.reason.code is (Code.CANCELLABLE if allowed else Code.CANCELLING_TOO_LATE)


def test_late_with_a_surcharge_until_the_slot_starts() -> None:
    in_time = decided(HALF_MORE, DAY, AT)
    assert (in_time.late, in_time.surcharge_cents) == (False, 0)
    assert in_time.changes_at == paris(AT)
    late = decided(HALF_MORE, DAY, AFTER)
    assert said(late) == (CellState.FREE, True, Code.LATE_BOOKING)
    assert late.late
    assert (late.price_cents, late.surcharge_cents, late.total_cents) == (350, 175, 525)
    assert late.reason == Reason(Code.LATE_BOOKING, paris(f"{DAY} 12:00"), paris(AT))
    assert decided(HALF_MORE, DAY, f"{DAY} 12:00").allowed
    over = decided(HALF_MORE, DAY, f"{DAY} 12:00:01")
    assert said(over) == (CellState.TOO_LATE, False, Code.BOOKING_TOO_LATE)
    assert (over.reason.at, over.reason.since) == (paris(f"{DAY} 12:00"), paris(AT))
    assert over.surcharge_cents == 0


def test_late_until_another_deadline_and_never_before_the_first_one() -> None:
    until = replace(MEAL, late_booking=Late(Surcharge(cents=200), DaysBefore(1, time(18))))
    assert decided(until, DAY, "2026-03-11 18:00").total_cents == 550
    assert not decided(until, DAY, "2026-03-11 18:00:01").allowed
    absurd = replace(MEAL, late_booking=Late(Surcharge(cents=200), DaysBefore(9)))
    assert decided(absurd, DAY, AT).allowed
    assert decided(absurd, DAY, AFTER).reason == Reason(Code.BOOKING_TOO_LATE, paris(AT))


def test_a_late_cancellation_leaves_a_part_due() -> None:
    half = replace(MEAL, late_cancelling=Late(Surcharge(percent=50)))
    assert decided(half, DAY, AT, booked()).kept_cents == 0
    late = decided(half, DAY, AFTER, booked())
    assert said(late) == (CellState.BOOKED, True, Code.LATE_CANCELLATION)
    assert (late.late, late.kept_cents, late.surcharge_cents) == (True, 175, 0)


def test_never() -> None:
    found = decided(replace(MEAL, book=Never()), DAY, BEFORE)
    assert said(found) == (CellState.CLOSED, False, Code.NEVER_BOOKABLE)
    found = decided(replace(MEAL, cancel=Never()), DAY, BEFORE, booked())
    assert said(found) == (CellState.BOOKED, False, Code.NEVER_CANCELLABLE)
    late = replace(MEAL, cancel=Never(), late_cancelling=Late(Surcharge(percent=50)))
    assert not decided(late, DAY, BEFORE, booked()).allowed


def test_without_limit_until_the_day_is_over() -> None:
    assert decided(slot(), DAY, f"{DAY} 23:59:59").allowed
    assert not decided(slot(), DAY, "2026-03-13 00:00").allowed


def test_windows_rule_booking_and_not_cancelling() -> None:
    window = Window(
        opens=Moment(date(2026, 3, 2), time(9)),
        closes=Moment(date(2026, 3, 6), time(12)),
        residents_from=Moment(date(2026, 2, 23), time(9)),
    )
    meal = replace(MEAL, windows=(window,))
    early = decided(meal, DAY, "2026-02-20 10:00")
    assert said(early) == (CellState.CLOSED, False, Code.WINDOW_NOT_OPEN)
    assert early.changes_at == paris("2026-02-23 09:00")
    first = decided(meal, DAY, "2026-02-25 10:00")
    assert said(first) == (CellState.FREE, True, Code.BOOKABLE)
    assert first.changes_at == paris("2026-03-06 12:00")  # the window closes before the deadline
    other = decided(meal, DAY, "2026-02-25 10:00", family(child(resident=False)))
    assert said(other) == (CellState.CLOSED, False, Code.WINDOW_RESIDENTS_FIRST)
    assert other.changes_at == paris("2026-03-02 09:00")
    over = decided(meal, DAY, "2026-03-06 12:00:01")
    assert said(over) == (CellState.TOO_LATE, False, Code.WINDOW_OVER)
    assert over.changes_at is None
    assert decided(meal, DAY, AT, booked()).allowed  # cancelling follows its deadline


def test_the_deadline_wins_over_a_window_that_would_open_later() -> None:
    window = Window(opens=Moment(date(2026, 3, 11)))
    found = decided(replace(MEAL, windows=(window,)), DAY, AFTER)
    assert said(found) == (CellState.TOO_LATE, False, Code.BOOKING_TOO_LATE)


def test_force_majeure_ignores_time_but_not_places() -> None:
    meal = replace(MEAL, capacity=Capacity(1), book=TWO_DAYS)
    forced = family(force_majeure=True)
    assert said(decided(meal, DAY, AFTER, forced)) == (CellState.FREE, True, Code.FORCED)
    full = replace(forced, taken={("repas", THAT_DAY): 1})
    assert said(decided(meal, DAY, AFTER, full)) == (CellState.FULL, False, Code.FULL)
    assert decided(meal, DAY, AFTER, booked(force_majeure=True)).allowed


def test_the_next_days_of_an_absence() -> None:
    meal = replace(MEAL, cancel=DuringAbsence(TWO_DAYS, time(10)))
    ill = replace(child(), absences=(Absence(date(2026, 3, 10)),))
    morning = f"{DAY} 10:00"
    assert not decided(meal, DAY, morning, booked()).allowed
    found = decided(meal, DAY, morning, booked(children=(ill,)))
    assert said(found) == (CellState.BOOKED, True, Code.CANCELLABLE)
    assert found.changes_at == paris(morning)
    first = replace(child(), absences=(Absence(THAT_DAY),))
    assert not decided(meal, DAY, morning, booked(children=(first,))).allowed
    well = replace(child(), absences=(Absence(date(2026, 3, 9), date(2026, 3, 10)),))
    assert not decided(meal, DAY, morning, booked(children=(well,))).allowed


# --- calendar -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-03-11", Code.NOT_A_DAY_OF_THE_SLOT),  # a Wednesday
        ("2026-03-15", Code.NOT_A_DAY_OF_THE_SLOT),
        ("2026-02-12", Code.SCHOOL_HOLIDAYS),
        ("2026-05-14", Code.PUBLIC_HOLIDAY),  # Ascension
        ("2026-05-15", Code.SCHOOL_HOLIDAYS),  # its bridge
        ("2027-09-02", Code.OUT_OF_SEASON),
        ("2026-03-13", Code.TOWN_CLOSED),
        ("2026-03-16", Code.SLOT_CLOSED),
    ],
)
def test_closed(day: str, code: Code) -> None:
    closed = Period("Pont", date(2026, 3, 13), date(2026, 3, 13))
    rules = town(activity(slot(closed_days=(date(2026, 3, 16),))), closing=(closed,))
    found = decided(rules, day, "2026-01-05 09:00")
    assert said(found) == (CellState.CLOSED, False, code)
    assert found.act is Act.NONE
    assert found.price_cents is None


def test_closed_tells_which_holidays() -> None:
    found = decided(MEAL, "2026-02-12", "2026-01-05 09:00").reason
    assert found.words == ("Vacances d’hiver",)
    assert found.days == (date(2026, 2, 7), date(2026, 2, 22))


@pytest.mark.parametrize(
    ("opens", "open_on"),
    [
        # Thursday of class, Wednesday, Thursday of holidays, public holiday of each
        (Opens.SCHOOL_DAYS, {"2026-03-12"}),
        (Opens.SCHOOL_WEEKS, {"2026-03-12", "2026-03-11"}),
        (Opens.HOLIDAYS, {"2026-02-12"}),
        (Opens.BOTH, {"2026-03-12", "2026-03-11", "2026-02-12"}),
    ],
)
def test_parts_of_the_year(opens: Opens, open_on: set[str]) -> None:
    care = slot(weekdays=WORKING_WEEK, opens=opens)
    asked = ("2026-03-12", "2026-03-11", "2026-02-12", "2026-05-01", "2026-04-06")
    found = {day for day in asked if decided(care, day, "2026-01-05 09:00").allowed}
    assert found == open_on


def test_days_opened_whatever_the_calendar_says() -> None:
    sunday = date(2026, 3, 15)
    assert decided(slot(extra_days=(sunday,)), "2026-03-15", BEFORE).allowed


def test_unknown_calendar() -> None:
    far = replace(activity(slot()), season=Period("2028-2029", date(2028, 9, 1), date(2029, 7, 6)))
    found = decided(town(far), "2028-09-04", BEFORE)
    assert said(found) == (CellState.CLOSED, False, Code.UNKNOWN_CALENDAR)
    assert found.reason.days == (date(2028, 8, 31),)
    assert decided(town(far, known_until=date(2029, 7, 6)), "2028-09-04", BEFORE).allowed


# --- the enrolment --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enrolled", "code"),
    [
        (None, Code.NOT_ENROLLED),
        (Enrolled(EnrolmentState.REQUESTED, YEARS.first_day), Code.ENROLMENT_PENDING),
        (Enrolled(EnrolmentState.WAITING_LIST, YEARS.first_day), Code.ENROLMENT_PENDING),
        (Enrolled(EnrolmentState.REFUSED, YEARS.first_day), Code.NOT_ENROLLED),
        (Enrolled(EnrolmentState.WITHDRAWN, YEARS.first_day), Code.NOT_ENROLLED),
        (Enrolled(EnrolmentState.ENDED, YEARS.first_day), Code.NOT_ENROLLED),
        (Enrolled(EnrolmentState.VALIDATED, date(2026, 3, 13)), Code.BEFORE_ENTRY),
        (
            Enrolled(EnrolmentState.ENDED, YEARS.first_day, date(2026, 3, 11)),
            Code.AFTER_END,
        ),
        (Enrolled(EnrolmentState.ENDED, YEARS.first_day, THAT_DAY), Code.BOOKABLE),
        (Enrolled(EnrolmentState.VALIDATED, THAT_DAY, THAT_DAY), Code.BOOKABLE),
    ],
)
def test_enrolments(enrolled: Enrolled | None, code: Code) -> None:
    who = replace(child(), enrolments={} if enrolled is None else {"cantine": enrolled})
    found = decided(MEAL, DAY, BEFORE, family(who))
    assert found.reason.code is code
    assert found.allowed is (code is Code.BOOKABLE)


# --- places ---------------------------------------------------------------------------------------


def test_places_left_and_full() -> None:
    meal = replace(MEAL, capacity=Capacity(20))
    last = decided(meal, DAY, BEFORE, family(taken={("repas", THAT_DAY): 19}))
    assert (last.allowed, last.places_left) == (True, 1)
    full = decided(meal, DAY, BEFORE, family(taken={("repas", THAT_DAY): 20}))
    assert said(full) == (CellState.FULL, False, Code.FULL)
    assert (full.waiting_list, full.places_left) == (True, 0)
    assert full.price_cents == 350
    without = replace(meal, capacity=Capacity(20, waiting_list=False))
    assert not decided(without, DAY, BEFORE, family(taken={("repas", THAT_DAY): 20})).waiting_list
    assert decided(MEAL, DAY, BEFORE).places_left is None


def test_too_late_comes_before_full() -> None:
    meal = replace(MEAL, capacity=Capacity(20))
    found = decided(meal, DAY, AFTER, family(taken={("repas", THAT_DAY): 20}))
    assert said(found) == (CellState.TOO_LATE, False, Code.BOOKING_TOO_LATE)
    assert not found.waiting_list


def test_who_has_a_place_keeps_it() -> None:
    meal = replace(MEAL, capacity=Capacity(20))
    found = decided(meal, DAY, BEFORE, booked(taken={("repas", THAT_DAY): 20}))
    assert said(found) == (CellState.BOOKED, True, Code.CANCELLABLE)


def test_quotas_by_group() -> None:
    mat, elem = Group("mat", "Maternelle", ("GS",)), Group("elem", "Élémentaire", ("CP",))
    meal = replace(MEAL, capacity=Capacity(30, (Quota("mat", 10), Quota("elem", 25))))
    rules = town(activity(meal, groups=(mat, elem)))
    context = family(
        child(CHILD, level="GS"),
        child(SIBLING, level="CP"),
        taken={("repas", THAT_DAY): 22},
        taken_by_group={("repas", THAT_DAY, "mat"): 10, ("repas", THAT_DAY, "elem"): 12},
    )
    made = plan(rules, BEFORE, context)
    small = made.decide(CHILD, "repas", THAT_DAY)
    assert said(small) == (CellState.FULL, False, Code.GROUP_FULL)
    assert small.reason.words == ("mat",)
    assert made.decide(SIBLING, "repas", THAT_DAY).places_left == 8


def test_two_children_and_one_place_left() -> None:
    meal = replace(MEAL, capacity=Capacity(20))
    context = family(
        child(CHILD),
        child(SIBLING),
        taken={("repas", THAT_DAY): 19},
        pending={(SIBLING, "repas", THAT_DAY): Pending.BOOKING},
    )
    made = plan(meal, BEFORE, context)
    # the one who asked first has it
    assert said(made.decide(SIBLING, "repas", THAT_DAY)) == (
        CellState.PENDING_BOOKING,
        True,
        Code.BOOKABLE,
    )
    assert said(made.decide(CHILD, "repas", THAT_DAY)) == (CellState.FULL, False, Code.FULL)
    both = replace(context, pending={**context.pending, CELL: Pending.BOOKING})
    made = plan(meal, BEFORE, both)
    assert made.decide(SIBLING, "repas", THAT_DAY).allowed
    second = made.decide(CHILD, "repas", THAT_DAY)
    assert said(second) == (CellState.PENDING_BOOKING, False, Code.FULL)
    assert second.waiting_list


def test_so_many_a_week() -> None:
    meal = replace(MEAL, capacity=Capacity(units_per_week=2))
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
    two = {(CHILD, "repas", monday): Held.ATTENDED, (CHILD, "repas", tuesday): Held.BOOKED}
    found = decided(meal, DAY, BEFORE, family(held=two))
    assert said(found) == (CellState.CLOSED, False, Code.WEEK_LIMIT)
    assert found.reason.number == 2
    assert decided(meal, "2026-03-16", BEFORE, family(held=two)).allowed  # the next week
    given_up = {(CHILD, "repas", tuesday): Pending.CANCELLATION}
    assert decided(meal, DAY, BEFORE, family(held=two, pending=given_up)).allowed
    one = {(CHILD, "repas", monday): Held.BOOKED}
    asked = {CELL: Pending.BOOKING, (CHILD, "repas", date(2026, 3, 13)): Pending.BOOKING}
    made = plan(meal, BEFORE, family(held=one, pending=asked))
    assert made.decide(*CELL).allowed  # the first asked
    assert not made.decide(CHILD, "repas", date(2026, 3, 13)).allowed


def test_exceptions_by_date() -> None:
    closed = Capacity(20, exceptions=(PlacesException(THAT_DAY, THAT_DAY, 0),))
    meal = replace(MEAL, capacity=closed)
    assert decided(meal, DAY, BEFORE).state is CellState.FULL
    assert decided(meal, "2026-03-13", BEFORE).places_left == 20


# --- slots of the same day ------------------------------------------------------------------------

WEDNESDAY = date(2026, 3, 18)


def wednesdays(**journee: object) -> Town:
    def care(code: str, **values: object) -> Slot:
        return slot(code, weekdays=(WED,), opens=Opens.SCHOOL_WEEKS, **values)

    return town(
        activity(care("journee", excludes=("matin",), **journee), code="cantine"),
        activity(care("matin"), care("gouter", needs=("journee",)), code="matins"),
    )


BOTH = ("cantine", "matins")


def test_matin_and_journee_replace_one_another() -> None:
    have = family(child(activities=BOTH), held={(CHILD, "matin", WEDNESDAY): Held.BOOKED})
    made = plan(wednesdays(), BEFORE, have)
    found = made.decide(CHILD, "journee", WEDNESDAY)
    assert (found.allowed, found.replaces) == (True, ("matin",))
    other = replace(have, held={(CHILD, "journee", WEDNESDAY): Held.BOOKED})
    assert plan(wednesdays(), BEFORE, other).decide(CHILD, "matin", WEDNESDAY).replaces == (
        "journee",
    )
    leaving = replace(have, pending={(CHILD, "matin", WEDNESDAY): Pending.CANCELLATION})
    assert plan(wednesdays(), BEFORE, leaving).decide(CHILD, "journee", WEDNESDAY).replaces == ()


def test_what_can_no_longer_be_cancelled_is_not_replaced() -> None:
    have = family(child(activities=BOTH), held={(CHILD, "journee", WEDNESDAY): Held.BOOKED})
    rules = wednesdays(cancel=Never())
    found = plan(rules, BEFORE, have).decide(CHILD, "matin", WEDNESDAY)
    assert said(found) == (CellState.CLOSED, False, Code.REPLACES_LOCKED)
    assert found.reason.words == ("journee",)
    # only pending: taken back at will
    asked = family(child(activities=BOTH), pending={(CHILD, "journee", WEDNESDAY): Pending.BOOKING})
    found = plan(rules, BEFORE, asked).decide(CHILD, "matin", WEDNESDAY)
    assert (found.allowed, found.replaces) == (True, ("journee",))


def test_a_slot_that_needs_another() -> None:
    alone = family(child(activities=BOTH))
    found = plan(wednesdays(), BEFORE, alone).decide(CHILD, "gouter", WEDNESDAY)
    assert said(found) == (CellState.CLOSED, False, Code.NEEDS_SLOT)
    assert found.reason.words == ("journee",)
    day, snack = (CHILD, "journee", WEDNESDAY), (CHILD, "gouter", WEDNESDAY)
    asked = replace(alone, pending={day: Pending.BOOKING})
    assert plan(wednesdays(), BEFORE, asked).decide(*snack).allowed
    both = replace(alone, held={day: Held.BOOKED, snack: Held.BOOKED})
    assert plan(wednesdays(), BEFORE, both).decide(*day).takes_along == ("gouter",)


# --- states, prices, packages ---------------------------------------------------------------------


def test_pending_changes() -> None:
    asked = family(pending={CELL: Pending.BOOKING})
    found = decided(MEAL, DAY, AT, asked)
    assert said(found) == (CellState.PENDING_BOOKING, True, Code.BOOKABLE)
    late = decided(MEAL, DAY, AFTER, asked)  # the deadline passed before it was confirmed
    assert said(late) == (CellState.PENDING_BOOKING, False, Code.BOOKING_TOO_LATE)
    closed = decided(
        MEAL,
        "2026-03-11",
        AT,
        family(pending={(CHILD, "repas", date(2026, 3, 11)): Pending.BOOKING}),
    )
    assert said(closed) == (CellState.PENDING_BOOKING, False, Code.NOT_A_DAY_OF_THE_SLOT)
    leaving = booked(pending={CELL: Pending.CANCELLATION})
    assert said(decided(MEAL, DAY, AT, leaving)) == (
        CellState.PENDING_CANCELLATION,
        True,
        Code.CANCELLABLE,
    )
    assert not decided(MEAL, DAY, AFTER, leaving).allowed


def test_a_pending_change_that_no_longer_means_anything() -> None:
    # booked meanwhile by the other parent, or no longer held
    assert decided(MEAL, DAY, AT, booked(pending={CELL: Pending.BOOKING})).state is CellState.BOOKED
    gone = family(pending={CELL: Pending.CANCELLATION})
    assert decided(MEAL, DAY, AT, gone).state is CellState.FREE
    # an unknown slot or another family's child
    stray = {(CHILD, "gone", THAT_DAY): Pending.BOOKING, (9, "repas", THAT_DAY): Pending.BOOKING}
    assert decided(MEAL, DAY, AT, family(pending=stray)).state is CellState.FREE


@pytest.mark.parametrize(
    ("held", "state"),
    [
        (Held.ATTENDED, CellState.ATTENDED),
        (Held.ABSENT_JUSTIFIED, CellState.ABSENT),
        (Held.ABSENT_UNJUSTIFIED, CellState.ABSENT),
    ],
)
def test_what_was(held: Held, state: CellState) -> None:
    found = decided(MEAL, DAY, "2026-03-20 09:00", family(held={CELL: held}))
    assert (found.state, found.allowed, found.act) == (state, False, Act.NONE)
    assert found.price_cents == 350


def test_the_waiting_list() -> None:
    waiting = family(held={CELL: Held.WAITING}, taken={("repas", THAT_DAY): 20})
    meal = replace(MEAL, capacity=Capacity(20))
    found = decided(meal, DAY, AT, waiting)
    assert (found.state, found.act, found.allowed) == (CellState.WAITING, Act.CANCEL, True)
    leaving = replace(waiting, pending={CELL: Pending.CANCELLATION})
    assert decided(meal, DAY, AT, leaving).state is CellState.PENDING_CANCELLATION
    # a freed place is kept for the child
    offered = replace(waiting, held={CELL: Held.OFFERED})
    assert said(decided(meal, DAY, AT, offered)) == (CellState.OFFERED, True, Code.OFFERED)


def test_what_the_other_household_booked_is_seen_and_out_of_reach() -> None:
    theirs = booked(elsewhere=frozenset({CELL}))
    found = decided(MEAL, DAY, AT, theirs)
    assert (found.state, found.act, found.allowed) == (CellState.BOOKED, Act.NONE, False)
    assert (found.reason.code, found.price_cents) == (Code.OTHER_HOUSEHOLD, None)
    ours = replace(theirs, elsewhere=frozenset())
    assert decided(MEAL, DAY, AT, ours).act is Act.CANCEL


def test_manual_approval() -> None:
    manual = replace(MEAL, approval=Approval.MANUAL)
    assert decided(manual, DAY, AT).needs_approval
    requested = decided(manual, DAY, AT, family(held={CELL: Held.REQUESTED}))
    assert (requested.state, requested.needs_approval) == (CellState.BOOKED, True)
    assert not decided(manual, DAY, AT, booked()).needs_approval


def test_an_unknown_price_stops_nothing() -> None:
    def unknown(_slot: str, _child: int, _day: date) -> Price:
        return Price(None, "no_quotient")

    made = prepare(Rulebook(town(activity(HALF_MORE))), family(), paris(AFTER), unknown)
    found = made.decide(*CELL)
    assert found.allowed
    assert (found.price_cents, found.price_unknown, found.total_cents) == (
        None,
        "no_quotient",
        None,
    )
    assert found.surcharge_cents == 0


def test_a_week_booked_at_once() -> None:
    week = slot(
        weekdays=WORKING_WEEK,
        opens=Opens.HOLIDAYS,
        package=Package.WEEK,
        book=DaysBefore(3, time(9)),
        capacity=Capacity(10),
    )
    # winter holidays: Monday 9 to Friday 13 February 2026; asked until Friday 6, whatever the day
    found = decided(week, "2026-02-12", "2026-02-06 09:00", family(
        taken={("repas", date(2026, 2, 10)): 9}
    ))  # fmt: skip
    assert found.days == tuple(date(2026, 2, day) for day in range(9, 14))
    assert found.places_left == 1  # the day of fewest
    assert found.changes_at == paris("2026-02-06 09:00")
    assert not decided(week, "2026-02-12", "2026-02-06 09:00:01").allowed
    full = family(taken={("repas", date(2026, 2, 10)): 10})
    assert decided(week, "2026-02-12", "2026-02-06 09:00", full).state is CellState.FULL
    whole = replace(week, package=Package.PERIOD)
    days = decided(whole, "2026-02-12", "2026-02-06 09:00").days
    assert (len(days), days[0], days[-1]) == (10, date(2026, 2, 9), date(2026, 2, 20))


def test_a_grid() -> None:
    made = plan(MEAL, BEFORE, family(child(CHILD), child(SIBLING)))
    days = [date(2026, 3, day) for day in range(1, 32)]
    found = decide_all(made, (CHILD, SIBLING), ("repas",), days)
    assert len(found) == 62
    assert found[CELL] == made.decide(*CELL)


def test_who_and_what_is_unknown() -> None:
    made = plan(MEAL, BEFORE)
    with pytest.raises(KeyError):
        made.decide(9, "repas", THAT_DAY)
    with pytest.raises(KeyError):
        made.decide(CHILD, "gone", THAT_DAY)


def test_a_rulebook_serves_many_plans() -> None:
    table = WeekdayTable((Cutoff((MON, TUE), FRI, time(9)), Cutoff((THU, FRI), TUE, time(9))))
    rules = Rulebook(town(activity(slot(book=table, cancel=SameDay(time(9))))))
    first = rules.slot_day("repas", THAT_DAY)
    for now, allowed in ((BEFORE, True), (AFTER, False)):
        assert prepare(rules, family(), paris(now), price).decide(*CELL).allowed is allowed
    assert rules.slot_day("repas", THAT_DAY) is first
