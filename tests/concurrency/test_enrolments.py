"""Many families at the same instant: places are never oversold, ranks never have a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from threading import Barrier, local

import pytest
from sqlmodel import Session, select

from portail.database import reading
from portail.domain.calendars import Weekday
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.models import ActivityRow, Enrolment, OutboxMail, Procedure
from portail.services.enrolments import Made, Refused, Wanted, Withdrawn, places, request, withdraw
from tests import factories
from tests.concurrency.together import GENEROUS, at_once
from tests.enrolling import imported, parent, with_places

pytestmark = pytest.mark.usefixtures("db")
FAMILIES, PLACES = 100, 20
ASKED, WAITING = EnrolmentState.REQUESTED, EnrolmentState.WAITING_LIST


def ask(who: tuple[Actor, int, int]) -> Made:
    (outcome,) = request(who[0], [Wanted(who[1], "MATIN")])
    assert isinstance(outcome, Made)
    return outcome


def states() -> Counter[EnrolmentState]:
    with reading() as session:
        return Counter(map(EnrolmentState, session.exec(select(Enrolment.state))))


@pytest.mark.parametrize("automatic", [False, True])
def test_a_hundred_families_for_twenty_places(automatic: bool) -> None:
    imported(with_places(PLACES, automatic=automatic))
    families = [parent() for _ in range(FAMILIES)]
    made = at_once(FAMILIES, lambda number: ask(families[number]))
    held = EnrolmentState.VALIDATED if automatic else ASKED
    assert Counter(one.state for one in made) == {held: PLACES, WAITING: FAMILIES - PLACES}
    told = sorted(one.rank for one in made if one.state is WAITING)
    assert told == list(range(1, FAMILIES - PLACES + 1))
    assert states() == {held: PLACES, WAITING: FAMILIES - PLACES}
    with reading() as session:
        rule = {
            one: with_places(PLACES).capacity
            for one in session.exec(select(Enrolment.activity_id).distinct())
        }
        ranks = places.ranks_now(session, rule)
        assert len(session.exec(select(OutboxMail)).all()) == FAMILIES
        assert len(session.exec(select(Procedure)).all()) == FAMILIES
    # what each was told is what it is
    assert {one.enrolment_id: one.rank for one in made if one.rank} == ranks


def test_without_the_lock_places_are_oversold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looking first and writing after would do."""
    people, few = 8, 2
    imported(with_places(few))
    families = [parent() for _ in range(people)]
    meeting, seen, count = Barrier(people, timeout=GENEROUS), local(), places.taken

    def as_seen(_session: Session, _ids: Collection[int]) -> dict[int, places.Taken]:
        found: dict[int, places.Taken] = seen.taken
        return found

    def look_then_ask(number: int) -> Made:
        with reading() as session:
            ids = session.exec(select(ActivityRow.id)).all()
            seen.taken = count(session, [one or 0 for one in ids])
        meeting.wait()
        return ask(families[number])

    monkeypatch.setattr(places, "lock", lambda *_: {})
    monkeypatch.setattr(places, "taken", as_seen)
    made = at_once(people, look_then_ask)
    assert [one.state for one in made] == [ASKED] * people


def test_two_parents_of_a_child_make_one_request() -> None:
    imported()
    mother, child_id, family_id = parent()
    father_id = factories.account()
    factories.join_family(father_id, family_id)
    people = [mother, Actor(0, account_id=father_id)]
    outcomes = at_once(2, lambda number: request(people[number], [Wanted(child_id, "MATIN")])[0])
    assert sum(isinstance(one, Made) for one in outcomes) == 1
    assert sum(isinstance(one, Refused) for one in outcomes) == 1
    assert states() == {ASKED: 1}


def test_of_parents_who_all_looked_first_the_index_lets_one_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported()
    mother, child_id, family_id = parent()
    father_id = factories.account()
    factories.join_family(father_id, family_id)
    people = [mother, Actor(0, account_id=father_id)]
    monkeypatch.setattr(places, "lock", lambda *_: {})
    monkeypatch.setattr(places, "lock_children", lambda *_: None)
    outcomes = at_once(2, lambda number: request(people[number], [Wanted(child_id, "MATIN")])[0])
    assert sum(isinstance(one, Made) for one in outcomes) == 1
    assert states() == {ASKED: 1}


def test_one_form_sent_several_times_is_one_request() -> None:
    imported()
    actor, child_id, _ = parent()
    made = at_once(4, lambda _: ask((actor, child_id, 0)))
    assert len({one.enrolment_id for one in made}) == 1
    assert sum(one.again for one in made) == 3
    with reading() as session:
        assert len(session.exec(select(OutboxMail)).all()) == 1


def test_two_forms_of_the_same_children_in_another_order_both_end() -> None:
    imported()
    actor, first, family_id = parent()
    second = factories.child("Audrey", family_id, class_level="CM1")
    lines = [Wanted(first, "MATIN"), Wanted(second, "MATIN_E", usual_days=(Weekday.MONDAY,))]
    for _ in range(3):
        outcomes = at_once(4, lambda n: request(actor, lines if n % 2 else lines[::-1]))
        assert all(isinstance(one, Made) for line in outcomes for one in line)
    assert states() == {ASKED: 2}


def test_places_given_back_at_once_go_to_the_first_who_wait() -> None:
    imported(with_places(3))
    families = [parent() for _ in range(8)]
    made = [ask(one) for one in families]
    outcomes = at_once(3, lambda number: withdraw(families[number][0], made[number].enrolment_id))
    assert outcomes == [Withdrawn()] * 3
    with reading() as session:
        rows = session.exec(select(Enrolment.state).order_by(Enrolment.id)).all()  # type: ignore[arg-type]
    gone = [EnrolmentState.WITHDRAWN] * 3
    assert list(rows) == [*gone, *[ASKED] * 3, *[WAITING] * 2]
