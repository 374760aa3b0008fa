"""/messagerie/fil: one conversation, in words, and the reply."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.access.live import Versions
from portail.domain.identity import Actor
from portail.domain.messages import STATE_LABELS, ThreadState
from portail.services.messages import (
    Closed,
    Conversation,
    Written,
    close,
    conversation,
    live,
    mark_read,
    my_draft,
)
from portail.services.reach import NotFound
from portail.state.forms import typed
from portail.state.messages.words import TONES, Bubble, about_words, bubble
from portail.state.messages.writing import ERRORS, Writing
from portail.state.navigation import NavigationState
from portail.state.requests import number_in_query, query
from portail.texts.french import counted

DONE = "fait"
threads = Versions[int]("threads", live.versions)


class ConversationState(Writing, PortalState, rx.State):
    """What the page of a conversation shows."""

    loaded: bool = False
    found: bool = False
    number: int = 0
    title: str = ""
    service: str = ""
    state: str = ""
    tone: str = "neutral"
    closed: bool = False
    about: str = ""
    about_address: str = ""
    procedure: str = ""
    procedure_address: str = ""
    delay: str = ""
    bubbles: list[Bubble] = []  # noqa: RUF012  (a Reflex variable)
    earlier: str = ""
    asking: bool = False  # the dialog is open
    done: str = ""
    problem: str = ""
    last: int = 0  # number of the last message shown
    news: str = ""  # told when it comes by itself
    unseen: int = 0  # number of the last message, if some are not read yet

    def _written(self) -> Written:
        return Written(self.key, self._body, self.number)

    @allow(FAMILY)
    async def load(self) -> Any:
        """Read the conversation of the address; once its page is seen, it is read."""
        actor = identity.actor()
        self.number = number_in_query(self, "n")
        self.done = self.problem = self.news = ""
        self.asking = False
        await self._show(actor)
        if not self.found:
            self.loaded = True
            return None
        number = self.number
        draft = await run_in_thread(lambda: my_draft(actor, number))
        self._take_up(draft)
        if "envoye" in query(self):
            self.done = "Votre message est envoyé. " + (
                "Un accusé de réception vous arrive par e-mail."
                if self.last == 1
                else "Un e-mail vous préviendra de la réponse."
            )
        self.loaded = True
        if self.errors:
            return rx.set_focus(ERRORS)
        return rx.set_focus(DONE) if self.done else None

    async def _show(self, actor: Actor, *, whole: bool = False) -> None:
        number = self.number
        try:
            shown = await run_in_thread(lambda: conversation(actor, number, whole=whole))
        except NotFound:
            self.found, self.title, self.service = False, "Introuvable", ""
            self.bubbles, self.files, self.last, self.unseen = [], [], 0, 0
            self.about = self.about_address = self.procedure = self.procedure_address = ""
            return
        threads.showing(self, actor, {number: (shown.last_rank, shown.state)})
        self._say(shown)
        self.unseen = shown.last_rank if any(one.new for one in shown.messages) else 0

    @allow(FAMILY)
    async def see(self, last: int) -> None:
        """The page is in front of somebody, with all the messages up to this number."""
        actor, number = identity.actor(), self.number
        with suppress(NotFound):  # it is no longer theirs
            await run_in_thread(lambda: mark_read(actor, number, last))
        if last >= self.last:
            self.unseen = 0
        await (await self.get_state(NavigationState))._changed(actor)  # noqa: SLF001

    async def _changed(self, actor: Actor) -> None:
        """A message has come, or the conversation was closed (see `access.live`)."""
        last = self.last
        await self._show(actor, whole=not self.earlier)
        self.news = "Un nouveau message est arrivé." if self.last > last else ""

    def _say(self, shown: Conversation) -> None:
        self.found, self.title, self.service = True, shown.subject, shown.service.label
        self.state, self.tone = STATE_LABELS[shown.state], TONES[shown.state]
        self.closed = shown.state is ThreadState.CLOSED
        self.about, self.about_address = about_words(shown.about)
        self.procedure = f"n°\u00a0{shown.procedure_id}" if shown.procedure_id else ""
        self.procedure_address = f"/dossier/demarche?n={shown.procedure_id or 0}"
        delay = counted(shown.service.answer_days, "jour ouvré", "jours ouvrés")
        self.delay = (
            f"{shown.service.label} répond d’habitude sous {delay}."
            if shown.state is ThreadState.OPEN
            else ""
        )
        self.bubbles = [bubble(one) for one in shown.messages]
        self.earlier = (
            f"Voir {counted(shown.earlier, 'message précédent', 'messages précédents')}"
            if shown.earlier
            else ""
        )
        self.last = shown.last_rank

    @allow(FAMILY)
    async def show_all(self) -> None:
        """«Voir les messages précédents»."""
        await self._show(identity.actor(), whole=True)

    @allow(FAMILY)
    def ask_closing(self) -> None:
        """Open the dialog."""
        self.asking = self.found and not self.closed

    @allow(FAMILY)
    def stay(self) -> None:
        """Close the dialog; nothing changes."""
        self.asking = False

    @allow(FAMILY)
    async def close(self, form: dict[str, str]) -> Any:
        """«Clore la conversation», as the dialog names it."""
        actor, number, seen = identity.actor(), self.number, self.last
        self.asking, self.done, self.problem = False, "", ""
        if typed(form, "fil") == str(number):  # what the dialog showed
            try:
                outcome = await run_in_thread(lambda: close(actor, number, seen))
            except NotFound:
                outcome = None
            if isinstance(outcome, Closed):
                self.done = "La conversation est terminée. Un nouveau message la rouvrira."
            elif outcome is not None:
                self.problem = "Un message vient d’arriver : lisez-le avant de clore."
        await self._show(actor)
        return rx.set_focus(DONE)
