"""Many cells at once: always pending, one step of undo, each refusal counted by its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portail import clock
from portail.domain.bookings import Held, Pending
from portail.domain.reasons import Code
from portail.services.planning import (
    BulkOutcome,
    Contradictory,
    Counts,
    TooMuch,
    apply_week,
    clear,
    clear_period,
    copy_month,
    copy_week,
    toggle,
    undo,
    validation,
)
from portail.services.planning.bulk import Week
from portail.services.reach import NotFound
from tests.planning import (
    MATIN,
    MONDAY,
    TUESDAY,
    child,
    home,
    imported,
    limited,
    other_household,
    pend,
    pending,
    reserve,
    version,
)
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")
WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(n) for n in (2, 3, 4))
WEEK, TWO_WEEKS = MONDAY + timedelta(6), MONDAY + timedelta(13)
BOOKING, CANCELLATION = Pending.BOOKING, Pending.CANCELLATION


def whole(outcome: BulkOutcome) -> bool:
    """Each cell that was asked is told of once."""
    return outcome.asked == outcome.made + outcome.already + sum(outcome.refused.values())


def same(children: list[int], week: Week) -> dict[int, Week]:
    """The week of each."""
    return dict.fromkeys(children, week)


def test_a_week_pattern_over_a_period_for_several_children() -> None:
    imported()
    zoe = home()
    sami = child(zoe.family, "Sami")
    reserve(zoe, "MATIN", MONDAY)
    done = apply_week(
        zoe.actor,
        same([zoe.child, sami], {0: ["MATIN", "REPAS"], 2: ["MATIN"]}),
        MONDAY,
        TWO_WEEKS,
    )
    assert (done.asked, done.made, done.already) == (12, 7, 1)
    assert done.refused == {Code.NOT_A_DAY_OF_THE_SLOT: 4}
    assert whole(done)
    assert (done.changed.counts, done.changed.version) == (Counts(7, 0), 1)
    assert set(pending(zoe)) == {
        (slot, MONDAY + timedelta(n), BOOKING) for n in (0, 7) for slot in ("MATIN", "REPAS")
    }
    # the same again: everything is so already
    again = apply_week(zoe.actor, same([zoe.child, sami], {0: ["MATIN"]}), MONDAY, TWO_WEEKS)
    assert (again.made, again.already, again.changed.version) == (0, 4, 1)
    # one step
    assert undo(zoe.actor).counts == Counts()


def test_each_child_may_have_its_own_week() -> None:
    imported()
    zoe = home()
    sami = child(zoe.family, "Sami")
    # what excludes each other only does so for the same child
    weeks: dict[int, Week] = {zoe.child: {0: ["MATIN"]}, sami: {0: ["JOUR"], 1: ["JOUR"]}}
    done = apply_week(zoe.actor, weeks, MONDAY, WEEK)
    assert (done.asked, done.made) == (3, 3)
    lines = validation(zoe.actor).lines
    assert {(line.child, line.slot, line.day) for line in lines} == {
        ("Nora", "Matin", MONDAY),
        ("Sami", "Journée", MONDAY),
        ("Sami", "Journée", TUESDAY),
    }


def test_what_is_needed_comes_before_what_needs_it() -> None:
    imported()
    zoe = home()
    done = apply_week(zoe.actor, same([zoe.child], {0: ["SOIR", "REPAS"]}), MONDAY, MONDAY)
    assert (done.made, dict(done.refused)) == (2, {})


def test_a_full_day_is_not_asked() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    sami = child(zoe.family, "Sami")
    reserve(home(), "MATIN", MONDAY)
    done = apply_week(
        zoe.actor, same([zoe.child, sami], {0: ["MATIN"], 1: ["MATIN"]}), MONDAY, WEEK
    )
    # of the only place of Tuesday, the first child has it
    assert (done.made, done.refused) == (1, {Code.FULL: 3})
    assert pending(zoe) == [("MATIN", TUESDAY, BOOKING)]


def test_refusals_are_counted_by_reason() -> None:
    imported()
    zoe = home()
    clock.advance(timedelta(days=4))
    done = apply_week(
        zoe.actor,
        same([zoe.child], {0: ["MATIN"], 1: ["SOIR"]}),
        MONDAY,
        MONDAY + timedelta(27),
    )
    assert done.refused == {
        Code.BOOKING_TOO_LATE: 1,
        Code.NEEDS_SLOT: 3,
        Code.SCHOOL_HOLIDAYS: 2,
    }
    assert done.made == 2


def test_what_excludes_is_replaced_as_by_a_click() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", TUESDAY)
    done = apply_week(zoe.actor, same([zoe.child], {0: ["JOUR"], 1: ["JOUR"]}), MONDAY, WEEK)
    assert done.changed.replaced == ("MATIN",)
    assert set(pending(zoe)) == {
        ("JOUR", MONDAY, BOOKING),
        ("MATIN", MONDAY, CANCELLATION),
        ("JOUR", TUESDAY, BOOKING),
    }
    undo(zoe.actor)
    assert pending(zoe) == [("MATIN", TUESDAY, BOOKING)]


def test_a_week_is_copied_onto_the_weeks_of_a_period() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    reserve(zoe, "MATIN", MONDAY)
    reserve(zoe, "REPAS", THURSDAY, held=Held.WAITING)
    reserve(paul, "REPAS", FRIDAY)
    pend(zoe, "REPAS", TUESDAY)
    reserve(zoe, "JOUR", THURSDAY)
    pend(zoe, "JOUR", THURSDAY, cancel=True)
    done = copy_week(zoe.actor, [zoe.child], WEDNESDAY, MONDAY, TWO_WEEKS)
    # neither what waits, nor the other household's, nor what is being cancelled
    assert (done.asked, done.made, done.already) == (4, 2, 2)
    assert set(pending(zoe)) == {
        ("REPAS", TUESDAY, BOOKING),
        ("JOUR", THURSDAY, CANCELLATION),
        ("MATIN", MONDAY + timedelta(7), BOOKING),
        ("REPAS", TUESDAY + timedelta(7), BOOKING),
    }


def test_a_month_is_copied_by_the_place_of_its_weekdays() -> None:
    imported()
    zoe = home()
    for day in (date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 15)):
        reserve(zoe, "MATIN", day)
    copy_month(zoe.actor, [zoe.child], date(2026, 12, 25), date(2027, 1, 31))
    # the first Tuesday, the first Monday, the third Tuesday
    assert set(pending(zoe)) == {
        ("MATIN", day, BOOKING) for day in (date(2027, 1, 5), date(2027, 1, 4), date(2027, 1, 19))
    }


def test_a_period_is_cleared() -> None:
    imported(replace(MATIN, code="FIXE", label="Fixe", cancel=MATIN.cancel))
    zoe = home()
    paul = other_household(zoe)
    reserve(zoe, "MATIN", MONDAY)
    reserve(zoe, "REPAS", TUESDAY)
    reserve(zoe, "SOIR", TUESDAY)
    reserve(zoe, "FIXE", FRIDAY, held=Held.WAITING)
    reserve(paul, "REPAS", FRIDAY)
    outcome = toggle(zoe.actor, zoe.child, "JOUR", MONDAY, True)  # replaces the morning
    assert outcome
    pend(zoe, "MATIN", THURSDAY)
    pend(zoe, "MATIN", MONDAY + timedelta(7))
    before = pending(zoe)
    done = clear_period(zoe.actor, [zoe.child], MONDAY, WEEK)
    assert set(pending(zoe)) == {
        ("MATIN", MONDAY, CANCELLATION),
        ("REPAS", TUESDAY, CANCELLATION),
        ("SOIR", TUESDAY, CANCELLATION),
        ("FIXE", FRIDAY, CANCELLATION),
        ("MATIN", MONDAY + timedelta(7), BOOKING),
    }
    assert whole(done)
    undo(zoe.actor)
    assert set(pending(zoe)) == set(before)


def test_clearing_keeps_what_is_too_late() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, FRIDAY)
    clock.advance(timedelta(days=4))
    done = clear_period(zoe.actor, [zoe.child], MONDAY, WEEK)
    assert (done.asked, done.made, done.refused) == (2, 1, {Code.CANCELLING_TOO_LATE: 1})
    assert pending(zoe) == [("MATIN", FRIDAY, CANCELLATION)]


def test_the_days_of_a_package_are_made_once() -> None:
    imported()
    zoe = home()
    done = apply_week(zoe.actor, same([zoe.child], {1: ["SEMAINE"]}), MONDAY, WEEK)
    assert done.made == 1
    assert done.changed.counts == Counts(4, 0)
    assert clear_period(zoe.actor, [zoe.child], TUESDAY, TUESDAY).changed.counts == Counts()


def test_bounds_and_contradictions() -> None:
    imported()
    zoe = home()
    mine = [zoe.child]
    too_much: list[Callable[[], object]] = [
        lambda: apply_week(zoe.actor, same(mine, {}), MONDAY, MONDAY + timedelta(400)),
        lambda: apply_week(zoe.actor, same(mine, {}), TUESDAY, MONDAY),
        lambda: apply_week(zoe.actor, same(list(range(21)), {}), MONDAY, TUESDAY),
        lambda: copy_week(zoe.actor, mine, date.max, MONDAY, TUESDAY),
        lambda: copy_month(zoe.actor, mine, MONDAY, date.max),
        lambda: clear_period(zoe.actor, mine, date.min, MONDAY),
    ]
    for ask in too_much:
        with pytest.raises(TooMuch):
            ask()
    with pytest.raises(Contradictory):
        apply_week(zoe.actor, same(mine, {0: ["MATIN", "JOUR"]}), MONDAY, WEEK)
    with pytest.raises(NotFound):
        apply_week(zoe.actor, same(mine, {0: ["NOTHING"]}), MONDAY, WEEK)
    assert pending(zoe) == []


def test_of_somebody_else_there_is_nothing() -> None:
    imported()
    zoe, karim = home(), home()
    reserve(zoe, "MATIN", MONDAY)
    asked: list[Callable[[list[int]], object]] = [
        lambda children: apply_week(karim.actor, same(children, {0: ["MATIN"]}), MONDAY, WEEK),
        lambda children: copy_week(karim.actor, children, MONDAY, MONDAY, WEEK),
        lambda children: copy_month(karim.actor, children, MONDAY, TUESDAY),
        lambda children: clear_period(karim.actor, children, MONDAY, WEEK),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            ask([karim.child, zoe.child])
        ask([karim.child])
    assert pending(zoe) == []


def test_the_statements_do_not_grow_with_the_days_nor_the_children() -> None:
    imported(limited(MATIN, 500))
    zoe = home()
    children = [zoe.child, *(child(zoe.family, name) for name in ("Sami", "Audrey"))]

    def asked(of: list[int], last: date) -> int:
        with statements() as found:
            done = apply_week(
                zoe.actor, same(of, dict.fromkeys(range(5), ("MATIN",))), MONDAY, last
            )
        assert done.made
        clear(zoe.actor)
        return len(found)

    asked(children[:1], MONDAY)
    few = asked(children[:1], FRIDAY)
    assert asked(children, MONDAY + timedelta(200)) <= few + 1 <= 18
    assert version(zoe) == 6
