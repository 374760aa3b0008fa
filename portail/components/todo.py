"""«À faire»: what asks for something, each with its way on."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from portail.components.icons import sign


def todo_item(
    icon: str | rx.Component,
    title: str | rx.Var[str] | rx.Component,
    detail: str | rx.Var[str] | rx.Component | None = None,
    action: rx.Component | None = None,
    tone: str | rx.Var[str] = "brand",
    **props: Any,
) -> rx.Component:
    """One line: sign, what, until when, and the button. `tone`: brand, accent, ok or alert."""
    words = [rx.el.div(title, class_name="todo-title")]
    if detail is not None:
        words.append(rx.el.div(detail, class_name="muted"))
    last = [] if action is None else [rx.el.div(action, class_name="todo-action")]
    return rx.el.li(sign(icon, tone), rx.el.div(*words), *last, **props)


def todo_list(*items: rx.Component) -> rx.Component:
    """The list of `todo_item`."""
    return rx.el.ul(*items, class_name="todo")


def todo_list_of(items: rx.Var[Any], render: Callable[[Any], rx.Component]) -> rx.Component:
    """The same from a list of the state; give each `todo_item` a `key`."""
    return rx.el.ul(rx.foreach(items, render), class_name="todo")
