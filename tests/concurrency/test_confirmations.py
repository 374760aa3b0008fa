"""Confirmations at the same instant: no place sold twice, nothing written twice, none half made."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from threading import Barrier, Event, local

import pytest
from sqlmodel import Session, col, func, select

from portail import clock, database
from portail.database import reading
from portail.domain.bookings import Held
from portail.domain.confirmations import LineOutcome
from portail.domain.decisions import Plan
from portail.domain.enrolment_states import EnrolmentState
from portail.models import Confirmation, Enrolment, Procedure
from portail.services.catalogue import Loaded, current
from portail.services.enrolments import StillBooked, Withdrawn, withdraw
from portail.services.planning import answer_offer, confirm, confirming, offers, queues
from portail.services.planning.day_places import DayPlaces, SlotDayKey, read_places
from portail.services.planning.views import (
    Confirmed,
    ConfirmedLine,
    ConfirmOutcome,
    OfferAccepted,
    OfferDeclined,
    OfferOver,
)
from tests.concurrency.together import GENEROUS, at_once
from tests.load import kills
from tests.load.confirmations import check, rush
from tests.planning import (
    MATIN,
    MONDAY,
    TUESDAY,
    Home,
    has,
    home,
    imported,
    limited,
    live,
    mails,
    other_household,
    other_parent,
    pend,
    reserve,
)

pytestmark = pytest.mark.usefixtures("db")
PEOPLE, PLACES = 40, 15


def line_of(outcome: ConfirmOutcome) -> ConfirmedLine:
    assert isinstance(outcome, Confirmed)
    (line,) = outcome.lines
    return line


def is_sqlite() -> bool:
    return database.engine().dialect.name == "sqlite"


# --- places


def test_forty_parents_for_fifteen_places() -> None:
    imported(limited(MATIN, PLACES))
    lines, _ = rush([home() for _ in range(PEOPLE)])
    check(lines, PLACES)


def test_without_the_lock_places_are_oversold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looking first and writing after would do."""
    people, few = 8, 2
    imported(limited(MATIN, few))
    families = [home() for _ in range(people)]
    versions = [pend(one, "MATIN", MONDAY) for one in families]
    meeting, seen = Barrier(people, timeout=GENEROUS), local()

    def as_seen(
        _session: Session, _loaded: Loaded, _wanted: Collection[SlotDayKey]
    ) -> dict[SlotDayKey, DayPlaces]:
        found: dict[SlotDayKey, DayPlaces] = seen.places
        return found

    def look_then_confirm(number: int) -> ConfirmedLine:
        with reading() as session:
            seen.places = read_places(session, current(session), [("MATIN", MONDAY)])
        meeting.wait()
        return line_of(confirm(families[number].actor, versions[number]))

    monkeypatch.setattr(confirming, "lock_places", lambda *_: None)
    monkeypatch.setattr(confirming, "read_places", as_seen)
    lines = at_once(people, look_then_confirm)
    assert [line.outcome for line in lines] == [LineOutcome.BOOKED] * people


