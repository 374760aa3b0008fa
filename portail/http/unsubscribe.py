"""«Se désabonner»: the link of a mail, the buttons of its page, and the one click of RFC 8058.

None of them asks who is signed in: whoever holds the link reads the mailbox.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portail.access import cookies
from portail.http.forms import see_other, text_fields
from portail.services.notifications.tokens import PAGE, TOKEN
from portail.services.notifications.unsubscribing import take_back, unsubscribe

LINK = f"{PAGE}/{{token}}"
# mail readers post to it without a cookie, from nowhere
FROM_ELSEWHERE = f"{PAGE}/"
FLASH = "unsubscribe"


async def follow(request: Request) -> Response:
    """Open a link from a mail. Mail scanners follow links too: only the button stops anything."""
    response = see_other(PAGE)
    token = request.path_params["token"]
    # what cannot be one of ours is not put in a header: the page says «not valid»
    cookies.set_link(response, token if TOKEN.fullmatch(token) else "")
    cookies.clear_flash(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def one_click(request: Request) -> Response:
    """What the button of a mail reader posts (List-Unsubscribe-Post); again is the same."""
    stopped = await run_in_threadpool(unsubscribe, request.path_params["token"])
    if stopped is None:
        return PlainTextResponse("Lien inconnu ou trop ancien.", HTTPStatus.NOT_FOUND)
    return PlainTextResponse("C’est fait.", headers={"Cache-Control": "no-store"})


async def press(request: Request) -> Response:
    """«Se désabonner», then «Revenir en arrière»."""
    form = await text_fields(request, "geste")
    header = request.headers.get("cookie", "")
    token = cookies.link_secret(header)
    if form["geste"] == "revenir":
        before = cookies.flash(header, FLASH).get("before", {})
        good = await run_in_threadpool(lambda: take_back(token, before))
        response = see_other(f"{PAGE}?repris=1" if good else PAGE)
        cookies.clear_flash(response)
        return response
    stopped = await run_in_threadpool(unsubscribe, token)
    if stopped is None:
        return see_other(PAGE)
    response = see_other(f"{PAGE}?fait=1")
    if stopped.before:  # pressed twice: what was before is remembered once
        cookies.set_flash(response, FLASH, before=stopped.before)
    return response


routes = [
    Route(LINK, follow, methods=["GET"]),
    Route(LINK, one_click, methods=["POST"]),
    Route(PAGE, press, methods=["POST"]),
]
