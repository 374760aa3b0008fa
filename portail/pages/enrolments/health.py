"""The «fiche sanitaire» in a dialog: read, completed, certified; or a file sent instead."""

from __future__ import annotations

import reflex as rx

from portail.components.browser import focus_once
from portail.components.buttons import button
from portail.components.dialog import modal
from portail.components.forms import hidden_field
from portail.components.links import anchor
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.uploads import upload_form
from portail.pages.dossier.child_sections import MEDICAL_NOTE, medical_fields
from portail.pages.dossier.fields import edit_form, fact, rows, saved_notice
from portail.state.dossier.edit import FileEditState
from portail.state.enrolments.health import SECTION, HealthFormState

State = HealthFormState


def health_dialog() -> rx.Component:
    """What the file knows of the child's health, to complete and to certify."""
    return modal(
        State.child_id != 0,
        "Fiche sanitaire de " + State.name,
        rx.cond(
            (FileEditState.section == SECTION) & (FileEditState.target == State.child_id),
            edit_form(medical_fields(), MEDICAL_NOTE, State.refresh),
            rx.fragment(_read(), _certify(), _instead()),
        ),
    )


def _read() -> rx.Component:
    saved = (FileEditState.done_at == SECTION) & (FileEditState.done_target == State.child_id)
    return rx.fragment(
        rx.el.p(
            "Voici ce que la mairie sait déjà ; « Non renseigné » vaut « rien à signaler ». "
            "Complétez, puis certifiez pour l’année ",
            State.year,
            ".",
        ),
        status_region(
            rx.cond(
                saved,
                rx.el.div(
                    saved_notice(),
                    # the form it comes from was further down; `tab_index` would become a style
                    custom_attrs={"ref": focus_once(), "tabIndex": -1},
                ),
            ),
            class_name="saved",
        ),
        rows(State.rows),
        button(
            "Compléter ou corriger",
            "quiet",
            icon="pencil",
            on_click=FileEditState.open(SECTION, State.child_id),
            class_name="my-3",
        ),
        rx.el.dl(
            rx.cond(State.insurance != "", fact("Assurance", State.insurance)),
            fact("Peuvent venir chercher l’enfant", State.people),
            fact("Autorisations", State.permissions),
            class_name="recap file-rows more",
        ),
        rx.el.p(
            anchor(
                "Changer l’assurance, les personnes ou les autorisations",
                href=State.file,
                new_tab=True,
            ),
            class_name="mt-2",
        ),
    )


def _certify() -> rx.Component:
    return rx.el.form(
        hidden_field("enfant", State.child_id.to_string()),
        rx.el.div(
            button("Annuler", "plain", on_click=State.close),
            button("Je certifie l’exactitude de ces informations", type="submit"),
            class_name="dialog-actions",
        ),
        on_submit=State.certify,
    )


def _instead() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Ou déposer la fiche déjà remplie (PDF ou photo)"),
        status_region(
            rx.cond(State.refusal != "", notice(State.refusal, kind="warning")),
        ),
        upload_form(
            ident="fiche",
            family=State.family_id,
            back=State.back,
            batch=State.batch,
            on_done=State.sent,
            kind="fiche_sanitaire",
            child=State.child_id,
            label="Fiche sanitaire",
        ),
        class_name="instead",
    )
