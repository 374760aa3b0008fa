"""What is happening: announced words, and the shape of what is coming."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from portail.components.browser import last_seen, when_seen
from portail.components.icons import hidden_text


class SeenButton(BaseHTML):
    """A hidden button that the browser presses once what came is in front of somebody."""

    tag = "button"

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """The press, with the number of the last thing that is seen."""
        return super().get_event_triggers() | {"on_click": last_seen}


def seen_probe(last: rx.Var[int], on_seen: Any, **props: Any) -> rx.Component:
    """Tell the server once when things are seen, up to the one of this number; 0: nothing waits."""
    return SeenButton.create(
        on_click=on_seen,
        hidden=True,
        custom_attrs={"type": "button", "data-last": last.to_string(), "ref": when_seen()},
        **props,
    )


def status_region(*message: Any, **props: Any) -> rx.Component:
    """A place whose changes are told politely to a screen reader; always in the page."""
    return rx.el.div(*message, role="status", aria_live="polite", **props)


def skeleton(lines: int = 3) -> rx.Component:
    """Grey lines in place of a text to come."""
    return rx.el.div(*[rx.el.i() for _ in range(lines)], class_name="skeleton", aria_hidden="true")


def skeleton_card(lines: int = 3) -> rx.Component:
    """A card to come."""
    return rx.el.div(skeleton(lines), class_name="card")


def loading(
    ready: rx.Var[bool],
    skeleton: rx.Component,
    content: rx.Component,
    min_height: str = "",
) -> rx.Component:
    """Show `skeleton` until `ready`; `min_height` (a Tailwind class) reserves the place."""
    waiting = rx.el.div(hidden_text("Chargement en cours…"), skeleton)
    return rx.el.div(
        rx.cond(ready, content, waiting),
        aria_busy=rx.cond(ready, "false", "true"),
        class_name=min_height,
    )
