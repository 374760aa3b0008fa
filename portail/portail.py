"""The application: pages, HTTP routes, access control and background work, put together."""

from __future__ import annotations

import gc
import uuid
from pathlib import Path

import reflex as rx
import structlog
from starlette.applications import Starlette
from starlette.types import ASGIApp

from portail import logs
from portail.access import live, tabs
from portail.access.gate import Gate
from portail.access.middleware import AccessMiddleware
from portail.adapters.payment.places import DEMO_SERVICE
from portail.demo.payfip.routes import payfip_routes
from portail.frontend import STATIC
from portail.http import (
    account,
    agenda,
    billing,
    documents,
    health,
    mailbox,
    messages,
    news,
    passwords,
    payments,
    planning,
    registration,
    town,
    unsubscribe,
)
from portail.http.sign_in import sign_in_routes
from portail.pages import all_pages
from portail.pages.frame import AROUND
from portail.services.news.addresses import ATOM
from portail.settings import settings
from portail.state.navigation import NavigationState
from portail.worker import schedule

log = structlog.get_logger("portail")
STYLES = [
    "tokens.css",
    "fonts.css",
    "components.css",
    "pages.css",
    "planning.css",
    "billing.css",
    "messages.css",
    "news.css",
]


def on_error(exception: Exception) -> None:
    """A handler failed: it is written down with a reference; the page stays as it was."""
    log.error("handler_failed", reference=uuid.uuid4().hex[:8], exc_info=exception)


async def push_sign_out(session_id: int) -> None:
    """Tell the open tabs of a session that it has ended."""
    await tabs.push_sign_out(app, session_id)


async def watch_sessions() -> None:
    """Tell open tabs about the end of their session, for as long as the process lives."""
    await tabs.watch(app)


async def watch_pages() -> None:
    """Tell open pages what changes of what they show, for as long as the process lives."""
    await live.watch(app)


async def background_work() -> None:
    """Mails, waiting lists and purges, for as long as the process lives."""
    await schedule.run()


PAGES = all_pages()

routes = Starlette(
    routes=[
        *sign_in_routes(push_sign_out),
        *passwords.routes,
        *account.routes,
        *documents.routes,
        *billing.routes,
        *messages.routes,
        *planning.routes,
        *agenda.routes,
        *news.routes,
        *registration.routes,
        *health.routes,
        *town.routes,
        *payments.routes,
        *unsubscribe.routes,
        *([*mailbox.routes, *payfip_routes()] if settings().demo else []),
    ]
)


def gate(inner: ASGIApp) -> ASGIApp:
    """Put the gate in front of everything."""
    return Gate(
        inner,
        static=Path(STATIC),
        pages={page.route: page.access for page in PAGES},
        first_views={page.route: page.first_view for page in PAGES if page.first_view},
        upload_limits={**documents.upload_limits(), **messages.upload_limits()},
        from_elsewhere=(
            *payments.FROM_ELSEWHERE,
            unsubscribe.FROM_ELSEWHERE,
            DEMO_SERVICE,
        ),
    )


app = rx.App(
    html_lang="fr",
    stylesheets=STYLES,
    head_components=[
        rx.el.link(rel="icon", href="/ville/icone.svg", type="image/svg+xml"),
        rx.el.link(rel="alternate", type="application/atom+xml", title="Actualités", href=ATOM),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.meta(name="theme-color", content=settings().town_brand),
    ],
    toaster=None,
    app_wraps=AROUND,
    backend_exception_handler=on_error,
    api_transformer=[routes, registration.DraftCookie, gate],
)
app.add_middleware(AccessMiddleware())
app.register_lifespan_task(watch_sessions)
app.register_lifespan_task(watch_pages)
app.register_lifespan_task(background_work)
for page in PAGES:
    app.add_page(
        page.build,
        route=page.route,
        title=page.tab(f"{settings().portal_name}, {settings().town_name}"),
        description=page.description,
        image="/ville/icone.svg",
        on_load=[*([page.on_load] if page.on_load else []), NavigationState.arrived],
    )


def application() -> ASGIApp:
    """What each process serves."""
    logs.configure()
    served: ASGIApp = app()
    spare_the_collector()
    return served


def spare_the_collector() -> None:
    """What is loaded stays: Python's collector need not go through it again and again.

    A full collection stopped a process for 130 to 370 ms, several times a minute while parents
    arrive, and found next to nothing: a tab's states last as long as the tab.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000, 10, 200)
