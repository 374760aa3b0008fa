"""The HTTP gate, in front of everything: who calls, from where, how much, and what leaves.

In this order: a request id and a log line; the size of the body; the origin of websockets and of
posts; private pages; the file of a page; security and cache headers; our own pages for errors.
"""

from __future__ import annotations

import posixpath
import re
import time
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portail.access import identity, packets
from portail.access.csp import ContentSecurityPolicy
from portail.access.first_view import FirstView, FirstViews
from portail.access.labels import Access, Audience
from portail.access.urls import HOME, SIGN_IN, consent_url, sign_in_url
from portail.services.sessions import SignedIn
from portail.settings import settings

log = structlog.get_logger("portail.http")
MAX_BODY = 64 * 1024  # bytes: forms; routes that take files say so
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
QUIET_PATHS = ("/assets/", "/healthz", "/ping", "/_event")


class Gate:
    """ASGI middleware around the whole portal."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        static: Path,
        pages: Mapping[str, Access],
        first_views: Mapping[str, FirstView] | None = None,
        upload_limits: Mapping[str, int] | None = None,
        from_elsewhere: tuple[str, ...] = (),
    ) -> None:
        """Stand in front of `app`.

        Args:
            app: what is protected.
            static: folder of the pre-rendered pages.
            pages: who may see each page, by its path.
            first_views: what some pages show before they are alive, by their path.
            upload_limits: bytes accepted by the routes that take more than a form.
            from_elsewhere: how the paths begin that other sites and machines may post to: they do
                nothing in the name of whoever is signed in.
        """
        self.app = app
        self.static = static
        self.pages = dict(pages)
        self.first_views = FirstViews(static, first_views or {})
        self.upload_limits = dict(upload_limits or {})
        self.from_elsewhere = from_elsewhere
        self.csp = ContentSecurityPolicy(static)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Headers(scope=scope).get("origin") not in settings().origins:
            log.warning("websocket_refused", reason="origin")
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def checked() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                try:
                    reason = packets.refusal(message.get("text") or "")
                    if reason is None:
                        return message
                    log.warning("event_refused", reason=reason)
                except packets.BadPacketError as error:
                    log.warning("packet_refused", reason=str(error))
                    await send({"type": "websocket.close", "code": 1008})
                    return {"type": "websocket.disconnect", "code": 1008}

        await self.app(scope, checked, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 0
        path: str = scope["path"]
        page = self._page_file(path) if scope["method"] in SAFE_METHODS else None

        async def outgoing(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                self._add_headers(headers, path, page, status)
            await send(message)

        try:
            error = await self._answer(scope, receive, outgoing, page)
            if error and not status:
                await self._error(error)(scope, receive, outgoing)
        finally:
            if not path.startswith(QUIET_PATHS):
                elapsed = round((time.perf_counter() - started) * 1000)
                # the path of a page of ours or of a known route; never a query: it may hold a name
                log.info(
                    "request", method=scope["method"], path=_shown(path), status=status, ms=elapsed
                )
            structlog.contextvars.unbind_contextvars("request_id")

    async def _answer(self, scope: Scope, receive: Receive, send: Send, page: str | None) -> int:
        """Answer a request; returns the status of the error page to show instead, or zero."""
        path, error = scope["path"], 0

        async def unless_bare(message: Message) -> None:
            nonlocal error
            if message["type"] == "http.response.start" and _is_bare_error(path, message):
                error = int(message["status"])
            if not error:
                await send(message)

        try:
            refusal = await self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return 0
            if page is not None:
                first = await self.first_views.answer(scope, page)
                if first is not None:
                    await first(scope, receive, send)
                    return 0
                scope = {**scope, "path": page, "raw_path": page.encode()}
            await self.app(scope, self._limited(scope, receive), unless_bare)
        except _BodyTooLargeError:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        except Exception:
            log.exception("request_failed", path=_shown(path))
            return HTTPStatus.INTERNAL_SERVER_ERROR
        return error

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        path = scope["path"]
        if scope["method"] not in SAFE_METHODS:
            if not same_origin(headers) and not path.startswith(self.from_elsewhere):
                log.warning("post_refused", reason="origin", path=_shown(path))
                return self._error(HTTPStatus.FORBIDDEN)
            length = headers.get("content-length", "0")
            # its first digits are enough: Python refuses to read thousands of them
            if not length.isdecimal() or int(length[:20]) > self._limit(path):
                return self._error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if path.startswith("/assets/"):
            return None  # the same for everybody: no look-up for each script
        signed_in = await run_in_threadpool(identity.resolve, headers.get("cookie", ""))
        identity.become(signed_in)
        target = None
        if scope["method"] in SAFE_METHODS:
            target = self._elsewhere(scope, signed_in)
        return RedirectResponse(target, HTTPStatus.SEE_OTHER) if target else None

    def _elsewhere(self, scope: Scope, signed_in: SignedIn | None) -> str | None:
        """Where to send somebody who may not see this page, or has no use for it."""
        path = scope["path"]
        access = self._access(path)
        if access is None:
            return None
        actor = signed_in.actor if signed_in else None
        query = scope.get("query_string", b"").decode("latin-1")
        asked = f"{path}?{query}" if query else path
        if not access.admits(actor) and actor is None:
            door = Audience.AGENT if access.audience is Audience.AGENT else Audience.FAMILY
            return sign_in_url(door, asked)
        if actor is not None and (not access.admits(actor) or path in SIGN_IN.values()):
            return HOME[Audience.AGENT if actor.is_agent else Audience.FAMILY]
        if signed_in is not None and access.waits_for_consent(signed_in.must_consent):
            return consent_url(asked)
        return None

    def _limit(self, path: str) -> int:
        return self.upload_limits.get(path, MAX_BODY)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Count what really arrives: a length may be missing, or a lie."""
        left = self._limit(scope["path"])

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _BodyTooLargeError
            return message

        return counted

    def _access(self, path: str) -> Access | None:
        """Who may see the page that this path leads to; nothing when it is not a page."""
        return self.pages.get(_page_path(path))

    def _page_file(self, path: str) -> str | None:
        """/connexion is the file connexion.html: no redirection to «/connexion/» on a cold load."""
        page = _page_path(path)
        if page == "/" or "." in path.rsplit("/", 1)[-1] or page not in self.pages:
            return None
        return f"{page}.html" if (self.static / f"{page[1:]}.html").is_file() else None

    def _error(self, status: int) -> Response:
        name = "404.html" if status == HTTPStatus.NOT_FOUND else "erreur.html"
        page = self.static / name
        if page.is_file() and status == HTTPStatus.NOT_FOUND:
            return FileResponse(page, status_code=status, media_type="text/html")
        if page.is_file():
            # without its scripts, which would show the page of this address in its place
            return HTMLResponse(_SCRIPTS.sub("", page.read_text()), status)
        return PlainTextResponse(HTTPStatus(status).phrase, status_code=status)

    def _add_headers(
        self, headers: MutableHeaders, path: str, page: str | None, status: int
    ) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if settings().secure_cookies:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if path.startswith("/assets/") and status == HTTPStatus.OK:
            # the rest is for documents: on twenty scripts it would be 8 KB for nothing
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
            return
        if "cache-control" not in headers:
            access = self._access(path)
            private = access is not None and access.audience is not Audience.PUBLIC
            # private pages are not kept at all: Back after a sign-out must show nothing
            headers["Cache-Control"] = "no-store" if private else "no-cache"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        # a 304 speaks of a page the browser has, with the policy it came with
        if "content-security-policy" not in headers and status != HTTPStatus.NOT_MODIFIED:
            shown = path if page is None else page
            is_html = headers.get("content-type", "").startswith("text/html")
            headers["Content-Security-Policy"] = (
                self.csp.for_page(shown, status) if is_html else self.csp.for_data()
            )
        headers["X-Frame-Options"] = "DENY"


