"""What the two forms of messages share: a draft that follows what is typed, and its files."""

from __future__ import annotations

import secrets
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.adapters.uploads.parts import FAULT_MESSAGES, Fault
from portail.services.messages import Draft, Told, Written, keep, remove_file
from portail.services.reach import NotFound
from portail.state.forms import FieldError
from portail.state.messages.words import (
    FileLine,
    RefusedLine,
    characters_left,
    field_errors,
    file_line,
    refused_lines,
)
from portail.state.requests import flash, query

ERRORS, ATTACHED = "erreurs", "pieces-gardees"


class Writing(PortalState, rx.State, mixin=True):
    """A text being written, its files, and why it was not sent."""

    key: str = ""  # names this sending: the same one twice is one message
    body: str = ""  # as the field begins
    left: str = ""
    files: list[FileLine] = []  # noqa: RUF012  (a Reflex variable)
    errors: list[FieldError] = []  # noqa: RUF012
    body_error: str = ""
    files_error: str = ""
    refused: list[RefusedLine] = []  # noqa: RUF012
    version: int = 0  # of what the fields begin with: they are mounted anew

    _body: str = ""  # as typed so far

    def _written(self) -> Written:
        """What is typed so far."""
        raise NotImplementedError

    def _take_up(self, draft: Draft | None) -> None:
        """Begin with a draft, and what it says if the page shows a refusal."""
        self.key = draft.key if draft else secrets.token_urlsafe(16)
        self.body = self._body = draft.body if draft else ""
        self.left = characters_left(self.body)
        self.files = [file_line(one) for one in draft.files] if draft else []
        self.version += 1
        self._tell(draft.told if draft and "erreur" in query(self) else Told())
        code = str(flash(self, "messages").get("code", ""))
        if code in set(Fault):
            self.errors = [FieldError("fichiers", FAULT_MESSAGES[Fault(code)])]
            self.files_error = self.errors[0].message

    def _tell(self, told: Told) -> None:
        self.errors = field_errors(told)
        self.refused = refused_lines(told)
        self.body_error = self._error("texte")
        self.files_error = self._error("fichiers")

    def _error(self, field: str) -> str:
        return next((one.message for one in self.errors if one.field == field), "")

    @allow(FAMILY)
    async def write(self, text: str) -> None:
        """The text, as it is typed: counted, and kept should anything happen."""
        self._body = text
        self.left = characters_left(text)
        await self._keep()

    async def _keep(self) -> None:
        actor, written = identity.actor(), self._written()
        try:
            await run_in_thread(lambda: keep(actor, written))
        except NotFound:
            return  # the page says it at its next load

    @allow(FAMILY)
    async def drop_file(self, file_id: int) -> Any:
        """«Retirer» a file that waits with the draft."""
        actor = identity.actor()
        try:
            await run_in_thread(lambda: remove_file(actor, file_id))
        except NotFound:
            return None
        self.files = [one for one in self.files if one.id != file_id]
        return rx.set_focus(ATTACHED)
