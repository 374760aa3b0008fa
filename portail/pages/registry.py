"""What a page is: its address, title, content, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from portail.access.labels import PUBLIC, Access


@dataclass(frozen=True)
class Page:
    """One page of the portal.

    `description` is for search engines and shared links; `build` makes the content when the site
    is built; `on_load` is the handler called at each visit.
    """

    route: str
    title: str
    description: str
    build: Callable[[], rx.Component]
    access: Access = PUBLIC
    on_load: rx.EventHandler | None = None
