"""The feeds of the public news, and the files of articles, for whoever may read them."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import identity
from portail.access.labels import Audience
from portail.access.urls import sign_in_url
from portail.http.conditional import not_modified, validators
from portail.http.downloads import file_response
from portail.http.forms import see_other
from portail.http.protected import number
from portail.services.news import open_attachment, open_picture
from portail.services.news.addresses import ATOM, ATTACHMENTS, PICTURES, RSS
from portail.services.news.feed import Format, feed
from portail.services.reach import NotFound

TYPES = {Format.ATOM: "application/atom+xml", Format.RSS: "application/rss+xml"}
FEED_KEPT = "public, max-age=300"
PUBLIC_KEPT = "public, max-age=3600"
ASKED_AGAIN = "private, no-cache"  # kept, and asked about each time: who may see it may change


async def feeds(request: Request) -> Response:
    """/actualites/flux.atom and .rss."""
    form = Format.RSS if request.url.path == RSS else Format.ATOM
    found = await run_in_threadpool(feed, form)
    etag = hashlib.sha256(found.content).hexdigest()[:32]
    headers = {"Cache-Control": FEED_KEPT, **validators(etag, found.changed_at)}
    same = not_modified(request.headers, headers, etag, found.changed_at)
    return same or Response(found.content, media_type=TYPES[form], headers=headers)


async def picture(request: Request) -> Response:
    """The picture of an article."""
    try:
        wanted, *which = request.path_params["number"].split("-")
        width = number(which[1]) if len(which) > 1 else 0
        reader = identity.reader()
        opened = await run_in_threadpool(open_picture, reader, number(wanted) or 0, width or 0)
    except NotFound:
        raise HTTPException(404) from None
    etag = opened.sha256[:32]
    headers = {"Cache-Control": PUBLIC_KEPT if opened.public else ASKED_AGAIN, **validators(etag)}
    if same := not_modified(request.headers, headers, etag):
        return same
    answer = file_response(opened.path, opened.mime, opened.name, inline=True)
    answer.headers.update(headers)
    return answer


async def attachment(request: Request) -> Response:
    """A file of an article; a visitor is asked to sign in, whether there is one or not."""
    reader = identity.reader()
    try:
        wanted = number(request.path_params["attachment_id"]) or 0
        opened = await run_in_threadpool(open_attachment, reader, wanted)
    except NotFound:
        if identity.current() is None:
            return see_other(sign_in_url(Audience.FAMILY, request.url.path))
        raise HTTPException(404) from None
    return file_response(opened.path, opened.mime, opened.name)


routes = [
    Route(ATOM, feeds, methods=["GET"]),
    Route(RSS, feeds, methods=["GET"]),
    Route(f"{PICTURES}/{{number}}.webp", picture, methods=["GET"]),
    Route(f"{ATTACHMENTS}/{{attachment_id}}", attachment, methods=["GET"]),
]
