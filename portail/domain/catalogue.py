"""The catalogue of a town as plain data: what it offers, when, to whom and under which rules.

Codes are the town's own short words and link one thing to another. Tariffs are known here by code
only. Everything is text, whole numbers, days, hours, enumerations and tuples of those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from portail.domain.calendars import CalendarRules, Period, Weekday
from portail.domain.capacity import ANY_NUMBER, Capacity, Group
from portail.domain.deadlines import NO_LIMIT, Deadline
from portail.domain.eligibility import ANY_CHILD, Eligibility
from portail.domain.names import fold
from portail.domain.surcharges import Surcharge
from portail.domain.windows import Window

MON, TUE, WED, THU, FRI, SAT, SUN = Weekday
SCHOOL_WEEK = (MON, TUE, THU, FRI)
WORKING_WEEK = (MON, TUE, WED, THU, FRI)


_REGIE = re.compile(r"[A-Za-z0-9]{1,20}")


class Opens(StrEnum):
    """Which part of the year a slot is open in. Public holidays are always closed."""

    SCHOOL_DAYS = "school_days"  # days with class
    SCHOOL_WEEKS = "school_weeks"  # outside school holidays, class or not (Wednesdays)
    HOLIDAYS = "holidays"  # school holidays only
    BOTH = "both"


class Package(StrEnum):
    """What is booked at once: the day, or every open day of its week or of its period."""

    DAY = "day"
    WEEK = "week"
    PERIOD = "period"


class Approval(StrEnum):
    """Who says yes: the portal at once, or an agent."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True)
class Late:
    """After the deadline: accepted with a surcharge until `until` (the slot's start when unset).

    For a booking the surcharge is added to the price; for a cancellation it is what stays due.
    """

    surcharge: Surcharge
    until: Deadline | None = None


@dataclass(frozen=True)
class ActivityType:
    """«Activités périscolaires», «Centre de loisirs», «Restauration scolaire».

    `regie` bills it (letters and digits; empty: the town's usual one). `childcare`: it is
    supervision, which the yearly tax certificate counts; a meal is not.
    """

    code: str
    label: str
    order: int = 0
    regie: str = ""
    childcare: bool = False

    def __post_init__(self) -> None:
        if self.regie and not _REGIE.fullmatch(self.regie):
            raise ValueError("A régie is 1 to 20 letters and digits")


@dataclass(frozen=True)
class Site:
    """Where activities take place."""

    code: str
    label: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Slot:
    """«Prestation»: the bookable unit of an activity.

    `late_booking` and `late_cancelling` unset refuse what comes late. `extra_days` are open and
    `closed_days` closed whatever the calendar says. `tariff` is a code.
    """

    code: str
    label: str
    weekdays: tuple[Weekday, ...]
    starts_at: time
    ends_at: time
    opens: Opens = Opens.SCHOOL_DAYS
    book: Deadline = NO_LIMIT
    cancel: Deadline = NO_LIMIT
    late_booking: Late | None = None
    late_cancelling: Late | None = None
    windows: tuple[Window, ...] = ()
    capacity: Capacity = ANY_NUMBER
    excludes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    package: Package = Package.DAY
    approval: Approval = Approval.AUTOMATIC
    extra_days: tuple[date, ...] = ()
    closed_days: tuple[date, ...] = ()
    tariff: str = ""


@dataclass(frozen=True)
class Activity:
    """An activity over a season: a school year or a holiday period.

    `fixed_entry`: the day of entry is imposed; `usual_days`: the request asks for usual days.
    `capacity` counts enrolments. `prepaid`: paid in full before the first day (billing's affair).
    """

    code: str
    label: str
    type: str
    season: Period
    slots: tuple[Slot, ...]
    site: str = ""
    description: str = ""
    eligibility: Eligibility = ANY_CHILD
    groups: tuple[Group, ...] = ()
    fixed_entry: date | None = None
    usual_days: bool = False
    approval: Approval = Approval.MANUAL
    capacity: Capacity = ANY_NUMBER
    enrolment_windows: tuple[Window, ...] = ()
    prepaid: bool = False
    order: int = 0


@dataclass(frozen=True)
class Residents:
    """Who lives in the town: by postcode and, when it is shared, by city. Empty asks nothing."""

    postcodes: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()

    def admits(self, postcode: str, city: str) -> bool:
        """Whether this address is in the town; case, accents and hyphens do not count."""
        return (not self.postcodes or postcode.strip() in self.postcodes) and (
            not self.cities or fold(city) in {fold(name) for name in self.cities}
        )


EVERYONE = Residents()


@dataclass(frozen=True)
class Town:
    """A town's whole catalogue."""

    name: str
    calendar: CalendarRules
    types: tuple[ActivityType, ...] = ()
    sites: tuple[Site, ...] = ()
    activities: tuple[Activity, ...] = ()
    residents: Residents = EVERYONE
