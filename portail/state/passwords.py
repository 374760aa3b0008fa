"""Forgotten password: what the two pages say."""

from __future__ import annotations

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.labels import PUBLIC, PortalState, allow
from portail.services.links import LinkState
from portail.services.password_reset import link_state
from portail.state.requests import cookie_header, flash, query

BAD_LINK = {
    LinkState.EXPIRED: "Ce lien a expiré : il n’est valable qu’une heure.",
    LinkState.USED: "Ce lien a déjà servi : il n’est valable qu’une fois.",
    LinkState.UNKNOWN: "Ce lien n’est pas valable. Il a peut-être été coupé par votre messagerie.",
}


class ForgottenPasswordState(PortalState, rx.State):
    """Whether the form has been sent."""

    sent: bool = False

    @allow(PUBLIC)
    def load(self) -> None:
        """Read the address."""
        self.sent = "envoye" in query(self)


class NewPasswordState(PortalState, rx.State):
    """What the link is worth, and why a password was refused."""

    checked: bool = False
    problem: str = ""
    password_error: str = ""
    confirmation_error: str = ""

    @allow(PUBLIC)
    async def load(self) -> None:
        """Look at the link that the browser holds."""
        secret = cookies.link_secret(cookie_header(self))
        found = await run_in_thread(lambda: link_state(secret))
        self.problem = BAD_LINK.get(found, "")
        kept = flash(self, "new-password")
        self.password_error = self.confirmation_error = ""
        if kept.get("code") == "weak":
            self.password_error = f"Il manque encore : {kept.get('missing', '')}."
        elif kept.get("code") == "different":
            self.confirmation_error = "Les deux mots de passe ne sont pas identiques."
        self.checked = True
