"""The calendar that telephones follow: booked, changed, cancelled; and who may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from sqlmodel import col, delete, select

from portail import clock
from portail.database import reading, writing
from portail.domain.bookings import Held
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import (
    Account,
    ActionLog,
    CalendarAddress,
    Child,
    FamilyChild,
    Reservation,
    Subscription,
)
from portail.services.planning import answer_offer, confirm, ics
from portail.services.planning.feed import Calendar, NoCalendar, TooMany, follow
from portail.services.planning.feed_addresses import (
    close_calendar,
    my_calendars,
    open_calendar,
    renew_calendar,
    reseal_calendars,
)
from portail.services.planning.views import Confirmed
from portail.services.reach import NotFound
from portail.services.secrets import secret_hash
from tests import factories
from tests.conftest import SetClock
from tests.load.services import statements
from tests.planning import (
    MATIN,
    MONDAY,
    REPAS,
    TUESDAY,
    Home,
    child,
    home,
    imported,
    other_household,
    other_parent,
    pend,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")
WHERE = "192.0.2.7"


def secret_of(who: Home, family: int = 0) -> str:
    """That of the household's calendar, opened if need be."""
    open_calendar(who.actor, family or who.family)
    return next(
        one.secret for one in my_calendars(who.actor) if one.family_id == (family or who.family)
    )


def asked(secret: str, tag: str = "") -> Calendar:
    found = follow(secret, address=WHERE, has=lambda version: version.tag == tag)
    assert isinstance(found, Calendar)
    return found


def seen(secret: str) -> list[Event]:
    """As a parser that refuses what RFC 5545 does not allow reads it, by start."""
    content = asked(secret).content
    assert content is not None
    return parsed(content)


def parsed(content: bytes) -> list[Event]:
    read = IcsCalendarStream.calendar_from_ics(content.decode())
    return sorted(read.events, key=lambda one: str(one.dtstart))


def confirmed(who: Home) -> Confirmed:
    made = confirm(who.actor, version(who))
    assert isinstance(made, Confirmed)
    return made


def later(**delta: float) -> None:
    clock.advance(timedelta(**delta))


# --- followed


def test_a_booking_a_change_and_a_cancellation_are_followed() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    assert seen(secret) == []
    later(minutes=1)
    pend(zoe, "MATIN", MONDAY)
    booked_by = confirmed(zoe)
    (booked,) = seen(secret)
    assert (booked.summary, booked.status) == ("Nora – Matin", "CONFIRMED")
    assert booked.location == "Jean-Vilar, 1 rue Jean-Vilar"
    assert booked.description is not None
    assert booked.description.startswith("Accueil\nPlanning\u00a0: http")
    assert f"/planning?enfant={zoe.child}&jour=2026-11-30" in booked.description
    assert booked.dtstart == datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
    assert booked.dtend == datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    # the file of the confirmation is of the same event, word for word
    assert parsed(ics(zoe.actor, booked_by.id)) == [booked]

    later(minutes=5)
    pend(zoe, "MATIN", MONDAY, cancel=True)
    pend(zoe, "JOUR", MONDAY)
    confirmed(zoe)
    gone, day = seen(secret)
    assert (gone.uid, gone.status) == (booked.uid, "CANCELLED")
    assert gone.summary == "Annulé\u00a0: Nora – Matin"
    assert (day.summary, day.status) == ("Nora – Journée", "CONFIRMED")
    assert day.uid != booked.uid

    later(minutes=5)
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", MONDAY, cancel=True)
    confirmed(zoe)
    again, no_day = seen(secret)
    assert (again.uid, again.status) == (booked.uid, "CONFIRMED")
    assert (no_day.uid, no_day.status) == (day.uid, "CANCELLED")

    history = [booked, gone, again]
    for before, after in pairwise(history):
        assert (after.sequence or 0) > (before.sequence or 0)
        assert after.last_modified > before.last_modified  # type: ignore[operator]
        assert after.dtstamp > before.dtstamp


def test_a_cancellation_is_told_a_month_then_forgotten() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    reserve(zoe, "MATIN", MONDAY + timedelta(days=56))
    pend(zoe, "MATIN", MONDAY + timedelta(days=56), cancel=True)
    confirmed(zoe)
    later(days=30)
    assert [one.status for one in seen(secret)] == ["CANCELLED"]
    later(days=1)
    assert seen(secret) == []


def test_what_waits_is_not_there_and_what_is_asked_is_tentative() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    for slot, held in (
        ("MATIN", Held.WAITING),
        ("REPAS", Held.OFFERED),
        ("ACCORD", Held.REQUESTED),
        ("SOIR", Held.ATTENDED),
        ("TARD", Held.ABSENT_UNJUSTIFIED),
    ):
        reserve(zoe, slot, MONDAY, held=held)
    found = {one.summary: one.status for one in seen(secret)}
    assert found == {
        "Nora – Accord (à confirmer)": "TENTATIVE",
        "Nora – Soir": "CONFIRMED",
        "Nora – Tardif": "CONFIRMED",
    }


