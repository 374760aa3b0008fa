"""Links: within the application, to the outside, and in the shape of a button."""

from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink

from portail.components.icons import hidden_text, icon

Kind = Literal["primary", "quiet", "plain"]
BUTTON_CLASS = {
    "primary": "btn",
    "quiet": "btn quiet",
    "plain": "btn plain",
    "danger": "btn danger",
}


def link(*children: Any, to: str | rx.Var[str], **props: Any) -> rx.Component:
    """Go to another page of the application without loading it anew."""
    return ReactRouterLink.create(*children, to=to, **props)


def anchor(
    *children: Any, href: str | rx.Var[str], new_tab: bool = False, **props: Any
) -> rx.Component:
    """A real navigation: another site, a document, a route of the server, a place in the page."""
    if new_tab:
        props |= {"target": "_blank", "rel": "noopener"}
        children = (*children, hidden_text(" (nouvelle fenêtre)"))
    return A.create(*children, href=href, **props)  # rx.el.a would be a ReactRouterLink


def button_link(
    text: str | rx.Var[str],
    to: str | rx.Var[str],
    kind: Kind = "primary",
    icon: str | None = None,
    icon_last: bool = False,
    **props: Any,
) -> rx.Component:
    """A link to a page of the application that looks like a button."""
    return link(*label(text, icon, icon_last), to=to, **with_class(props, BUTTON_CLASS[kind]))


def button_anchor(
    text: str | rx.Var[str],
    href: str | rx.Var[str],
    kind: Kind = "quiet",
    icon: str | None = None,
    **props: Any,
) -> rx.Component:
    """A real navigation (a document to download, another site) that looks like a button."""
    return anchor(*label(text, icon), href=href, **with_class(props, BUTTON_CLASS[kind]))


def with_class(props: dict[str, Any], class_name: str) -> dict[str, Any]:
    """Put a component's own class before the caller's."""
    extra = props.get("class_name")
    return props | {"class_name": f"{class_name} {extra}" if extra else class_name}


def label(text: str | rx.Var[str], name: str | None, last: bool = False) -> list[Any]:
    """The words of a button and its icon, before or after them."""
    if name is None:
        return [text]
    return [text, icon(name, 20)] if last else [icon(name, 20), text]
