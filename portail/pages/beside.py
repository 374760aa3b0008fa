"""A page of a section: its title, and beside its cards the way to the section's other pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from portail.access.labels import Audience
from portail.access.routes import exists
from portail.components.links import link
from portail.components.page import page_title
from portail.pages.frame import Crumbs, framed


def section_page(
    title: str | rx.Var[str],
    lead: str | rx.Var[str] | rx.Component | None,
    *content: Any,
    section: str,
    entries: Sequence[tuple[str, str]],
    here: str,
    current: str,
    crumbs: Crumbs | None = None,
) -> rx.Component:
    """A page of the signed-in parent.

    Args:
        title: of the page, its h1.
        lead: a sentence under it.
        content: the cards.
        section: name of the side menu.
        entries: label and address of the pages of the section.
        here: address of the entry this page belongs to.
        current: key of the main menu's entry.
        crumbs: the way here, for a page below those of the side menu.
    """
    lines = [
        rx.el.li(link(label, to=to, **({"aria_current": "page"} if to == here else {})))
        for label, to in entries
        if exists(to)
    ]
    return framed(
        page_title(title, lead),
        rx.el.div(
            rx.el.nav(rx.el.ul(*lines), class_name="side", aria_label=section),
            rx.el.div(*content, class_name="stack"),
            class_name="beside",
        ),
        current=current,
        audience=Audience.FAMILY,
        crumbs=crumbs,
    )
