"""Icons (lucide): decoration beside a word, or alone with a label."""

from collections.abc import Mapping

import reflex as rx
from reflex_components_lucide.icon import (  # type: ignore[import-untyped, unused-ignore]
    LUCIDE_ICON_LIST,
)


def icon(name: str, size: int = 22, label: str | None = None) -> rx.Component:
    """An icon, hidden from screen readers unless it is given a `label`."""
    if name.replace("-", "_") not in LUCIDE_ICON_LIST:
        raise ValueError(f"lucide has no icon called {name!r}")  # Reflex would draw another one
    if label is None:
        return rx.icon(name, size=size, aria_hidden="true")
    return rx.icon(name, size=size, role="img", aria_label=label)


def icon_choice(
    value: rx.Var[str], choices: Mapping[str, str], default: str, size: int = 22
) -> rx.Component:
    """The icon that goes with a value of the state (the page carries only those named here)."""
    cases = [(key, icon(name, size)) for key, name in choices.items()]
    return rx.match(value, *cases, icon(default, size))


def as_icon(shape: str | rx.Component, size: int = 22) -> rx.Component:
    """Accept an icon's name, or a ready component such as `icon_choice(…)`."""
    return icon(shape, size) if isinstance(shape, str) else shape


def sign(shape: str | rx.Component, tone: str | rx.Var[str] = "brand") -> rx.Component:
    """An icon on a small tinted square; `tone`: brand, accent, ok or alert."""
    return rx.el.span(as_icon(shape), class_name="sign", data_tone=tone, aria_hidden="true")


def hidden_text(*text: str | rx.Var[str]) -> rx.Component:
    """Words for screen readers only."""
    return rx.el.span(*text, class_name="sr-only")
