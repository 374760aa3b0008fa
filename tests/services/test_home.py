"""Home: the actor's own families and children, what waits, what is booked; nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from portail import clock
from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.identity import Actor, Forbidden
from portail.domain.procedures import ProcedureState
from portail.models import Reservation
from portail.services.catalogue import current
from portail.services.deadlines import NextDeadline
from portail.services.home import Home, HomeBooking, HomeChild, home
from tests import factories
from tests.services.test_catalogue import ACCUEIL, MATIN, REPAS, TOWN, imported

pytestmark = pytest.mark.usefixtures("db")


def seen_by(account_id: int) -> Home:
    return home(Actor(session_id=1, account_id=account_id))


def names(found: Home) -> dict[str, list[str]]:
    return {f.name: [child.first_name for child in f.children] for f in found.families}


def test_a_parent_sees_their_own_families_and_no_others() -> None:
    zoe, karim = factories.account(), factories.account(first_name="Karim")
    pinceau = factories.family("PINCEAU", members=[zoe])
    benali = factories.family("BENALI", members=[karim])
    factories.child("Nora", pinceau)
    factories.child("Lina", benali)
    assert names(seen_by(zoe)) == {"PINCEAU": ["Nora"]}
    assert names(seen_by(karim)) == {"BENALI": ["Lina"]}
    assert seen_by(karim).first_name == "Karim"


def test_a_child_of_two_families_is_seen_in_each() -> None:
    zoe, paul = factories.account(), factories.account()
    mother = factories.family("PINCEAU", members=[zoe])
    father = factories.family("DURAND", members=[paul])
    factories.child("Nora", mother, father)
    factories.child("Tom", father)
    assert names(seen_by(zoe)) == {"PINCEAU": ["Nora"]}
    assert names(seen_by(paul)) == {"DURAND": ["Nora", "Tom"]}


def test_families_come_by_number_and_children_by_age() -> None:
    zoe = factories.account()
    first, second = factories.family("A"), factories.family("B")
    factories.join_family(zoe, second)
    factories.join_family(zoe, first)
    factories.child("Petit", first, birth_on=date(2022, 1, 1))
    factories.child("Grand", first, birth_on=date(2016, 1, 1))
    assert names(seen_by(zoe)) == {"A": ["Grand", "Petit"], "B": []}


def test_a_child_comes_with_school_and_class() -> None:
    zoe = factories.account()
    family = factories.family(members=[zoe])
    ident = factories.child("Nora", family, school="École Jean-Vilar", class_level="MS")
    (shown,) = seen_by(zoe).families[0].children
    assert shown == HomeChild(ident, "Nora", "École Jean-Vilar", "MS")


def test_an_account_without_family_sees_none() -> None:
    factories.family("PINCEAU", members=[factories.account()])
    assert seen_by(factories.account()).families == ()


def test_an_agent_has_no_home_of_a_parent() -> None:
    with pytest.raises(Forbidden):
        home(Actor(session_id=1, agent_id=factories.agent()))


# --- invoices due


def issued(family: int, number: str, due_on: date, *, paid: bool = False) -> None:
    ident = factories.invoice(family, number, due_on=due_on)
    if paid:
        factories.pay(ident, 4_250)


def test_invoices_due_come_first_due_first_and_only_one_s_own() -> None:
    zoe, karim = factories.account(), factories.account()
    first, second = factories.family(members=[zoe]), factories.family(members=[zoe])
    his = factories.family("BENALI", members=[karim])
    issued(first, "C", date(2026, 12, 30))
    issued(second, "A", date(2026, 11, 10))
    issued(first, "B", date(2026, 11, 30))
    issued(first, "PAID", date(2026, 11, 9), paid=True)
    issued(his, "HIS", date(2026, 11, 15))
    assert [one.number for one in seen_by(zoe).invoices] == ["A", "B", "C"]
    assert [one.family_id for one in seen_by(zoe).invoices] == [second, first, first]
    (due,) = seen_by(karim).invoices
    assert (due.number, due.due_cents, due.due_on) == ("HIS", 4_250, date(2026, 11, 15))
    assert seen_by(factories.account()).invoices == ()


# --- bookings

TODAY = date(2026, 11, 23)
DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "the day after": 2}


def book(
    family: int,
    child: int,
    slot: str,
    days: int = 0,
    *,
    state: Held = Held.BOOKED,
    cancelled: bool = False,
) -> None:
    with writing() as session:
        session.add(reservation(session, family, child, slot, days, state, cancelled=cancelled))


def reservation(
    session: Session, family: int, child: int, slot: str, days: int, state: Held, *, cancelled: bool
) -> Reservation:
    return Reservation(
        family_id=family,
        child_id=child,
        slot_id=current(session).slot_ids[slot],
        day=clock.today() + timedelta(days=days),
        state=state,
        price_cents=350,
        booked_at=clock.now(),
        cancelled_at=clock.now() if cancelled else None,
        offered_until=clock.now() + timedelta(hours=1) if state is Held.OFFERED else None,
    )


def test_bookings_are_today_s_and_tomorrow_s_in_the_order_of_the_day() -> None:
    imported()
    zoe = factories.account()
    family = factories.family(members=[zoe])
    nora = factories.child("Nora", family, birth_on=date(2022, 1, 1))
    audrey = factories.child("Audrey", family, birth_on=date(2017, 1, 1))
    for days in DAYS.values():
        book(family, nora, "REPAS", days)
    book(family, nora, "1_MATIN")
    book(family, audrey, "REPAS")
    found = seen_by(zoe).bookings
    assert [(one.day, one.child, one.slot) for one in found] == [
        (TODAY, "Nora", "Matin"),
        (TODAY, "Audrey", "Repas"),
        (TODAY, "Nora", "Repas"),
        (TODAY + timedelta(days=1), "Nora", "Repas"),
    ]
    assert found[0] == HomeBooking(
        TODAY, "Nora", "Matin", ACCUEIL.label, MATIN.starts_at, MATIN.ends_at
    )


@pytest.mark.parametrize("state", list(Held))
@pytest.mark.parametrize("cancelled", [False, True])
def test_only_what_is_held_counts(state: Held, cancelled: bool) -> None:
    imported()
    zoe = factories.account()
    family = factories.family(members=[zoe])
    book(family, factories.child("Nora", family), "REPAS", state=state, cancelled=cancelled)
    expected = state in (Held.BOOKED, Held.ATTENDED) and not cancelled
    assert bool(seen_by(zoe).bookings) is expected


def test_a_place_that_is_kept_is_told_to_its_household() -> None:
    imported()
    zoe, karim = factories.account(), factories.account()
    family = factories.family(members=[zoe])
    factories.family("BENALI", members=[karim])
    book(family, factories.child("Nora", family), "REPAS", state=Held.OFFERED)
    (offer,) = seen_by(zoe).offers
    assert (offer.child, offer.slot, offer.days) == ("Nora", "Repas", (TODAY,))
    assert seen_by(karim).offers == ()


def test_each_household_of_a_shared_child_sees_its_own_bookings() -> None:
    imported()
    zoe, marc, karim = factories.account(), factories.account(), factories.account()
    hers, his = factories.family(members=[zoe]), factories.family("DELMAS", members=[marc])
    factories.family("BENALI", members=[karim])
    sami = factories.child("Sami", hers, his)
    book(hers, sami, "REPAS")
    book(his, sami, "1_MATIN", 1)
    assert [one.slot for one in seen_by(zoe).bookings] == ["Repas"]
    assert [one.slot for one in seen_by(marc).bookings] == ["Matin"]
    assert seen_by(karim).bookings == ()


def test_a_booking_of_a_withdrawn_slot_keeps_its_name() -> None:
    imported()
    zoe = factories.account()
    family = factories.family(members=[zoe])
    book(family, factories.child("Nora", family), "REPAS")
    imported(replace(TOWN, activities=()))
    assert seen_by(zoe).bookings == (HomeBooking(TODAY, "Nora", REPAS.label, "", None, None),)


# --- what waits for the town


def test_what_is_not_answered_is_counted_and_only_one_s_own() -> None:
    zoe, karim = factories.account(), factories.account()
    hers, his = factories.family(members=[zoe]), factories.family("BENALI", members=[karim])
    for state in ProcedureState:
        factories.procedure(hers, state=state)
    factories.procedure(hers)
    factories.procedure(his, state=ProcedureState.DONE)
    assert seen_by(zoe).unanswered == 2  # nor what waits for the family itself
    assert seen_by(karim).unanswered == 0


def test_the_deadlines_of_two_families_come_soonest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    zoe = factories.account()
    first, second = (factories.family(members=[zoe], number=n) for n in (20_001, 20_002))
    children = {family: factories.child("Nora", family) for family in (first, second)}
    days = {first: 3, second: 1}
    now = clock.now()

    def next_of(_: Session, family_id: int) -> tuple[NextDeadline, ...]:
        until, today = now + timedelta(days=days[family_id]), clock.today()
        name = f"Cantine {family_id}"
        return (NextDeadline(until, "REPAS", name, "Repas", today, today, (children[family_id],)),)

    monkeypatch.setattr("portail.services.home.next_deadlines", next_of)
    told = [one.activity for one in seen_by(zoe).deadlines]
    assert told == [f"Cantine {second}", f"Cantine {first}"]
