"""/messagerie/nouveau «Nouveau message»: what led here is chosen already, a draft is taken up."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.messages import Topic
from portail.services.messages import Choices, Draft, Written, choices, my_draft, throw_away
from portail.state.messages.words import Choice, about_label, suggested_subject
from portail.state.messages.writing import ERRORS, Writing
from portail.state.requests import number_in_query, query
from portail.texts.french import ago, counted

TOPICS = (Topic.INVOICE, Topic.CHILD, Topic.PROCEDURE)


class NewMessageState(Writing, PortalState, rx.State):
    """What the form of a new message shows."""

    loaded: bool = False
    open: bool = True  # there is a service to write to
    services: list[Choice] = []  # noqa: RUF012  (a Reflex variable)
    abouts: list[Choice] = []  # noqa: RUF012
    service: str = ""  # as the fields begin, then as chosen
    about: str = ""
    subject: str = ""
    resumed: str = ""
    delay: str = ""  # of the service chosen
    service_error: str = ""
    subject_error: str = ""

    _subject: str = ""
    _delays: dict[str, str] = {}  # noqa: RUF012

    def _written(self) -> Written:
        return Written(
            self.key,
            self._body,
            service=self.service,
            subject=self._subject,
            about=self.about,
        )

    @allow(FAMILY)
    async def load(self) -> Any:
        """Read the choices, and what was being written."""
        actor, asked = identity.actor(), query(self)
        topic = next((one for one in TOPICS if one.value in asked), None)
        wanted = number_in_query(self, topic.value) if topic else 0
        found = await run_in_thread(lambda: choices(actor, topic, wanted))
        draft = await run_in_thread(lambda: my_draft(actor))
        self._take_up(draft)
        self._offer(found)
        self._choose(found, draft)
        self.loaded = True
        return rx.set_focus(ERRORS) if self.errors else None

    def _offer(self, found: Choices) -> None:
        self.services = [
            Choice(one.code, f"{one.label} – {one.hint}" if one.hint else one.label)
            for one in found.services
        ]
        self._delays = {
            one.code: f"{one.label} répond d’habitude sous "
            f"{counted(one.answer_days, 'jour ouvré', 'jours ouvrés')}."
            for one in found.services
        }
        several = len({one.about.family_id for one in found.abouts}) > 1
        self.abouts = [
            Choice(one.about.code, about_label(one, several=several)) for one in found.abouts
        ]
        self.open = bool(self.services and self.abouts)

    def _choose(self, found: Choices, draft: Draft | None) -> None:
        known = {one.value for one in self.abouts}
        first = self.abouts[0].value if self.abouts else ""
        kept = draft.about if draft and draft.about in known else first
        self.about = found.wanted.about.code if found.wanted else kept
        self.service = found.service if found.wanted else ""
        if draft and draft.service in self._delays and not found.wanted:
            self.service = draft.service
        suggested = suggested_subject(found.wanted)
        self.subject = self._subject = (draft.subject if draft else "") or suggested
        self.delay = self._delays.get(self.service, "")
        refused = bool(self.errors)
        when = ago(draft.saved_at, clock.now()) if draft else ""
        self.resumed = (
            f"Votre brouillon est repris, tel que vous l’aviez laissé {when}."
            if draft and not refused
            else ""
        )
        self.service_error = self._error("service")
        self.subject_error = self._error("objet")

    @allow(FAMILY)
    async def write_subject(self, text: str) -> None:
        """The subject, as it is typed."""
        self._subject = text
        await self._keep()

    @allow(FAMILY)
    async def choose_service(self, code: str) -> None:
        """To whom; and how long they usually take."""
        self.service = code if code in self._delays else ""
        self.delay = self._delays.get(self.service, "")
        await self._keep()

    @allow(FAMILY)
    async def choose_about(self, about: str) -> None:
        """What about."""
        self.about = about if about in {one.value for one in self.abouts} else self.about
        await self._keep()

    @allow(FAMILY)
    async def begin_again(self) -> Any:
        """«Effacer le brouillon»."""
        actor = identity.actor()
        await run_in_thread(lambda: throw_away(actor))
        self._take_up(None)
        self.errors, self.refused = [], []
        self.subject = self._subject = self.service = self.resumed = self.delay = ""
        self.service_error = self.subject_error = self.body_error = self.files_error = ""
        self.about = self.abouts[0].value if self.abouts else ""
        return rx.set_focus("champ-service")
