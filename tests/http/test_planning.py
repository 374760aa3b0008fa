"""The calendar file of a confirmation: its owner's, nobody else's; and what is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from sqlmodel import col, delete

from portail import clock
from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.identity import Role
from portail.models import Account, Consent, Subscription
from portail.services.planning import confirm
from portail.services.planning.views import Confirmed
from tests import factories
from tests.access.asgi import Answer
from tests.http.browser import Browser
from tests.http.test_documents import signed_in
from tests.planning import (
    MATIN,
    MONDAY,
    TUESDAY,
    Home,
    home,
    imported,
    limited,
    other_parent,
    pend,
    reserve,
    version,
)

pytestmark = pytest.mark.usefixtures("db")
PARIS = ZoneInfo("Europe/Paris")


def confirmed(who: Home) -> str:
    made = confirm(who.actor, version(who))
    assert isinstance(made, Confirmed)
    return f"/planning/confirmation/{made.id}.ics"


async def browser_of(who: Home) -> Browser:
    with writing() as session:
        name = session.get_one(Account, who.account).user_name
    return await signed_in(name)


async def read(who: Home, path: str) -> Calendar:
    answer = await (await browser_of(who)).get(path)
    assert answer.status == 200
    return parsed(answer)


def parsed(answer: Answer) -> Calendar:
    made = Calendar.from_ical(answer.body.decode())
    assert isinstance(made, Calendar)
    return made


def order(event: Event) -> int:
    return int(str(event["sequence"]))


def events(calendar: Calendar) -> list[Event]:
    return list(calendar.events)


async def test_bookings_are_events_at_their_hours() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "ACCORD", TUESDAY)
    path = confirmed(zoe)
    answer = await (await browser_of(zoe)).get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="reservations-')
    assert answer.headers["cache-control"] == "private, no-store"
    calendar = parsed(answer)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Paris"
    assert b"DTSTART;TZID=Europe/Paris:20261130T073000" in answer.body
    first, second = calendar.events
    assert first["summary"] == "Nora – Matin"
    assert str(first["description"]).startswith("Accueil\nPlanning\u00a0: ")
    assert first["location"] == "Jean-Vilar, 1 rue Jean-Vilar"
    assert first.start == datetime(2026, 11, 30, 7, 30, tzinfo=PARIS)
    assert first.end - first.start == timedelta(hours=1)
    assert [one["status"] for one in (first, second)] == ["CONFIRMED", "TENTATIVE"]
    assert datetime.fromisoformat("2026-11-23T09:00+01:00") == first.DTSTAMP


async def test_a_cancellation_is_the_same_event_later() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    (booked,) = events(await read(zoe, confirmed(zoe)))
    clock.advance(timedelta(minutes=1))
    pend(zoe, "MATIN", MONDAY, cancel=True)
    calendar = await read(zoe, confirmed(zoe))
    (gone,) = events(calendar)
    assert calendar["method"] == "CANCEL"
    assert gone["status"] == "CANCELLED"
    assert gone["uid"] == booked["uid"]
    assert order(gone) > order(booked)
    clock.advance(timedelta(minutes=1))
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "MATIN", TUESDAY)
    (again, other) = events(await read(zoe, confirmed(zoe)))
    assert (again["uid"], again["status"]) == (booked["uid"], "CONFIRMED")
    assert order(again) > order(gone)
    assert other["uid"] != again["uid"]


async def test_what_waits_or_failed_is_not_in_a_calendar() -> None:
    imported(limited(MATIN, 0))
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    pend(zoe, "SOIR", MONDAY)
    path = confirmed(zoe)
    assert (await (await browser_of(zoe)).get(path)).status == 404
    reserve(zoe, "REPAS", TUESDAY, held=Held.BOOKED)
    pend(zoe, "REPAS", TUESDAY, cancel=True)
    assert len(events(await read(zoe, confirmed(zoe)))) == 1


async def test_it_is_the_account_s_own() -> None:
    imported()
    zoe = home()
    marc, stranger = other_parent(zoe), home()
    pend(zoe, "MATIN", MONDAY)
    path = confirmed(zoe)
    for who, status in ((zoe, 200), (marc, 404), (stranger, 404)):
        assert (await (await browser_of(who)).get(path)).status == status
    answer = await Browser().get(path)
    assert answer.status == 303
    assert answer.headers["location"] == "/connexion?suite=%2Fplanning"
    factories.agent("agent.enfance", roles=(Role.ENFANCE,))
    agent = await signed_in("agent.enfance", "/agents/connexion")
    assert (await agent.get(path)).status == 404


async def test_a_text_to_accept_comes_first() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    path = confirmed(zoe)
    browser = await browser_of(zoe)
    with writing() as session:
        session.exec(delete(Consent).where(col(Consent.account_id) == zoe.account))
    answer = await browser.get(path)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/conditions-a-accepter")


async def test_what_one_no_longer_reaches_is_gone() -> None:
    imported()
    zoe = home()
    pend(zoe, "MATIN", MONDAY)
    path = confirmed(zoe)
    with writing() as session:
        session.exec(delete(Subscription).where(col(Subscription.account_id) == zoe.account))
    assert (await (await browser_of(zoe)).get(path)).status == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "999999", "1e3", "99999999999", "%00"])
async def test_no_such_confirmation(number: str) -> None:
    imported()
    zoe = home()
    answer = await (await browser_of(zoe)).get(f"/planning/confirmation/{number}.ics")
    assert answer.status == 404
