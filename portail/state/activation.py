"""/activation: what the link is worth, and whether another was sent."""

from __future__ import annotations

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.labels import PUBLIC, PortalState, allow
from portail.services.activation import link_state
from portail.services.links import LinkState
from portail.state.requests import cookie_header, query

PROBLEMS = {
    LinkState.EXPIRED: "Ce lien a expiré : il n’est valable que 72 heures, et seul le plus récent "
    "fonctionne. Demandez-en un nouveau, il arrivera dans quelques instants.",
    LinkState.USED: "Ce lien a déjà servi : votre compte est activé. Il ne vous reste qu’à vous "
    "connecter.",
    LinkState.UNKNOWN: "Ce lien n’est pas valable. Votre messagerie l’a peut-être coupé : "
    "recopiez-le en entier depuis le message, ou demandez-en un nouveau.",
}


class ActivationState(PortalState, rx.State):
    """What the page says."""

    ready: bool = False
    link: str = ""  # valid, expired, used or unknown
    problem: str = ""
    sent: bool = False

    @allow(PUBLIC)
    async def load(self) -> None:
        """Look at the link that the browser holds."""
        secret = cookies.link_secret(cookie_header(self))
        found = await run_in_thread(lambda: link_state(secret))
        self.link, self.problem = found.value, PROBLEMS.get(found, "")
        self.sent = "envoye" in query(self)
        self.ready = True
