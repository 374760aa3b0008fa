"""After a navigation within the application, the focus goes to the title of the new page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import reflex as rx

from portail.access import identity
from portail.access.labels import PUBLIC, PortalState, allow
from portail.access.live import Versions
from portail.access.reads import read
from portail.domain.identity import Actor
from portail.services.menu import menu_counts
from portail.services.messages import live

TITLE_ID = "titre"  # of every page’s h1
answers = Versions[int]("answers", live.unread)  # by account


class NavigationState(PortalState, rx.State):
    """Which connection has already shown a page, and which page; what the menu counts."""

    due: int = 0  # invoices to pay
    unread: int = 0  # conversations with an answer to read

    _counted: bool = False  # the page that loads has said it
    _connection: str = ""
    _path: str = ""

    def _count(self, due: int) -> None:
        """So many invoices are due, says the page that loads: no need to ask again."""
        self.due, self._counted = due, True

    async def _changed(self, actor: Actor) -> None:
        """An answer has come, or was read elsewhere (see `access.live`)."""
        found = await read(lambda: menu_counts(actor, due=False))
        self.unread = found.unread

    @allow(PUBLIC)
    async def arrived(self) -> Any:
        """Count what waits, and move the focus.

        Not on a cold load or a reconnection: the browser does it right.
        Nor within a page whose address alone changes (another month of the planning): one goes on
        from where one is.
        """
        signed_in = identity.current()
        ask_due, self._counted = not self._counted, False
        if signed_in and signed_in.actor.is_family and not signed_in.must_consent:
            found = await read(lambda: menu_counts(signed_in.actor, due=ask_due))
            self.due = self.due if found.due is None else found.due
            self.unread = found.unread
            account = signed_in.actor.account()
            answers.showing(self, signed_in.actor, {account: found.unread or None})
        before = self._connection, self._path
        path = urlsplit(str(self.router_data.get("asPath", ""))).path
        self._connection, self._path = self.router.session.session_id, path
        if before[0] == self._connection and before[1] != path:
            return rx.set_focus(TITLE_ID)
        return None
