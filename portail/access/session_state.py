"""What every page shows of the session. For display only: authority is the cookie."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import PUBLIC, PortalState, allow


class SessionState(PortalState, rx.State):
    """Who is signed in, and the warning before the session ends."""

    ready: bool = False  # false until the server has spoken: pages are pre-rendered
    audience: str = ""  # «family», «agent» or nobody
    name: str = ""
    large: bool = False  # «ergonomie mobile»: the phone's layout on any screen
    warning: str = ""  # time left, «2 minutes»; empty: no warning

    _owner: str = ""  # session this state tree belongs to

    @allow(PUBLIC)
    def stay(self) -> None:
        """«Rester connecté»: reaching the server is enough, the middleware keeps alive."""
        self.warning = ""
