"""After a navigation within the application, the focus goes to the title of the new page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.access.labels import PUBLIC, PortalState, allow

TITLE_ID = "titre"  # of every page’s h1


class NavigationState(PortalState, rx.State):
    """Which connection has already shown a page."""

    _connection: str = ""

    @allow(PUBLIC)
    def arrived(self) -> Any:
        """Move the focus, but not on a cold load or a reconnection: the browser does it right."""
        before, self._connection = self._connection, self.router.session.session_id
        if before == self._connection:
            return rx.set_focus(TITLE_ID)
        return None
