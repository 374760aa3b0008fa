"""What was confirmed on the planning, as a file for a calendar program."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import identity
from portail.domain.identity import Forbidden
from portail.http.downloads import content_response
from portail.http.protected import door, number
from portail.services.planning import ics
from portail.services.reach import NotFound

CALENDAR = "/planning/confirmation/{confirmation_id}.ics"


async def calendar(request: Request) -> Response:
    """The bookings and cancellations of one of the account's own confirmations."""
    if (elsewhere := door("/planning")) is not None:
        return elsewhere
    try:
        # zero is the id of nothing
        wanted = number(request.path_params["confirmation_id"]) or 0
        content = await run_in_threadpool(ics, identity.actor(), wanted)
    except (NotFound, Forbidden):
        raise HTTPException(404) from None
    return content_response(content, "text/calendar", f"reservations-{wanted}.ics")


routes = [Route(CALENDAR, calendar, methods=["GET"])]
