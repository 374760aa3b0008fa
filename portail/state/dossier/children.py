"""/dossier/enfants and the page of a child, in words."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.care import Permission
from portail.domain.identity import Actor
from portail.services.documents import ChildDocuments, child_documents
from portail.services.family_file.care import certify, decide, remove_collector
from portail.services.family_file.file import (
    ChildCard,
    ChildView,
    PermissionView,
    child_view,
    children,
)
from portail.services.reach import NotFound
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.household import school_year_words
from portail.state.dossier.live import opening, tell
from portail.state.dossier.papers import CODES, Person, person, person_waiting, proved_row
from portail.state.dossier.words import Row
from portail.state.forms import typed
from portail.state.requests import number_in_query
from portail.texts.french import day, listed, moment, sentence

PERMISSIONS = {
    Permission.PHOTO: (
        "Photos",
        "Mon enfant peut être photographié, pour les publications de la mairie.",
    ),
    Permission.OUTINGS: (
        "Sorties",
        "Mon enfant peut participer aux sorties, à pied ou en car.",
    ),
    Permission.ALONE: (
        "Retour seul",
        "Mon enfant peut rentrer seul à la fin des activités.",
    ),
}


@dataclass(frozen=True)
class Card:
    """A child in the list."""

    id: int
    name: str
    initial: str
    detail: str
    notes: str
    certified: bool
    certified_text: str
    address: str


@dataclass(frozen=True)
class Consent:
    """A permission; `granted`: «oui», «non» or nothing yet."""

    key: str
    title: str
    text: str
    granted: str
    detail: str


class ChildrenState(PortalState, rx.State):
    """What /dossier/enfants shows."""

    loaded: bool = False
    cards: list[Card] = []  # noqa: RUF012  (a Reflex variable)

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the actor's children."""
        actor = identity.actor()
        found = await run_in_thread(lambda: children(actor))
        self.cards = [_card(one) for one in found]
        self.loaded = True