_SCRIPTS = re.compile(r'<script\b.*?</script>|<link rel="modulepreload"[^>]*>', re.DOTALL)


class _BodyTooLargeError(Exception):
    """More bytes than the route takes."""


def same_origin(headers: Headers) -> bool:
    """Whether a post comes from our own pages (protection against forged requests).

    Browsers say where a request comes from and pages cannot change it: Sec-Fetch-Site, or Origin
    for older ones. A request that says neither is refused.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return origin in settings().origins
    return site == "same-origin"


def _page_path(path: str) -> str:
    """The path of a page, however it is written: «//accueil/», «/x/../accueil», «/accueil.html»."""
    plain = "/" + posixpath.normpath("/" + path).lstrip("/")
    return plain.removesuffix(".html").removesuffix("/index") or "/"


def _is_bare_error(path: str, start: Message) -> bool:
    """Whether this is an error in a few words of English, from a library: ours take its place."""
    if int(start["status"]) < HTTPStatus.BAD_REQUEST or path.startswith(QUIET_PATHS):
        return False
    kind = MutableHeaders(scope=start).get("content-type", "")
    return not kind or kind.startswith("text/plain")


def _shown(path: str) -> str:
    # the secret of a one-time link, or of a calendar, is in its path
    for start in (
        "mot-de-passe/",
        "activation/",
        "confirmer-adresse/",
        "desabonnement/",
        "agenda/",
    ):
        if start in path:
            return f"/{start}…"
    return path[:200]
