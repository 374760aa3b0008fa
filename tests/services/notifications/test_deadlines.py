"""The evening before a deadline: who is told, of what, once (2026-11-26 is a Thursday)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.calendars import Weekday
from portail.domain.deadlines import WeekBefore
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.domain.notifications import Choice, Notification
from portail.models import ActivityRow, Enrolment, Reservation, SlotRow
from portail.services.notifications import deadlines, digests
from tests import factories
from tests.concurrency.together import at_once
from tests.conftest import SetClock
from tests.enrolling import MORNING, imported, parent
from tests.services.notifications.people import mails, waiting, wants

pytestmark = pytest.mark.usefixtures("db")
KIND = "deadline_tomorrow"
# the Friday of the week before, until 11 h
SLOT = replace(MORNING.slots[0], book=WeekBefore(Weekday.FRIDAY, time(11)))
THURSDAY_EVENING = timedelta(days=3, hours=8)


def enrol(family_id: int, child_id: int) -> None:
    with writing() as session:
        activity = session.exec(select(ActivityRow)).one()
        session.add(
            Enrolment(
                family_id=family_id,
                child_id=child_id,
                activity_id=activity.id or 0,
                state=EnrolmentState.VALIDATED,
                entry_on=date(2026, 9, 1),
                requested_at=clock.now(),
            )
        )


def book(family_id: int, child_id: int, day: date) -> None:
    with writing() as session:
        slot = session.exec(select(SlotRow)).one()
        session.add(
            Reservation(
                family_id=family_id,
                child_id=child_id,
                slot_id=slot.id or 0,
                day=day,
                state=Held.BOOKED,
                price_cents=350,
                booked_at=clock.now(),
            )
        )


@pytest.fixture
def nora(db: None) -> tuple[Actor, int, int]:
    """A parent whose child is enrolled: the actor, the child's id, the family's."""
    imported(replace(MORNING, slots=(SLOT,)))
    actor, child_id, family_id = parent()
    enrol(family_id, child_id)
    return actor, child_id, family_id


def test_it_is_told_the_evening_before_once(nora: tuple[Actor, int, int]) -> None:
    told = []
    for day in range(12):
        clock.reset()
        clock.advance(timedelta(days=day, hours=8))
        told += [clock.today()] * deadlines.remind()
        assert deadlines.remind() == 0
    # each Thursday, for the week that follows
    assert told == [date(2026, 11, 26), date(2026, 12, 3)]
    first, _ = mails(KIND)
    line = "Nora\u00a0: 1_Accueil matin maternelle, matin, semaine du 30 novembre"
    assert line in first.text
    assert "vendredi 27 novembre à 11\u00a0h" in first.text
    assert "/planning?jour=2026-11-30" in first.text
    assert "/desabonnement/" in first.unsubscribe_url


def test_a_week_with_a_booking_is_not_told(nora: tuple[Actor, int, int]) -> None:
    _, child_id, family_id = nora
    book(family_id, child_id, date(2026, 12, 3))
    clock.advance(THURSDAY_EVENING)
    assert deadlines.remind() == 0


def test_each_account_is_told_as_it_chose(nora: tuple[Actor, int, int]) -> None:
    _, _, family_id = nora
    never, daily = factories.account(), factories.account()
    for account_id, when in ((never, Choice.NEVER), (daily, Choice.DAILY)):
        factories.join_family(account_id, family_id)
        wants(account_id, {Notification.DEADLINES: when})
    factories.join_family(factories.account(activated=False), family_id)
    factories.account()  # of no family
    clock.advance(THURSDAY_EVENING + timedelta(hours=2))  # after the hour of the digest
    assert deadlines.remind() == 2
    assert len(mails(KIND)) == 1
    assert [line.account_id for line in waiting()] == [daily]
    assert digests.send_due() == 1  # the next evening would be too late


def test_several_families_are_one_mail_and_a_shared_child_is_told_of_once(
    nora: tuple[Actor, int, int],
) -> None:
    actor, child_id, _ = nora
    other = factories.family("AUTRE", members=[actor.account()])
    factories.share(child_id, other)
    sami = factories.child("Sami", other, birth_on=date(2021, 5, 1), class_level="GS")
    enrol(other, sami)
    clock.advance(THURSDAY_EVENING)
    assert deadlines.remind() == 1
    (mail,) = mails(KIND)
    assert mail.text.count("Nora\u00a0:") == 1
    assert mail.text.count("Sami\u00a0:") == 1


def test_what_the_other_household_booked_is_booked(nora: tuple[Actor, int, int]) -> None:
    _, child_id, _ = nora
    father = factories.account(email="pere@example.org")
    other = factories.family("AUTRE", members=[father])
    factories.share(child_id, other)
    book(other, child_id, date(2026, 12, 1))
    clock.advance(THURSDAY_EVENING)
    assert deadlines.remind() == 0


def test_a_week_of_holidays_is_not_told(nora: tuple[Actor, int, int], set_clock: SetClock) -> None:
    set_clock("2026-12-17T18:00")  # a Thursday; no school from the 19th to 4 January
    assert deadlines.remind() == 0
    set_clock("2026-12-31T18:00")
    assert deadlines.remind() == 1
    assert "semaine du 4 janvier" in mails(KIND)[0].text


@pytest.mark.parametrize(
    ("now", "week"), [("2027-03-25T18:00", "29 mars"), ("2026-10-29T18:00", "2 novembre")]
)
def test_the_days_on_which_the_clocks_change(
    nora: tuple[Actor, int, int], set_clock: SetClock, now: str, week: str
) -> None:
    set_clock(now)  # the Thursday around the change: in March before it, in October after
    assert deadlines.remind() == 1
    assert f"semaine du {week}" in mails(KIND)[0].text


def test_workers_at_once_tell_it_once(nora: tuple[Actor, int, int]) -> None:
    clock.advance(THURSDAY_EVENING)
    assert sum(at_once(4, lambda _: deadlines.remind())) == 1
    assert len(mails(KIND)) == 1
