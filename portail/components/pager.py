"""From page to page of a list."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from portail.components.buttons import button


def pager(
    page: int | rx.Var[int], pages: int | rx.Var[int], on_change: Callable[[Any], Any]
) -> rx.Component:
    """«Précédent», «Suivant» and where one is; nothing when there is one page.

    `on_change(number)` is a handler that takes the page's number, from 1.
    """
    number, total = rx.Var.create(page).to(int), rx.Var.create(pages).to(int)
    return rx.cond(
        total > 1,
        rx.el.nav(
            button(
                "Précédent",
                "quiet",
                icon="chevron-left",
                disabled=number <= 1,
                on_click=on_change(number - 1),
            ),
            rx.el.span("Page ", number, " sur ", total, role="status", aria_live="polite"),
            button(
                "Suivant",
                "quiet",
                icon="chevron-right",
                icon_last=True,
                disabled=number >= total,
                on_click=on_change(number + 1),
            ),
            class_name="pager",
            aria_label="Pagination",
        ),
    )
