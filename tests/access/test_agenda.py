"""Zoé's calendar, out of the served portal: hers to open, renew and end; nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import delete, select

from portail.models import CalendarAddress, Family
from portail.state.planning.agenda import AgendaState
from tests.access.conftest import RunningPortal, asked, written
from tests.access.test_invoices import heard

pytestmark = pytest.mark.usefixtures("quiet")
AGENDA = AgendaState.get_full_name()
PAGE = "/planning/agenda"


@pytest.fixture
def family(portal: RunningPortal) -> Iterator[int]:
    """Zoé's, without any address before and after."""
    yield asked(portal, select(Family.id).where(Family.number == 10001))[0]
    written(portal, delete(CalendarAddress))


def rows(portal: RunningPortal) -> list[dict[str, object]]:
    return [row.model_dump() for row in asked(portal, select(CalendarAddress))]


def test_her_address_is_told_to_her_alone_and_opens_without_a_session(
    portal: RunningPortal, family: int
) -> None:
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    told = heard(portal, zoe, PAGE, (f"{AGENDA}.open", {"family_id": family}))
    path = "/agenda/" + told.split("/agenda/", 1)[1].split(".ics", 1)[0] + ".ics"
    with portal.http() as http:
        answer = http.get(path)
        assert answer.status_code == 200
        assert len(IcsCalendarStream.calendar_from_ics(answer.text).events) > 0
        assert http.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        head = http.head(path)
        assert (head.content, head.headers["etag"]) == (b"", answer.headers["etag"])
    before = rows(portal)
    attempts: list[list[tuple[str, Any]]] = [
        [(f"{AGENDA}.open", {"family_id": family})],
        [(f"{AGENDA}.ask_renewal", {"family_id": family}), (f"{AGENDA}.renew", {})],
        [(f"{AGENDA}.ask_end", {"family_id": family}), (f"{AGENDA}.end", {})],
        [(f"{AGENDA}.load", {})],
    ]
    for calls in attempts:
        said = heard(portal, karim, PAGE, *calls)
        assert "PINCEAU" not in said
        assert path not in said
    assert rows(portal) == before
    assert path.rsplit("/", 1)[1].removesuffix(".ics") not in portal.log
