"""The calendars that telephones follow. Who asks is not signed in: the address is the key."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.http.conditional import has, validators
from portail.http.forms import request_address
from portail.services.planning.feed import NoCalendar, TooMany, follow
from portail.services.planning.feed_addresses import ADDRESS

_HEADERS = {
    # kept by whoever asked, who asks each time whether it is still so
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Disposition": 'inline; filename="agenda.ics"',
    # the address is a secret: it is told to no other site, and no search engine
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


async def calendar(request: Request) -> Response:
    """The bookings of a family, or that nothing changed. Every wrong address is the same 404."""
    # a secret of ours is ASCII: whatever else is written in an address is none
    secret = request.path_params["secret"].encode("ascii", "replace").decode()
    address = request_address(request)
    found = await run_in_threadpool(
        lambda: follow(
            secret,
            address=address,
            has=lambda version: has(request.headers, version.tag, version.modified_at),
        )
    )
    if isinstance(found, NoCalendar):
        raise HTTPException(404)
    if isinstance(found, TooMany):
        seconds = str(ceil(found.wait.total_seconds()))
        headers = {"Retry-After": seconds, "Cache-Control": "no-store"}
        return Response("", HTTPStatus.TOO_MANY_REQUESTS, headers, "text/html")
    headers = {
        **_HEADERS,
        **validators(found.version.tag, found.version.modified_at),
    }
    if found.content is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(found.content))
        return Response(headers=headers, media_type="text/calendar")
    return Response(found.content, headers=headers, media_type="text/calendar")


routes = [Route(ADDRESS, calendar, methods=["GET"])]
