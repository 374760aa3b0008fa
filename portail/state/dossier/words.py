"""The words that the pages of «Dossier» share."""

from __future__ import annotations

from dataclasses import dataclass, field

from portail.domain.file_fields import FIELDS, FieldRule
from portail.domain.procedures import STATE_LABELS, ProcedureState
from portail.services.family_file.file import FieldView
from portail.services.family_file.values import Problem
from portail.state.documents_words import PaperLine
from portail.texts.file_values import NOTHING, shown
from portail.texts.french import moment

TONES = {
    ProcedureState.REQUESTED: "accent",
    ProcedureState.DOCUMENT_ASKED: "alert",
    ProcedureState.WAITING_LIST: "accent",
    ProcedureState.VALIDATED: "ok",
    ProcedureState.REFUSED: "alert",
    ProcedureState.WITHDRAWN: "neutral",
    ProcedureState.DONE: "ok",
    ProcedureState.ENDED: "neutral",
}
RULES = {
    FieldRule.NOW: "",
    FieldRule.AGENT: "Un changement est d’abord vérifié par la mairie.",
    FieldRule.PROOF: "Un changement demande un justificatif et l’accord de la mairie.",
    FieldRule.LOCKED: "Modifié par la mairie seulement.",
}
PROBLEMS = {
    Problem.REQUIRED: "Ce champ est à remplir.",
    Problem.TOO_LONG: "Ce texte est trop long.",
    Problem.BAD_PHONE: "Ce numéro de téléphone n’est pas complet. Exemple : 06 12 34 56 78.",
    Problem.BAD_EMAIL: "Cette adresse e-mail n’a pas une forme valable.",
    Problem.BAD_POSTCODE: "Un code postal a cinq chiffres.",
    Problem.BAD_DATE: "Cette date n’existe pas. Exemple : 31/08/2027.",
    Problem.BAD_CHOICE: "Choisissez dans la liste.",
    Problem.TAKEN: "Un autre adulte du dossier a déjà cette adresse e-mail.",
    Problem.WAITING: (
        "Une demande attend déjà pour cette information : retirez-la d’abord, ou attendez la "
        "réponse."
    ),
}

PROOFS = {
    "domicile": "un justificatif de domicile de moins de trois mois",
    "identite": "une pièce d’identité ou un acte de naissance",
    "pai": "le projet d’accueil individualisé signé",
    "vaccins": "le certificat de vaccination",
    "assurance": "l’attestation d’assurance",
    "identite_tiers": "la pièce d’identité de la personne",
}


@dataclass(frozen=True)
class Row:
    """A field as shown: what it holds, the change that waits, the documents that prove it."""

    key: str
    label: str
    value: str
    empty: bool
    note: str
    waiting: str  # the new value asked
    since: str
    procedure: str  # address of the request; empty: the other household's
    needs_proof: bool
    papers: list[PaperLine] = field(default_factory=list)
    papers_note: str = ""
    wanted: str = ""  # the words of the way to send one; empty: nothing is wanted


@dataclass(frozen=True)
class StateTag:
    """A procedure's state, for `tag`."""

    label: str
    tone: str


def row(view: FieldView) -> Row:
    """A field in words."""
    value, waits = shown(view.key, view.value), view.waiting
    return Row(
        view.key,
        FIELDS[view.key].label,
        value,
        value == NOTHING,
        RULES[view.rule],
        shown(view.key, waits.value) if waits else "",
        f"Demandé le {moment(waits.since)}." if waits else "",
        f"/dossier/demarche?n={waits.procedure_id}" if waits and waits.mine else "",
        bool(waits and waits.needs_proof and waits.mine),
    )


def state_tag(state: ProcedureState) -> StateTag:
    """A state in words."""
    return StateTag(STATE_LABELS[state], TONES[state])
