"""A booking as an event of a calendar: the same in a confirmation's file and in what is followed.

A telephone that has both must show it once: the `uid` is that of a child, a slot and a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from portail.adapters.calendar_file import Event, Status
from portail.domain.moments import at_paris
from portail.services.catalogue import Loaded
from portail.settings import settings
from portail.texts.french import NBSP

_SUMMARY = {
    Status.CONFIRMED: "{what}",
    Status.TENTATIVE: "{what} (à confirmer)",
    # for those programs that show what is cancelled like anything else
    Status.CANCELLED: f"Annulé{NBSP}: {{what}}",
}
_DETAIL = {
    Status.CONFIRMED: "",
    Status.TENTATIVE: "La mairie doit encore accepter cette réservation.\n",
    Status.CANCELLED: "Cette réservation est annulée.\n",
}


@dataclass(frozen=True)
class Booking:
    """What became of a child's place on a day, at an instant."""

    child_id: int
    child: str
    school: str
    slot: str  # its code
    day: date
    status: Status
    changed_at: datetime


def event_of(loaded: Loaded, one: Booking) -> Event | None:
    """Its event; none when the town's catalogue has never had this slot.

    When the catalogue changes, hours or places may have: that is a change of the event too.
    """
    known = loaded.slot(one.slot)
    if known is None:
        return None
    slot, activity = known
    site = loaded.sites.get(activity.site)
    place = ", ".join(part for part in (site.label, site.address) if part) if site else one.school
    url = f"{settings().base_url}/planning?enfant={one.child_id}&jour={one.day.isoformat()}"
    imported = loaded.imported_at or one.changed_at
    return Event(
        uid=_uid(loaded, one),
        changed_at=max(one.changed_at, imported),
        summary=_SUMMARY[one.status].format(what=f"{one.child} – {slot.label}"),
        description=f"{activity.label}\n{_DETAIL[one.status]}Planning{NBSP}: {url}",
        starts_at=at_paris(one.day, slot.starts_at),
        ends_at=at_paris(one.day, slot.ends_at),
        status=one.status,
        place=place,
        url=url,
    )


def _uid(loaded: Loaded, one: Booking) -> str:
    host = urlsplit(settings().base_url).hostname or "portail"
    slot_id = loaded.slot_ids[one.slot]
    return f"reservation-{one.child_id}-{slot_id}-{one.day.isoformat()}@{host}"
