"""Tags: the state of a thing, by a sign and a word."""

import reflex as rx

from portail.components.icons import as_icon, icon_choice

BY_TONE = {"ok": "circle-check", "alert": "circle-alert", "accent": "clock"}


def tag(
    text: str | rx.Var[str],
    tone: str | rx.Var[str] = "neutral",
    icon: str | rx.Component | None = None,
) -> rx.Component:
    """A state; `tone`: neutral, brand, accent (pending), ok or alert. Never by colour alone.

    Without an `icon`, the one of the tone.
    """
    if icon is None and isinstance(tone, rx.Var):
        icon = icon_choice(tone, BY_TONE, "circle", 16)
    elif icon is None:
        icon = BY_TONE.get(tone, "circle")
    return rx.el.span(as_icon(icon, 16), text, class_name="tag", data_tone=tone)
