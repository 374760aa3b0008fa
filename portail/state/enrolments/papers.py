"""A document that an activity asks for, sent from the request itself."""

from __future__ import annotations

import secrets

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.services.documents import receipts
from portail.state.documents_words import refused_files
from portail.state.enrolments.new import NewEnrolmentState


class PaperState(PortalState, rx.State):
    """The document that is asked for; none when `code` is empty."""

    code: str = ""
    title: str = ""
    child_id: int = 0
    family_id: int = 0
    name: str = ""
    back: str = ""
    batch: str = ""
    refusal: str = ""
    done: str = ""

    @allow(FAMILY)
    async def open(self, child_id: int, code: str) -> None:
        """«Déposer»: one of the documents that the page says are missing."""
        choice = await self.get_state(NewEnrolmentState)
        self._close()
        self.done = ""
        for card in choice.cards:
            for child in card.children:
                for paper in child.missing:
                    if (child.id, paper.code) == (child_id, code):
                        self.code, self.title = paper.code, paper.name
                        self.child_id, self.family_id = child.id, child.family_id
                        self.name = child.name
        self.back = f"/inscriptions/nouvelle?enfant={self.child_id}&type={choice.type_code}"
        self.batch = secrets.token_urlsafe(12)

    def _close(self) -> None:
        self.code = self.title = self.name = self.refusal = ""
        self.child_id = self.family_id = 0

    @allow(FAMILY)
    def close(self) -> None:
        """Close it; nothing changes."""
        self._close()

    @allow(FAMILY)
    async def sent(self) -> None:
        """The files have arrived."""
        actor, batch = identity.actor(), self.batch
        outcomes = await run_in_thread(lambda: receipts(actor, batch))
        self.batch = secrets.token_urlsafe(12)
        if not outcomes or not all(one.received for one in outcomes):
            self.refusal = refused_files(outcomes)
            return
        self.done = f"{self.title} ({self.name})\u00a0: bien arrivé, la mairie va le vérifier."
        self._close()
        choice = await self.get_state(NewEnrolmentState)
        await choice._show_again(actor)  # noqa: SLF001
