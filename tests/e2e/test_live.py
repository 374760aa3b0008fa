"""Open grids agree: a place that another family takes, the mark of another parent, unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers.browser import SIZES, visit
from tests.e2e.helpers.people import MARC, ZOE, Person, let_in
from tests.e2e.helpers.planning import child_id
from tests.e2e.helpers.server import Server
from tests.neighbour import DAY, NOW, SLOT, act

EVENING, SCHOOL_DAY = "2_SOIR_ELEM_SOIR", "2026-12-15"
NURSERY_EVENING = "2_SOIR_MAT_SOIR"


@pytest.fixture
def still(built: Path, tmp_path: Path) -> Iterator[Server]:
    """A portal of the test's own, where the clock stands still."""
    yield from checked(Server(tmp_path, {"PORTAIL_NOW": NOW}))


def grid(
    server: Server,
    open_context: OpenContext,
    child: int,
    *,
    person: Person = ZOE,
    size: str = "desktop",
    editing: bool = False,
) -> Page:
    context = open_context(server, SIZES[size])
    let_in(context, server, person)
    page = context.new_page()
    change = "&modifier=1" if editing else ""
    visit(page, f"/planning?enfant={child}&vue=mois&jour={DAY}{change}")
    return page


def cell(page: Page, child: int, slot: str, day: str) -> Locator:
    return page.locator(f'[name="{child}/{slot}/{day}"]')


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_place_freed_then_taken_by_another_family_is_seen_unasked(
    size: str, still: Server, open_context: OpenContext
) -> None:
    nora = child_id(still, "Nora")
    page = grid(still, open_context, nora, size=size, editing=True)
    box = cell(page, nora, SLOT, DAY)
    expect(box).to_have_attribute("data-look", "q")  # full
    assert act(still.data_dir, "give") == "['cancelled']"
    expect(box).to_have_attribute("data-look", "f")
    box.click()
    expect(box).to_be_checked()
    assert act(still.data_dir, "take") == "['booked']"
    # still asked, and told that it would wait now
    expect(box).to_have_attribute("data-look", "q")
    expect(box).to_be_checked()


def test_the_mark_of_the_other_parent_comes_and_goes(
    still: Server, open_context: OpenContext
) -> None:
    sami = child_id(still, "Sami")
    zoe = grid(still, open_context, sami)
    marc = grid(still, open_context, sami, person=MARC, editing=True)
    seen, his = (cell(page, sami, EVENING, SCHOOL_DAY) for page in (zoe, marc))
    expect(seen).to_have_attribute("data-mark", "")
    his.click()
    expect(seen).to_have_attribute("data-mark", "other")
    expect(seen).not_to_be_checked()  # hers is as it was
    his.click()
    expect(seen).to_have_attribute("data-mark", "")


def test_two_tabs_of_a_parent_agree_and_the_one_that_clicks_is_left_alone(
    still: Server, open_context: OpenContext
) -> None:
    nora = child_id(still, "Nora")
    page = grid(still, open_context, nora, editing=True)
    other = page.context.new_page()
    visit(other, f"/planning?enfant={nora}&vue=mois&jour={DAY}&modifier=1")
    phone = grid(still, open_context, nora, size="phone")
    days = [f"2026-12-{day:02d}" for day in (7, 8, 10, 11, 14, 15)]
    for day in days:
        cell(page, nora, NURSERY_EVENING, day).click()
        page.wait_for_timeout(700)  # rounds of the watch pass between the clicks
    for day in days:
        expect(cell(other, nora, NURSERY_EVENING, day)).to_be_checked()
        # never shown anew by a push: a click on its way would have been undone
        mine = cell(page, nora, NURSERY_EVENING, day)
        expect(mine).to_be_checked()
        expect(mine).to_have_attribute("data-set", re.compile(r"\.0\.[01]$"))
    for screen in (other, phone):
        expect(screen.locator(".dock")).to_contain_text("6 réservations en attente")
    expect(cell(phone, nora, NURSERY_EVENING, "2026-12-15")).to_be_checked()
    # and the other way
    cell(other, nora, NURSERY_EVENING, "2026-12-08").click()
    expect(cell(page, nora, NURSERY_EVENING, "2026-12-08")).not_to_be_checked()
    expect(page.locator(".dock")).to_contain_text("5 réservations en attente")
    page.get_by_role("button", name="Annuler la dernière modification").click()
    expect(cell(other, nora, NURSERY_EVENING, "2026-12-08")).to_be_checked()
