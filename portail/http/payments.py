"""Online payment: what the bank's service calls, and where its page leads back to.

Neither asks for a cookie nor believes what it is told: both name an operation, whose outcome is
asked of the service, or bring a message that it has signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.http.forms import request_address, see_other
from portail.services.payments import Notice, notified, returned
from portail.services.payments.starting import NOTIFICATION, RETURN

PAY_PAGE = "/facturation/payer"
RESULT_PAGE = "/facturation/paiement"  # ?n= the id of the attempt
# a browser comes back to it by a post of the bank's page: of another site
FROM_ELSEWHERE = (NOTIFICATION, f"{RETURN}/")
MAX_QUERY = 16_000  # characters
_REFERENCE = re.compile(r"[A-Z0-9]{6,30}")
_STATUS = {
    Notice.HEARD: HTTPStatus.OK,
    Notice.UNKNOWN: HTTPStatus.NOT_FOUND,
    Notice.THROTTLED: HTTPStatus.TOO_MANY_REQUESTS,
    Notice.UNANSWERED: HTTPStatus.SERVICE_UNAVAILABLE,
}
# Threads of their own: in the demo, the service they ask is this very process, which needs some too
_THREADS = CapacityLimiter(8)
Answer = TypeVar("Answer")


async def notification(request: Request) -> Response:
    """What the bank's service calls, by GET or POST; the answer is only a status."""
    query = await _query(request)
    address = request_address(request)
    notice = await _in_thread(lambda: notified(query, address=address))
    return Response("", _STATUS[notice], {"Cache-Control": "no-store"}, "text/html")


async def back(request: Request) -> Response:
    """A browser comes back from the bank's page: to the page of its payment."""
    reference = request.path_params["reference"]
    if not _REFERENCE.fullmatch(reference):
        return see_other(PAY_PAGE)
    query = await _query(request)
    address = request_address(request)
    payment_id = await _in_thread(lambda: returned(reference, query, address=address))
    return see_other(PAY_PAGE if payment_id is None else f"{RESULT_PAGE}?n={payment_id}")


async def _query(request: Request) -> str:
    """What was sent, as a query string, from the body of a form or from the address."""
    query = ""
    kind = request.headers.get("content-type", "")
    if request.method == "POST" and kind.startswith("application/x-www-form-urlencoded"):
        query = (await request.body()).decode("ascii", "replace")
    return (query or str(request.url.query))[:MAX_QUERY]


async def _in_thread(work: Callable[[], Answer]) -> Answer:
    return await to_thread.run_sync(work, limiter=_THREADS)


async def invoices(_request: Request) -> Response:
    """«Facturation» typed by hand."""
    return see_other(PAY_PAGE)


routes = [
    Route("/facturation", invoices, methods=["GET"]),
    Route(NOTIFICATION, notification, methods=["GET", "POST"]),
    Route(f"{RETURN}/{{reference}}", back, methods=["GET", "POST"]),
]
