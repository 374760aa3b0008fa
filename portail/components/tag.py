"""Tags: the state of a thing, by a sign and a word."""

import reflex as rx

from portail.components.icons import as_icon


def tag(
    text: str | rx.Var[str],
    tone: str | rx.Var[str] = "neutral",
    icon: str | rx.Component = "circle",
) -> rx.Component:
    """A state; `tone`: neutral, brand, accent (pending), ok or alert. Never by colour alone."""
    return rx.el.span(as_icon(icon, 16), text, class_name="tag", data_tone=tone)
