"""The «fiche sanitaire» of a child: from what the file knows; completed, certified, or sent."""

from __future__ import annotations

import secrets

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.identity import Actor
from portail.services.documents import receipts
from portail.services.family_file.care import certify
from portail.services.family_file.file import ChildView, child_view
from portail.services.reach import NotFound
from portail.state.documents_words import refused_files
from portail.state.dossier.children import PERMISSIONS
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.household import school_year_words
from portail.state.dossier.words import Row, row
from portail.state.enrolments.new import NewEnrolmentState
from portail.state.forms import typed
from portail.texts.file_values import shown
from portail.texts.french import listed

SECTION = "medical"  # of `FileEditState`: what is completed from here


class HealthFormState(PortalState, rx.State):
    """The form that is open; none when `child_id` is 0."""

    child_id: int = 0
    family_id: int = 0
    name: str = ""
    year: str = ""
    rows: list[Row] = []  # noqa: RUF012  (a Reflex variable)
    insurance: str = ""
    people: str = ""
    permissions: str = ""
    file: str = ""  # address of the child's page, to correct
    back: str = ""
    batch: str = ""
    refusal: str = ""
    done: str = ""

    @allow(FAMILY)
    async def open(self, child_id: int) -> None:
        """«Remplir la fiche sanitaire»."""
        actor = identity.actor()
        self._close()
        self.done = ""
        try:
            view = await run_in_thread(lambda: child_view(actor, child_id))
        except NotFound:
            return
        self._fill(view)
        (await self.get_state(FileEditState))._close()  # noqa: SLF001
        choice = await self.get_state(NewEnrolmentState)
        self.back = f"/inscriptions/nouvelle?enfant={child_id}&type={choice.type_code}"
        self.batch = secrets.token_urlsafe(12)

    def _fill(self, view: ChildView) -> None:
        self.child_id, self.family_id = view.card.id, view.family_id
        self.name, self.year = view.card.first_name, school_year_words()
        self.rows = [row(one) for one in view.fields if one.key.startswith("medical.")]
        self.insurance = next(
            (shown(one.key, one.value) for one in view.fields if one.key == "child.insurance"), ""
        )
        people = [f"{one.first_name} {one.last_name} ({one.link})" for one in view.collectors]
        self.people = listed(people) or "Personne d’autre que les responsables"
        answers = {True: "oui", False: "non", None: "pas encore de réponse"}
        self.permissions = ", ".join(
            f"{PERMISSIONS[one.permission][0].lower()}\u00a0: {answers[one.granted]}"
            for one in view.permissions
        )
        self.file = f"/dossier/enfants/fiche?enfant={view.card.id}"

    def _close(self) -> None:
        self.child_id = self.family_id = 0
        self.name = self.insurance = self.people = self.permissions = self.refusal = ""
        self.rows = []

    @allow(FAMILY)
    async def refresh(self) -> None:
        """The health of the child has been completed: read it again."""
        actor, child_id = identity.actor(), self.child_id
        if not child_id:
            return
        try:
            self._fill(await run_in_thread(lambda: child_view(actor, child_id)))
        except NotFound:
            self._close()

    @allow(FAMILY)
    def close(self) -> None:
        """Close it; nothing changes."""
        self._close()

    @allow(FAMILY)
    async def certify(self, form: dict[str, str]) -> None:
        """«Je certifie», for the child that the dialog names."""
        actor, child_id, family_id = identity.actor(), self.child_id, self.family_id
        if not child_id or typed(form, "enfant") != str(child_id):
            return
        try:
            await run_in_thread(lambda: certify(actor, family_id, child_id))
        except NotFound:
            self._close()
            return
        await self._finish(actor, f"La fiche sanitaire de {self.name} est certifiée.")

    @allow(FAMILY)
    async def sent(self) -> None:
        """The file of the form has arrived."""
        actor, batch, name = identity.actor(), self.batch, self.name
        outcomes = await run_in_thread(lambda: receipts(actor, batch))
        if outcomes and all(one.received for one in outcomes):
            await self._finish(actor, f"La fiche sanitaire de {name} est bien arrivée.")
        else:
            self.refusal = refused_files(outcomes)
            self.batch = secrets.token_urlsafe(12)

    async def _finish(self, actor: Actor, words: str) -> None:
        self._close()
        self.done = words
        choice = await self.get_state(NewEnrolmentState)
        await choice._show_again(actor)  # noqa: SLF001
