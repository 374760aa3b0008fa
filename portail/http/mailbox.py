"""/demo/courriels/<id>: one mail of the demo, as its reader would see it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portail.demo import mailbox
from portail.settings import settings

# a mail is somebody's HTML: no script, no form, links open elsewhere
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation"
)


async def read(request: Request) -> Response:
    """The HTML part of a mail; nothing outside a demo."""
    if not settings().demo:
        return Response(status_code=404)
    mail = await run_in_threadpool(
        mailbox.read_mail, settings().mail_dir, request.path_params["mail_id"]
    )
    if mail is None:
        return Response(status_code=404)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(mail.html, headers=headers)


routes = [Route("/demo/courriels/{mail_id}", read)]
