"""/adresse-confirmee: what the link received at the new address is worth, and what it did."""

from __future__ import annotations

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.labels import PUBLIC, PortalState, allow
from portail.services.email_change import awaited_email
from portail.services.links import LinkState
from portail.state.requests import cookie_header, query

PROBLEMS = {
    LinkState.EXPIRED: "Ce lien n’est plus valable : il dure 24 heures, et seul le plus récent "
    "fonctionne.",
    LinkState.USED: "Ce lien a déjà servi : il n’est valable qu’une fois.",
    LinkState.UNKNOWN: "Ce lien n’est pas valable. Il a peut-être été coupé par votre messagerie.",
}
TAKEN = "Cette adresse est maintenant celle d’un autre compte : rien n’a été changé."


class EmailConfirmationState(PortalState, rx.State):
    """The address to confirm, confirmed, or what is wrong."""

    checked: bool = False
    waiting: str = ""  # the address that the button confirms
    changed: str = ""  # the address that was confirmed
    problem: str = ""

    @allow(PUBLIC)
    async def load(self) -> None:
        """Look at the link that the browser holds, or at what it has just done."""
        header = cookie_header(self)
        self.waiting = self.changed = self.problem = ""
        kept = cookies.flash(header, "email-change") if "fait" in query(self) else {}
        if kept.get("code") == "changed":
            self.changed = str(kept.get("email", ""))
        elif kept.get("code") == "taken":
            self.problem = TAKEN
        else:
            secret = cookies.link_secret(header)
            found = await run_in_thread(lambda: awaited_email(secret))
            if isinstance(found, str):
                self.waiting = found
            else:
                self.problem = PROBLEMS[found.state]
        self.checked = True
