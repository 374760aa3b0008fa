"""Cards and tiles."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from portail.components.icons import sign
from portail.components.links import link, with_class


def heading(level: int, *children: Any, **props: Any) -> rx.Component:
    """A heading of the given level (2 to 4)."""
    return {2: rx.el.h2, 3: rx.el.h3, 4: rx.el.h4}[level](*children, **props)


def card(
    *children: Any,
    title: str | rx.Var[str] | None = None,
    level: int = 2,
    actions: Sequence[rx.Component] | rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A white card; its title on the left, its actions on the right."""
    wrapper = rx.el.section if title is not None else rx.el.div
    right = [actions] if isinstance(actions, rx.Component) else list(actions or [])
    head = []
    if title is not None or right:
        left = [] if title is None else [heading(level, title)]
        group = [rx.el.div(*right, class_name="flex flex-wrap gap-2")] if right else []
        head = [rx.el.div(*left, *group, class_name="card-head")]
    return wrapper(*head, *children, **with_class(props, "card"))


def tile(
    title: str,
    icon: str,
    links: Sequence[tuple[str, str]],
    level: int = 2,
    soon: Sequence[str] = (),
) -> rx.Component:
    """One door of the home page: a title with its sign, then its links (label, address).

    `soon`: labels of what does not open yet, shown as plain words.
    """
    doors = [rx.el.li(link(label, to=to)) for label, to in links]
    doors += [rx.el.li(label, " (bientôt)", class_name="soon") for label in soon]
    return rx.el.section(
        heading(level, sign(icon), title, class_name="tile-title"),
        rx.el.ul(*doors),
        class_name="card tile",
    )


def tiles(*items: rx.Component) -> rx.Component:
    """Tiles side by side, as many as fit."""
    return rx.el.div(*items, class_name="tiles")
