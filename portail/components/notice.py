"""Notices: a sign, a title, a sentence."""

from typing import Any, Literal

import reflex as rx

from portail.components.icons import hidden_text, icon

Kind = Literal["info", "success", "warning", "error"]
SIGNS: dict[str, tuple[str, str]] = {
    "info": ("info", "Information : "),
    "success": ("circle-check", "Réussi : "),
    "warning": ("triangle-alert", "Attention : "),
    "error": ("circle-alert", "Erreur : "),
}


def notice(
    *children: Any,
    kind: Kind = "info",
    title: str | rx.Var[str] | None = None,
    id: str | None = None,  # noqa: A002  (the attribute's name)
    **props: Any,
) -> rx.Component:
    """A notice in the page. To have it announced when it appears, put it in a `status_region`."""
    shape, meaning = SIGNS[kind]
    if id is not None:
        props["id"] = id
    first = hidden_text(meaning)
    words = [rx.el.p(first, title, class_name="notice-title")] if title is not None else [first]
    body = [rx.el.p(child) if isinstance(child, str | rx.Var) else child for child in children]
    return rx.el.div(
        icon(shape),
        rx.el.div(*words, *body, class_name="notice-body"),
        class_name="notice",
        data_tone=kind,
        **props,
    )
