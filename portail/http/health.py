"""/healthz, for whoever watches over the portal."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portail.services import health


async def healthz(_request: Request) -> Response:
    """200 when the database answers at the right schema, else 503 with the reason."""
    problems = await run_in_threadpool(health.problems)
    if problems:
        body = {"status": "unavailable", "problems": problems}
        return JSONResponse(body, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ok"})


routes = [Route("/healthz", healthz)]
