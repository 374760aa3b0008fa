"""Nothing to show, and what to do about it."""

import reflex as rx

from portail.components.cards import heading
from portail.components.icons import sign


def empty_state(
    icon: str,
    title: str | rx.Var[str],
    text: str | rx.Var[str],
    action: rx.Component | None = None,
    level: int = 2,
) -> rx.Component:
    """A sentence instead of an empty table."""
    last = [] if action is None else [action]
    return rx.el.div(sign(icon), heading(level, title), rx.el.p(text), *last, class_name="empty")
