"""The form of the family file that is open: one at a time, on whichever page."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.file_fields import FIELDS, Scope
from portail.domain.identity import Actor
from portail.services.family_file.changes import Invalid, Locked, Saved, Unchanged, change
from portail.services.family_file.file import FieldView, child_view, households
from portail.services.reach import NotFound
from portail.state.dossier.words import PROBLEMS, PROOFS
from portail.state.forms import FieldError, typed
from portail.texts.french import listed

ERRORS = "erreurs"  # id of what takes the focus
# what each form of the pages holds
SECTIONS: dict[str, tuple[Scope, tuple[str, ...]]] = {
    "address": (Scope.HOUSEHOLD, ("household.address",)),
    "guardian": (
        Scope.GUARDIAN,
        ("guardian.name", "guardian.phone", "guardian.work_phone", "guardian.email"),
    ),
    "identity": (Scope.CHILD, ("child.name",)),
    "insurance": (Scope.CHILD, ("child.insurance",)),
    "collector": (Scope.CHILD, ("child.collector",)),
    "medical": (
        Scope.MEDICAL,
        tuple(key for key, field in FIELDS.items() if field.scope is Scope.MEDICAL),
    ),
}
PARTS = sorted(
    {part for _, keys in SECTIONS.values() for key in keys for part in FIELDS[key].parts}
)


class FileEditState(PortalState, rx.State):
    """Which form is open, what it starts from, what is wrong with it, and how the last one went."""

    section: str = ""
    target: int = 0
    values: dict[str, str] = dict.fromkeys(PARTS, "")
    wrong: dict[str, str] = dict.fromkeys(PARTS, "")
    errors: list[FieldError] = []  # noqa: RUF012
    done: str = ""
    done_at: str = ""  # the section that says so
    done_target: int = 0
    request: str = ""  # address of the request that waits, when one was made

    def _close(self) -> None:
        self.section, self.target = "", 0
        self.values = dict.fromkeys(PARTS, "")
        self._say({})
        self.done = self.done_at = self.request = ""
        self.done_target = 0

    def _say(self, wrong: dict[str, str]) -> None:
        self.wrong = {part: wrong.get(part, "") for part in PARTS}
        self.errors = [FieldError(part, message) for part, message in wrong.items()]

    @allow(FAMILY)
    async def open(self, section: str, target: int) -> Any:
        """«Modifier» a section of the file."""
        if section not in SECTIONS:
            return None
        actor = identity.actor()
        try:
            found = await run_in_thread(lambda: _fields(actor, section, target))
        except NotFound:
            return None
        self._close()
        self.section, self.target = section, target
        known = {part: _text(value) for view in found for part, value in view.value.items()}
        self.values = dict.fromkeys(PARTS, "") | known
        scope, keys = SECTIONS[section]
        return rx.set_focus(f"champ-{FIELDS[keys[0]].parts[0]}") if scope else None

    @allow(FAMILY)
    def cancel(self) -> None:
        """Close the form; nothing is kept."""
        self._close()

    @allow(FAMILY)
    async def save(self, form: dict[str, str]) -> Any:
        """«Enregistrer»: all of the form, or nothing and what is wrong."""
        if self.section not in SECTIONS:
            return None
        actor, section, target = identity.actor(), self.section, self.target
        scope, keys = SECTIONS[section]
        given = {key: {part: typed(form, part) for part in FIELDS[key].parts} for key in keys}
        try:
            outcome = await run_in_thread(lambda: change(actor, scope, target, given))
        except NotFound:
            self._close()
            return None
        match outcome:
            case Invalid(problems):
                self._say({part: PROBLEMS[problem] for part, problem in problems.items()})
                return rx.set_focus(ERRORS)
            case Locked():
                self._finish(
                    section, target, "Cette information est modifiée par la mairie seulement."
                )
            case Unchanged():
                self._finish(section, target, "Rien n’a changé : c’était déjà ainsi.")
            case Saved():
                self._finish(section, target, _words(outcome))
                if outcome.waiting:
                    self.request = f"/dossier/demarche?n={outcome.procedure_id}"
        return None

    def _finish(self, section: str, target: int, words: str) -> None:
        self._close()
        self.done, self.done_at, self.done_target = words, section, target


def _fields(actor: Actor, section: str, target: int) -> tuple[FieldView, ...]:
    scope, keys = SECTIONS[section]
    match scope:
        case Scope.HOUSEHOLD | Scope.GUARDIAN:
            views: list[FieldView] = []
            for household in households(actor):
                if scope is Scope.HOUSEHOLD and household.family_id == target:
                    views += household.fields
                for adult in household.guardians:
                    if scope is Scope.GUARDIAN and adult.id == target and not adult.locked:
                        views += adult.fields
            if not views:
                raise NotFound
        case _:
            views = list(child_view(actor, target).fields)
    return tuple(view for view in views if view.key in keys)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def _words(saved: Saved) -> str:
    sentences = []
    if saved.applied:
        sentences.append("C’est enregistré.")
    if saved.waiting:
        labels = listed([FIELDS[key].label.lower() for key in saved.waiting])
        sentences.append(f"À vérifier par la mairie : {labels}.")
    if saved.needs_proof:
        codes = {FIELDS[key].proof for key in saved.waiting}
        proofs = listed([PROOFS[code] for code in PROOFS if code in codes])
        sentences.append(f"Déposez maintenant {proofs}.")
    return " ".join(sentences)
