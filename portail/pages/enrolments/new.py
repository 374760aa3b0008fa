"""/inscriptions/nouvelle «Demande d’inscription»."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.forms import required_note, star
from portail.components.links import link
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.pages.enrolments.health import health_dialog
from portail.pages.enrolments.offer import error_line, offer
from portail.pages.enrolments.papers import paper_dialog
from portail.pages.enrolments.section import MINE, NEW, enrolments_page
from portail.state.enrolments.health import HealthFormState
from portail.state.enrolments.new import CHILD, ChildChoice, NewEnrolmentState, TypeChoice
from portail.state.enrolments.papers import PaperState

State = NewEnrolmentState


def page() -> rx.Component:
    """Choose, then ask."""
    return enrolments_page(
        "Demande d’inscription",
        "Choisissez le type d’activité et l’enfant, ou plusieurs enfants à la fois.",
        NEW,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(6)), class_name="stack"),
            rx.el.div(_choice(), _told(), _offers(), class_name="stack"),
            "min-h-[40rem]",
        ),
        health_dialog(),
        paper_dialog(),
    )


def _choice() -> rx.Component:
    return card(
        required_note(),
        rx.el.form(
            rx.el.div(_types(), _children(), class_name="choose-who"),
            rx.el.div(button("Inscrire", type="submit"), class_name="form-actions"),
            on_submit=State.choose,
            no_validate=True,
        ),
    )


def _types() -> rx.Component:
    return rx.el.div(
        rx.el.label("Activité", *star(required=True), html_for="champ-type"),
        rx.el.select(
            rx.el.option("Choisir…", value=""),
            rx.foreach(State.types, _type),
            id="champ-type",
            name="type",
            required=True,
            default_value=State.type_code,
            key=State.types.length().to_string() + State.type_code,
            aria_invalid=rx.cond(State.wrong_type != "", "true", "false"),
            aria_describedby="champ-type-erreur",
            class_name="input",
        ),
        error_line("champ-type-erreur", State.wrong_type),
        class_name="field",
    )


def _type(one: rx.Var[TypeChoice]) -> rx.Component:
    return rx.el.option(one.label, value=one.value, key=one.value)


def _children() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Personne", *star(required=True)),
        rx.el.div(rx.foreach(State.children, _child), class_name="in-a-row"),
        error_line("champ-enfants-erreur", State.wrong_children),
        id="champ-enfants",
        custom_attrs={"tabIndex": -1},  # `tab_index` would become a style
        aria_describedby="champ-enfants-erreur",
        class_name="choices",
    )


def _child(one: rx.Var[ChildChoice]) -> rx.Component:
    ident = "champ-choix-" + one.id.to_string()
    return rx.el.div(
        rx.el.input(
            type="checkbox",
            id=ident,
            name=CHILD + one.id.to_string(),
            value="oui",
            default_checked=one.checked,
        ),
        rx.el.label(one.name, html_for=ident),
        class_name="choice",
        # another child may have been chosen since: the box is made anew
        key=ident + one.checked.to_string(),
    )


def _told() -> rx.Component:
    return status_region(
        rx.cond(HealthFormState.done != "", notice(HealthFormState.done, kind="success")),
        rx.cond(PaperState.done != "", notice(PaperState.done, kind="success")),
        class_name="saved",
    )


def _offers() -> rx.Component:
    return rx.cond(
        State.shown,
        rx.el.section(
            rx.el.div(
                rx.el.h2(State.type_label, id="activites", tab_index=-1),
                rx.el.p(State.names, class_name="muted"),
                class_name="offers-head",
            ),
            rx.cond(
                State.cards.length() > 0,
                rx.el.div(rx.foreach(State.cards, offer), class_name="offers"),
                card(
                    empty_state(
                        "search-x",
                        "Aucune activité",
                        "Rien n’est ouvert en ce moment à l’âge et à la classe de votre enfant.",
                        level=3,
                    )
                ),
            ),
            rx.el.p(
                "Seules les activités en cours ou à venir qui correspondent à l’âge et à la "
                "classe sont proposées. ",
                link("Voir les inscriptions de mes enfants", to=MINE),
                class_name="muted mt-4",
            ),
        ),
    )
