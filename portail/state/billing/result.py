"""/facturation/paiement: what became of a payment; it comes by itself when it is not known yet."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.access.live import Versions
from portail.domain.identity import Actor
from portail.domain.payments import OPEN, PaymentState
from portail.services import payments
from portail.services.billing import views
from portail.services.payments import PaymentView
from portail.services.reach import NotFound
from portail.state.billing.address import RECAP, pay_address, prepare_address
from portail.state.billing.documents import invoice_pdf, receipt_pdf
from portail.state.billing.words import CHECKED
from portail.state.navigation import NavigationState
from portail.state.requests import number_in_query
from portail.texts.french import NBSP, euros, hour, moment

_S = PaymentState
TITLES = {
    _S.PAID: "Paiement accepté",
    _S.REFUSED: "Paiement refusé",
    _S.ABANDONED: "Paiement abandonné",
    _S.EXPIRED: "Paiement non abouti",
    _S.FAILED: "Paiement non abouti",
    _S.MISMATCH: "Paiement à vérifier",
    _S.CLEARED: "Paiement vérifié",
}
TONES = {_S.PAID: "ok", _S.MISMATCH: "accent", _S.CLEARED: "brand", _S.REFUSED: "alert"}
NOTHING_TAKEN = f"Rien n’a été débité{NBSP}: vous pouvez payer à nouveau quand vous voulez."
LEADS = {
    _S.REFUSED: f"Votre banque a refusé le paiement. {NOTHING_TAKEN}",
    _S.ABANDONED: f"Vous avez quitté la page de paiement avant la fin. {NOTHING_TAKEN}",
    _S.EXPIRED: f"La banque n’a reçu aucun paiement. {NOTHING_TAKEN}",
    _S.FAILED: f"Le service de paiement n’a pas répondu. {NOTHING_TAKEN}",
    _S.MISMATCH: CHECKED,
    _S.CLEARED: f"La mairie a vérifié ce paiement{NBSP}: sa réponse est dans votre démarche.",
}

# the attempts that pages wait for
outcomes = Versions[int]("payments", lambda ids: dict.fromkeys(payments.ended(ids), "ended"))


@dataclass(frozen=True)
class Covered:
    """An invoice of the payment."""

    id: int
    number: str
    amount: str
    pdf: str


class ResultState(PortalState, rx.State):
    """The outcome, in words, and the ways on."""

    loaded: bool = False
    found: bool = False
    kind: str = ""  # paid, waiting, again (it can be paid again) or checked
    tone: str = "brand"
    title: str = ""
    lead: str = ""
    amount: str = ""
    reference: str = ""
    at: str = ""
    invoices: list[Covered] = []  # noqa: RUF012  (a Reflex variable)
    receipt: str = ""
    procedure: str = ""
    again: str = ""
    resume: str = ""
    others: str = ""  # what is due besides

    @allow(FAMILY)
    async def load(self) -> None:
        """Ask the bank once more while the outcome is not known, then wait for it."""
        actor, number = identity.actor(), number_in_query(self, "n")
        self.loaded, self.found = False, False
        try:
            found = await run_in_thread(lambda: payments.refresh(actor, number))
        except NotFound:
            self.loaded = True
            return
        if found.state in OPEN:
            outcomes.showing(self, actor, {number: None})
        await self._outcome(actor, found)
        self.loaded = True

    async def _changed(self, actor: Actor) -> None:
        """The attempt has ended meanwhile."""
        number = number_in_query(self, "n")
        await self._outcome(actor, await run_in_thread(lambda: payments.payment(actor, number)))

    async def _outcome(self, actor: Actor, found: PaymentView) -> None:
        self.found = True
        self.kind, self.tone = _kind(found.state), TONES.get(found.state, "brand")
        self.title = TITLES.get(found.state, "Paiement en cours de vérification")
        self.lead = _lead(found)
        self.amount, self.reference = euros(found.cents), found.reference
        self.at = moment(found.settled_at or found.created_at)
        self.invoices = [
            Covered(one.id, one.number, euros(one.cents), invoice_pdf(one.id))
            for one in found.invoices
        ]
        paid = found.state is _S.PAID
        self.receipt = receipt_pdf(found.id) if paid else ""
        self.procedure = f"/dossier/demarche?n={found.procedure_id}" if found.procedure_id else ""
        self.again = self.resume = ""
        if self.kind == "again":
            self.again = pay_address(*(one.id for one in found.invoices), step=RECAP)
        if found.own and found.resumable_until and clock.now() < found.resumable_until:
            self.resume = prepare_address(found.id)
        left = await run_in_thread(lambda: views.count_due(actor))
        self.others = _others(left) if paid else ""
        menu = await self.get_state(NavigationState)
        menu.due = left  # `arrived` counts again after a load; a push has no other


def _kind(state: PaymentState) -> str:
    if state in OPEN:
        return "waiting"
    if state in (_S.MISMATCH, _S.CLEARED):
        return "checked"
    return "paid" if state is _S.PAID else "again"


def _lead(found: PaymentView) -> str:
    if found.state is _S.PAID:
        return f"{euros(found.cents)} payés. Un reçu vous est envoyé par e-mail."
    if found.state in OPEN:
        who = "Vous avez" if found.own else "Un autre responsable du dossier a"
        return (
            f"{who} commencé ce paiement à {hour(found.created_at)}, et la banque n’a pas encore "
            f"donné de réponse. Cette page se met à jour toute seule{NBSP}: ne payez pas une "
            "seconde fois."
        )
    return LEADS[found.state]


def _others(left: int) -> str:
    if not left:
        return "Vous n’avez plus rien à payer."
    if left == 1:
        return "Il vous reste une facture à payer."
    return f"Il vous reste {left}{NBSP}factures à payer."
