"""A child's initial on a colour: the same colour on every page."""

from __future__ import annotations

import reflex as rx

COLOURS = 5  # of `.face` in components.css


def face(initial: str | rx.Var[str], child_id: rx.Var[int]) -> rx.Component:
    """A round sign before the child's name. Without a child (id 0) it stands for all of them."""
    which = rx.cond(child_id == 0, "all", (child_id.to(int) % COLOURS).to_string())
    return rx.el.span(
        initial, class_name="face", aria_hidden="true", custom_attrs={"data-face": which}
    )
