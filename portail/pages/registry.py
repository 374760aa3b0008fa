"""What a page is: its address, title, content, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import reflex as rx

from portail.access.labels import PUBLIC, Access


@dataclass(frozen=True)
class Page:
    """One page of the portal.

    `build` makes its content when the site is built; `on_load` is the handler called at each
    visit; `menu` is the key of the menu entry that is lit on it.
    """

    route: str
    title: str
    build: Callable[[], rx.Component]
    access: Access = PUBLIC
    description: str = ""
    on_load: rx.EventHandler | None = None


_routes: set[str] = set()


def register(pages: tuple[Page, ...]) -> None:
    """Say which pages exist, before any is built: links are shown only to these."""
    _routes.update(page.route for page in pages)


def exists(path: str) -> bool:
    """Whether a page answers at this path."""
    return urlsplit(path).path in _routes
