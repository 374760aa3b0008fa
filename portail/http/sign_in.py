"""Sign-in and sign-out: native forms, which work before the page's own code has arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import cookies, identity
from portail.access.labels import Audience
from portail.access.urls import SIGN_IN, after_sign_in, safe_path
from portail.http.forms import request_address, see_other, text_fields
from portail.services import sessions
from portail.services.sign_in import Blocked, NotActivated, Opened, Realm, Refused, sign_in

SignOutPush = Callable[[int], Awaitable[None]]


def sign_in_routes(push_sign_out: SignOutPush) -> list[Route]:
    """The routes; `push_sign_out` tells the open tabs of a session that it has ended."""

    async def family(request: Request) -> Response:
        return await _sign_in(request, Audience.FAMILY, leave)

    async def agents(request: Request) -> Response:
        return await _sign_in(request, Audience.AGENT, leave)

    async def leave() -> None:
        if (signed_in := identity.current()) is not None:
            await run_in_threadpool(sessions.end, signed_in.actor.session_id)
            await push_sign_out(signed_in.actor.session_id)

    async def sign_out(_request: Request) -> Response:
        signed_in = identity.current()
        agent = signed_in is not None and signed_in.actor.is_agent
        door = Audience.AGENT if agent else Audience.FAMILY
        await leave()
        response = see_other(f"{SIGN_IN[door]}?deconnecte=1")
        cookies.clear_session(response)
        # also drops the tab's own token and any page kept for Back
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return [
        Route("/connexion", family, methods=["POST"]),
        Route("/agents/connexion", agents, methods=["POST"]),
        Route("/deconnexion", sign_out, methods=["POST"]),
    ]


async def _sign_in(
    request: Request, door: Audience, leave: Callable[[], Awaitable[None]]
) -> Response:
    form = await text_fields(request, "identifiant", "mot_de_passe", "suite")
    name, wanted = form["identifiant"], safe_path(form["suite"])
    outcome = await run_in_threadpool(
        lambda: sign_in(
            Realm(door.value),
            name,
            form["mot_de_passe"],
            address=request_address(request),
            device=request.headers.get("user-agent", ""),
        )
    )
    if isinstance(outcome, Opened):
        await leave()  # the browser forgets the session it had: nobody could end it any more
        response = see_other(after_sign_in(door, wanted))
        cookies.set_session(response, outcome.secret)
        cookies.clear_flash(response)
        return response
    query = {"erreur": "1", **({"suite": wanted} if wanted else {})}
    response = see_other(f"{SIGN_IN[door]}?{urlencode(query)}")
    match outcome:
        case Blocked(wait):
            kept: dict[str, str | int] = {
                "code": "blocked",
                "seconds": int(wait.total_seconds()) + 1,
            }
        case NotActivated():
            kept = {"code": "not_activated"}
        case Refused():
            kept = {"code": "refused"}
    cookies.set_flash(response, f"sign-in/{door}", name=name[:254], **kept)
    return response
