"""A calendar file (iCalendar, RFC 5545) that telephones and calendar programs open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import icalendar

from portail.domain.moments import PARIS

PRODUCT = "-//Portail Famille//Planning//FR"


class Status(StrEnum):
    """Where an event stands."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Event:
    """An event; a later one of the same `uid` has a higher `sequence`."""

    uid: str
    sequence: int
    summary: str
    description: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    place: str = ""


def write(events: Sequence[Event], at: datetime, organizer: str, email: str) -> bytes:
    """The file, `at` when it says what it says.

    Events only cancelled are a CANCEL; whatever else is there, a file is published.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    gone = all(event.status is Status.CANCELLED for event in events)
    calendar.add("method", "CANCEL" if gone else "PUBLISH")
    for event in events:
        calendar.add_component(_component(event, at, organizer, email))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _component(event: Event, at: datetime, organizer: str, email: str) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", at)
    made.add("summary", event.summary)
    made.add("description", event.description)
    made.add("dtstart", event.starts_at.astimezone(PARIS))
    made.add("dtend", event.ends_at.astimezone(PARIS))
    made.add("status", event.status.value)
    made.add("transp", "TRANSPARENT")  # the child is there, not the parent
    if event.place:
        made.add("location", event.place)
    made.add("organizer", f"mailto:{email}", parameters={"CN": organizer})
    return made
