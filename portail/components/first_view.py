"""What a page shows of its data before it is alive: put in its HTML by `access.first_view`."""

from __future__ import annotations

from typing import Any

import reflex as rx


def first_view(name: str, *, in_text: bool = False) -> rx.Component:
    """Put it just before what it stands for, which a browser hides while there is one.

    It is empty in the pages as they are built, and when one goes there from another page. React
    leaves alone what the page came with, and takes it away when its place is given to the data.
    """
    attributes: dict[str, Any] = {
        "data-first": name,
        "dangerouslySetInnerHTML": rx.Var('({ __html: "" })'),
        "suppressHydrationWarning": True,
    }
    return (rx.el.span if in_text else rx.el.div)(custom_attrs=attributes)


def first_text(ready: rx.Var[bool], name: str, text: rx.Var[str], before: str) -> rx.Component:
    """Words that come with the data; `before` stands for them where there is no first view."""
    return rx.cond(ready, text, rx.fragment(first_view(name, in_text=True), rx.el.span(before)))
