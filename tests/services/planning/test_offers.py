"""Freed places: offered to the first who waits, for a time; accepted, declined, let pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from portail import clock, database
from portail.database import reading, writing
from portail.domain.bookings import Held
from portail.domain.confirmations import LineOutcome
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import PlaceChange, Procedure, Reservation
from portail.models.enrolments import QUEUE
from portail.services.planning import (
    answer_offer,
    confirm,
    confirmation,
    end_offers,
    end_queues,
    ics,
    of_procedure,
    offer_freed,
    offers,
)
from portail.services.planning.queues import tend
from portail.services.planning.views import (
    Confirmed,
    Offer,
    OfferAccepted,
    OfferDeclined,
    OfferOver,
    OfferRefused,
)
from portail.services.reach import NotFound
from tests import enrolling, factories
from tests.planning import (
    JOUR,
    LATE,
    MATIN,
    MONDAY,
    TUESDAY,
    WEEK,
    Home,
    end_enrolments,
    has,
    home,
    imported,
    limited,
    live,
    mails,
    other_parent,
    pend,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")
NBSP = "\u00a0"
DAY = timedelta(days=1)
WEEK_DAYS = (MONDAY, TUESDAY, date(2026, 12, 3), date(2026, 12, 4))


def waiting(number: int, slot: str = "MATIN", *days: date) -> list[Home]:
    """So many families that wait, first come first."""
    people = [home() for _ in range(number)]
    for one in people:
        reserve(one, slot, *(days or (MONDAY,)), held=Held.WAITING)
    return people


def state(who: Home, slot: str = "MATIN", day: date = MONDAY) -> Held | None:
    return has(who).get((slot, day))


def only(who: Home) -> Offer:
    (offer,) = offers(who.actor)
    return offer


def until() -> set[datetime | None]:
    return {row.offered_until for row in live() if row.state is Held.OFFERED}


# --- offering


def test_a_free_place_is_offered_to_the_first_who_waits() -> None:
    imported(limited(MATIN, 2))
    holder = home()
    reserve(holder, "MATIN", MONDAY)
    first, second = waiting(2)
    assert offer_freed() == 1
    assert (state(first), state(second)) == (Held.OFFERED, Held.WAITING)
    assert until() == {clock.now() + DAY}
    (mail,) = mails("place_offered")
    words = mail.text.replace(NBSP, " ")
    assert "Une place s’est libérée pour Nora, lundi 30 novembre 2026 : Matin (Accueil)." in words
    assert "jusqu’au mardi 24 novembre à 9 h" in words
    assert "/planning?jour=2026-11-30" in mail.text
    with reading() as session:
        assert len(session.exec(select(PlaceChange)).all()) == 1
    # nothing more is free
    assert offer_freed() == 0
    assert len(mails("place_offered")) == 1


def test_an_offer_ends_with_the_bookings() -> None:
    imported(limited(MATIN, 1, hours=200))
    waiting(1)
    offer_freed()
    assert until() == {datetime.fromisoformat("2026-11-26T09:00+01:00")}


def test_after_the_deadline_a_late_booking_may_still_be_offered() -> None:
    imported(limited(LATE, 1))
    (zoe,) = waiting(1, "TARD")
    clock.advance(timedelta(days=6))
    assert tend() == 1
    assert only(zoe).cents == 525
    assert until() == {datetime.fromisoformat("2026-11-30T07:30+01:00")}


def test_as_many_offers_as_places() -> None:
    imported(limited(MATIN, 3))
    people = waiting(5)
    assert offer_freed() == 3
    assert [state(one) for one in people] == [Held.OFFERED] * 3 + [Held.WAITING] * 2


def test_whoever_may_no_longer_come_is_told_and_the_next_one_is_offered() -> None:
    imported(limited(MATIN, 1))
    first, second = waiting(2)
    end_enrolments(EnrolmentState.WITHDRAWN, first.child)
    offer_freed()
    assert (state(first), state(second)) == (None, Held.OFFERED)
    (mail,) = mails("waiting_ended")
    assert "ne le permet plus" in mail.text


def test_a_package_is_offered_and_accepted_whole() -> None:
    imported(limited(WEEK, 1))
    zoe, _ = waiting(2, "SEMAINE", *WEEK_DAYS)
    assert offer_freed() == 1
    assert len(mails("place_offered")) == 1
    offer = only(zoe)
    assert (offer.days, offer.cents) == (WEEK_DAYS, 4800)
    accepted = answer_offer(zoe.actor, offer.id, accept=True)
    assert isinstance(accepted, OfferAccepted)
    assert accepted.cents == 4800
    assert ics(zoe.actor, accepted.confirmation).count(b"BEGIN:VEVENT") == len(WEEK_DAYS)
    assert set(has(zoe).values()) == {Held.BOOKED}
    assert offer_freed() == 0


def test_nobody_is_offered_a_day_that_can_no_longer_be_booked() -> None:
    imported(limited(MATIN, 1))
    waiting(1)
    clock.advance(timedelta(days=3, seconds=1))
    assert offer_freed() == 1  # told that it is over
    assert mails("place_offered") == []
    assert live() == []


# --- what the family sees and answers


def test_the_family_sees_its_offers_and_no_others() -> None:
    imported(limited(MATIN, 1), limited(JOUR, 1))
    zoe, karim = waiting(2)
    reserve(zoe, "JOUR", TUESDAY, held=Held.WAITING)
    offer_freed()
    assert [
        (one.slot, one.activity, one.child, one.days, one.cents) for one in offers(zoe.actor)
    ] == [
        ("Matin", "Accueil", "Nora", (MONDAY,), 350),
        ("Journée", "Accueil", "Nora", (TUESDAY,), 1200),
    ]
    assert offers(zoe.actor)[0].until == clock.now() + DAY
    assert offers(other_parent(zoe).actor) == offers(zoe.actor)
    assert offers(karim.actor) == ()


def test_accepted_it_is_booked_at_the_price_of_today_with_its_receipt() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    with writing() as session:  # the price told when it began to wait
        row = session.exec(select(Reservation)).one()
        row.price_cents = 100
        session.add(row)
    offer_freed()
    marc = other_parent(zoe)
    clock.advance(timedelta(hours=1))
    accepted = answer_offer(marc.actor, only(marc).id, accept=True)
    assert isinstance(accepted, OfferAccepted)
    assert (accepted.cents, accepted.requested, accepted.again) == (350, False, False)
    (row,) = live()
    assert (row.state, row.price_cents, row.offered_until) == (Held.BOOKED, 350, None)
    assert (row.booked_at, row.account_id) == (clock.now(), marc.account)
    with reading() as session:
        (made,) = session.exec(select(Procedure)).all()
    assert (made.kind, made.state) == (ProcedureKind.RESERVATIONS, ProcedureState.DONE)
    assert made.title.replace(NBSP, " ") == (
        "Place libérée acceptée : Matin (Accueil), lundi 30 novembre 2026"
    )
    (mail,) = mails("planning_confirmed")
    assert "réservé, 3,50" in mail.text
    assert offers(zoe.actor) == ()


def test_what_was_accepted_is_a_confirmation_with_its_calendar() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    pend(zoe, "REPAS", TUESDAY)
    shown = version(zoe)
    offer_freed()
    accepted = answer_offer(zoe.actor, only(zoe).id, accept=True)
    assert isinstance(accepted, OfferAccepted)
    calendar = ics(zoe.actor, accepted.confirmation).decode()
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Nora – Matin" in calendar
    assert "DTSTART;TZID=Europe/Paris:20261130T073000" in calendar
    with pytest.raises(NotFound):
        ics(other_parent(zoe).actor, accepted.confirmation)
    (line,) = confirmation(zoe.actor, accepted.confirmation).lines
    assert (line.child, line.day, line.outcome, line.cents) == (
        *("Nora", MONDAY),
        *(LineOutcome.BOOKED, 350),
    )
    (procedure,) = confirmation(zoe.actor, accepted.confirmation).procedures
    assert of_procedure(zoe.actor, procedure) == confirmation(zoe.actor, accepted.confirmation)
    # what a page showed of other changes is confirmed as it was
    done = confirm(zoe.actor, shown)
    assert isinstance(done, Confirmed)
    assert (done.again, [one.slot for one in done.lines]) == (False, ["Repas"])


def test_accepting_twice_is_accepting_once() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    offer_freed()
    offer = only(zoe)
    accepted = answer_offer(zoe.actor, offer.id, accept=True)
    assert isinstance(accepted, OfferAccepted)
    assert accepted.confirmation
    again = replace(accepted, again=True)
    assert answer_offer(zoe.actor, offer.id, accept=True) == again
    # of the other parent, who did not accept it, there is no confirmation
    marc = other_parent(zoe)
    assert answer_offer(marc.actor, offer.id, accept=True) == replace(again, confirmation=0)
    assert answer_offer(zoe.actor, offer.id, accept=False) == OfferOver()
    assert len(mails("planning_confirmed")) == 1


def test_declined_it_goes_to_the_next_one() -> None:
    imported(limited(MATIN, 1))
    first, second = waiting(2)
    offer_freed()
    offer = only(first)
    assert answer_offer(first.actor, offer.id, accept=False) == OfferDeclined()
    assert answer_offer(first.actor, offer.id, accept=True) == OfferOver()
    assert tend() == 1
    assert (state(first), state(second)) == (None, Held.OFFERED)
    assert mails("waiting_ended") == []  # whoever declined knows


def test_let_pass_it_goes_to_the_next_one_and_the_family_is_told() -> None:
    imported(limited(MATIN, 1))
    first, second = waiting(2)
    offer_freed()
    clock.advance(DAY - timedelta(seconds=1))
    assert end_offers() == 0
    clock.advance(timedelta(seconds=1))
    assert offers(first.actor) == ()
    assert tend() == 2
    assert (state(first), state(second)) == (None, Held.OFFERED)
    (mail,) = mails("waiting_ended")
    assert "Le temps pour accepter cette place est passé" in mail.text
    assert until() == {clock.now() + DAY}


def test_too_late_to_accept() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    offer_freed()
    offer = only(zoe)
    clock.advance(DAY + timedelta(seconds=1))
    assert answer_offer(zoe.actor, offer.id, accept=True) == OfferOver()
    assert state(zoe) is Held.OFFERED  # the worker ends it, and tells


def test_the_rules_are_asked_again() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    offer_freed()
    end_enrolments(EnrolmentState.ENDED, zoe.child)
    assert answer_offer(zoe.actor, only(zoe).id, accept=True) == OfferRefused(
        "L’enfant n’est pas inscrit à cette activité."
    )
    assert state(zoe) is Held.OFFERED


def test_what_it_replaces_is_said_and_cancelled() -> None:
    imported(limited(JOUR, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    reserve(zoe, "JOUR", MONDAY, held=Held.WAITING)
    offer_freed()
    assert only(zoe).replaces == ("Matin",)
    answer_offer(zoe.actor, only(zoe).id, accept=True)
    assert has(zoe) == {("JOUR", MONDAY): Held.BOOKED}


def test_what_it_replaces_can_no_longer_be_cancelled() -> None:
    imported(replace(limited(JOUR, 1), late_booking=LATE.late_booking))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    reserve(zoe, "JOUR", MONDAY, held=Held.WAITING)
    clock.advance(timedelta(days=5))
    offer_freed()
    outcome = answer_offer(zoe.actor, only(zoe).id, accept=True)
    assert isinstance(outcome, OfferRefused)
    assert has(zoe)["MATIN", MONDAY] is Held.BOOKED


def test_those_who_wait_behind_do_not_take_the_place_kept() -> None:
    imported(limited(MATIN, 1))
    first, second, third = waiting(3)
    offer_freed()
    accepted = answer_offer(first.actor, only(first).id, accept=True)
    assert isinstance(accepted, OfferAccepted)
    assert accepted.cents == 350
    assert [state(one) for one in (second, third)] == [Held.WAITING] * 2


def test_an_offer_is_its_family_s_alone() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    stranger = home()
    offer_freed()
    for accept in (True, False):
        with pytest.raises(NotFound):
            answer_offer(stranger.actor, only(zoe).id, accept=accept)
    with pytest.raises(NotFound):
        answer_offer(zoe.actor, 999_999, accept=True)
    assert state(zoe) is Held.OFFERED


def test_a_reservation_that_is_no_offer() -> None:
    imported(limited(MATIN, 0))
    zoe = home()
    made = reserve(zoe, "MATIN", MONDAY, held=Held.WAITING)
    assert answer_offer(zoe.actor, made, accept=True) == OfferOver()


# --- the end


def test_a_queue_ends_with_the_bookings_one_mail_a_family() -> None:
    imported(limited(MATIN, 0))
    zoe, karim = waiting(2)
    reserve(zoe, "MATIN", TUESDAY, date(2026, 12, 7), held=Held.WAITING)
    assert end_queues() == 0
    clock.advance(timedelta(days=4))  # Friday at nine: Monday and Tuesday are closed
    clock.advance(timedelta(seconds=1))
    assert end_queues() == 2
    assert [row.day for row in live()] == [date(2026, 12, 7)]
    told = mails("waiting_ended")
    assert len(told) == 2
    first = told[0].text.replace(NBSP, " ")
    assert "Nora, lundi 30 novembre 2026 : Matin" in first
    assert "Nora, mardi 1er décembre 2026 : Matin" in first
    assert "7 décembre" not in first
    assert state(karim) is None
    assert end_queues() == 0


def test_a_queue_ends_when_the_slot_is_withdrawn() -> None:
    imported(limited(JOUR, 0))
    waiting(1, "JOUR")
    enrolling.imported()
    assert tend() == 1
    assert live() == []


def test_whoever_left_the_family_is_told_no_more() -> None:
    imported(limited(MATIN, 1))
    (zoe,) = waiting(1)
    marc = other_parent(zoe)
    gone = factories.account("ancien")
    with writing() as session:
        row = session.exec(select(Reservation)).one()
        row.account_id = gone
        session.add(row)
    offer_freed()
    assert len(mails("place_offered")) == 2  # both of the family
    assert "ancien@example.org" not in {mail.recipient for mail in mails("place_offered")}
    assert state(marc) is Held.OFFERED


# --- the worker


def test_nothing_is_done_while_another_process_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(limited(MATIN, 1))
    waiting(1)
    with monkeypatch.context() as patched:
        patched.setattr("portail.services.planning.queues.alone", lambda *_: False)
        assert tend() == 0
        assert mails("place_offered") == []
    assert tend() == 1


def test_a_crash_loses_nothing_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(limited(MATIN, 1), limited(JOUR, 1))
    waiting(1)
    waiting(1, "JOUR", TUESDAY)

    def crash(*_args: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("portail.services.planning.receipts.offered", crash)
        with pytest.raises(OSError):  # noqa: PT011
            tend()
    assert {row.state for row in live()} == {Held.WAITING}
    assert tend() == 2
    assert len(mails("place_offered")) == 2


def test_nothing_waits_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)

    def write() -> None:
        raise AssertionError

    monkeypatch.setattr("portail.services.planning.queues.writing", write)
    assert tend() == 0


def test_those_who_wait_are_found_by_their_index() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", *(MONDAY + n * DAY for n in range(500)))
    reserve(zoe, "REPAS", MONDAY, held=Held.WAITING)
    query = f"SELECT DISTINCT slot_id, day FROM reservation WHERE {QUEUE}"
    with database.engine().connect() as connection:
        connection.execute(text("ANALYZE"))
        words = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.execute(text(f"{words} {query}")).all()
    assert "ix_reservation_queue" in str(plan)
