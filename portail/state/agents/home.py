"""/agents: who is signed in, and how the portal is doing."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import AGENT, PortalState, allow
from portail.domain.identity import ROLE_LABELS
from portail.services.overview import overview
from portail.texts.french import counted, listed


@dataclass(frozen=True)
class Fact:
    """A label and its value, as text."""

    label: str
    value: str


class AgentHomeState(PortalState, rx.State):
    """What /agents shows."""

    loaded: bool = False
    greeting: str = ""
    roles: str = ""
    facts: list[Fact] = []  # noqa: RUF012  (a Reflex variable)

    @allow(AGENT)
    async def load(self) -> None:
        """Count what there is."""
        actor = identity.actor()
        found = await run_in_thread(lambda: overview(actor))
        self.greeting = f"Bonjour {found.first_name}"
        labels = listed(sorted(ROLE_LABELS[role].lower() for role in actor.roles))
        self.roles = f"Vos droits : {labels}."
        self.facts = [
            Fact("Dossiers famille", counted(found.families, "dossier")),
            Fact("Enfants", counted(found.children, "enfant")),
            Fact("Comptes internaute", counted(found.accounts, "compte")),
            Fact("Courriels en attente d’envoi", counted(found.mails_waiting, "courriel")),
            Fact("Courriels abandonnés", counted(found.mails_failed, "courriel")),
        ]
        self.loaded = True
