"""/demo/courriels/<id> and its models: mails of the demo, as their readers would see them."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from portail.demo import mail_samples, mailbox
from portail.settings import settings

# a mail is somebody's HTML: no script, no form, links open elsewhere
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


class _MailId(StringConvertor):
    """Not «modeles», which is a page."""

    regex = "[0-9][^/.]*"


register_url_convertor("courriel", _MailId())


async def read(request: Request) -> Response:
    """The HTML part of a mail; nothing outside a demo."""
    if not settings().demo:
        return Response(status_code=404)
    mail = await run_in_threadpool(
        mailbox.read_mail, settings().mail_dir, request.path_params["mail_id"]
    )
    if mail is None:
        return Response(status_code=404)
    return HTMLResponse(mail.html, headers=HEADERS)


async def model(request: Request) -> Response:
    """A kind of mail with sample values, as HTML or as text; nothing outside a demo."""
    if not settings().demo:
        return Response(status_code=404)
    mail = mail_samples.sample(request.path_params["kind"])
    match request.path_params["form"] if mail else "":
        case "html" if mail:
            return HTMLResponse(mail.html, headers=HEADERS)
        case "texte" if mail:
            return PlainTextResponse(mail.text, headers=HEADERS)
    return Response(status_code=404)


routes = [
    Route("/demo/courriels/{mail_id:courriel}", read),
    Route("/demo/courriels/modeles/{kind}/{form}", model),
]
