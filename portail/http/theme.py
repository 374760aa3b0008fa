"""The town's colours and logo, served apart from the pages so that a change needs no build."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portail.domain.colours import readable_on
from portail.domain.theme import DARK, LIGHT, tokens
from portail.settings import settings


def theme_css(brand: str, accent: str) -> str:
    """The tokens that follow the town, for light and for dark."""
    light = _declared({"town-brand": brand} | tokens(brand, accent, LIGHT))
    dark = _declared(tokens(brand, accent, DARK))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _declared(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


async def theme(_request: Request) -> Response:
    """/ville/theme.css."""
    css = theme_css(settings().town_brand, settings().town_accent)
    return Response(css, media_type="text/css", headers={"Cache-Control": "max-age=300"})


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
    Route("/ville/theme.css", theme),
    Route("/ville/logo.{kind}", logo),
]
