"""Every page of the portal, and how to stand before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portail import frontend
from portail.access.labels import Audience
from portail.pages import all_pages
from portail.pages.registry import Page as PortalPage
from tests.e2e.helpers.browser import visit, watch
from tests.e2e.helpers.people import INES, ZOE, let_in
from tests.e2e.helpers.server import Server

NOWHERE = "/nulle-part"
PAGES = {page.route: page for page in all_pages()}
each_page = pytest.mark.parametrize("route", PAGES)


def address(route: str) -> str:
    """Where this page shows; the 404 page is anywhere there is nothing."""
    return NOWHERE if route == "404" else route


def come_in(context: BrowserContext, server: Server, route: str) -> None:
    """Sign in as this page asks."""
    audience = PAGES[route].access.audience
    if audience is not Audience.PUBLIC:
        let_in(context, server, INES if audience is Audience.AGENT else ZOE)


def stand_before(context: BrowserContext, server: Server, route: str) -> Page:
    """The page, alive, signed in as it asks."""
    come_in(context, server, route)
    page = context.new_page()
    look_at(page, route)
    return page


def look_at(page: Page, route: str) -> None:
    """Open this page in a tab."""
    if route == "404":
        watch(page).allow(rf"status of 404.*{NOWHERE}")
    visit(page, address(route))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def file_of(page: PortalPage) -> Path:
    """The pre-rendered file of a page."""
    name = "index" if page.route == "/" else page.route.lstrip("/")
    return frontend.STATIC / f"{name}.html"
