"""The sections of a child's page that are fields of the file: identity, insurance, health."""

from __future__ import annotations

import reflex as rx

from portail.components.forms import (
    field,
    radio_group,
    textarea_field,
    two,
)
from portail.domain.medical import DIET_LABELS
from portail.pages.dossier.fields import fact, rows, section_card
from portail.state.dossier.children import ChildState
from portail.state.dossier.edit import FileEditState


def identity() -> rx.Component:
    """Name, birth, school."""
    return section_card(
        "Identité et école",
        "identity",
        ChildState.child_id,
        rx.el.div(
            rows(ChildState.identity_rows),
            rx.el.dl(
                fact("Date de naissance", ChildState.birth),
                fact("École et classe", ChildState.school, "Modifié par la mairie seulement."),
                class_name="recap file-rows more",
            ),
        ),
        [
            two(
                field(
                    "Nom",
                    "last_name",
                    required=True,
                    default_value=FileEditState.values["last_name"],
                    error=FileEditState.wrong["last_name"],
                ),
                field(
                    "Prénom",
                    "first_name",
                    required=True,
                    default_value=FileEditState.values["first_name"],
                    error=FileEditState.wrong["first_name"],
                ),
            )
        ],
        refresh=ChildState.refresh,
        about="nom et prénom",
        note="Un changement demande un justificatif et l’accord de la mairie.",
    )


def insurance() -> rx.Component:
    """Insurer, contract, until when."""
    return section_card(
        "Assurance",
        "insurance",
        ChildState.child_id,
        rows(ChildState.insurance_rows),
        [
            field(
                "Assureur",
                "insurer",
                required=True,
                default_value=FileEditState.values["insurer"],
                error=FileEditState.wrong["insurer"],
            ),
            two(
                field(
                    "Numéro de contrat",
                    "insurance_contract",
                    required=True,
                    default_value=FileEditState.values["insurance_contract"],
                    error=FileEditState.wrong["insurance_contract"],
                ),
                field(
                    "Valable jusqu’au",
                    "insured_until",
                    type="date",
                    default_value=FileEditState.values["insured_until"],
                    error=FileEditState.wrong["insured_until"],
                ),
            ),
        ],
        refresh=ChildState.refresh,
        about="assurance",
    )


MEDICAL_NOTE = (
    "Seuls les agents qui s’occupent de l’enfant lisent ces informations ; elles sont chiffrées, "
    "et chaque lecture est notée."
)


def medical_fields() -> list[rx.Component]:
    """The form of the health of a child: what the town must know, and no more."""
    yes_no = (("non", "Non"), ("oui", "Oui"))
    values, wrong = FileEditState.values, FileEditState.wrong
    return [
        textarea_field(
            "Allergies",
            "allergies",
            hint="Aliments, médicaments, piqûres… et ce qu’il faut faire.",
            default_value=values["allergies"],
            error=wrong["allergies"],
        ),
        textarea_field(
            "Traitements",
            "treatments",
            hint="Le médicament, la dose et le moment.",
            default_value=values["treatments"],
            error=wrong["treatments"],
        ),
        two(
            field(
                "Médecin traitant",
                "doctor_name",
                default_value=values["doctor_name"],
                error=wrong["doctor_name"],
            ),
            field(
                "Téléphone du médecin",
                "doctor_phone",
                type="tel",
                default_value=values["doctor_phone"],
                error=wrong["doctor_phone"],
            ),
        ),
        radio_group(
            "Régime alimentaire",
            "diet",
            [(diet.value, label) for diet, label in DIET_LABELS.items()],
            default_value=values["diet"],
            error=wrong["diet"],
        ),
        radio_group(
            "Projet d’accueil individualisé (PAI)",
            "pai",
            yes_no,
            hint="Signé avec le médecin et l’école. Un changement demande le PAI signé.",
            default_value=values["pai"],
            error=wrong["pai"],
        ),
        textarea_field(
            "Ce que prévoit le PAI",
            "pai_measures",
            default_value=values["pai_measures"],
            error=wrong["pai_measures"],
        ),
        radio_group(
            "Vaccinations obligatoires à jour",
            "vaccinated",
            yes_no,
            hint="Un changement demande le certificat de vaccination.",
            default_value=values["vaccinated"],
            error=wrong["vaccinated"],
        ),
        textarea_field(
            "Remarques sur les vaccinations",
            "vaccination_notes",
            default_value=values["vaccination_notes"],
            error=wrong["vaccination_notes"],
        ),
    ]


def medical() -> rx.Component:
    """Health."""
    return section_card(
        "Informations médicales",
        "medical",
        ChildState.child_id,
        rx.el.div(
            rows(ChildState.medical_rows),
            rx.cond(
                ChildState.medical_changed != "",
                rx.el.p(ChildState.medical_changed, class_name="muted mt-4"),
            ),
        ),
        medical_fields(),
        refresh=ChildState.refresh,
        about="informations médicales",
        note=MEDICAL_NOTE,
    )
