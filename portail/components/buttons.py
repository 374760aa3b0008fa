"""Buttons."""

from typing import Any, Literal

import reflex as rx

from portail.components.icons import icon as draw
from portail.components.links import BUTTON_CLASS, label, with_class

Kind = Literal["primary", "quiet", "plain", "danger"]


def button(
    text: str | rx.Var[str],
    kind: Kind = "primary",
    type: Literal["button", "submit", "reset"] = "button",  # noqa: A002  (the attribute's name)
    icon: str | None = None,
    icon_last: bool = False,
    **props: Any,
) -> rx.Component:
    """A button; `kind="danger"` only for what deletes or cancels."""
    return rx.el.button(
        *label(text, icon, icon_last), type=type, **with_class(props, BUTTON_CLASS[kind])
    )


def icon_button(icon: str, does: str | rx.Var[str], **props: Any) -> rx.Component:
    """A round button with an icon alone; `does` is what it does, for a screen reader."""
    return rx.el.button(
        draw(icon),
        type="button",
        aria_label=does,
        title=does,
        **with_class(props, "btn plain icon-only"),
    )
