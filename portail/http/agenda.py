"""The calendars that telephones follow. Who asks is not signed in: the address is the key."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.http.forms import request_address
from portail.services.planning.feed import NoCalendar, TooMany, Version, follow
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
        lambda: follow(secret, address=address, has=lambda version: _has(request.headers, version))
    )
    if isinstance(found, NoCalendar):
        raise HTTPException(404)
    if isinstance(found, TooMany):
        seconds = str(ceil(found.wait.total_seconds()))
        headers = {"Retry-After": seconds, "Cache-Control": "no-store"}
        return Response("", HTTPStatus.TOO_MANY_REQUESTS, headers, "text/html")
    headers = {
        **_HEADERS,
        "ETag": _quoted(found.version),
        "Last-Modified": format_datetime(found.version.modified_at.astimezone(UTC), usegmt=True),
    }
    if found.content is None:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(found.content))
        return Response(headers=headers, media_type="text/calendar")
    return Response(found.content, headers=headers, media_type="text/calendar")


def _has(headers: Headers, version: Version) -> bool:
    """Whether whoever asks has this version (RFC 9110: the tag, and only without one, the date)."""
    if tags := headers.get("if-none-match"):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {"*", _quoted(version)})
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return version.modified_at.replace(microsecond=0) <= since  # a header has no less


def _quoted(version: Version) -> str:
    return f'"{version.tag}"'


routes = [Route(ADDRESS, calendar, methods=["GET"])]
