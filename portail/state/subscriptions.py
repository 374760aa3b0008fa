"""/mon-compte/souscriptions: the family files of the account, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.identity import Actor
from portail.services.references import NotRecognised
from portail.services.subscriptions import (
    Added,
    AlreadyMine,
    Blocked,
    MySubscription,
    NothingToRemove,
    Removed,
    TakenByAnother,
    add_subscription,
    my_subscriptions,
    remove_subscription,
)
from portail.state.forms import FieldError, typed
from portail.state.requests import address
from portail.texts.french import duration, listed, moment

NUMBER, NAME, EMAIL = "numero_dossier", "nom_dossier", "adresse_dossier"
REFUSAL, ERRORS = "refus", "erreurs"  # ids of what takes the focus
EMPTY = {
    NUMBER: "Indiquez le numéro de votre dossier.",
    NAME: "Indiquez le nom de votre dossier.",
    EMAIL: "Indiquez l’adresse e-mail que la mairie connaît.",
}
NOT_RECOGNISED = (
    "Ces références n’ont pas été reconnues. Comparez-les avec une facture ou un courrier de la "
    "mairie : le numéro, le nom et l’adresse e-mail doivent tous les trois correspondre."
)
TAKEN = (
    "Un compte existe déjà pour ce responsable légal. Si c’est vous, connectez-vous avec ce "
    "compte, ou demandez un nouveau mot de passe."
)


@dataclass(frozen=True)
class SubscriptionLine:
    """A subscription as shown: ready text."""

    id: int
    title: str
    children: str
    detail: str


class SubscriptionsState(PortalState, rx.State):
    """The family files, and how the last addition or removal went."""

    loaded: bool = False
    lines: list[SubscriptionLine] = []  # noqa: RUF012  (a Reflex variable)
    refusal: str = ""
    errors: list[FieldError] = []  # noqa: RUF012
    number_error: str = ""
    name_error: str = ""
    email_error: str = ""
    done: str = ""
    version: int = 0  # another one empties the form, once the file is added
    chosen: int = 0  # the subscription that the dialog asks about
    chosen_title: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the signed-in parent's subscriptions."""
        await self._show(identity.actor())
        self._forget()
        self.loaded = True

    def _forget(self) -> None:
        self.refusal = self.done = ""
        self._say({})

    def _say(self, wrong: dict[str, str]) -> None:
        self.number_error, self.name_error = wrong.get(NUMBER, ""), wrong.get(NAME, "")
        self.email_error = wrong.get(EMAIL, "")
        self.errors = [FieldError(name, message) for name, message in wrong.items()]

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_subscriptions(actor))
        self.lines = [_line(one) for one in found]
        self.chosen, self.chosen_title = 0, ""

    @allow(FAMILY)
    async def add(self, form: dict[str, str]) -> Any:
        """«Enregistrer»: link the family file of these references."""
        actor, where = identity.actor(), address(self)
        number, name, email = (typed(form, field) for field in (NUMBER, NAME, EMAIL))
        self._forget()
        values = {NUMBER: number, NAME: name, EMAIL: email}
        if empty := {field: EMPTY[field] for field, value in values.items() if not value.strip()}:
            self._say(empty)
            return rx.set_focus(ERRORS)
        outcome = await run_in_thread(
            lambda: add_subscription(actor, number, name, email, address=where)
        )
        match outcome:
            case Added(number=added, family_name=family):
                await self._show(actor)
                self.done = f"Le dossier n° {added} « {family} » est relié à votre compte."
                self.version += 1
                return None
            case AlreadyMine():
                self.refusal = "Ce dossier est déjà relié à votre compte."
            case TakenByAnother():
                self.refusal = TAKEN
            case NotRecognised():
                self.refusal = NOT_RECOGNISED
            case Blocked(wait):
                self.refusal = f"Trop d’essais. Réessayez dans {duration(wait)}."
        return rx.set_focus(REFUSAL)

    @allow(FAMILY)
    def ask_removal(self, subscription_id: int) -> None:
        """Open the dialog about one of one's own subscriptions."""
        line = next((one for one in self.lines if one.id == subscription_id), None)
        self.chosen, self.chosen_title = (line.id, line.title) if line else (0, "")

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.chosen, self.chosen_title = 0, ""

    @allow(FAMILY)
    async def remove(self, form: dict[str, str]) -> None:
        """«Retirer ce dossier», as the dialog names it."""
        actor, wanted = identity.actor(), typed(form, "souscription")
        self._forget()
        subscription_id = self.chosen
        if subscription_id and wanted == str(subscription_id):  # what the dialog showed
            match await run_in_thread(lambda: remove_subscription(actor, subscription_id)):
                case Removed(number, family):
                    self.done = f"Le dossier n° {number} « {family} » n’est plus relié."
                case NothingToRemove():
                    self.refusal = "Ce dossier n’est déjà plus relié à votre compte."
        await self._show(actor)


def _line(one: MySubscription) -> SubscriptionLine:
    since = moment(one.since).rsplit(" à ", 1)[0]
    adult = f"Vous y êtes {one.guardian_name}, responsable légal." if one.guardian_name else ""
    return SubscriptionLine(
        one.id,
        f"Dossier n° {one.number} « {one.family_name} »",
        listed(one.children) or "Aucun enfant",
        f"{adult} Relié depuis le {since}.".strip(),
    )