@pytest.mark.parametrize("locked", [True, False])
def test_the_lock_of_the_places_is_what_stops_the_second(
    monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """The first stops between its count and its writing, until the second is done, or waits."""
    imported(limited(MATIN, 1))
    families = [home(), home()]
    versions = [pend(one, "MATIN", MONDAY) for one in families]
    counted, second_done = Event(), Event()
    first = local()

    def count_and_wait(
        session: Session, loaded: Loaded, wanted: Collection[SlotDayKey]
    ) -> dict[SlotDayKey, DayPlaces]:
        found = read_places(session, loaded, wanted)
        if getattr(first, "is_it", False):
            counted.set()
            second_done.wait(1)  # in vain, when the second waits for the first
        return found

    def act(number: int) -> ConfirmedLine:
        if number == 0:
            first.is_it = True
        else:
            counted.wait(GENEROUS)
        line = line_of(confirm(families[number].actor, versions[number]))
        if number == 1:
            second_done.set()
        return line

    monkeypatch.setattr(confirming, "read_places", count_and_wait)
    if not locked:
        monkeypatch.setattr(confirming, "lock_places", lambda *_: None)
    outcomes = [line.outcome for line in at_once(2, act)]
    # SQLite's only writer is this lock, wider
    oversold = not locked and not is_sqlite()
    assert outcomes == [
        LineOutcome.BOOKED,
        LineOutcome.BOOKED if oversold else LineOutcome.WAITING,
    ]


def test_places_given_back_taken_and_offered_at_once_are_never_oversold() -> None:
    imported(limited(MATIN, 3))
    holders, waiters, newcomers = ([home() for _ in range(3)] for _ in range(3))
    for one in holders:
        reserve(one, "MATIN", MONDAY)
    for one in waiters:
        reserve(one, "MATIN", MONDAY, held=Held.WAITING)
    versions = [pend(one, "MATIN", MONDAY, cancel=True) for one in holders]
    versions += [pend(one, "MATIN", MONDAY) for one in newcomers]
    people = [*holders, *newcomers]

    def act(number: int) -> object:
        if number >= len(people):
            return queues.tend()
        return confirm(people[number].actor, versions[number])

    at_once(len(people) + 2, act)
    queues.tend()
    # the three who waited have what was freed; those who came wait behind
    assert [has(one) for one in waiters] == [{("MATIN", MONDAY): Held.OFFERED}] * 3
    assert [has(one) for one in newcomers] == [{("MATIN", MONDAY): Held.WAITING}] * 3


# --- the same thing twice


def test_several_clicks_are_one_confirmation() -> None:
    imported()
    zoe = home()
    shown = pend(zoe, "MATIN", MONDAY, TUESDAY)
    made = at_once(4, lambda _: confirm(zoe.actor, shown))
    assert all(isinstance(one, Confirmed) for one in made)
    assert sorted(one.again for one in made if isinstance(one, Confirmed)) == [False, *[True] * 3]
    assert len({(one.id, one.lines) for one in made if isinstance(one, Confirmed)}) == 1
    assert len(live()) == 2
    assert len(mails("planning_confirmed")) == 1
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Confirmation)).one() == 1
        assert session.exec(select(func.count()).select_from(Procedure)).one() == 1


def two_parents(of: Callable[[Home], Home]) -> Counter[LineOutcome]:
    """Both confirm the same cell of the child at once."""
    imported()
    zoe = home()
    people = [zoe, of(zoe)]
    versions = [pend(one, "MATIN", MONDAY) for one in people]
    made = at_once(2, lambda number: line_of(confirm(people[number].actor, versions[number])))
    assert len(live()) == 1
    return Counter(line.outcome for line in made)


def test_two_parents_of_a_household_book_once() -> None:
    assert two_parents(other_parent) == {LineOutcome.BOOKED: 1, LineOutcome.ALREADY: 1}


def test_two_households_book_once() -> None:
    assert two_parents(other_household) == {LineOutcome.BOOKED: 1, LineOutcome.REFUSED: 1}


