"""The peer over HTTP: its service, its page, and the page of its switches."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portail.adapters.payment.places import DEMO, DEMO_PAGE, DEMO_SERVICE
from portail.demo.payfip import notices, pages, soap
from portail.demo.payfip.bank import (
    Amount,
    Answer,
    Bank,
    Ending,
    FunctionalError,
    Notices,
    Switches,
    demo_bank,
)

END_PAGE = f"{DEMO}/tpa/fin.web"
CONTROL = f"{DEMO}/reglages"
# the portal that is called may be this very process, which needs the other threads to answer
_THREADS = CapacityLimiter(4)
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
Kind = TypeVar("Kind", Ending, Notices, Amount, Answer)


class Peer:
    """The peer's pages and service, over its memory."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        """`bank` is asked at each request, so that settings are read late."""
        self.bank = bank

    async def description(self, request: Request) -> Response:
        """The description of the service (WSDL), at the address it is asked at."""
        address = str(request.url.replace(query=""))
        return Response(soap.wsdl(address), media_type="text/xml")

    async def schema(self, request: Request) -> Response:
        """A part of the description."""
        name = f"PaiementSecuriseService_{request.path_params['name']}.xsd"
        if name not in soap.SCHEMAS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return Response(soap.described(name), media_type="text/xml")

    async def service(self, request: Request) -> Response:
        """The service."""
        message = await request.body()
        written, fault = await run_in_threadpool(soap.answer, self.bank(), message)
        status = HTTPStatus.INTERNAL_SERVER_ERROR if fault else HTTPStatus.OK
        return Response(written, status, media_type="text/xml")

    async def pay(self, request: Request) -> Response:
        """The page where one pays."""
        try:
            operation = await run_in_threadpool(self.bank().usable, _idop(request))
        except FunctionalError as error:
            return _refused(error)
        return _html(pages.payment(operation, DEMO_PAGE))

    async def choose(self, request: Request) -> Response:
        """«Payer», «Refuser», «Abandonner»."""
        async with request.form(max_files=0, max_fields=5) as form:
            idop, ending = str(form.get("idop", "")), _value(Ending, form.get("choix"))
        try:
            await run_in_threadpool(self.bank().end, idop, ending)
        except FunctionalError as error:
            return _refused(error)
        return self._notifying(f"{END_PAGE}?{urlencode({'idop': idop})}")

    async def ended(self, request: Request) -> Response:
        """What became of it, and the way back."""
        try:
            operation = await run_in_threadpool(self.bank().found, _idop(request))
        except FunctionalError as error:
            return _refused(error)
        return _html(pages.ended(operation))

    async def control(self, _request: Request) -> Response:
        """The switches."""
        bank = self.bank()
        switches = await run_in_threadpool(bank.switches)
        operations = await run_in_threadpool(bank.operations)
        return _html(pages.control(switches, operations, CONTROL))

    async def set(self, request: Request) -> Response:
        """Set them."""
        async with request.form(max_files=0, max_fields=5) as form:
            switches = Switches(
                _value(Notices, form.get("notices")),
                _value(Amount, form.get("amount")),
                _value(Answer, form.get("answer")),
            )
        await run_in_threadpool(self.bank().set, switches)
        return self._notifying(CONTROL)

    def _notifying(self, path: str) -> Response:
        """Send the browser there, then the notifications that are due."""
        response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
        response.background = BackgroundTask(self._notify)
        return response

    async def _notify(self) -> None:
        await to_thread.run_sync(notices.deliver, self.bank(), limiter=_THREADS)


def payfip_routes(bank: Callable[[], Bank] = demo_bank) -> list[Route]:
    """The routes of the peer, over this memory."""
    peer = Peer(bank)
    return [
        Route(DEMO_SERVICE, peer.description, methods=["GET"]),
        Route(DEMO_SERVICE, peer.service, methods=["POST"]),
        Route(f"{DEMO}/tpa/services/PaiementSecuriseService_{{name}}.xsd", peer.schema),
        Route(DEMO_PAGE, peer.pay, methods=["GET"]),
        Route(DEMO_PAGE, peer.choose, methods=["POST"]),
        Route(END_PAGE, peer.ended, methods=["GET"]),
        Route(CONTROL, peer.control, methods=["GET"]),
        Route(CONTROL, peer.set, methods=["POST"]),
        Route(f"{DEMO}/payfip.css", _style, methods=["GET"]),
    ]


def application() -> Starlette:
    """The peer alone."""
    return Starlette(routes=payfip_routes())


def _value(kind: type[Kind], text: object) -> Kind:
    try:
        return kind(str(text))
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None


def _html(text: str, status: int = HTTPStatus.OK) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


def _refused(error: FunctionalError) -> Response:
    return _html(pages.refused(error.code, error.meaning), HTTPStatus.GONE)


def _idop(request: Request) -> str:
    return request.query_params.get("idop", "")


async def _style(_request: Request) -> Response:
    return Response(pages.style(), media_type="text/css")
