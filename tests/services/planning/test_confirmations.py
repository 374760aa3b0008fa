"""Confirmations read again, by whom they concern; and through the grid, from click to receipt."""

from __future__ import annotations

import pytest
from sqlmodel import col, delete

from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.confirmations import LineOutcome
from portail.models import Subscription
from portail.services.planning import confirm, confirmation, of_procedure, toggle, undo, validation
from portail.services.planning.views import Changed, Confirmed
from portail.services.reach import NotFound
from tests import factories
from tests.planning import (
    JOUR,
    MATIN,
    MONDAY,
    TUESDAY,
    Home,
    child,
    has,
    home,
    imported,
    limited,
    other_household,
    other_parent,
    pend,
    pending,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")


def done(who: Home) -> Confirmed:
    made = confirm(who.actor, version(who))
    assert isinstance(made, Confirmed)
    return made


# --- read again


def test_a_confirmation_is_the_account_s_own() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    made = done(zoe)
    assert confirmation(zoe.actor, made.id) == made
    for who in (other_parent(zoe), home(), other_household(zoe)):
        with pytest.raises(NotFound):
            confirmation(who.actor, made.id)
    with pytest.raises(NotFound):
        confirmation(zoe.actor, made.id + 1)


def test_the_page_of_the_procedure_is_the_household_s() -> None:
    imported()
    zoe = home()
    marc, paul = other_parent(zoe), other_household(zoe)
    pend(zoe, "MATIN", MONDAY)
    made = done(zoe)
    (procedure,) = made.procedures
    for who in (zoe, marc):
        shown = of_procedure(who.actor, procedure)
        assert shown is not None
        assert shown.lines == made.lines
    for who in (paul, home()):
        assert of_procedure(who.actor, procedure) is None


def test_each_procedure_has_the_lines_of_its_own_family() -> None:
    imported()
    zoe = home()
    family = factories.family("AUTRE")
    factories.join_family(zoe.account, family)
    lea = child(family, "Léa")
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", MONDAY, child_id=lea)
    made = done(zoe)
    lines = [of_procedure(zoe.actor, one) for one in made.procedures]
    assert [[line.child for line in one.lines] for one in lines if one] == [["Nora"], ["Léa"]]
    # once they have left one of the families, its lines are out of reach
    with writing() as session:
        session.exec(delete(Subscription).where(col(Subscription.family_id) == family))
    assert [line.child for line in confirmation(zoe.actor, made.id).lines] == ["Nora"]


def test_another_kind_of_procedure_has_no_lines() -> None:
    imported()
    zoe = home()
    assert of_procedure(zoe.actor, factories.procedure(zoe.family)) is None


def test_what_failed_is_on_the_page_of_what_was_written() -> None:
    imported(limited(JOUR, 0, waiting_list=False))
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", TUESDAY)
    made = done(zoe)
    shown = of_procedure(zoe.actor, made.procedures[0])
    assert shown is not None
    assert [line.outcome for line in shown.lines] == [LineOutcome.BOOKED, LineOutcome.REFUSED]


# --- from the click to the receipt


def click(who: Home, slot: str, *, booked: bool = True) -> None:
    assert isinstance(toggle(who.actor, who.child, slot, MONDAY, booked), Changed)


def test_a_click_that_replaces_another_slot() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    click(zoe, "JOUR")
    shown = validation(zoe.actor)
    assert isinstance(confirm(zoe.actor, shown.version), Confirmed)
    assert has(zoe) == {("JOUR", MONDAY): Held.BOOKED}
    assert pending(zoe) == []


def test_a_click_that_takes_another_slot_along() -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    reserve(zoe, "SOIR", MONDAY)
    click(zoe, "REPAS", booked=False)
    done(zoe)
    assert has(zoe) == {}


def test_a_week_in_one_click() -> None:
    imported()
    zoe = home()
    click(zoe, "SEMAINE")
    assert [line.outcome for line in done(zoe).lines] == [LineOutcome.BOOKED] * 4
    click(zoe, "SEMAINE", booked=False)
    assert [line.outcome for line in done(zoe).lines] == [LineOutcome.CANCELLED] * 4


def test_what_the_validation_page_foresaw_is_what_happens() -> None:
    imported(limited(MATIN, 0))
    zoe = home()
    click(zoe, "MATIN")
    click(zoe, "REPAS")
    click(zoe, "ACCORD")
    shown = validation(zoe.actor)
    made = confirm(zoe.actor, shown.version)
    assert isinstance(made, Confirmed)
    foreseen = {line.slot: (line.waiting, line.cents) for line in shown.lines}
    assert foreseen["Matin"][0]
    assert {line.slot: line.outcome for line in made.lines} == {
        "Matin": LineOutcome.WAITING,
        "Repas": LineOutcome.BOOKED,
        "Accord": LineOutcome.REQUESTED,
    }
    assert {line.slot: line.cents for line in made.lines if line.slot != "Matin"} == {
        slot: cents for slot, (_, cents) in foreseen.items() if slot != "Matin"
    }


def test_what_is_confirmed_is_not_undone() -> None:
    imported()
    zoe = home()
    click(zoe, "MATIN")
    done(zoe)
    before = version(zoe)
    undo(zoe.actor)
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED}
    assert pending(zoe) == []
    assert version(zoe) >= before