def test_a_freed_place_appears_once_it_is_accepted() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    row = reserve(zoe, "MATIN", MONDAY, held=Held.OFFERED)
    before = asked(secret)
    later(minutes=1)
    answer_offer(zoe.actor, row, accept=True)
    assert asked(secret).version.tag != before.version.tag
    assert [one.summary for one in seen(secret)] == ["Nora – Matin"]


def test_the_hours_of_a_slot_that_change_are_a_change() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    reserve(zoe, "MATIN", MONDAY)
    (before,) = seen(secret)
    later(hours=1)
    imported(replace(MATIN, starts_at=time(7)))
    (after,) = seen(secret)
    assert after.dtstart == datetime(2026, 11, 30, 6, tzinfo=UTC)
    assert (after.uid, after.sequence or 0) > (before.uid, before.sequence or 0)


def test_a_year_of_bookings_across_both_changes_of_clock(set_clock: SetClock) -> None:
    set_clock("2026-10-01T09:00")
    imported()
    zoe = home()
    secret = secret_of(zoe)
    # Friday and Monday around the last Sundays of October and of March
    days = [date(2026, 10, 23), date(2026, 10, 26), date(2027, 3, 26), date(2027, 3, 29)]
    reserve(zoe, "MATIN", *days)
    starts = [one.dtstart for one in seen(secret)]
    assert [one.astimezone(UTC).hour for one in starts] == [5, 6, 6, 5]  # type: ignore[union-attr]
    assert [one.hour for one in starts] == [7] * 4  # type: ignore[union-attr]
    content = asked(secret).content or b""
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert b"DTSTART;TZID=Europe/Paris:20270329T073000" in content


def test_it_begins_three_months_ago_and_has_no_end() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    days = [date(2026, 7, 31), date(2026, 8, 1), MONDAY, date(2027, 7, 1)]
    reserve(zoe, "MATIN", *days)
    assert [one.dtstart.date() for one in seen(secret)] == days[1:]  # type: ignore[union-attr]


# --- whose


def test_a_household_has_its_own_bookings_of_a_shared_child() -> None:
    imported()
    zoe = home()
    paul, marc = other_household(zoe), other_parent(zoe)
    reserve(zoe, "MATIN", MONDAY)
    reserve(paul, "REPAS", TUESDAY)
    hers, his = secret_of(zoe), secret_of(paul)
    assert [one.summary for one in seen(hers)] == ["Nora – Matin"]
    assert [one.summary for one in seen(his)] == ["Nora – Repas"]
    # the other parent of the household has an address of his own, to the same calendar
    assert secret_of(marc) not in (hers, his)
    assert [one.summary for one in seen(secret_of(marc))] == ["Nora – Matin"]


def test_an_account_of_two_families_has_two_calendars() -> None:
    imported()
    zoe = home()
    other = factories.family("AUTRE")
    factories.join_family(zoe.account, other)
    lea = child(other, "Léa")
    reserve(zoe, "MATIN", MONDAY)
    reserve(Home(zoe.actor, other, lea), "REPAS", MONDAY)
    mine, theirs = secret_of(zoe), secret_of(zoe, other)
    assert [one.summary for one in seen(mine)] == ["Nora – Matin"]
    assert [one.summary for one in seen(theirs)] == ["Léa – Repas"]
    renew_calendar(zoe.actor, zoe.family)
    assert [one.summary for one in seen(theirs)] == ["Léa – Repas"]


def test_a_child_who_left_the_family_is_no_longer_there() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    reserve(zoe, "MATIN", MONDAY)
    tag = asked(secret).version.tag
    with writing() as session:
        session.exec(delete(FamilyChild).where(col(FamilyChild.child_id) == zoe.child))
    assert asked(secret).version.tag != tag
    assert seen(secret) == []


# --- its address


def lost(secret: str) -> bool:
    found = follow(secret, address=WHERE, has=lambda _: True)
    return isinstance(found, NoCalendar)


def test_an_address_is_opened_once_renewed_and_closed() -> None:
    imported()
    zoe = home()
    marc = other_parent(zoe)
    his = secret_of(marc)
    first = secret_of(zoe)
    assert len(first) >= 43  # 256 bits
    assert secret_of(zoe) == first
    later(days=1)
    renew_calendar(zoe.actor, zoe.family)
    (shown,) = my_calendars(zoe.actor)
    assert shown.secret not in ("", first)
    assert shown.renewed_at == clock.now()
    assert shown.created_at == clock.now() - timedelta(days=1)
    assert lost(first)
    assert not lost(shown.secret)
    close_calendar(zoe.actor, zoe.family)
    close_calendar(zoe.actor, zoe.family)
    assert lost(shown.secret)
    assert my_calendars(zoe.actor)[0].secret == ""
    assert not lost(his)
    with reading() as session:
        written = session.exec(
            select(ActionLog.action, ActionLog.subject)
            .where(ActionLog.account_id == zoe.account)
            .order_by(col(ActionLog.id))
        ).all()
    assert [action for action, _ in written] == [
        "calendar_opened",
        "calendar_renewed",
        "calendar_closed",
    ]
    assert all(subject.startswith("family ") for _, subject in written)


