"""/mon-compte/consentements and /conditions-a-accepter: what is accepted, withdrawn, or missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, FAMILY_BEFORE_CONSENT, Audience, PortalState, allow
from portail.access.urls import CONSENT, after_sign_in, safe_path
from portail.domain.consents import ConsentText
from portail.domain.identity import Actor
from portail.services.account import ask_deletion, cancel_deletion, my_account
from portail.services.consents import MyConsent, accept, missing, my_consents, withdraw
from portail.state.forms import FieldError, typed
from portail.state.my_data import MyDataState
from portail.state.requests import query
from portail.texts.french import moment

ERRORS = "erreurs"  # id of the summary of errors: takes the focus
ACCEPTED = {
    ConsentText.TERMS: "J’ai lu et j’accepte les conditions générales d’utilisation",
    ConsentText.PRIVACY: "J’ai lu et j’accepte la politique de confidentialité de mes données "
    "personnelles",
}


@dataclass(frozen=True)
class ConsentLine:
    """A consent as shown: ready text; `state`: live, replaced or withdrawn."""

    id: int
    title: str
    address: str
    version: str
    accepted: str
    state: str
    state_words: str


class ConsentsState(PortalState, rx.State):
    """Everything that was accepted."""

    loaded: bool = False
    lines: list[ConsentLine] = []  # noqa: RUF012  (a Reflex variable)
    chosen: int = 0  # the consent that the dialog asks about
    chosen_title: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the signed-in parent's consents."""
        actor = identity.actor()
        await self._show(actor)
        await (await self.get_state(DeletionState))._show(actor)  # noqa: SLF001  (same page)
        await (await self.get_state(MyDataState))._show(actor)  # noqa: SLF001
        self.loaded = True

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_consents(actor))
        self.lines = [_line(one) for one in found]
        self.chosen, self.chosen_title = 0, ""

    @allow(FAMILY)
    def ask_withdrawal(self, consent_id: int) -> None:
        """Open the dialog, which says the consequence."""
        line = next((one for one in self.lines if one.id == consent_id), None)
        if line is not None and line.state == "live":
            self.chosen, self.chosen_title = line.id, line.title

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.chosen, self.chosen_title = 0, ""

    @allow(FAMILY)
    async def withdraw(self, form: dict[str, str]) -> Any:
        """«Retirer mon accord»: the portal asks for it again before anything else."""
        actor, wanted = identity.actor(), typed(form, "consentement")
        withdrawn = None
        consent_id = self.chosen
        if consent_id and wanted == str(consent_id):  # what the dialog showed, and no other
            withdrawn = await run_in_thread(lambda: withdraw(actor, consent_id))
        await self._show(actor)
        return rx.redirect(CONSENT) if withdrawn is not None else None


class ConsentGateState(PortalState, rx.State):
    """The texts of today that are yet to be accepted."""

    loaded: bool = False
    missing: list[str] = []  # noqa: RUF012  (a Reflex variable)
    unticked: list[str] = []  # noqa: RUF012
    errors: list[FieldError] = []  # noqa: RUF012

    @allow(FAMILY_BEFORE_CONSENT)
    async def load(self) -> None:
        """Read what is missing."""
        actor = identity.actor()
        await self._show(actor)
        await (await self.get_state(DeletionState))._show(actor)  # noqa: SLF001  (same page)
        await (await self.get_state(MyDataState))._show(actor)  # noqa: SLF001
        self.errors, self.unticked, self.loaded = [], [], True

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: missing(actor.account()))
        self.missing = [text.value for text in found]

    @allow(FAMILY_BEFORE_CONSENT)
    async def accept(self, form: dict[str, str]) -> Any:
        """«Accepter»: every text shown, or none."""
        actor = identity.actor()
        await self._show(actor)
        texts = [ConsentText(value) for value in self.missing]
        self.unticked = [text.value for text in texts if not typed(form, text.value)]
        self.errors = [
            FieldError(value, f"Cochez : « {ACCEPTED[ConsentText(value)]} ».")
            for value in self.unticked
        ]
        if self.errors:
            return rx.set_focus(ERRORS)
        if not texts:
            return None
        for text in texts:
            await run_in_thread(lambda text=text: accept(actor, text))
        await self._show(actor)
        wanted = safe_path(query(self).get("suite", ""))
        return rx.redirect(after_sign_in(Audience.FAMILY, wanted))


class DeletionState(PortalState, rx.State):
    """Whether the deletion of the account was asked, and when."""

    requested: str = ""
    asking: bool = False  # the dialog is open
    done: str = ""

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_account(actor))
        at = found.deletion_requested_at
        self.requested = moment(at) if at else ""
        self.asking, self.done = False, ""

    @allow(FAMILY_BEFORE_CONSENT)
    def ask(self) -> None:
        """Open the dialog."""
        self.asking = True

    @allow(FAMILY_BEFORE_CONSENT)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.asking = False

    @allow(FAMILY_BEFORE_CONSENT)
    async def confirm(self) -> None:
        """«Demander la suppression»: acknowledged by mail."""
        actor = identity.actor()
        await run_in_thread(lambda: ask_deletion(actor))
        await self._show(actor)
        self.done = "Votre demande est enregistrée. Un accusé de réception part par e-mail."

    @allow(FAMILY_BEFORE_CONSENT)
    async def cancel(self) -> None:
        """«Annuler ma demande»."""
        actor = identity.actor()
        await run_in_thread(lambda: cancel_deletion(actor))
        await self._show(actor)
        self.done = "Votre demande de suppression est annulée."


def _line(one: MyConsent) -> ConsentLine:
    state = "live" if one.current else "withdrawn" if one.withdrawn_at else "replaced"
    words = "Accepté"
    if one.withdrawn_at:
        words = f"Retiré le {moment(one.withdrawn_at)}"
    elif not one.current:
        words = "Remplacé par un texte plus récent"
    return ConsentLine(
        one.id,
        one.title,
        f"/{one.text.value}",
        one.version,
        moment(one.accepted_at),
        state,
        words,
    )
