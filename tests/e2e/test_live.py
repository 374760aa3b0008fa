"""Open grids agree: a place that another family takes, the mark of another parent, unasked."""

from __future__ import annotations

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
