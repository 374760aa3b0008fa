"""What narrows a list, one choice among a few."""

from typing import Any

import reflex as rx


def filter_select(
    label: str, ident: str, *options: Any, value: rx.Var[str], on_change: rx.EventHandler
) -> rx.Component:
    """A list of choices that acts at once; `options` are `rx.el.option`, ready or in a foreach."""
    return rx.el.div(
        rx.el.label(label, html_for=ident),
        rx.el.select(*options, id=ident, value=value, on_change=on_change, class_name="input"),
        class_name="field",
    )


def filter_options(options: rx.Var[Any]) -> rx.Component:
    """The choices of a list of the state, each with a `value` and a `label`."""
    return rx.foreach(options, lambda o: rx.el.option(o.label, value=o.value, key=o.value))
