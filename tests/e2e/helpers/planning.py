"""The planning as a parent uses it, on a grid or on a phone's days."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.helpers.browser import visit
from tests.e2e.helpers.server import Server

FROZEN = "2026-11-23T09:00"  # a Monday of school, three weeks before the holidays
VALIDATION = "/planning/validation"


def child_id(server: Server, name: str) -> int:
    """The id of a child of the demo."""
    return int(server.sql("SELECT id FROM child WHERE first_name = ?", name)[0][0])


def forget_changes(server: Server) -> None:
    """Nothing is pending any more."""
    server.sql("DELETE FROM pending_change")


def pending(server: Server) -> set[tuple[str, str, str, str]]:
    """What is pending: child, slot, day, booking or cancellation."""
    rows = server.sql(
        "SELECT c.first_name, s.code, p.day, p.kind FROM pending_change p "
        "JOIN child c ON c.id = p.child_id JOIN slot s ON s.id = p.slot_id"
    )
    return {(child, slot, day, kind) for child, slot, day, kind in rows}


def open_planning(page: Page, server: Server, child: str, day: str, *, edit: bool = False) -> None:
    """The month (on a phone, the week) of this day."""
    query = f"?enfant={child_id(server, child)}&jour={day}" + ("&modifier=1" if edit else "")
    visit(page, f"/planning{query}")
    expect(title(page)).to_contain_text(child)


def title(page: Page) -> Locator:
    """«Nora : décembre 2026»."""
    return page.get_by_role("heading", level=1)


def cell(page: Page, what: str) -> Locator:
    """A box by how its name begins: «Nora, soir, lundi 7 décembre»."""
    name = re.compile(f"^{re.escape(what)},")
    boxes = page.get_by_role("checkbox", name=name)
    return boxes.or_(page.get_by_role("switch", name=name))


def fixed(page: Page, what: str) -> Locator:
    """A cell that cannot be clicked, likewise."""
    return page.get_by_role("img", name=re.compile(f"^{re.escape(what)},"))


def dock(page: Page) -> Locator:
    """What says how much is pending."""
    return page.locator(".dock")


def line(page: Page, *words: str) -> Locator:
    """A line of the validation, or of its outcome, with all these words."""
    lines = page.get_by_role("main").get_by_role("listitem")
    for word in words:
        lines = lines.filter(has_text=word)
    return lines