class ChildState(PortalState, rx.State):
    """What the page of a child shows."""

    loaded: bool = False
    found: bool = False
    child_id: int = 0
    family_id: int = 0
    name: str = ""
    first_name: str = ""
    lead: str = ""
    shared: bool = False
    birth: str = ""
    school: str = ""
    identity_rows: list[Row] = []  # noqa: RUF012  (a Reflex variable)
    insurance_rows: list[Row] = []  # noqa: RUF012
    medical_rows: list[Row] = []  # noqa: RUF012
    medical_changed: str = ""
    people: list[Person] = []  # noqa: RUF012
    people_waiting: list[Person] = []  # noqa: RUF012
    permissions: list[Consent] = []  # noqa: RUF012
    certified: str = ""
    year: str = ""
    removing: int = 0  # the person that the dialog asks about
    removing_name: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the child of the address."""
        self.child_id = number_in_query(self, "enfant")
        self.removing = 0
        (await self.get_state(FileEditState))._close()  # noqa: SLF001
        actor = identity.actor()
        await opening(self, actor)
        await self._show(actor)
        self.loaded = True

    async def _changed(self, actor: Actor) -> None:
        """The town has looked at a document, or answered a request (see `dossier.live`)."""
        before = (self.insurance_rows, self.medical_rows, self.people, self.people_waiting)
        await self._show(actor)
        if before != (self.insurance_rows, self.medical_rows, self.people, self.people_waiting):
            await tell(self, f"La fiche de {self.first_name} est mise à jour.")

    async def _show(self, actor: Actor) -> None:
        child_id = self.child_id
        try:
            view, documents = await run_in_thread(lambda: _read(actor, child_id))
        except NotFound:
            self.reset()
            self.child_id, self.loaded = child_id, True
            self.name = "Introuvable"
            return
        card = view.card
        self.found, self.family_id, self.shared = True, view.family_id, card.shared
        self.first_name = card.first_name
        self.name = f"{card.first_name} {card.last_name}"
        self.lead = _school(card)
        self.birth = sentence(day(card.birth_on).split(" ", 1)[1])
        self.school = _school(card)
        rows = [
            proved_row(field, documents) for field in view.fields if field.key != "child.school"
        ]
        self.identity_rows = [one for one in rows if one.key == "child.name"]
        self.insurance_rows = [one for one in rows if one.key == "child.insurance"]
        self.medical_rows = [one for one in rows if one.key.startswith("medical.")]
        changed = view.medical_changed_at
        self.medical_changed = f"Mis à jour le {moment(changed)}." if changed else ""
        self.people = [person(one, documents) for one in view.collectors]
        self.people_waiting = [person_waiting(one) for one in view.collectors_waiting]
        self.permissions = [_permission(one) for one in view.permissions]
        self.certified = f"Certifié le {moment(card.certified_at)}." if card.certified_at else ""
        self.year = school_year_words()

    @allow(FAMILY)
    async def refresh(self) -> None:
        """Something of the child has changed."""
        await self._show(identity.actor())

    @allow(FAMILY)
    async def decide(self, form: dict[str, str]) -> None:
        """«Enregistrer mes autorisations»: what was answered; the rest stays as it is."""
        actor, child_id = identity.actor(), self.child_id
        answers = {one: typed(form, f"autorisation_{one.value}") for one in Permission}
        wanted = {
            one: answer == "oui" for one, answer in answers.items() if answer in ("oui", "non")
        }
        edit = await self.get_state(FileEditState)
        edit._close()  # noqa: SLF001
        try:
            changed = await run_in_thread(lambda: decide(actor, child_id, wanted))
        except NotFound:
            return
        edit.done_at = "permissions"
        edit.done = (
            "Vos autorisations sont enregistrées."
            if changed
            else "Rien n’a changé : c’était déjà ainsi."
        )
        await self._show(actor)

    @allow(FAMILY)
    def ask_removal(self, collector_id: int) -> None:
        """Open the dialog about a person of this child."""
        found = next((one for one in self.people if one.id == collector_id), None)
        self.removing, self.removing_name = (found.id, found.name) if found else (0, "")

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.removing, self.removing_name = 0, ""

    @allow(FAMILY)
    async def remove(self, form: dict[str, str]) -> None:
        """«Retirer cette personne», as the dialog names it."""
        actor, wanted = identity.actor(), self.removing
        name = self.removing_name
        self.removing, self.removing_name = 0, ""
        edit = await self.get_state(FileEditState)
        edit._close()  # noqa: SLF001
        if (
            wanted
            and typed(form, "personne") == str(wanted)
            and await run_in_thread(lambda: remove_collector(actor, wanted))
        ):
            edit.done_at, edit.done_target = "collector", self.child_id
            edit.done = f"{name} n’est plus autorisé à venir chercher l’enfant."
        await self._show(actor)

    @allow(FAMILY)
    async def certify(self) -> None:
        """«Je certifie l'exactitude de ces informations», for this child."""
        actor, child_id, family_id = identity.actor(), self.child_id, self.family_id
        edit = await self.get_state(FileEditState)
        edit._close()  # noqa: SLF001
        try:
            await run_in_thread(lambda: certify(actor, family_id, child_id))
        except NotFound:
            return
        edit.done_at, edit.done = "certify", "Merci : votre certification est enregistrée."
        await self._show(actor)


def _read(actor: Actor, child_id: int) -> tuple[ChildView, ChildDocuments]:
    view = child_view(actor, child_id)
    requests = [one.procedure_id for one in view.collectors if one.procedure_id]
    return view, child_documents(actor, child_id, CODES, requests)


def _school(card: ChildCard) -> str:
    return ", ".join(part for part in (card.class_level, card.school) if part)


def _card(one: ChildCard) -> Card:
    notes = []
    if one.allergies:
        notes.append("allergies")
    if one.pai:
        notes.append("PAI")
    if one.shared:
        notes.append("garde alternée")
    return Card(
        one.id,
        f"{one.first_name} {one.last_name}",
        one.first_name[:1],
        _school(one),
        sentence(listed(notes)),
        one.certified_at is not None,
        f"Fiche {school_year_words()} certifiée"
        if one.certified_at
        else f"Fiche {school_year_words()} à vérifier",
        f"/dossier/enfants/fiche?enfant={one.id}",
    )


def _permission(one: PermissionView) -> Consent:
    title, text = PERMISSIONS[one.permission]
    granted, detail = "", "Pas encore de réponse."
    if one.granted is not None and one.decided_at is not None:
        granted = "oui" if one.granted else "non"
        where = "par votre foyer" if one.here else "par l’autre foyer"
        detail = f"Réponse donnée le {moment(one.decided_at)}, {where}."
    return Consent(one.permission.value, title, text, granted, detail)
