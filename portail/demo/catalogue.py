"""The catalogue of the demo town: a file like any town's, in the school year of today."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from portail import clock
from portail.adapters.catalogue_file import parse
from portail.domain.calendars import Calendar, CalendarRules, Zone
from portail.domain.catalogue import Town
from portail.domain.pricing import Tariff
from portail.domain.schooling import school_year
from portail.domain.seasons import SeasonName, last_known_year, season
from portail.services.catalogue import write

FILE = Path(__file__).with_name("villejuif.toml")


def year() -> int:
    """The school year the demo is about, by the year it begins in.

    Once class is over for the summer it is the next one, which families enrol for: a demo begun in
    July would else have nothing left to ask for.
    """
    today, calendar = clock.today(), Calendar(CalendarRules(Zone.C))
    found = school_year(today)
    if found > last_known_year(calendar):
        return found
    return found + (today > season(SeasonName(), found, calendar).last_day)


def read() -> tuple[Town, dict[str, Tariff]]:
    """The demo town, its seasons those of its school year (or of the last one known)."""
    known = last_known_year(Calendar(CalendarRules(Zone.C)))
    return parse(FILE.read_text(encoding="utf-8"), min(year(), known))


def install(session: Session) -> None:
    """Import it, in the transaction of the demo."""
    write(session, *read())
