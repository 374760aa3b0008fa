"""The «fiche sanitaire» in a dialog: read, certify, or send a file instead."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.dialog import modal
from portail.components.forms import hidden_field
from portail.components.links import anchor
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.uploads import upload_form
from portail.pages.dossier.fields import fact
from portail.state.dossier.words import Row
from portail.state.enrolments.health import HealthFormState

State = HealthFormState


def health_dialog() -> rx.Component:
    """What the file knows of the child's health, to read before certifying it."""
    return modal(
        State.child_id != 0,
        "Fiche sanitaire de " + State.name,
        rx.el.p(
            "Voici ce que la mairie sait déjà. Relisez, puis certifiez pour l’année ",
            State.year,
            ".",
        ),
        rx.el.dl(
            rx.foreach(State.rows, _row),
            fact("Peuvent venir chercher l’enfant", State.people),
            fact("Autorisations", State.permissions),
            class_name="recap file-rows",
        ),
        rx.el.p(
            anchor("Quelque chose a changé : corriger la fiche", href=State.file, new_tab=True),
            class_name="mt-2",
        ),
        rx.el.form(
            hidden_field("enfant", State.child_id.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=State.close),
                button("Je certifie l’exactitude de ces informations", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=State.certify,
        ),
        rx.el.details(
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
        ),
    )


def _row(one: rx.Var[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(one.label),
        rx.el.dd(rx.el.span(one.value, class_name="lines-of-text")),
        key=one.key,
    )
