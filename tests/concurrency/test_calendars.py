"""One parent in several tabs at the same instant: one address, and the last one made is good."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portail.database import reading
from portail.models import ActionLog, CalendarAddress
from portail.services.planning.feed import Calendar, follow
from portail.services.planning.feed_addresses import my_calendars, open_calendar, renew_calendar
from tests.concurrency.together import at_once
from tests.planning import home, imported

pytestmark = pytest.mark.usefixtures("db")
TABS = 12


def test_an_address_made_in_many_tabs_is_one() -> None:
    imported()
    zoe = home()
    at_once(TABS, lambda _n: open_calendar(zoe.actor, zoe.family))
    with reading() as session:
        assert len(session.exec(select(CalendarAddress)).all()) == 1
        actions = session.exec(select(ActionLog.action)).all()
    assert actions.count("calendar_opened") == 1


def test_of_many_renewals_one_address_is_left_and_it_is_the_one_shown() -> None:
    imported()
    zoe = home()
    open_calendar(zoe.actor, zoe.family)
    at_once(TABS, lambda _n: renew_calendar(zoe.actor, zoe.family))
    (shown,) = my_calendars(zoe.actor)
    found = follow(shown.secret, address="192.0.2.1", has=lambda _: True)
    assert isinstance(found, Calendar)
