"""«Terminer»: what is written, what stays pending and why, and the same answer twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import Held, Pending
from portail.domain.confirmations import LineOutcome
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Forbidden
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    ActionLog,
    Confirmation,
    PlaceChange,
    PlanningDraft,
    Procedure,
    Reservation,
    Subscription,
)
from portail.services.planning import confirm
from portail.services.planning.views import Confirmed, ConfirmedLine, NothingPending, Stale
from tests import enrolling, factories
from tests.planning import (
    JOUR,
    MATIN,
    MONDAY,
    REPAS,
    TUESDAY,
    WEEK,
    Home,
    child,
    end_enrolments,
    has,
    home,
    imported,
    limited,
    live,
    mails,
    other_household,
    other_parent,
    pend,
    pending,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")
NBSP = "\u00a0"
BOOKED, REFUSED, WAITING = LineOutcome.BOOKED, LineOutcome.REFUSED, LineOutcome.WAITING


def done(who: Home, of: int = 0) -> Confirmed:
    made = confirm(who.actor, of or version(who))
    assert isinstance(made, Confirmed)
    return made


def only(made: Confirmed) -> ConfirmedLine:
    (line,) = made.lines
    return line


def outcomes(made: Confirmed) -> dict[tuple[str, date], LineOutcome]:
    return {(line.slot, line.day): line.outcome for line in made.lines}


# --- what is written


def test_bookings_and_cancellations_are_written_together() -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", TUESDAY)
    pend(zoe, "MATIN", MONDAY, TUESDAY)
    shown = pend(zoe, "REPAS", TUESDAY, cancel=True)
    made = done(zoe, shown)
    assert [(one.slot, one.day, one.outcome, one.cents) for one in made.lines] == [
        ("Matin", MONDAY, BOOKED, 350),
        ("Matin", TUESDAY, BOOKED, 350),
        ("Repas", TUESDAY, LineOutcome.CANCELLED, 350),
    ]
    assert {(one.child, one.activity, one.told) for one in made.lines} == {("Nora", "Accueil", "")}
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED, ("MATIN", TUESDAY): Held.BOOKED}
    row = live(slot="MATIN", day=MONDAY)[0]
    assert (row.price_cents, row.surcharge_cents, row.family_id) == (350, 0, zoe.family)
    assert (row.account_id, row.booked_at) == (zoe.account, clock.now())
    assert pending(zoe) == []
    assert version(zoe) == shown + 1
    with reading() as session:
        assert session.get_one(PlanningDraft, zoe.account).undo == []
        log = session.exec(select(ActionLog).where(ActionLog.action == "reservations_confirmed"))
        assert [one.subject for one in log] == [f"confirmation {made.id}"]


def test_one_procedure_a_family_says_how_many() -> None:
    imported()
    zoe = home()
    sami = child(zoe.family, "Sami", born=date(2021, 5, 1))
    reserve(zoe, "REPAS", TUESDAY)
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", MONDAY, child_id=sami)
    pend(zoe, "REPAS", TUESDAY, cancel=True)
    made = done(zoe)
    with reading() as session:
        (row,) = session.exec(select(Procedure)).all()
    assert made.procedures == (row.id,)
    assert (row.kind, row.state) == (ProcedureKind.RESERVATIONS, ProcedureState.DONE)
    assert (row.family_id, row.account_id, row.child_id) == (zoe.family, zoe.account, None)
    assert row.title == f"2{NBSP}réservations et 1{NBSP}annulation (Nora, Sami)"


def test_a_procedure_of_one_child_is_that_child_s() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    done(zoe)
    with reading() as session:
        (row,) = session.exec(select(Procedure)).all()
    assert (row.title, row.child_id) == (f"1{NBSP}réservation", zoe.child)


def test_two_families_have_a_procedure_each_and_one_receipt() -> None:
    imported()
    zoe = home()
    family = factories.family("AUTRE")
    factories.join_family(zoe.account, family)
    lea = child(family, "Léa", born=date(2021, 1, 1))
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", MONDAY, child_id=lea)
    made = done(zoe)
    assert len(made.procedures) == 2
    assert {row.family_id for row in live()} == {zoe.family, family}
    (mail,) = mails("planning_confirmed")
    assert all(f"n°{NBSP}{number}" in mail.text for number in made.procedures)


def test_the_receipt_tells_every_line() -> None:
    imported(limited(MATIN, 0), limited(JOUR, 0, waiting_list=False))
    zoe = home()
    reserve(zoe, "TARD", TUESDAY, price=400)
    pend(zoe, "REPAS", TUESDAY, MONDAY)
    pend(zoe, "TARD", TUESDAY, cancel=True)
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", TUESDAY)
    pend(zoe, "ACCORD", MONDAY)
    done(zoe)
    (mail,) = mails("planning_confirmed")
    assert mail.recipient.startswith("parent")
    text = mail.text.replace(NBSP, " ")
    assert [words for words in (
        "accusé de réception",
        "lundi 30 novembre 2026 : Repas (Accueil), réservé, 3,50 €",
        "mardi 1er décembre 2026 : Tardif (Accueil), annulé, 4,00 € en moins",
        "Matin (Accueil), complet, sur liste d’attente, rang 1",
        "Accord (Accueil), demandé, un agent doit l’accepter, 3,50 €",
        "Ce qui n’a pas pu se faire",
        "Nora, mardi 1er décembre 2026 : Journée (Accueil). Complet.",
        "Au total : 6,50 € en plus.",
        "Date de réception : 23 novembre 2026",
        "Service à contacter : ",
        "Sans réponse de notre part",
    ) if words not in text] == []  # fmt: skip


def test_an_agent_s_approval_is_asked_where_it_is_needed() -> None:
    imported()
    zoe = home()
    pend(zoe, "ACCORD", MONDAY)
    assert only(done(zoe)).outcome is LineOutcome.REQUESTED
    assert has(zoe) == {("ACCORD", MONDAY): Held.REQUESTED}


def test_late_costs_more_and_late_cancelling_keeps_what_stays_due() -> None:
    imported()
    zoe = home()
    reserve(zoe, "TARD", TUESDAY)
    clock.advance(timedelta(days=6, hours=20))  # Monday at 5, both deadlines passed
    pend(zoe, "TARD", MONDAY)
    pend(zoe, "TARD", TUESDAY, cancel=True)
    booked, cancelled = done(zoe).lines
    assert (booked.outcome, booked.cents) == (BOOKED, 525)
    assert (cancelled.outcome, cancelled.cents, cancelled.kept_cents) == (
        LineOutcome.CANCELLED, 0, 350,
    )  # fmt: skip
    (row,) = live()
    assert (row.price_cents, row.surcharge_cents) == (350, 175)
    with reading() as session:
        gone = session.exec(select(Reservation).where(Reservation.day == TUESDAY)).one()
    assert (gone.kept_cents, gone.cancelled_at) == (350, clock.now())


def test_what_stays_due_is_never_more_than_the_price_told() -> None:
    imported()
    zoe = home()
    reserve(zoe, "TARD", TUESDAY, price=100)
    clock.advance(timedelta(days=6, hours=20))
    pend(zoe, "TARD", TUESDAY, cancel=True)
    line = only(done(zoe))
    assert (line.cents, line.kept_cents) == (0, 100)


# --- places


def test_a_full_day_is_the_waiting_list_with_a_rank() -> None:
    imported(limited(MATIN, 1))
    people = [home() for _ in range(3)]
    for one in people:
        pend(one, "MATIN", MONDAY)
    lines = [only(done(one)) for one in people]
    assert [(one.outcome, one.rank) for one in lines] == [(BOOKED, 0), (WAITING, 1), (WAITING, 2)]
    assert [row.state for row in live()] == [Held.BOOKED, Held.WAITING, Held.WAITING]
    assert [row.surcharge_cents for row in live()] == [0, 0, 0]
    with reading() as session:
        assert len(session.exec(select(PlaceChange)).all()) == 3


def test_without_a_waiting_list_it_is_refused_and_stays_pending() -> None:
    imported(limited(MATIN, 0, waiting_list=False))
    zoe = home()
    shown = pend(zoe, "MATIN", MONDAY)
    made = done(zoe)
    assert (only(made).outcome, only(made).told) == (REFUSED, "Complet.")
    assert pending(zoe) == [("MATIN", MONDAY, Pending.BOOKING)]
    # nothing was written: neither procedure nor receipt, and the version is another
    assert made.procedures == ()
    assert mails("planning_confirmed") == []
    assert version(zoe) == shown + 1


def test_whoever_waits_is_served_before_whoever_comes() -> None:
    imported(limited(MATIN, 1))
    first, second, third = home(), home(), home()
    reserve(first, "MATIN", MONDAY)
    reserve(second, "MATIN", MONDAY, held=Held.WAITING)
    pend(first, "MATIN", MONDAY, cancel=True)
    done(first)
    pend(third, "MATIN", MONDAY)
    line = only(done(third))
    assert (line.outcome, line.rank) == (WAITING, 2)


def test_of_two_children_the_one_chosen_first_has_the_last_place() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    sami = child(zoe.family, "Sami", born=date(2021, 5, 1))
    pend(zoe, "MATIN", MONDAY, child_id=sami)
    pend(zoe, "MATIN", MONDAY)
    made = done(zoe)
    assert [(one.child, one.outcome, one.rank) for one in made.lines] == [
        ("Sami", BOOKED, 0),
        ("Nora", WAITING, 1),
    ]
    # the reduction of a second child is for those who come
    assert [row.price_cents for row in live(slot="MATIN")] == [350, 350]


def test_two_children_present_have_the_price_of_two() -> None:
    imported()
    zoe = home()
    sami = child(zoe.family, "Sami", born=date(2021, 5, 1))
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", MONDAY, child_id=sami)
    assert sorted(one.cents or 0 for one in done(zoe).lines) == [315, 350]


def test_a_place_given_back_serves_the_brother_of_the_same_confirmation() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    sami = child(zoe.family, "Sami", born=date(2021, 5, 1))
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", MONDAY, child_id=sami)
    pend(zoe, "MATIN", MONDAY, cancel=True)
    booked, cancelled = done(zoe).lines
    assert (booked.outcome, cancelled.outcome) == (BOOKED, LineOutcome.CANCELLED)


def test_leaving_the_queue_moves_the_others_up() -> None:
    imported(limited(MATIN, 0))
    first, second = home(), home()
    reserve(first, "MATIN", MONDAY, held=Held.WAITING)
    reserve(second, "MATIN", MONDAY, held=Held.WAITING)
    pend(first, "MATIN", MONDAY, cancel=True)
    assert only(done(first)).outcome is LineOutcome.LEFT_QUEUE
    pend(second, "MATIN", MONDAY)
    again = only(done(second))
    assert (again.outcome, again.rank) == (LineOutcome.ALREADY, 1)


def test_an_offer_may_be_left_like_any_queue() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, held=Held.OFFERED)
    pend(zoe, "MATIN", MONDAY, cancel=True)
    assert only(done(zoe)).outcome is LineOutcome.LEFT_QUEUE
    assert live() == []


# --- what goes together


def test_what_a_booking_replaces_goes_with_it() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", MONDAY)
    pend(zoe, "MATIN", MONDAY, cancel=True, because="JOUR")
    done(zoe)
    assert has(zoe) == {("JOUR", MONDAY): Held.BOOKED}


def test_nothing_is_lost_for_a_booking_that_fails() -> None:
    imported(limited(JOUR, 0, waiting_list=False))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", MONDAY)
    pend(zoe, "MATIN", MONDAY, cancel=True, because="JOUR")
    made = done(zoe)
    assert set(outcomes(made).values()) == {REFUSED}
    assert made.lines[1].told == f"Va avec{NBSP}: Journée."
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED}
    assert len(pending(zoe)) == 2


def test_nothing_is_lost_for_a_booking_that_waits() -> None:
    imported(limited(JOUR, 0))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", MONDAY)
    pend(zoe, "MATIN", MONDAY, cancel=True, because="JOUR")
    made = done(zoe)
    assert outcomes(made) == {("Journée", MONDAY): WAITING, ("Matin", MONDAY): LineOutcome.KEPT}
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED, ("JOUR", MONDAY): Held.WAITING}
    assert pending(zoe) == []


def test_a_booking_replaces_nothing_that_its_parent_did_not_see() -> None:
    imported()
    zoe = home()
    pend(zoe, "JOUR", MONDAY)
    reserve(zoe, "MATIN", MONDAY)  # the other parent, meanwhile
    line = only(done(zoe))
    assert line.outcome is REFUSED
    assert line.told.startswith(f"A été réservé entre-temps{NBSP}: Matin.")


def test_what_needs_another_slot_follows_it_whatever_the_order() -> None:
    imported()
    zoe = home()
    pend(zoe, "SOIR", MONDAY)
    pend(zoe, "REPAS", MONDAY)
    assert set(outcomes(done(zoe)).values()) == {BOOKED}


def test_what_waits_takes_nothing_along() -> None:
    imported(limited(REPAS, 0))
    zoe = home()
    pend(zoe, "REPAS", MONDAY)
    pend(zoe, "SOIR", MONDAY)
    made = done(zoe)
    assert outcomes(made) == {("Repas", MONDAY): WAITING, ("Soir", MONDAY): REFUSED}
    assert made.lines[1].told == f"Il faut d’abord réserver{NBSP}: Repas."


@pytest.mark.parametrize("because", ["", "REPAS"])
def test_what_is_needed_is_cancelled_with_what_needs_it(because: str) -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    reserve(zoe, "SOIR", MONDAY)
    pend(zoe, "REPAS", MONDAY, cancel=True)
    pend(zoe, "SOIR", MONDAY, cancel=True, because=because)
    done(zoe)
    assert has(zoe) == {}


def test_what_is_needed_is_not_cancelled_alone() -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    reserve(zoe, "SOIR", MONDAY)
    pend(zoe, "REPAS", MONDAY, cancel=True)
    line = only(done(zoe))
    assert (line.outcome, line.told) == (REFUSED, f"Doit être annulé avec{NBSP}: Soir.")


WEEK_DAYS = (MONDAY, TUESDAY, date(2026, 12, 3), date(2026, 12, 4))


def test_a_package_is_booked_whole_or_not_at_all() -> None:
    imported()
    zoe = home()
    pend(zoe, "SEMAINE", *WEEK_DAYS[:3])
    assert {one.told for one in done(zoe).lines} == {
        "Tous les jours de ce forfait se réservent et s’annulent ensemble."
    }
    pend(zoe, "SEMAINE", WEEK_DAYS[3])
    done(zoe)
    assert len(live(slot="SEMAINE")) == 4


def test_a_package_waits_whole() -> None:
    imported(limited(WEEK, 1))
    first, second = home(), home()
    for who in (first, second):
        pend(who, "SEMAINE", *WEEK_DAYS)
        done(who)
    assert [row.state for row in live(slot="SEMAINE")] == [Held.BOOKED] * 4 + [Held.WAITING] * 4


# --- rules asked again


def test_a_deadline_that_passes_between_click_and_confirmation() -> None:
    imported()
    zoe = home()
    reserve(zoe, "REPAS", MONDAY)
    pend(zoe, "MATIN", MONDAY, TUESDAY)
    pend(zoe, "REPAS", MONDAY, cancel=True)
    clock.advance(timedelta(days=3, seconds=1))  # a second after nine, Thursday
    made = done(zoe)
    assert outcomes(made) == {
        ("Matin", MONDAY): REFUSED,
        ("Matin", TUESDAY): BOOKED,
        ("Repas", MONDAY): REFUSED,
    }
    assert made.lines[0].told.replace(NBSP, " ") == (
        "Trop tard : il fallait réserver avant le jeudi 26 novembre 2026 à 9 h."
    )
    assert "annuler avant le jeudi 26 novembre" in made.lines[2].told
    assert len(pending(zoe)) == 2


def test_the_very_instant_of_the_deadline_is_in_time() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    clock.advance(timedelta(days=3))
    assert only(done(zoe)).outcome is BOOKED


def test_an_enrolment_that_ended_meanwhile() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    end_enrolments(EnrolmentState.WITHDRAWN, zoe.child)
    line = only(done(zoe))
    assert (line.outcome, line.told) == (
        REFUSED, "L’enfant n’est pas inscrit à cette activité.",
    )  # fmt: skip


def test_a_slot_withdrawn_from_the_catalogue_meanwhile() -> None:
    imported()
    zoe = home()
    pend(zoe, "REPAS", MONDAY)
    reserve(zoe, "REPAS", TUESDAY)  # what is booked keeps the slot known
    enrolling.imported()  # another catalogue, without meals
    line = only(done(zoe))
    assert (line.slot, line.outcome) == ("Repas", REFUSED)
    assert line.told == "Cette prestation n’est plus proposée."
    assert [row.day for row in live()] == [TUESDAY]


def test_both_parents_did_the_same() -> None:
    imported()
    zoe = home()
    marc = other_parent(zoe)
    reserve(zoe, "REPAS", MONDAY)
    for who in (zoe, marc):
        pend(who, "MATIN", MONDAY)
        pend(who, "REPAS", MONDAY, cancel=True)
    done(zoe)
    made = done(marc)
    assert set(outcomes(made).values()) == {LineOutcome.ALREADY}
    assert made.procedures == ()
    assert pending(marc) == []
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED}


def test_what_the_other_household_booked_is_out_of_reach() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "REPAS", MONDAY, cancel=True)
    reserve(paul, "MATIN", MONDAY)
    reserve(paul, "REPAS", MONDAY)
    assert {(one.outcome, one.told) for one in done(zoe).lines} == {
        (REFUSED, "Réservé par l’autre foyer de l’enfant.")
    }
    assert {row.family_id for row in live()} == {paul.family}


# --- idempotent, stale, nobody else's


def test_the_same_version_again_is_the_same_answer() -> None:
    imported()
    zoe = home()
    shown = pend(zoe, "MATIN", MONDAY)
    made = done(zoe, shown)
    # whatever happens in between
    reserve(zoe, "REPAS", TUESDAY)
    pend(zoe, "MATIN", MONDAY, cancel=True)
    done(zoe)
    clock.advance(timedelta(days=30))
    again = done(zoe, shown)
    assert again.again
    assert (again.id, again.at, again.lines, again.procedures) == (
        made.id, made.at, made.lines, made.procedures,
    )  # fmt: skip
    assert len(mails("planning_confirmed")) == 2
    assert has(zoe) == {("REPAS", TUESDAY): Held.BOOKED}


def test_another_version_than_the_one_shown_is_stale() -> None:
    imported()
    zoe = home()
    shown = pend(zoe, "MATIN", MONDAY)
    now = pend(zoe, "MATIN", TUESDAY)
    assert confirm(zoe.actor, shown) == Stale(now)
    assert confirm(zoe.actor, now + 1) == Stale(now)
    assert live() == []
    assert len(pending(zoe)) == 2


def test_nothing_to_confirm() -> None:
    imported()
    zoe = home()
    assert confirm(zoe.actor, 1) == NothingPending()
    pend(zoe, "MATIN", MONDAY)
    done(zoe)
    assert confirm(zoe.actor, version(zoe)) == NothingPending()
    with reading() as session:
        assert len(session.exec(select(Confirmation)).all()) == 1


def test_a_child_no_longer_theirs_is_out_of_reach() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    with writing() as session:
        row = session.exec(
            select(Subscription).where(col(Subscription.family_id) == zoe.family)
        ).one()
        session.delete(row)
    assert confirm(zoe.actor, version(zoe)) == NothingPending()
    assert live() == []


def test_each_confirms_their_own() -> None:
    imported()
    zoe, karim = home(), home("Lina")
    pend(zoe, "MATIN", MONDAY)
    pend(karim, "MATIN", MONDAY)
    done(karim)
    assert has(zoe) == {}
    assert len(pending(zoe)) == 1
    with pytest.raises(Forbidden):
        confirm(Actor(0, agent_id=factories.agent()), 1)
