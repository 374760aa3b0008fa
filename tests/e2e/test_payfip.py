"""The demo's bank in a browser: paid, refused, abandoned, and accessible."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portail.adapters.payment import Order
from portail.adapters.payment.payfip import PayFiP
from portail.adapters.payment.places import DEMO, DEMO_PAGE, DEMO_SERVICE
from portail.settings import DEMO_PAYFIP
from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import watch
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe

__all__ = ["axe"]
REFERENCE = "20261123010001ABCD1234"


def announced(server: Server) -> str:
    """The address of the page of a new operation, announced as the portal does."""
    service = PayFiP(
        DEMO_PAYFIP,
        service_url=f"{server.url}{DEMO_SERVICE}?wsdl",
        page_url=f"{server.url}{DEMO_PAGE}",
    )
    order = Order(
        3_694,
        REFERENCE,
        "zoe.pinceau@example.org",
        "Factures 2026-00012",
        2026,
        f"{server.url}/paiement/notification",
        f"{server.url}/paiement/retour/{REFERENCE}",
    )
    return service.prepare(order).redirect.url


@pytest.fixture
def page(server: Server, open_context: OpenContext) -> Page:
    return open_context(server).new_page()


@pytest.mark.parametrize(
    ("button", "title"),
    [
        ("Payer", "Paiement accepté"),
        ("Refuser", "Paiement refusé"),
        ("Abandonner", "Paiement abandonné"),
    ],
)
def test_one_pays_refuses_or_abandons_by_the_keyboard(
    server: Server, page: Page, axe: str, button: str, title: str
) -> None:
    page.goto(announced(server))
    expect(page.get_by_text("36,94\u00a0€")).to_be_visible()
    _in_every_light(page, axe)
    page.get_by_role("button", name=button, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    _in_every_light(page, axe)
    back = page.get_by_role("link", name="Retourner sur le portail")
    pattern = rf"{server.url}/paiement/retour/{REFERENCE}\?idop="
    assert re.match(pattern, back.get_attribute("href") or "")


def test_its_other_pages_are_accessible_and_fit_a_phone(
    server: Server, page: Page, axe: str
) -> None:
    page.goto(f"{server.url}{DEMO}/reglages")
    page.get_by_label("Trois fois").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_label("Trois fois")).to_be_checked()
    _in_every_light(page, axe)
    page.get_by_label("Tout de suite").check()
    page.get_by_role("button", name="Enregistrer").click()
    watch(page).allow("status of 410")
    page.goto(f"{server.url}{DEMO_PAGE}?idop=inconnue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paiement impossible")
    _in_every_light(page, axe)
    for url in (announced(server), f"{server.url}{DEMO}/reglages"):
        page.goto(url)
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, url
