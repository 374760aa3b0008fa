"""/dossier/documents: what is asked, what was sent, what the town gave, in words."""

from __future__ import annotations

import secrets
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.adapters.uploads.parts import FAULT_MESSAGES, Fault
from portail.domain.identity import Actor
from portail.services.documents import (
    Outcome,
    Removed,
    my_documents,
    receipts,
    remove_document,
)
from portail.services.reach import NotFound
from portail.state.documents_words import (
    FamilyPapers,
    Other,
    PaperLine,
    ResultLine,
    family_papers,
    moved,
    other_documents,
    result_line,
    standing,
)
from portail.state.dossier.live import opening, tell
from portail.state.forms import typed
from portail.state.requests import flash, query
from portail.texts.french import counted

RESULTS, OTHER = "resultats", "autre-document"  # ids of what takes the focus, of a field
NO_FILE = "Aucun fichier n’était choisi : choisissez-en un, puis appuyez sur « Déposer »."


class DocumentsState(PortalState, rx.State):
    """The documents of the parent's families, and how the last sending went."""

    loaded: bool = False
    lead: str = ""
    families: list[FamilyPapers] = []  # noqa: RUF012  (a Reflex variable)
    others: list[Other] = []  # noqa: RUF012
    several: bool = False
    batch: str = ""  # names the next sending
    results: list[ResultLine] = []  # noqa: RUF012
    result_title: str = ""
    result_kind: str = ""  # success or warning
    problem: str = ""
    # «un autre document»: what was chosen
    other: str = ""
    other_family: int = 0
    other_code: str = ""
    other_child: int = 0
    # the document that the dialog asks about
    chosen: int = 0
    chosen_name: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the signed-in parent's documents, and tell of the sending that leads here."""
        actor = identity.actor()
        await opening(self, actor)
        await self._show(actor)
        await self._arrive(actor, query(self))
        self.loaded = True

    @allow(FAMILY)
    async def sent(self) -> Any:
        """The files of a form have arrived."""
        actor = identity.actor()
        await self._arrive(actor, {"depot": self.batch})
        await self._show(actor)
        return rx.set_focus(RESULTS)

    async def _arrive(self, actor: Actor, asked: dict[str, str]) -> None:
        """Tell of the sending that an address names, on this page or a procedure's."""
        self._forget()
        if sent := asked.get("depot", "")[:40]:
            await self._tell(actor, sent)
        elif kept := flash(self, "documents"):
            self.problem = _problem(str(kept.get("code", "")))
        self.batch = secrets.token_urlsafe(12)

    def _forget(self) -> None:
        self.results, self.result_title, self.result_kind, self.problem = [], "", "", ""

    async def _show(self, actor: Actor) -> None:
        await self._read(actor)
        self.chosen, self.chosen_name = 0, ""
        self._choose("")

    async def _changed(self, actor: Actor) -> None:
        """The town has looked at a document, or gave one (see `dossier.live`)."""
        before = standing(self.families)
        await self._read(actor)
        await tell(self, moved(before, standing(self.families)))

    async def _read(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_documents(actor))
        self.families = [family_papers(family) for family in found.families]
        self.others = other_documents(found)
        self.several = len(found.families) > 1
        waited = found.to_do
        self.lead = (
            f"{counted(waited, 'document')} à fournir."
            if waited
            else "Rien à fournir : votre dossier est complet."
        )

    async def _tell(self, actor: Actor, batch: str) -> None:
        outcomes = await run_in_thread(lambda: receipts(actor, batch))
        self.results = [result_line(place, one) for place, one in enumerate(outcomes)]
        self.result_title = _title(outcomes)
        self.result_kind = "success" if all(one.received for one in outcomes) else "warning"

    @allow(FAMILY)
    def choose(self, value: str) -> None:
        """Another document than those asked: which one."""
        self._choose(value)

    def _choose(self, value: str) -> None:
        chosen = next((one for one in self.others if one.value == value), None)
        self.other = chosen.value if chosen else ""
        self.other_family = chosen.family_id if chosen else 0
        self.other_code = chosen.code if chosen else ""
        self.other_child = chosen.child_id if chosen else 0

    @allow(FAMILY)
    def ask_removal(self, document_id: int) -> None:
        """Open the dialog about a document that may still be taken back."""
        line = next((one for one in self._lines() if one.id == document_id), None)
        removable = line is not None and line.may_remove
        self.chosen, self.chosen_name = (line.id, line.name) if line and removable else (0, "")

    def _lines(self) -> list[PaperLine]:
        return [
            line
            for family in self.families
            for group in (
                *(asked.files for asked in family.pressing),
                *(asked.files for person in family.settled for asked in person.lines),
                family.others,
            )
            for line in group
        ]

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.chosen, self.chosen_name = 0, ""

    @allow(FAMILY)
    async def remove(self, form: dict[str, str]) -> Any:
        """«Retirer ce document», as the dialog names it."""
        actor, document_id = identity.actor(), self.chosen
        wanted = typed(form, "document")
        self._forget()
        if document_id and wanted == str(document_id):  # what the dialog showed
            try:
                outcome = await run_in_thread(lambda: remove_document(actor, document_id))
            except NotFound:
                self.problem = "Ce document n’est déjà plus dans votre dossier."
            else:
                if isinstance(outcome, Removed):
                    self.result_title = f"« {outcome.name} » est retiré de votre dossier."
                    self.result_kind = "success"
                else:
                    self.problem = "La mairie a déjà vérifié ce document : il reste à sa place."
        await self._show(actor)
        return rx.set_focus(RESULTS)


def _title(outcomes: tuple[Outcome, ...]) -> str:
    if not outcomes:
        return ""
    good = sum(one.received for one in outcomes)
    if good == len(outcomes):
        return "Votre document est arrivé." if good == 1 else "Vos documents sont arrivés."
    if good:
        arrived = "sont arrivés" if good > 1 else "est arrivé"
        return f"{counted(good, 'fichier')} sur {len(outcomes)} {arrived}."
    return "Ce fichier n’a pas été gardé." if len(outcomes) == 1 else "Aucun fichier gardé."


def _problem(code: str) -> str:
    return FAULT_MESSAGES[Fault(code)] if code in set(Fault) else NO_FILE
