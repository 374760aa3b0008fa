"""The portal's clock, stopped on a day of the reference screens."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.people import CHILDREN, sign_in
from tests.e2e.helpers.server import Server


def test_the_page_says_the_day_of_the_frozen_clock(
    frozen_server: Server, open_context: OpenContext
) -> None:
    page = open_context(frozen_server).new_page()
    sign_in(page)
    main = page.get_by_role("main")
    expect(main.get_by_text("Jeudi 16 mars 2023")).to_be_visible()
    for child in CHILDREN:
        expect(main.get_by_text(child, exact=True)).to_be_visible()
