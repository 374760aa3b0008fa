"""Changes chosen and not confirmed: the engine is asked, what goes together goes together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import CellState, Held, Pending
from portail.domain.capacity import Capacity
from portail.domain.deadlines import HoursBefore
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Forbidden
from portail.domain.periods import View
from portail.domain.reasons import Code
from portail.models import PendingChange, Reservation, Subscription
from portail.services.catalogue import current
from portail.services.planning import (
    Changed,
    Cost,
    Counts,
    NotPossible,
    Wanted,
    clear,
    confirm,
    counts,
    planning,
    remove,
    toggle,
    undo,
    validation,
)
from portail.services.planning.views import Confirmed
from portail.services.reach import NotFound
from tests import factories
from tests.planning import (
    JOUR,
    MATIN,
    MONDAY,
    REPAS,
    SOIR,
    TUESDAY,
    Home,
    child,
    end_enrolments,
    home,
    imported,
    limited,
    other_household,
    other_parent,
    pending,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")
BOOKING, CANCELLATION = Pending.BOOKING, Pending.CANCELLATION


def click(who: Home, slot: str, day: date = MONDAY, *, booked: bool = True) -> Changed:
    outcome = toggle(who.actor, who.child, slot, day, booked)
    assert isinstance(outcome, Changed)
    return outcome


def refused(who: Home, slot: str, day: date = MONDAY, *, booked: bool = True) -> Code:
    before = pending(who)
    outcome = toggle(who.actor, who.child, slot, day, booked)
    assert isinstance(outcome, NotPossible)
    assert outcome.cell.key == (who.child, slot, day)
    assert pending(who) == before
    return outcome.reason.code


def states(found: Changed) -> dict[tuple[str, date], CellState]:
    return {(cell.slot, cell.day): cell.decision.state for cell in found.cells}


# --- one cell -------------------------------------------------------------------------------------


def test_a_free_cell_is_booked_then_taken_back() -> None:
    imported()
    zoe = home()
    made = click(zoe, "MATIN")
    # the whole day says now that it would replace the morning
    assert states(made) == {
        ("MATIN", MONDAY): CellState.PENDING_BOOKING,
        ("JOUR", MONDAY): CellState.FREE,
    }
    assert (made.counts, made.version) == (Counts(1, 0), 1)
    assert made.difference == {(zoe.child, MONDAY): 350}
    assert pending(zoe) == [("MATIN", MONDAY, BOOKING)]
    back = click(zoe, "MATIN", booked=False)
    assert states(back)["MATIN", MONDAY] is CellState.FREE
    assert (back.counts, back.version) == (Counts(), 2)
    assert back.difference == {(zoe.child, MONDAY): -350}
    assert pending(zoe) == []


def test_a_booked_cell_is_cancelled_then_kept() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    gone = click(zoe, "MATIN", booked=False)
    assert states(gone)["MATIN", MONDAY] is CellState.PENDING_CANCELLATION
    assert (gone.counts, gone.difference) == (Counts(0, 1), {(zoe.child, MONDAY): -350})
    kept = click(zoe, "MATIN")
    assert states(kept)["MATIN", MONDAY] is CellState.BOOKED
    assert pending(zoe) == []


def test_the_same_again_changes_nothing() -> None:
    imported()
    zoe = home()
    click(zoe, "MATIN")
    again = click(zoe, "MATIN")
    assert (again.version, again.counts, again.difference) == (1, Counts(1, 0), {})
    assert states(again) == {("MATIN", MONDAY): CellState.PENDING_BOOKING}
    reserve(zoe, "REPAS", TUESDAY)
    assert click(zoe, "REPAS", TUESDAY).version == 1
    assert click(zoe, "REPAS", MONDAY, booked=False).version == 1
    # the step of undo is still that of the change that was made
    assert undo(zoe.actor).counts == Counts()


def test_the_engine_says_no() -> None:
    imported(limited(MATIN, 1, waiting_list=False))
    zoe = home()
    waits = replace(zoe, child=factories.child("Sami", zoe.family))
    reserve(home(), "MATIN", MONDAY)
    assert refused(zoe, "MATIN", MONDAY + timedelta(2)) is Code.NOT_A_DAY_OF_THE_SLOT
    assert refused(zoe, "MATIN") is Code.FULL
    assert refused(zoe, "SOIR") is Code.NEEDS_SLOT
    assert refused(waits, "MATIN", TUESDAY) is Code.NOT_ENROLLED
    reserve(zoe, "REPAS", MONDAY)
    clock.advance(timedelta(days=4))
    assert refused(zoe, "JOUR") is Code.BOOKING_TOO_LATE
    assert refused(zoe, "REPAS", booked=False) is Code.CANCELLING_TOO_LATE
    assert version(zoe) == 0


def test_a_full_day_is_asked_all_the_same_where_one_may_wait() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(home(), "MATIN", MONDAY)
    made = click(zoe, "MATIN")
    (line,) = validation(zoe.actor).lines
    assert made.difference == {}
    assert (line.possible, line.waiting, line.cents, line.price_cents) == (True, True, 0, 350)
    # nothing is given up for a place one does not have
    reserve(zoe, "MATIN", TUESDAY)
    imported(limited(JOUR, 1))
    reserve(home(), "JOUR", TUESDAY)
    assert click(zoe, "JOUR", TUESDAY).replaced == ()


def test_leaving_the_waiting_list_costs_nothing() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, held=Held.WAITING)
    gone = click(zoe, "MATIN", booked=False)
    assert (gone.counts, gone.difference) == (Counts(0, 1), {})
    assert states(gone)["MATIN", MONDAY] is CellState.PENDING_CANCELLATION


def test_late_changes_cost_their_surcharge() -> None:
    imported()
    zoe = home()
    reserve(zoe, "TARD", TUESDAY)
    with writing() as session:
        session.exec(select(Reservation)).one().surcharge_cents = 25
    clock.advance(timedelta(days=5))
    assert click(zoe, "TARD").difference == {(zoe.child, MONDAY): 350 + 175}
    # the whole price is kept, the surcharge is not due any more
    assert click(zoe, "TARD", TUESDAY, booked=False).difference == {(zoe.child, TUESDAY): -25}
    first, second = validation(zoe.actor).lines
    assert (first.cents, first.kept_cents) == (525, 0)
    assert (second.cents, second.kept_cents) == (-25, 350)


def test_brothers_and_sisters_see_their_price_and_their_places_change() -> None:
    imported(limited(MATIN, 3))
    zoe = home()
    audrey = child(zoe.family, "Audrey", born=date(2016, 5, 4))
    reserve(zoe, "MATIN", MONDAY)
    made = toggle(zoe.actor, audrey, "MATIN", MONDAY, True)
    assert isinstance(made, Changed)
    assert made.difference == {(audrey, MONDAY): 350, (zoe.child, MONDAY): -35}
    prices = {cell.key: cell.decision.price_cents for cell in made.cells}
    assert prices[zoe.child, "MATIN", MONDAY] == 315
    total = planning(zoe.actor, Wanted(MONDAY, View.WEEK)).cost
    assert total == Cost(315, 665)


def test_a_limit_by_week_shows_on_the_other_days() -> None:
    imported(replace(MATIN, capacity=Capacity(units_per_week=1)))
    zoe = home()
    made = click(zoe, "MATIN")
    assert states(made)["MATIN", TUESDAY] is CellState.CLOSED
    assert refused(zoe, "MATIN", TUESDAY) is Code.WEEK_LIMIT
    back = click(zoe, "MATIN", booked=False)
    assert states(back)["MATIN", TUESDAY] is CellState.FREE


# --- what goes together ---------------------------------------------------------------------------


def test_a_booking_replaces_what_it_excludes_and_gives_it_back() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    made = click(zoe, "JOUR")
    assert made.replaced == ("MATIN",)
    assert made.difference == {(zoe.child, MONDAY): 1200 - 350}
    assert set(pending(zoe)) == {("MATIN", MONDAY, CANCELLATION), ("JOUR", MONDAY, BOOKING)}
    assert click(zoe, "JOUR", booked=False).counts == Counts()
    # the other way: keeping the morning gives up the day
    click(zoe, "JOUR")
    back = click(zoe, "MATIN")
    assert (back.counts, back.replaced) == (Counts(), ("JOUR",))


def test_a_pending_booking_that_is_replaced_is_taken_back() -> None:
    imported()
    zoe = home()
    click(zoe, "MATIN")
    made = click(zoe, "JOUR")
    assert (made.replaced, made.counts) == (("MATIN",), Counts(1, 0))
    assert pending(zoe) == [("JOUR", MONDAY, BOOKING)]
    assert click(zoe, "MATIN").replaced == ("JOUR",)
    assert pending(zoe) == [("MATIN", MONDAY, BOOKING)]


def test_what_was_replaced_stays_so_when_another_takes_the_place() -> None:
    third = replace(JOUR, code="FORFAIT", excludes=("MATIN", "JOUR"))
    imported(third)
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    click(zoe, "JOUR")
    click(zoe, "FORFAIT")
    assert set(pending(zoe)) == {("MATIN", MONDAY, CANCELLATION), ("FORFAIT", MONDAY, BOOKING)}
    assert click(zoe, "FORFAIT", booked=False).counts == Counts()


def test_cancelling_takes_along_what_cannot_stay() -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    reserve(zoe, "SOIR", MONDAY)
    gone = click(zoe, "REPAS", booked=False)
    assert (gone.taken_along, gone.counts) == (("SOIR",), Counts(0, 2))
    assert gone.difference == {(zoe.child, MONDAY): -700}
    # the evening cannot be kept alone
    assert click(zoe, "SOIR").counts == Counts()
    click(zoe, "REPAS", booked=False)
    assert click(zoe, "REPAS").counts == Counts()
    # only asked: taken back
    click(zoe, "REPAS", TUESDAY)
    click(zoe, "SOIR", TUESDAY)
    assert click(zoe, "REPAS", TUESDAY, booked=False).counts == Counts()


def test_what_cannot_go_keeps_what_it_needs() -> None:
    imported(replace(REPAS, cancel=HoursBefore(0)), replace(SOIR, cancel=HoursBefore(96)))
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    reserve(zoe, "SOIR", MONDAY)
    clock.advance(timedelta(days=5))
    assert refused(zoe, "REPAS", booked=False) is Code.NEEDED_LOCKED


def test_the_days_of_a_package_go_together() -> None:
    imported()
    zoe = home()
    thursday = MONDAY + timedelta(3)
    made = click(zoe, "SEMAINE", thursday)
    assert made.counts == Counts(4, 0)
    assert {day for slot, day in states(made) if slot == "SEMAINE"} == {
        MONDAY + timedelta(n) for n in (0, 1, 3, 4)
    }
    assert sum(made.difference.values()) == 4 * 1200
    assert click(zoe, "SEMAINE", TUESDAY, booked=False).counts == Counts()
    for day in (MONDAY, TUESDAY, thursday, thursday + timedelta(1)):
        reserve(zoe, "SEMAINE", day)
    assert click(zoe, "SEMAINE", MONDAY, booked=False).counts == Counts(0, 4)
    assert click(zoe, "SEMAINE", thursday).counts == Counts()


# --- two people -----------------------------------------------------------------------------------


def test_two_parents_have_changes_of_their_own_and_see_each_other() -> None:
    imported()
    zoe = home()
    marc = other_parent(zoe)
    click(zoe, "MATIN")
    made = click(marc, "MATIN")
    (cell,) = [one for one in made.cells if one.slot == "MATIN"]
    assert cell.other is not None
    assert (cell.other.kind, cell.other.by) == (BOOKING, "Zoé")
    assert (counts(zoe.actor), counts(marc.actor)) == (Counts(1, 0), Counts(1, 0))
    clear(zoe.actor)
    assert counts(marc.actor) == Counts(1, 0)


def test_what_the_other_household_booked_is_out_of_reach() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    reserve(paul, "MATIN", MONDAY)
    assert refused(zoe, "MATIN", booked=False) is Code.OTHER_HOUSEHOLD
    # the day would replace the other household's morning
    assert refused(zoe, "JOUR") is Code.REPLACES_LOCKED
    assert click(zoe, "MATIN", TUESDAY).counts == Counts(1, 0)


def test_what_another_confirmed_meanwhile_is_told_and_left_alone() -> None:
    imported()
    zoe = home()
    click(zoe, "MATIN")
    reserve(zoe, "MATIN", MONDAY)
    (line,) = validation(zoe.actor).lines
    assert (line.possible, line.cents) == (True, 0)
    # a click on what looks booked cancels it
    assert click(zoe, "MATIN", booked=False).counts == Counts(0, 1)
    assert pending(zoe) == [("MATIN", MONDAY, CANCELLATION)]


def test_of_somebody_else_there_is_nothing() -> None:
    imported()
    zoe, karim = home(), home()
    click(zoe, "MATIN")
    with reading() as session:
        change_id = session.exec(select(PendingChange.id)).one()
    assert change_id is not None
    before = pending(zoe)
    asked: list[Callable[[], object]] = [
        lambda: toggle(karim.actor, zoe.child, "MATIN", MONDAY, False),
        lambda: toggle(karim.actor, zoe.child, "REPAS", MONDAY, True),
        lambda: remove(karim.actor, change_id),
        lambda: remove(karim.actor, 999_999),
        lambda: toggle(karim.actor, 999_999, "MATIN", MONDAY, True),
        lambda: toggle(karim.actor, karim.child, "NOTHING", MONDAY, True),
        lambda: toggle(karim.actor, karim.child, "MATIN", date.max, True),
        lambda: toggle(karim.actor, karim.child, "MATIN", date.min, True),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            ask()
    clear(karim.actor)
    undo(karim.actor)
    assert validation(karim.actor).lines == ()
    assert pending(zoe) == before
    assert remove(zoe.actor, change_id).counts == Counts()


def test_agents_have_no_planning_of_their_own() -> None:
    agent = Actor(0, agent_id=factories.agent())
    asked: list[Callable[[Actor], object]] = [clear, undo, validation, counts]
    for ask in asked:
        with pytest.raises(Forbidden):
            ask(agent)
    with pytest.raises(Forbidden):
        toggle(agent, 1, "MATIN", MONDAY, True)


def test_a_child_one_no_longer_reaches_is_not_counted() -> None:
    imported()
    zoe = home()
    click(zoe, "MATIN")
    with writing() as session:
        mine = select(Subscription).where(Subscription.account_id == zoe.account)
        session.delete(session.exec(mine).one())
    assert counts(zoe.actor) == Counts()
    assert validation(zoe.actor).lines == ()
    assert undo(zoe.actor).cells == ()


# --- undo, removal, validation --------------------------------------------------------------------


def test_undo_puts_back_exactly_what_was_there() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    click(zoe, "REPAS", TUESDAY)
    clock.advance(timedelta(minutes=1))
    click(zoe, "JOUR")
    with reading() as session:
        rows = {
            (row.slot_id, row.day, row.kind, row.because_slot_id, row.made_at)
            for row in session.exec(select(PendingChange))
        }
    clock.advance(timedelta(minutes=1))
    gone = clear(zoe.actor)
    assert (gone.counts, pending(zoe)) == (Counts(), [])
    assert validation(zoe.actor).may_undo
    back = undo(zoe.actor)
    assert back.counts == Counts(2, 1)
    assert states(back)["JOUR", MONDAY] is CellState.PENDING_BOOKING
    with reading() as session:
        assert rows == {
            (row.slot_id, row.day, row.kind, row.because_slot_id, row.made_at)
            for row in session.exec(select(PendingChange))
        }
    # one step
    assert not validation(zoe.actor).may_undo
    before = version(zoe)
    assert undo(zoe.actor).version == before
    # and the day gives the morning back all the same
    assert click(zoe, "JOUR", booked=False).counts == Counts(1, 0)


def test_undo_leaves_out_a_slot_that_is_gone() -> None:
    imported(replace(MATIN, code="EXTRA", label="Extra"))
    zoe = home()
    click(zoe, "EXTRA")
    clear(zoe.actor)
    imported()
    assert undo(zoe.actor).counts == Counts()


def test_undo_before_anything() -> None:
    imported()
    zoe = home()
    nothing = undo(zoe.actor)
    assert (nothing.cells, nothing.version) == ((), 0)
    assert clear(zoe.actor).version == 0


def test_a_line_is_removed_with_what_goes_with_it() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    click(zoe, "JOUR")
    click(zoe, "REPAS")
    lines = {line.slot: line for line in validation(zoe.actor).lines}
    assert remove(zoe.actor, lines["Matin"].id).counts == Counts(1, 0)
    assert [line.slot for line in validation(zoe.actor).lines] == ["Repas"]
    with pytest.raises(NotFound):
        remove(zoe.actor, lines["Matin"].id)


def test_validation_lists_by_child_and_date_and_says_what_cannot_be() -> None:
    imported()
    zoe = home("Nora")
    audrey = child(zoe.family, "Audrey", born=date(2016, 5, 4))
    click(zoe, "MATIN", TUESDAY)
    click(zoe, "REPAS", MONDAY)
    toggle(zoe.actor, audrey, "JOUR", TUESDAY, True)
    shown = validation(zoe.actor)
    assert [(line.child, line.slot, line.day) for line in shown.lines] == [
        ("Audrey", "Journée", TUESDAY),
        ("Nora", "Repas", MONDAY),
        ("Nora", "Matin", TUESDAY),
    ]
    assert {line.activity for line in shown.lines} == {"Accueil"}
    assert (shown.total, shown.unknown, shown.version) == (1200 + 350 + 350, False, 3)
    assert all(line.possible for line in shown.lines)
    end_enrolments(EnrolmentState.WITHDRAWN, audrey)
    clock.advance(timedelta(days=4))  # Friday: too late for Monday
    late = validation(zoe.actor)
    assert [(line.possible, line.reason.code) for line in late.lines] == [
        (False, Code.NOT_ENROLLED),
        (False, Code.BOOKING_TOO_LATE),
        (True, Code.BOOKABLE),
    ]
    assert late.total == 350
    # what can no longer be is still taken back
    assert clear(zoe.actor).counts == Counts()


def test_a_slot_withdrawn_from_the_catalogue_can_only_be_taken_back() -> None:
    extra = replace(MATIN, code="EXTRA", label="Extra")
    imported(extra)
    zoe = home()  # nobody has booked it
    click(zoe, "EXTRA")
    imported()
    (line,) = validation(zoe.actor).lines
    assert (line.slot, line.possible, line.cents) == ("Extra", False, 0)
    assert line.reason.code is Code.NO_LONGER_OFFERED
    assert counts(zoe.actor) == Counts(1, 0)
    with pytest.raises(NotFound):
        toggle(zoe.actor, zoe.child, "EXTRA", MONDAY, False)
    # confirming tells why not, and keeps it for its parent to take back
    done = confirm(zoe.actor, version(zoe))
    assert isinstance(done, Confirmed)
    assert [one.told for one in done.lines] == ["Cette prestation n’est plus proposée."]
    (line,) = validation(zoe.actor).lines
    assert remove(zoe.actor, line.id).counts == Counts()
    imported()  # what was answered of it is kept: the slot stays known, out of sight
    assert (current().label("EXTRA"), "EXTRA" in current().rulebook.slots) == ("Extra", False)