def test_nobody_renews_another_s() -> None:
    imported()
    zoe, karim = home(), home()
    secret = secret_of(zoe)
    for act in (open_calendar, renew_calendar, close_calendar):
        with pytest.raises(NotFound):
            act(karim.actor, zoe.family)
        with pytest.raises(NotFound):
            act(karim.actor, zoe.family + 1000)
        with pytest.raises(Forbidden):
            act(Actor(0, agent_id=1, roles=frozenset({Role.ADMINISTRATION})), zoe.family)
    with pytest.raises(NotFound):
        renew_calendar(karim.actor, karim.family)  # there is none to renew
    assert secret_of(zoe) == secret
    assert [one.family_id for one in my_calendars(karim.actor)] == [karim.family]


def test_it_ends_with_the_subscription_and_does_not_come_back_with_it() -> None:
    imported()
    zoe = home()
    marc = other_parent(zoe)
    hers, his = secret_of(zoe), secret_of(marc)
    with writing() as session:
        session.exec(delete(Subscription).where(col(Subscription.account_id) == zoe.account))
    assert lost(hers)
    factories.join_family(zoe.account, zoe.family)
    assert lost(hers)
    assert secret_of(zoe) != hers
    with writing() as session:
        session.exec(delete(Account).where(col(Account.id) == marc.account))
    assert lost(his)


def test_the_database_alone_gives_no_address_away() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    with reading() as session:
        row = session.exec(select(CalendarAddress)).one()
    assert row.secret_hash == secret_hash(secret)
    assert secret not in repr(row)
    assert reseal_calendars() == 1
    assert secret_of(zoe) == secret
    with writing() as session:
        session.exec(select(CalendarAddress)).one().sealed = "altered"
    (shown,) = my_calendars(zoe.actor)
    assert (shown.secret, shown.unreadable) == ("", True)
    assert not lost(secret)


def test_whoever_searches_is_no_longer_answered() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    found = [follow(f"essai-{n}", address=WHERE, has=lambda _: False) for n in range(70)]
    assert isinstance(found[0], NoCalendar)
    assert isinstance(found[-1], TooMany)
    assert isinstance(follow(secret, address=WHERE, has=lambda _: False), TooMany)
    # from elsewhere, nothing has happened
    elsewhere = follow(secret, address="192.0.2.8", has=lambda _: False)
    assert isinstance(elsewhere, Calendar)
    later(minutes=20)
    assert isinstance(follow(secret, address=WHERE, has=lambda _: False), Calendar)


# --- what it costs, and how it is known that nothing changed


def test_a_version_stays_as_long_as_nothing_changes() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    reserve(zoe, "MATIN", MONDAY)
    first = asked(secret)
    assert asked(secret, first.version.tag).content is None
    later(hours=3)
    second = asked(secret)
    assert (second.version, second.content) == (first.version, first.content)
    reserve(zoe, "MATIN", TUESDAY)
    third = asked(secret, first.version.tag)
    assert third.content
    assert third.version.modified_at > first.version.modified_at
    with writing() as session:
        session.get_one(Child, zoe.child).first_name = "Norah"
    assert asked(secret).version.tag != third.version.tag
    # a name has no instant: the date is at least that of the day
    later(days=1)
    assert asked(secret).version.modified_at > third.version.modified_at


def test_a_version_follows_an_agent_s_answer() -> None:
    imported()
    zoe = home()
    secret = secret_of(zoe)
    row = reserve(zoe, "ACCORD", MONDAY, held=Held.REQUESTED)
    tag = asked(secret).version.tag
    with writing() as session:
        session.get_one(Reservation, row).state = Held.BOOKED
    assert asked(secret).version.tag != tag


def test_four_children_ask_the_database_no_more_than_one() -> None:
    imported(REPAS)
    zoe, karim = home(), home()
    days = [MONDAY + timedelta(days=7 * n) for n in range(20)]
    for who in (zoe, karim):
        reserve(who, "MATIN", *days)
    for name in ("Sami", "Audrey", "Léo"):
        reserve(Home(zoe.actor, zoe.family, child(zoe.family, name)), "MATIN", *days)
    counts = []
    for who in (zoe, karim):
        secret = secret_of(who)
        tag = asked(secret).version.tag
        with statements() as whole:
            assert asked(secret).content
        with statements() as unchanged:
            assert asked(secret, tag).content is None
        counts.append((len(whole), len(unchanged)))
    assert counts == [(5, 4), (5, 4)]
