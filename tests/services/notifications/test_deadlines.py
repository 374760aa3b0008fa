"""The evening before a deadline: who is told, of what, once (2026-11-26 is a Thursday)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import delete

from portail import clock
from portail.database import Work, working_alone, writing
from portail.domain.calendars import Weekday
from portail.domain.catalogue import Opens
from portail.domain.deadlines import WeekBefore
from portail.domain.identity import Actor
from portail.domain.notifications import Choice, Notification
from portail.models import Reminded, Reservation
from portail.services.catalogue import current
from portail.services.notifications import deadlines, digests
from portail.services.notifications.telling import tell_things_to_all
from tests import factories
from tests.concurrency.together import at_once
from tests.conftest import SetClock
from tests.enrolling import MORNING, book, enrol, imported, parent
from tests.services.notifications.people import mails, notice, tell_one, waiting, wants
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")
KIND = "deadline_tomorrow"
# the Friday of the week before, until 11 h
SLOT = replace(MORNING.slots[0], book=WeekBefore(Weekday.FRIDAY, time(11)))
THURSDAY_EVENING = timedelta(days=3, hours=8)


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
        told += [clock.today()] * (deadlines.remind() or 0)
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
    assert sum(told or 0 for told in at_once(4, lambda _: deadlines.remind())) == 1
    assert len(mails(KIND)) == 1


@pytest.fixture
def begun(nora: tuple[Actor, int, int], set_clock: SetClock) -> None:
    """The evening of Wednesday the 25th is done: nothing closes on the Thursday."""
    set_clock("2026-11-25T17:00")
    assert deadlines.remind() == 0


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-26T16:59", 0),  # of that Thursday, before its hour
        ("2026-11-26T17:00", 1),
        ("2026-11-26T21:59", 1),
        ("2026-11-26T23:00", 0),  # nobody is written to at night
        ("2026-11-27T00:30", 0),
        ("2026-11-27T06:00", 1),
        ("2026-11-27T10:59", 1),
        ("2026-11-27T11:01", 0),  # too late: it would serve nobody
        ("2026-11-27T17:00", 0),
    ],
)
def test_an_evening_that_was_missed_is_made_up_once(
    set_clock: SetClock, now: str, told: int
) -> None:
    set_clock(now)
    assert deadlines.remind() == told
    assert deadlines.remind() == 0
    assert len(mails(KIND)) == told


@pytest.mark.usefixtures("begun")
def test_what_is_made_up_says_today(set_clock: SetClock) -> None:
    set_clock("2026-11-27T07:00")
    assert deadlines.remind() == 1
    (mail,) = mails(KIND)
    assert "à réserver aujourd’hui" in mail.subject
    assert "tombe aujourd’hui" in mail.text
    assert "vendredi 27 novembre à 11\u00a0h" in mail.text


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("evening", ["2026-10-24", "2027-03-27"])
def test_the_night_on_which_the_clocks_change_is_made_up(set_clock: SetClock, evening: str) -> None:
    day = date.fromisoformat(evening)  # a Saturday: until Sunday at 11
    book_by = WeekBefore(Weekday.SUNDAY, time(11))
    slot = replace(MORNING.slots[0], book=book_by, opens=Opens.BOTH)  # in October, holidays
    imported(replace(MORNING, slots=(slot,)))
    set_clock(f"{day - timedelta(days=1)}T17:00")
    deadlines.remind()
    with_the_day_before = len(mails(KIND))
    for hour, told in ((3, 0), (6, 1), (7, 0)):
        set_clock(f"{day + timedelta(days=1)}T{hour:02}:00")
        assert deadlines.remind() == told
    assert len(mails(KIND)) == with_the_day_before + 1


def test_an_evening_that_was_done_is_not_made_up(nora: tuple[Actor, int, int]) -> None:
    _, child_id, family_id = nora
    book(family_id, child_id, date(2026, 12, 3))
    clock.advance(THURSDAY_EVENING)
    assert deadlines.remind() == 0
    with writing() as session:  # they gave it up in the evening: they know
        session.execute(delete(Reservation))
    clock.advance(timedelta(hours=14))
    assert deadlines.remind() == 0


def test_the_first_evening_of_all_was_not_missed(nora: tuple[Actor, int, int]) -> None:
    clock.advance(THURSDAY_EVENING + timedelta(hours=14))
    assert deadlines.remind() == 0


@pytest.mark.usefixtures("begun")
def test_one_that_stops_in_the_middle_is_gone_on_with(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child_id, family_id = parent(name="Sami")
    enrol(family_id, child_id)
    really, calls = tell_things_to_all, list[int]()

    def breaking(*args: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise OSError
        return really(*args)

    monkeypatch.setattr(deadlines, "BATCH", 1)
    name = "portail.services.notifications.deadlines.tell_things_to_all"
    monkeypatch.setattr(name, breaking)
    set_clock("2026-11-26T20:00")
    with pytest.raises(OSError):  # noqa: PT011
        deadlines.remind()
    assert len(mails(KIND)) == 1
    monkeypatch.setattr(name, really)
    set_clock("2026-11-27T08:00")
    assert deadlines.remind() == 1
    assert len(mails(KIND)) == 2
    assert len({mail.recipient for mail in mails(KIND)}) == 2


@pytest.mark.usefixtures("begun")
def test_what_is_made_up_may_be_in_the_digest_that_was_missed(
    nora: tuple[Actor, int, int], set_clock: SetClock
) -> None:
    actor, _, _ = nora
    wants(actor.account(), {Notification.DEADLINES: Choice.DAILY})
    set_clock("2026-11-27T07:00")
    assert deadlines.remind() == 1
    assert digests.send_due() == 1


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("now", ["2026-11-26T18:05", "2026-11-27T07:00"])
def test_whose_digest_has_left_is_told_at_once(
    nora: tuple[Actor, int, int], set_clock: SetClock, now: str
) -> None:
    actor, _, _ = nora
    wants(actor.account(), {Notification.DEADLINES: Choice.DAILY, Notification.NEWS: Choice.DAILY})
    set_clock("2026-11-26T12:00")
    tell_one(actor.account(), notice(Notification.NEWS))
    set_clock("2026-11-26T18:00")
    assert digests.send_due() == 1  # whatever kept the reminders from leaving before it
    set_clock(now)
    assert deadlines.remind() == 1
    assert len(mails(KIND)) == 1
    assert waiting() == []


@pytest.mark.usefixtures("begun")
def test_who_finds_another_at_it_says_so(set_clock: SetClock) -> None:
    set_clock("2026-11-26T17:00")
    with working_alone(Work.DEADLINES) as mine:
        assert mine
        assert deadlines.remind() is None
    assert deadlines.remind() == 1


def test_what_is_asked_does_not_grow_with_the_families(nora: tuple[Actor, int, int]) -> None:
    def asked() -> int:
        with statements() as found:
            deadlines.remind()
        return len([one for one in found if not one.startswith(("BEGIN", "PRAGMA"))])

    current()  # read once a process
    clock.advance(THURSDAY_EVENING)
    alone = asked()
    assert len(mails(KIND)) == 1
    for name in ("Sami", "Lina", "Audrey", "Christopher"):
        _, child_id, family_id = parent(name=name)
        enrol(family_id, child_id)
    clock.advance(timedelta(days=7))
    assert asked() == alone
    assert len(mails(KIND)) == 6


def test_what_was_told_is_not_looked_into_again(nora: tuple[Actor, int, int]) -> None:
    clock.advance(THURSDAY_EVENING)
    asked: list[list[str]] = []
    for told in (1, 0):
        with statements() as found:
            assert deadlines.remind() == told
        asked.append([one for one in found if "FROM absence" in one])
        with writing() as session:
            session.execute(delete(Reminded))
    assert [len(found) for found in asked] == [1, 0]
