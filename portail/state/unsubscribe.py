"""/desabonnement: what the link of a mail stops, and whether it is stopped."""

from __future__ import annotations

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.labels import PUBLIC, PortalState, allow
from portail.services.notifications.unsubscribing import look
from portail.state.requests import cookie_header, query


class UnsubscribeState(PortalState, rx.State):
    """What the browser's link is about; without a label, it is not good."""

    checked: bool = False
    label: str = ""
    says: str = ""
    stopped: bool = False
    done: bool = False  # the button has just been pressed
    taken_back: bool = False

    @allow(PUBLIC)
    async def load(self) -> None:
        """Look at the link that the browser holds; nothing changes."""
        token = cookies.link_secret(cookie_header(self))
        found = await run_in_thread(lambda: look(token))
        self.label = found.label if found else ""
        self.says = found.says if found else ""
        self.stopped = found is not None and found.stopped
        asked = query(self)
        self.done = self.stopped and "fait" in asked
        self.taken_back = found is not None and not found.stopped and "repris" in asked
        self.checked = True
