"""What a page is: its address, title, content, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from portail.access.first_view import FirstView
from portail.access.labels import PUBLIC, Access


@dataclass(frozen=True)
class Page:
    """One page of the portal.

    `description` is for search engines and shared links; `build` makes the content when the site
    is built; `on_load` is the handler called at each visit; `first_view` gives what is shown until
    it has answered. `named` is the title of what the page shows, empty until it is known: the tab
    is called so.
    """

    route: str
    title: str
    description: str
    build: Callable[[], rx.Component]
    access: Access = PUBLIC
    on_load: rx.EventHandler | None = None
    first_view: FirstView | None = None
    named: rx.Var[str] | None = None

    def tab(self, portal: str) -> str | rx.Var[str]:
        """What a tab of it is called, in a portal of this name."""
        if self.named is None:
            return f"{self.title} – {portal}"
        return rx.cond(self.named, self.named, self.title) + f" – {portal}"
