"""The town's logo, and the icon of the browser's tab."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portail.domain.colours import readable_on
from portail.settings import settings


async def logo(request: Request) -> Response:
    """/ville/logo.svg or .png, when the town has one."""
    path = settings().town_logo
    if path is None or path.suffix.lower() != f".{request.path_params['kind']}":
        return Response(status_code=404)
    # a drawing can carry scripts: nothing runs in it
    return FileResponse(path, headers={"Cache-Control": "max-age=300"})


async def icon(_request: Request) -> Response:
    """/ville/icone.svg: the town's initial on its colour, for the browser's tab."""
    brand = settings().town_brand
    initial = escape(settings().town_name[:1].upper())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="12" fill="{brand}"/>'
        f'<text x="20" y="28" font-family="system-ui,sans-serif" font-size="22" font-weight="800" '
        f'text-anchor="middle" fill="{readable_on(brand)}">{initial}</text></svg>'
    )
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "max-age=300"})


routes = [
    Route("/ville/icone.svg", icon),
    Route("/ville/logo.{kind}", logo),
]