def test_of_parents_who_both_looked_first_the_index_lets_one_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the lock of the child, the second look finds what the first did not see."""
    monkeypatch.setattr(confirming, "lock_children", lambda *_: None)
    assert two_parents(other_parent) == {LineOutcome.BOOKED: 1, LineOutcome.ALREADY: 1}


def test_brothers_and_sisters_in_another_order_both_end() -> None:
    imported(limited(MATIN, 100))
    for _ in range(3):
        zoe = home()
        marc = other_parent(zoe)
        days = [MONDAY, TUESDAY]
        versions = [pend(zoe, "MATIN", *days), pend(marc, "MATIN", *days[::-1])]
        people = [zoe, marc]
        made = at_once(2, lambda n, p=people, v=versions: confirm(p[n].actor, v[n]))  # type: ignore[misc]
        assert all(isinstance(one, Confirmed) for one in made)
        assert len(has(zoe)) == 2


# --- a withdrawal


def enrolment_of(who: Home) -> tuple[int, EnrolmentState]:
    with reading() as session:
        row = session.exec(select(Enrolment).where(col(Enrolment.child_id) == who.child)).one()
        return row.id or 0, row.state


def test_a_withdrawal_and_a_confirmation_leave_no_orphan() -> None:
    imported()
    for _ in range(10):
        zoe = home()
        shown, (enrolment, _state) = pend(zoe, "MATIN", MONDAY), enrolment_of(zoe)
        acts: list[Callable[[], object]] = [
            lambda who=zoe, at=shown: confirm(who.actor, at),  # type: ignore[misc]
            lambda who=zoe, of=enrolment: withdraw(who.actor, of),  # type: ignore[misc]
        ]
        _, withdrawal = at_once(2, lambda number, acts=acts: acts[number]())  # type: ignore[misc]
        left = enrolment_of(zoe)[1] is EnrolmentState.WITHDRAWN
        assert isinstance(withdrawal, Withdrawn if left else StillBooked)
        assert bool(has(zoe)) is not left


@pytest.mark.parametrize("locked", [True, False])
def test_the_lock_of_the_child_is_what_stops_the_withdrawal(
    monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """The confirmation stops once it has read the enrolment, until the withdrawal ends or waits."""
    imported()
    zoe = home()
    shown, (enrolment, _state) = pend(zoe, "MATIN", MONDAY), enrolment_of(zoe)
    read, withdrawn = Event(), Event()
    plan_for = confirming.plan_for

    def read_and_wait(*args: object, **more: object) -> Plan:
        plan: Plan = plan_for(*args, **more)  # type: ignore[arg-type]
        read.set()
        withdrawn.wait(1)
        return plan

    def act(number: int) -> object:
        if number == 0:
            return confirm(zoe.actor, shown)
        read.wait(GENEROUS)
        outcome = withdraw(zoe.actor, enrolment)
        withdrawn.set()
        return outcome

    monkeypatch.setattr(confirming, "plan_for", read_and_wait)
    if not locked:
        monkeypatch.setattr("portail.services.enrolments.places.lock_children", lambda *_: None)
    _, outcome = at_once(2, act)
    orphan = not locked and not is_sqlite()
    assert isinstance(outcome, Withdrawn if orphan else StillBooked)
    assert has(zoe) == {("MATIN", MONDAY): Held.BOOKED}


# --- freed places


def test_several_workers_offer_each_place_once() -> None:
    imported(limited(MATIN, 3))
    for day in (MONDAY, TUESDAY):
        for _ in range(5):
            reserve(home(), "MATIN", day, held=Held.WAITING)
    offered = at_once(4, lambda _: queues.tend())
    assert sum(offered) == 6
    assert Counter(row.state for row in live()) == {Held.OFFERED: 6, Held.WAITING: 4}
    assert len(mails("place_offered")) == 6
    clock.advance(timedelta(days=2))
    at_once(4, lambda _: queues.tend())
    queues.tend()
    assert len(mails("waiting_ended")) == 6
    assert Counter(row.state for row in live()) == {Held.OFFERED: 4}


def test_an_offer_is_answered_once() -> None:
    imported(limited(MATIN, 1))
    for _ in range(4):
        zoe = home()
        reserve(zoe, "MATIN", MONDAY, held=Held.WAITING)
        queues.offer_freed()
        marc = other_parent(zoe)
        (offer,) = offers(zoe.actor)
        answers: Mapping[int, tuple[Home, bool]] = {0: (zoe, True), 1: (marc, False)}
        taken, left = at_once(
            2,
            lambda n, of=offer.id, who=answers: answer_offer(who[n][0].actor, of, accept=who[n][1]),  # type: ignore[misc]
        )
        assert (type(taken), type(left)) in (
            (OfferAccepted, OfferOver),
            (OfferOver, OfferDeclined),
        )
        assert bool(has(zoe)) is isinstance(taken, OfferAccepted)
        for row in live():  # the place is free again for the next turn
            cancel = pend(zoe, "MATIN", row.day, cancel=True)
            confirm(zoe.actor, cancel)


def test_an_offer_accepted_while_it_ends() -> None:
    imported(limited(MATIN, 1))
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, held=Held.WAITING)
    queues.offer_freed()
    (offer,) = offers(zoe.actor)
    clock.advance(timedelta(days=1))  # the last instant is in time, and over for the worker
    acts: list[Callable[[], object]] = [
        lambda: answer_offer(zoe.actor, offer.id, accept=True),
        queues.end_offers,
    ]
    accepted, ended = at_once(2, lambda number: acts[number]())
    assert (isinstance(accepted, OfferAccepted), ended) in ((True, 0), (False, 1))
    assert len(live()) == (1 if ended == 0 else 0)
    assert len(mails("waiting_ended")) == ended


# --- a crash


def test_a_process_killed_leaves_confirmations_whole_or_absent() -> None:
    people, chance = kills.families(), random.Random()
    answered: list[kills.Told] = []
    for _ in range(5):
        answered += kills.kill(people, chance)
        assert kills.check(people, answered) >= len(answered)
