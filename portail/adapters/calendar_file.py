"""Calendar files (iCalendar, RFC 5545): one to open once, and the one that telephones follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import icalendar

from portail.domain.moments import PARIS

PRODUCT = "-//Portail Famille//Planning//FR"
# what a sequence counts from: 31 bits of seconds, as many programs keep it, go to 2088
_SEQUENCE_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)
# the two changes of a year in Paris, each on the last Sunday of a month, at an hour of before it
_CHANGES = (
    (icalendar.TimezoneDaylight, "CEST", 3, datetime(1996, 3, 31, 2), (_WINTER, _SUMMER)),  # noqa: DTZ001
    (icalendar.TimezoneStandard, "CET", 10, datetime(1996, 10, 27, 3), (_SUMMER, _WINTER)),  # noqa: DTZ001
)


class Status(StrEnum):
    """Where an event stands."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Event:
    """An event as it is since `changed_at`: of the same `uid`, the later one is right."""

    uid: str
    changed_at: datetime
    summary: str
    description: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    place: str = ""
    url: str = ""

    @property
    def sequence(self) -> int:
        """Grows with `changed_at`."""
        return max(0, int((self.changed_at - _SEQUENCE_FROM).total_seconds()))


@dataclass(frozen=True)
class Followed:
    """What a calendar that is followed says of itself; it is asked for again `every` so often."""

    name: str
    description: str
    every: timedelta


def write(events: Sequence[Event], organizer: str, email: str) -> bytes:
    """A file of these events, to open once.

    Events only cancelled are a CANCEL; whatever else is there, a file is published.
    """
    gone = all(event.status is Status.CANCELLED for event in events)
    return _file(_calendar("CANCEL" if gone else "PUBLISH"), events, organizer, email)


def write_followed(
    calendar: Followed, events: Sequence[Event], organizer: str, email: str
) -> bytes:
    """All there is to follow: what is not in it is no more. The same facts give the same bytes."""
    made = _calendar("PUBLISH")
    # each program knows one of the two names, and one of the two intervals
    for name, value in (("NAME", calendar.name), ("DESCRIPTION", calendar.description)):
        made.add(name, value)
    made.add("X-WR-CALNAME", calendar.name)
    made.add("X-WR-CALDESC", calendar.description)
    made.add("X-WR-TIMEZONE", PARIS.key)
    made.add("REFRESH-INTERVAL", calendar.every, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", f"PT{calendar.every // timedelta(minutes=1)}M")
    return _file(made, events, organizer, email)


def _calendar(method: str) -> icalendar.Calendar:
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    return made


def _file(
    calendar: icalendar.Calendar, events: Sequence[Event], organizer: str, email: str
) -> bytes:
    calendar.add_component(_paris())
    for event in events:
        calendar.add_component(_component(event, organizer, email))
    return bytes(calendar.to_ical())


def _paris() -> icalendar.Timezone:
    """Paris since 1996, by its two rules: the library would list each change up to 2038."""
    zone = icalendar.Timezone()
    zone.add("tzid", PARIS.key)
    for kind, name, month, first, offsets in _CHANGES:
        part = kind()
        part.add("tzname", name)
        part.add("dtstart", first)
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        part.add("tzoffsetfrom", offsets[0])
        part.add("tzoffsetto", offsets[1])
        zone.add_component(part)
    return zone


def _component(event: Event, organizer: str, email: str) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("summary", event.summary)
    made.add("description", event.description)
    made.add("dtstart", event.starts_at.astimezone(PARIS))
    made.add("dtend", event.ends_at.astimezone(PARIS))
    made.add("status", event.status.value)
    made.add("transp", "TRANSPARENT")  # the child is there, not the parent
    if event.place:
        made.add("location", event.place)
    if event.url:
        made.add("url", event.url)
    made.add("organizer", f"mailto:{email}", parameters={"CN": organizer})
    return made
