"""The address that telephones follow, as they ask for it: no cookie, again and again."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus

import pytest
from ical.calendar_stream import IcsCalendarStream

from portail import clock
from portail.services.planning.feed_addresses import (
    my_calendars,
    open_calendar,
    renew_calendar,
)
from portail.settings import settings
from tests.access.asgi import Answer, ask
from tests.http.browser import APP
from tests.planning import MONDAY, TUESDAY, Home, home, imported, other_household, reserve

pytestmark = pytest.mark.usefixtures("db")


def path_of(who: Home) -> str:
    open_calendar(who.actor, who.family)
    (mine,) = my_calendars(who.actor)
    return "/agenda/" + mine.address.rsplit("/", 1)[1]


async def get(path: str, method: str = "GET", **headers: str) -> Answer:
    return await ask(APP, path, method, {k.replace("_", "-"): v for k, v in headers.items()})


def followed() -> str:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY)
    return path_of(zoe)


async def test_a_calendar_and_what_is_said_of_it() -> None:
    answer = await get(followed())
    assert answer.status == HTTPStatus.OK
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "set-cookie" not in answer.headers
    lines = answer.body.decode().replace("\r\n ", "").split("\r\n")
    for line in (
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{settings().portal_name} – PINCEAU",
        f"NAME:{settings().portal_name} – PINCEAU",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT60M",
        "X-WR-TIMEZONE:Europe/Paris",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "SUMMARY:Nora – Matin",
        "LOCATION:Jean-Vilar\\, 1 rue Jean-Vilar",
    ):
        assert line in lines, line
    (event,) = IcsCalendarStream.calendar_from_ics(answer.body.decode()).events
    assert event.summary == "Nora – Matin"


async def test_what_has_not_changed_is_not_sent_again() -> None:
    path = followed()
    first = await get(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if_none_match": tag},
        {"if_none_match": f'"other", W/{tag}'},
        {"if_none_match": "*"},
        {"if_modified_since": date},
        {"if_none_match": tag, "if_modified_since": "Thu, 01 Jan 2015 00:00:00 GMT"},
    ):
        answer = await get(path, **headers)
        assert (answer.status, answer.body) == (HTTPStatus.NOT_MODIFIED, b""), headers
        assert (answer.headers["etag"], answer.headers["last-modified"]) == (tag, date)
    for headers in (
        {"if_none_match": '"other"'},
        {"if_none_match": '"other"', "if_modified_since": date},
        {"if_modified_since": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
    ):
        answer = await get(path, **headers)
        assert (answer.status, answer.body) == (HTTPStatus.OK, first.body), headers


async def test_a_head_says_what_a_get_would() -> None:
    path = followed()
    first, head = await get(path), await get(path, "HEAD")
    assert (head.status, head.body) == (HTTPStatus.OK, b"")
    same = ("content-length", "content-type", "etag", "last-modified", "cache-control")
    assert {name: head.headers[name] for name in same} == {
        name: first.headers[name] for name in same
    }


async def test_a_change_is_sent() -> None:
    imported()
    zoe = home()
    path = path_of(zoe)
    empty = await get(path)
    assert b"BEGIN:VEVENT" not in empty.body
    clock.advance(timedelta(minutes=1))
    reserve(zoe, "MATIN", MONDAY, TUESDAY)
    answer = await get(
        path,
        if_none_match=empty.headers["etag"],
        if_modified_since=empty.headers["last-modified"],
    )
    assert answer.status == HTTPStatus.OK
    assert answer.body.count(b"BEGIN:VEVENT") == 2
    assert answer.headers["last-modified"] == format_datetime(clock.now(), usegmt=True)


async def test_each_address_has_its_own_household() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    reserve(zoe, "MATIN", MONDAY)
    hers, his = await get(path_of(zoe)), await get(path_of(paul))
    assert b"Matin" in hers.body
    assert b"BEGIN:VEVENT" not in his.body
    # the tag of one's own calendar tells nothing of another's
    answer = await get(path_of(paul), if_none_match=hers.headers["etag"])
    assert answer.status == HTTPStatus.OK


async def test_every_address_that_opens_nothing_is_the_same() -> None:
    imported()
    zoe = home()
    old = path_of(zoe)
    renew_calendar(zoe.actor, zoe.family)
    wrong = [
        old,
        "/agenda/x.ics",
        "/agenda/%00.ics",
        f"/agenda/{'a' * 5000}.ics",
        "/agenda/é’\udcff.ics",
        old.lower(),
    ]
    answers = [await get(path) for path in wrong]
    assert {(answer.status, answer.body) for answer in answers} == {
        (HTTPStatus.NOT_FOUND, answers[0].body)
    }
    assert b"agenda/" not in answers[0].body
    assert (await get(path_of(zoe))).status == HTTPStatus.OK


async def test_a_search_is_slowed_down() -> None:
    path = followed()
    statuses = [(await get(f"/agenda/{n}.ics")).status for n in range(70)]
    assert set(statuses) == {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
    refused = await get(path)
    assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
    assert int(refused.headers["retry-after"]) > 0


async def test_it_is_only_read() -> None:
    assert (await get(followed(), "POST")).status == HTTPStatus.FORBIDDEN
