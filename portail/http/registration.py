"""Sign-up: the cookie that ties it to a browser, and the activation link."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portail.access import cookies
from portail.http.forms import request_address, see_other, text_fields
from portail.services import activation
from portail.services.secrets import new_secret

SIGN_UP = "/creer-mon-compte"
ACTIVATE = "/activation"


class DraftCookie:
    """Gives a browser that opens the sign-up page the token of its draft."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the cookie to the page, once."""
        opens = scope["type"] == "http" and scope["path"].startswith(SIGN_UP)
        if not opens or cookies.draft_token(Headers(scope=scope).get("cookie", "")):
            await self.app(scope, receive, send)
            return

        async def outgoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                carrier = Response()
                cookies.set_draft(carrier, new_secret())
                MutableHeaders(scope=message).append("set-cookie", carrier.headers["set-cookie"])
            await send(message)

        await self.app(scope, receive, outgoing)


async def follow(request: Request) -> Response:
    """Open an activation link. Mail scanners follow links too: only the button activates."""
    response = see_other(ACTIVATE)
    cookies.set_link(response, request.path_params["secret"])
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def activate(request: Request) -> Response:
    """«Activer mon compte»."""
    secret = cookies.link_secret(request.headers.get("cookie", ""))
    outcome = await run_in_threadpool(activation.activate, secret)
    if isinstance(outcome, activation.Activated):
        response = see_other("/connexion?active=1")
        cookies.clear_link(response)
        return response
    return see_other(ACTIVATE)


async def resend(request: Request) -> Response:
    """«Renvoyer le lien», from an expired link or to an address typed; answers the same always."""
    form = await text_fields(request, "email")
    secret = cookies.link_secret(request.headers.get("cookie", ""))
    address = request_address(request)
    response = see_other(f"{ACTIVATE}?envoye=1")
    if form["email"]:
        task = BackgroundTask(
            run_in_threadpool, activation.send_again_to, form["email"], address=address
        )
    else:
        task = BackgroundTask(run_in_threadpool, activation.resend_from, secret, address=address)
    response.background = task
    return response


routes = [
    Route(f"{ACTIVATE}/renvoyer", resend, methods=["POST"]),
    Route(f"{ACTIVATE}/{{secret}}", follow, methods=["GET"]),
    Route(ACTIVATE, activate, methods=["POST"]),
]
