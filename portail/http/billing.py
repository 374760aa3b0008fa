"""The PDFs of invoices, receipts and tax certificates, for the adults of their family."""

from __future__ import annotations

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portail.access import identity
from portail.http.downloads import file_response
from portail.http.protected import door, number
from portail.services.billing import documents
from portail.services.reach import NotFound

PDF = "application/pdf"
# making one takes a core: whoever else waits for a thread must not wait for it too
_THREADS = CapacityLimiter(2)


async def invoice(request: Request) -> Response:
    """An invoice or a credit note."""
    wanted = request.path_params["invoice_id"]
    return await _given(request, lambda: documents.invoice(identity.actor(), number(wanted) or 0))


async def receipt(request: Request) -> Response:
    """The receipt of an online payment."""
    wanted = request.path_params["payment_id"]
    return await _given(request, lambda: documents.receipt(identity.actor(), number(wanted) or 0))


async def certificate(request: Request) -> Response:
    """The tax certificate of a family and year."""
    family_id, year = (request.path_params[name] for name in ("family_id", "year"))
    return await _given(
        request,
        lambda: documents.certificate(identity.actor(), number(family_id) or 0, number(year) or 0),
    )


async def _given(request: Request, find: Callable[[], documents.Opened]) -> Response:
    if (elsewhere := door(request.url.path)) is not None:
        return elsewhere
    try:
        opened = await to_thread.run_sync(find, limiter=_THREADS)
    except NotFound:
        raise HTTPException(404) from None
    return file_response(opened.path, PDF, opened.name)


routes = [
    Route("/facturation/facture/{invoice_id}.pdf", invoice, methods=["GET"]),
    Route("/facturation/recu/{payment_id}.pdf", receipt, methods=["GET"]),
    Route("/facturation/attestation/{family_id}-{year}.pdf", certificate, methods=["GET"]),
]
