"""The first view of a page's data, put in its HTML: seen before any script of the page has run.

The pages are made once, at the build, for everybody. Some have elements that wait for what the
person who asks will see (`components.first_view`); each is filled as the page leaves.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

import brotli
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from portail.access import identity
from portail.services.sessions import SignedIn

log = structlog.get_logger("portail.http")
# made at each visit, in 1.5 ms: the next step of brotli takes four times as long for 1 % less
BROTLI_QUALITY, GZIP_LEVEL = 6, 6
END = "<i hidden></i>"  # a part is shown once it is whole: painted as it comes, it would move
_ELEMENT = re.compile(r'<(\w+)\b[^>]*\sdata-first="([\w-]+)"[^>]*>(?=</\1>)')


@dataclass(frozen=True)
class Visit:
    """Who asks for a page, how, and from what."""

    signed_in: SignedIn
    query: Mapping[str, str]
    user_agent: str


# the HTML of each element of the page, by name; nothing: the page is served as it was built
FirstView = Callable[[Visit], Mapping[str, str]]


class FirstViews:
    """The pages that have one."""

    def __init__(self, static: Path, views: Mapping[str, FirstView]) -> None:
        """Fill the pages of this folder, by their path."""
        self.static = static
        self.views = dict(views)

    async def answer(self, scope: Scope, page: str) -> Response | None:
        """The page with its first view; nothing when it has none, for this visit.

        `page` is its file, «/planning.html». Whoever may not see it has been sent elsewhere.
        """
        view = self.views.get(page.removesuffix(".html"))
        signed_in = identity.current()
        if view is None or signed_in is None or scope["method"] != "GET":
            return None
        headers = Headers(scope=scope)
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        visit = Visit(signed_in, query, headers.get("user-agent", ""))
        coding = _coding(headers.get("accept-encoding", ""))
        try:
            return await run_in_threadpool(
                self._filled, self.static / page[1:], view, visit, coding
            )
        except Exception:
            # the page does without: its data come by the websocket, as in any other page
            log.exception("first_view_failed", page=page)
            return None

    @staticmethod
    def _filled(file: Path, view: FirstView, visit: Visit, coding: str) -> Response | None:
        found = view(visit)
        if not found:
            return None
        text = "".join(
            piece if place % 2 == 0 else f"{found[piece]}{END}" if found.get(piece) else ""
            for place, piece in enumerate(_pieces(file, file.stat().st_mtime_ns))
        )
        headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": coding} if coding else {})
        return Response(_packed(text.encode(), coding), headers=headers, media_type="text/html")


@lru_cache(maxsize=32)
def _pieces(file: Path, _changed: int) -> list[str]:
    """The text up to an element, its name, the text up to the next one, and so on."""
    text = file.read_text(encoding="utf-8")
    pieces, start = [], 0
    for element in _ELEMENT.finditer(text):
        pieces += [text[start : element.end()], element[2]]
        start = element.end()
    return [*pieces, text[start:]]


def _coding(accepted: str) -> str:
    """How to compress for a browser that takes these codings; empty: not at all."""
    taken = set()
    for one in accepted.lower().split(","):
        name, _, weight = one.replace(" ", "").partition(";q=")
        if weight.strip("0.") or not weight:
            taken.add(name)
    return "br" if "br" in taken else "gzip" if "gzip" in taken else ""


def _packed(page: bytes, coding: str) -> bytes:
    if coding == "br":
        packed: bytes = brotli.compress(page, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(page, GZIP_LEVEL, mtime=0) if coding else page
