"""The grid of a period: rows, days, cells of the two households, queues, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import CellState, Held, Pending
from portail.domain.capacity import Capacity, Group, Quota
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Forbidden
from portail.domain.periods import View
from portail.domain.reasons import Code
from portail.models import Enrolment, Reservation
from portail.services.planning import (
    Cell,
    Changed,
    Cost,
    Mark,
    NotPossible,
    Planning,
    Wanted,
    confirm,
    planning,
    toggle,
)
from portail.services.planning.views import Confirmed
from portail.services.reach import NotFound
from tests import factories
from tests.planning import (
    EVERYTHING,
    MATIN,
    MONDAY,
    TUESDAY,
    child,
    end_enrolments,
    home,
    imported,
    limited,
    other_household,
    other_parent,
    pend,
    reserve,
    version,
)
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")
WEEK = Wanted(MONDAY, View.WEEK)


def cell(shown: Planning, child_id: int, slot: str, day: date = MONDAY) -> Cell:
    return next(
        cell for row in shown.rows for cell in row.cells if cell.key == (child_id, slot, day)
    )


def test_rows_are_the_slots_of_the_enrolments_in_the_order_of_the_catalogue() -> None:
    imported()
    zoe = home("Nora")
    eldest = child(zoe.family, "Audrey", born=date(2016, 5, 4))
    waits = child(zoe.family, "Sami", born=date(2021, 5, 4), state=EnrolmentState.REQUESTED)
    shown = planning(zoe.actor, WEEK)
    assert [one.first_name for one in shown.children] == ["Audrey", "Nora", "Sami"]
    codes = [slot.code for slot in EVERYTHING]
    assert [(row.child_id, row.slot) for row in shown.rows] == [
        (key, code) for key in (eldest, zoe.child) for code in codes
    ]
    assert {
        row.child_id for row in planning(zoe.actor, replace(WEEK, child_id=waits)).rows
    } == set()
    first = shown.rows[0]
    assert (first.activity_label, first.slot_label) == ("Accueil", "Matin")
    assert first.hours == "7\u00a0h\u00a030 – 8\u00a0h\u00a030"
    assert [one.day for one in first.cells] == [one.day for one in shown.days]


def test_an_ended_enrolment_shows_what_is_left_of_it() -> None:
    imported()
    zoe = home()
    end_enrolments(EnrolmentState.WITHDRAWN, zoe.child)
    assert planning(zoe.actor, WEEK).rows == ()
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "REPAS", TUESDAY)
    assert [row.slot for row in planning(zoe.actor, WEEK).rows] == ["MATIN", "REPAS"]


def test_an_enrolment_has_rows_while_it_lasts() -> None:
    imported()
    zoe = home()
    with writing() as session:
        (row,) = session.exec(select(Enrolment).where(col(Enrolment.child_id) == zoe.child))
        row.state, row.ended_on = EnrolmentState.ENDED, TUESDAY
        session.add(row)
    assert planning(zoe.actor, WEEK).rows
    assert cell(planning(zoe.actor, WEEK), zoe.child, "MATIN", TUESDAY).decision.allowed
    after = planning(zoe.actor, Wanted(MONDAY + timedelta(7), View.WEEK))
    assert after.rows == ()
    # out of the season of the activity
    assert planning(zoe.actor, Wanted(date(2027, 8, 2), View.WEEK)).rows == ()


def test_days_tell_holidays_and_closings() -> None:
    imported()
    zoe = home()
    shown = planning(zoe.actor, Wanted(date(2026, 12, 1)))
    assert (len(shown.days), shown.days[0].day) == (31, date(2026, 12, 1))
    notes = {one.day.day: (one.is_open, one.note) for one in shown.days}
    assert notes[1] == (True, "")
    assert notes[5] == (False, "")
    assert notes[21] == (False, "Vacances de Noël")
    assert notes[25] == (False, "Noël")


def test_cells_count_what_is_pending_and_tell_what_others_have_pending() -> None:
    imported()
    zoe = home()
    marc, paul = other_parent(zoe), other_household(zoe)
    pend(zoe, "MATIN", MONDAY)
    pend(marc, "MATIN", TUESDAY)
    pend(paul, "REPAS", MONDAY)
    shown = planning(zoe.actor, WEEK)
    mine = cell(shown, zoe.child, "MATIN")
    assert (mine.decision.state, mine.other) == (CellState.PENDING_BOOKING, None)
    theirs = cell(shown, zoe.child, "MATIN", TUESDAY)
    assert (theirs.decision.state, theirs.other) == (
        CellState.FREE,
        Mark(Pending.BOOKING, "Marc"),
    )
    # of the other household: no name
    assert cell(shown, zoe.child, "REPAS").other == Mark(Pending.BOOKING, "")
    assert cell(planning(marc.actor, WEEK), zoe.child, "MATIN").other == Mark(
        Pending.BOOKING, "Zoé"
    )


def test_the_other_household_books_and_pays_for_itself() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    reserve(paul, "MATIN", MONDAY)
    shown = planning(zoe.actor, WEEK)
    found = cell(shown, zoe.child, "MATIN").decision
    assert (found.state, found.allowed, found.price_cents) == (CellState.BOOKED, False, None)
    assert found.reason.code is Code.OTHER_HOUSEHOLD
    assert shown.cost == Cost()
    assert planning(paul.actor, WEEK).cost == Cost(350, 350)


def test_in_both_households_of_a_child_one_acts_as_the_first_of_them() -> None:
    """Whose booking, whose invoice: always the file of the lower number, never a guess."""
    imported()
    zoe = home()
    paul = other_household(zoe)
    factories.join_family(zoe.account, paul.family)
    reserve(paul, "MATIN", TUESDAY)
    shown = planning(zoe.actor, WEEK)
    assert [(one.id, one.family_id) for one in shown.children] == [(zoe.child, zoe.family)]
    # what the second one booked is in sight, and stays that household's alone
    theirs = cell(shown, zoe.child, "MATIN", TUESDAY).decision
    assert (theirs.allowed, theirs.reason.code) == (False, Code.OTHER_HOUSEHOLD)
    assert shown.cost == Cost()
    assert isinstance(toggle(zoe.actor, zoe.child, "MATIN", TUESDAY, False), NotPossible)
    assert isinstance(toggle(zoe.actor, zoe.child, "MATIN", MONDAY, True), Changed)
    done = confirm(zoe.actor, version(zoe))
    assert isinstance(done, Confirmed)
    with reading() as session:
        booked = session.exec(select(Reservation).order_by(col(Reservation.day))).all()
    assert [(row.day, row.family_id) for row in booked] == [
        (MONDAY, zoe.family),
        (TUESDAY, paul.family),
    ]


def test_the_cost_of_each_day() -> None:
    imported()
    zoe = home()
    sami = child(zoe.family, "Sami")
    reserve(zoe, "MATIN", MONDAY, TUESDAY)
    pend(zoe, "REPAS", MONDAY)
    pend(zoe, "MATIN", TUESDAY, cancel=True)
    pend(zoe, "JOUR", TUESDAY, child_id=sami)
    shown = planning(zoe.actor, WEEK)
    assert shown.cost_by_day == {MONDAY: Cost(350, 700), TUESDAY: Cost(350, 1200)}
    assert sum(one.after for one in shown.cost_by_day.values()) == shown.cost.after
    (alone,) = planning(zoe.actor, replace(WEEK, child_id=sami)).cost_by_day.items()
    assert alone == (TUESDAY, Cost(0, 1200))


def test_queues_tell_how_many_wait_and_the_rank() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(home("Jules"), "MATIN", MONDAY)
    reserve(home("Autre"), "MATIN", MONDAY, held=Held.WAITING)
    reserve(zoe, "MATIN", MONDAY, held=Held.WAITING)
    reserve(home("Autre"), "MATIN", MONDAY, held=Held.WAITING)
    shown = planning(zoe.actor, WEEK)
    found = cell(shown, zoe.child, "MATIN")
    assert (found.decision.state, found.waiting, found.rank) == (CellState.WAITING, 3, 2)
    assert shown.cost == Cost()
    other = cell(shown, zoe.child, "MATIN", TUESDAY)
    assert (other.waiting, other.rank) == (0, 0)


def test_a_group_with_places_of_its_own_has_a_queue_of_its_own() -> None:
    groups = (Group("petits", "Petits", levels=("PS",)), Group("grands", "Grands", levels=("CP",)))
    quotas = Capacity(2, (Quota("petits", 1), Quota("grands", 1)))
    imported(replace(MATIN, capacity=quotas), groups=groups)
    zoe = home()
    for held in (Held.BOOKED, Held.WAITING):
        for group in ("petits", "grands"):
            row_id = reserve(home("Autre"), "MATIN", MONDAY, held=held)
            with writing() as session:
                session.get_one(Reservation, row_id).group_code = group
    found = cell(planning(zoe.actor, WEEK), zoe.child, "MATIN")
    assert (found.decision.state, found.waiting, found.rank) == (CellState.FULL, 1, 0)


def test_an_offer_tells_until_when() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, held=Held.OFFERED)
    found = cell(planning(zoe.actor, WEEK), zoe.child, "MATIN")
    assert found.decision.state is CellState.OFFERED
    assert found.offered_until == clock.now() + timedelta(hours=1)


def test_costs_count_what_is_booked_what_is_kept_and_what_is_pending() -> None:
    imported()
    zoe = home()
    audrey = child(zoe.family, "Audrey", born=date(2016, 5, 4))
    reserve(zoe, "JOUR", MONDAY)
    late = reserve(zoe, "TARD", TUESDAY)
    kept = reserve(zoe, "REPAS", TUESDAY)
    reserve(zoe, "MATIN", MONDAY + timedelta(7))
    with writing() as session:
        session.get_one(Reservation, late).surcharge_cents = 175
        gone = session.get_one(Reservation, kept)
        gone.kept_cents, gone.cancelled_at = 100, clock.now()
    pend(zoe, "JOUR", MONDAY, cancel=True)
    pend(zoe, "MATIN", TUESDAY, child_id=audrey)
    shown = planning(zoe.actor, WEEK)
    # Audrey's and Nora's mornings of Tuesday: the second one costs 10 % less
    assert shown.cost_by_child[zoe.child] == Cost(1200 + 315 + 175 + 100, 315 + 175 + 100)
    assert shown.cost_by_child[audrey] == Cost(0, 350)
    assert shown.cost == Cost(1790, 940)
    assert shown.cost_by_activity == {"Accueil": shown.cost}
    assert (shown.counts.bookings, shown.counts.cancellations) == (1, 1)
    # of one child, what is pending of the others is counted all the same
    assert planning(zoe.actor, replace(WEEK, child_id=audrey)).counts == shown.counts


def test_a_price_that_is_not_known_is_said() -> None:
    imported(replace(MATIN, tariff=""))
    zoe = home()
    assert not planning(zoe.actor, WEEK).cost.unknown
    reserve(zoe, "MATIN", MONDAY)
    assert planning(zoe.actor, WEEK).cost == Cost(0, 0, unknown=True)


def test_the_queries_do_not_grow_with_the_days_nor_with_the_children() -> None:
    imported(limited(MATIN, 10))
    zoe = home()

    def asked(wanted: Wanted) -> int:
        planning(zoe.actor, wanted)  # places counted once are kept
        with statements() as found:
            planning(zoe.actor, wanted)
        return len(found)

    few = asked(WEEK)
    for name in ("Sami", "Audrey", "Christopher"):
        key = child(zoe.family, name)
        pend(zoe, "MATIN", MONDAY, TUESDAY, child_id=key)
    reserve(zoe, "REPAS", MONDAY, TUESDAY)
    assert asked(Wanted(date(2026, 12, 1))) == few <= 14


def test_of_somebody_else_there_is_nothing() -> None:
    imported()
    zoe, karim = home(), home("Lina")
    with pytest.raises(NotFound):
        planning(zoe.actor, replace(WEEK, child_id=karim.child))
    with pytest.raises(NotFound):
        planning(zoe.actor, Wanted(date.max))
    assert {row.child_id for row in planning(zoe.actor, WEEK).rows} == {zoe.child}
    with pytest.raises(Forbidden):
        planning(Actor(0, agent_id=factories.agent()), WEEK)


def test_a_child_of_two_families_of_the_same_parent_is_seen_once() -> None:
    imported()
    zoe = home()
    second = factories.family("MARTIN", number=99_999, members=[zoe.account])
    factories.share(zoe.child, second)
    shown = planning(zoe.actor, WEEK)
    assert [(one.id, one.family_id) for one in shown.children] == [(zoe.child, zoe.family)]
    assert len(shown.rows) == len(EVERYTHING)
