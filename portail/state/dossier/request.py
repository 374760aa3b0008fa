"""The page of one procedure, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.file_fields import FIELDS
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState, label, takes_documents
from portail.services import messages, payments
from portail.services.family_file.changes import withdraw
from portail.services.messages.telling import address as conversation_address
from portail.services.planning import of_procedure
from portail.services.procedures import HistoryLine, ProcedureDetail, procedure_detail
from portail.services.reach import NotFound
from portail.state.billing.address import result_address
from portail.state.documents import RESULTS, DocumentsState
from portail.state.dossier.live import opening, tell
from portail.state.dossier.words import PROOFS, TONES
from portail.state.forms import typed
from portail.state.planning.outcomes import DoneChild, by_child
from portail.state.requests import number_in_query, query
from portail.texts.file_values import shown
from portail.texts.french import listed, moment, sentence


@dataclass(frozen=True)
class Change:
    """A field before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """A line of the history."""

    at: str
    what: str
    note: str
    tone: str


@dataclass(frozen=True)
class File:
    """A document sent with the request."""

    id: int
    name: str
    address: str


class RequestState(PortalState, rx.State):
    """What the page of one procedure shows."""

    loaded: bool = False
    found: bool = False
    number: int = 0
    title: str = ""
    lead: str = ""
    state: str = ""
    tone: str = "neutral"
    changes: list[Change] = []  # noqa: RUF012
    bookings: list[DoneChild] = []  # noqa: RUF012
    payment: str = ""  # address of the payment it acknowledges
    conversation: str = ""  # address of the conversation it stands for
    history: list[Event] = []  # noqa: RUF012
    files: list[File] = []  # noqa: RUF012
    may_withdraw: bool = False
    needs_proof: bool = False
    takes_files: bool = False
    proof_kind: str = ""  # code of the type of document that proves the change
    family_id: int = 0
    asked: str = ""
    asking: bool = False  # the dialog is open
    done: str = ""
    refusal: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the procedure of the address."""
        self.number = number_in_query(self, "n")
        self.done = self.refusal = ""
        self.asking = False
        actor = identity.actor()
        await opening(self, actor)
        await self._show(actor)
        if self.found and self.takes_files and "signalee" in query(self):
            self.done = "L’absence est signalée. Vous pouvez joindre un justificatif ci-dessous."
        await (await self.get_state(DocumentsState))._arrive(actor, query(self))  # noqa: SLF001
        self.loaded = True

    async def _changed(self, actor: Actor) -> None:
        """The town has answered (see `dossier.live`)."""
        before = self.state
        await self._show(actor)
        if self.found and self.state != before:
            await tell(self, f"Votre démarche a changé d’état\u00a0: {self.state}.")

    async def _show(self, actor: Actor) -> None:
        number = self.number
        try:
            detail = await run_in_thread(lambda: procedure_detail(actor, number))
        except NotFound:
            self.found, self.title, self.lead = False, "Introuvable", ""
            self.changes, self.history, self.files, self.bookings = [], [], [], []
            self.may_withdraw = self.needs_proof = self.takes_files = False
            self.payment = self.conversation = ""
            return
        line = detail.line
        self.found, self.title = True, line.title
        child = f" pour {line.child}" if line.child else ""
        self.lead = f"Démarche n°\u00a0{line.id}{child}, du {moment(line.requested_at)}."
        self.state, self.tone = label(line.kind, line.state), TONES[line.state]
        self.changes = [
            Change(FIELDS[c.field].label, shown(c.field, c.old), shown(c.field, c.new))
            for c in detail.changes
        ]
        confirmed = None
        if line.kind is ProcedureKind.RESERVATIONS:
            confirmed = await run_in_thread(lambda: of_procedure(actor, number))
        self.bookings = by_child(confirmed) if confirmed else []
        self.payment = ""
        if line.kind is ProcedureKind.PAYMENT:
            paid = await run_in_thread(lambda: payments.of_procedure(actor, number))
            self.payment = result_address(paid) if paid else ""
        self.conversation = ""
        if line.kind is ProcedureKind.MESSAGE:
            thread = await run_in_thread(lambda: messages.of_procedure(actor, number))
            self.conversation = conversation_address(thread) if thread else ""
        self.history = [_event(line.kind, one) for one in reversed(detail.history)]
        self.files = [File(one.id, one.name, f"/dossier/fichiers/{one.id}") for one in detail.files]
        self.may_withdraw = detail.may_withdraw
        self.needs_proof = line.state is ProcedureState.DOCUMENT_ASKED
        self.asked = _asked(detail)
        self.family_id = detail.family_id
        self.takes_files = takes_documents(line.kind, line.state)
        proofs = {FIELDS[change.field].proof for change in detail.changes} - {""}
        self.proof_kind = proofs.pop() if len(proofs) == 1 else ""

    @allow(FAMILY)
    async def sent(self) -> Any:
        """The files of the form have arrived."""
        actor = identity.actor()
        documents = await self.get_state(DocumentsState)
        await documents._arrive(actor, {"depot": documents.batch})  # noqa: SLF001
        await self._show(actor)
        return rx.set_focus(RESULTS)

    @allow(FAMILY)
    def ask_withdrawal(self) -> None:
        """Open the dialog."""
        self.asking = self.may_withdraw

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.asking = False

    @allow(FAMILY)
    async def withdraw(self, form: dict[str, str]) -> None:
        """«Retirer ma demande», as the dialog names it."""
        actor, number = identity.actor(), self.number
        self.asking = False
        self.done = self.refusal = ""
        if typed(form, "demarche") == str(number):  # what the dialog showed
            if await run_in_thread(lambda: withdraw(actor, number)):
                self.done = "Votre demande est retirée. Rien n’a changé dans votre dossier."
            else:
                self.refusal = "Cette demande ne peut plus être retirée : elle a reçu une réponse."
        await self._show(actor)


WHO = {"me": "par vous", "family": "par un autre adulte du dossier", "town": "par la mairie"}


def _event(kind: ProcedureKind, one: HistoryLine) -> Event:
    who = WHO.get(one.by)
    what = label(kind, one.state)
    return Event(
        sentence(moment(one.at)), f"{what} {who}" if who else what, one.note, TONES[one.state]
    )


def _asked(detail: ProcedureDetail) -> str:
    """Which document is asked: what the agent wrote, or the proof of the field."""
    last = detail.history[-1]
    if last.state is ProcedureState.DOCUMENT_ASKED and last.note:
        return last.note
    proofs = {FIELDS[change.field].proof for change in detail.changes}
    return listed([PROOFS[code] for code in PROOFS if code in proofs])
