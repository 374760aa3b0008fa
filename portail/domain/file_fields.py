"""The fields of a family file that a parent may change, and whether a change waits for an agent.

A town chooses a rule by field; what it has not chosen follows the default written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portail.domain.procedures import ProcedureKind


class FieldRule(StrEnum):
    """What becomes of a change."""

    NOW = "now"  # it applies at once
    AGENT = "agent"  # it waits for an agent
    PROOF = "proof"  # it waits for an agent, with a document
    LOCKED = "locked"  # only the town changes it


RULE_LABELS = {
    FieldRule.NOW: "s’applique aussitôt",
    FieldRule.AGENT: "attend un agent",
    FieldRule.PROOF: "attend un agent, avec un justificatif",
    FieldRule.LOCKED: "modifiable par la mairie seulement",
}


class Scope(StrEnum):
    """What a field belongs to."""

    HOUSEHOLD = "household"
    GUARDIAN = "guardian"
    CHILD = "child"
    MEDICAL = "medical"


@dataclass(frozen=True)
class FileField:
    """A field, in one or several parts that change together (an address).

    Attributes:
        key: its name, unique.
        parts: the columns, or the entries of the medical record, that it holds.
        proof: code of the type of document that proves a change.
    """

    key: str
    label: str
    scope: Scope
    parts: tuple[str, ...]
    rule: FieldRule
    proof: str = ""
    kind: ProcedureKind = ProcedureKind.COORDINATES


_MEDICAL = ProcedureKind.MEDICAL
FIELDS: dict[str, FileField] = {
    field.key: field
    for field in (
        FileField(
            "household.address",
            "Adresse",
            Scope.HOUSEHOLD,
            ("street", "postcode", "city"),
            FieldRule.PROOF,
            "domicile",
        ),
        FileField(
            "guardian.name",
            "Nom et prénom",
            Scope.GUARDIAN,
            ("last_name", "first_name"),
            FieldRule.PROOF,
            "identite",
        ),
        FileField("guardian.phone", "Téléphone", Scope.GUARDIAN, ("phone",), FieldRule.NOW),
        FileField(
            "guardian.work_phone",
            "Téléphone professionnel",
            Scope.GUARDIAN,
            ("work_phone",),
            FieldRule.NOW,
        ),
        FileField("guardian.email", "Adresse e-mail", Scope.GUARDIAN, ("email",), FieldRule.NOW),
        FileField(
            "child.name",
            "Nom et prénom",
            Scope.CHILD,
            ("last_name", "first_name"),
            FieldRule.PROOF,
            "identite",
            ProcedureKind.CHILD,
        ),
        FileField(
            "child.school",
            "École et classe",
            Scope.CHILD,
            ("school_id", "class_level"),
            FieldRule.LOCKED,
            kind=ProcedureKind.CHILD,
        ),
        FileField(
            "child.insurance",
            "Assurance",
            Scope.CHILD,
            ("insurer", "insurance_contract", "insured_until"),
            FieldRule.NOW,
            "assurance",
            ProcedureKind.CHILD,
        ),
        FileField(
            "medical.allergies",
            "Allergies",
            Scope.MEDICAL,
            ("allergies",),
            FieldRule.NOW,
            kind=_MEDICAL,
        ),
        FileField(
            "medical.treatments",
            "Traitements",
            Scope.MEDICAL,
            ("treatments",),
            FieldRule.NOW,
            kind=_MEDICAL,
        ),
        FileField(
            "medical.doctor",
            "Médecin traitant",
            Scope.MEDICAL,
            ("doctor_name", "doctor_phone"),
            FieldRule.NOW,
            kind=_MEDICAL,
        ),
        FileField(
            "medical.diet",
            "Régime alimentaire",
            Scope.MEDICAL,
            ("diet",),
            FieldRule.NOW,
            kind=_MEDICAL,
        ),
        FileField(
            "medical.pai",
            "Projet d’accueil individualisé (PAI)",
            Scope.MEDICAL,
            ("pai", "pai_measures"),
            FieldRule.PROOF,
            "pai",
            _MEDICAL,
        ),
        FileField(
            "medical.vaccinations",
            "Vaccinations",
            Scope.MEDICAL,
            ("vaccinated", "vaccination_notes"),
            FieldRule.PROOF,
            "vaccins",
            _MEDICAL,
        ),
        FileField(
            "child.collector",
            "Personne autorisée à venir chercher l’enfant",
            Scope.CHILD,
            ("last_name", "first_name", "phone", "link"),
            FieldRule.NOW,
            "identite_tiers",
            ProcedureKind.COLLECTION,
        ),
    )
}


def of_scope(scope: Scope) -> tuple[FileField, ...]:
    """The fields of a scope, in their order on screen."""
    return tuple(field for field in FIELDS.values() if field.scope is scope)
