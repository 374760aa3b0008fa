"""The sections of a child's page that a parent decides: people, permissions, certification."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.forms import (
    field,
    form_actions,
    hidden_field,
    two,
)
from portail.components.icons import hidden_text
from portail.components.links import link
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list_of
from portail.pages.dossier.fields import section_card
from portail.pages.dossier.papers import proofs
from portail.state.dossier.children import ChildState, Consent
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.papers import Person


def people() -> rx.Component:
    """Who may collect the child, and one more."""
    values, wrong = FileEditState.values, FileEditState.wrong
    listed = rx.el.div(
        rx.cond(
            (ChildState.people.length() + ChildState.people_waiting.length()) > 0,
            rx.fragment(
                rx.cond(ChildState.people.length() > 0, todo_list_of(ChildState.people, _person)),
                rx.cond(
                    ChildState.people_waiting.length() > 0,
                    todo_list_of(ChildState.people_waiting, _person_waiting),
                ),
            ),
            rx.el.p(
                "Personne d’autre que les responsables légaux ne peut venir chercher l’enfant.",
                class_name="muted",
            ),
        )
    )
    return section_card(
        "Personnes autorisées à venir chercher l’enfant",
        "collector",
        ChildState.child_id,
        listed,
        [
            two(
                field(
                    "Nom",
                    "last_name",
                    required=True,
                    default_value=values["last_name"],
                    error=wrong["last_name"],
                ),
                field(
                    "Prénom",
                    "first_name",
                    required=True,
                    default_value=values["first_name"],
                    error=wrong["first_name"],
                ),
            ),
            two(
                field(
                    "Téléphone",
                    "phone",
                    type="tel",
                    required=True,
                    default_value=values["phone"],
                    error=wrong["phone"],
                ),
                field(
                    "Lien avec l’enfant",
                    "link",
                    required=True,
                    hint="Grand-mère, voisin, assistante maternelle…",
                    default_value=values["link"],
                    error=wrong["link"],
                ),
            ),
        ],
        refresh=ChildState.refresh,
        opener="Ajouter une personne",
        opener_icon="user-plus",
        note="Une pièce d’identité lui sera demandée le jour venu ; vous pourrez en joindre une "
        "copie à la démarche.",
    )


def _person(person: rx.Var[Person]) -> rx.Component:
    return todo_item(
        "user-check",
        person.name,
        rx.el.div(person.detail, proofs(person.papers)),
        rx.el.div(
            rx.cond(
                person.procedure != "",
                link(
                    "Joindre sa pièce d’identité",
                    hidden_text(" : ", person.name),
                    to=person.procedure,
                ),
            ),
            rx.el.button(
                "Retirer",
                hidden_text(" ", person.name),
                type="button",
                class_name="btn quiet",
                aria_haspopup="dialog",
                on_click=ChildState.ask_removal(person.id),
            ),
            class_name="beside-actions",
        ),
        tone="ok",
        key=person.id,
    )


def _person_waiting(person: rx.Var[Person]) -> rx.Component:
    return todo_item(
        "clock",
        rx.el.span(person.name, " ", tag("Attend la mairie", "accent", "clock")),
        person.detail,
        link("Voir la demande", hidden_text(" : ", person.name), to=person.procedure),
        tone="accent",
        key=person.id,
    )


def permissions() -> rx.Component:
    """Photos, outings, going home alone."""
    return card(
        status_region(
            rx.cond(
                FileEditState.done_at == "permissions", notice(FileEditState.done, kind="success")
            ),
            class_name="saved",
        ),
        rx.el.form(
            rx.el.div(rx.foreach(ChildState.permissions, _permission), class_name="fields"),
            form_actions(button("Enregistrer mes autorisations", type="submit")),
            on_submit=ChildState.decide,
        ),
        title="Autorisations",
    )


def _permission(one: rx.Var[Consent]) -> rx.Component:
    name = "autorisation_" + one.key.to(str)

    def radio(value: str, label: str) -> rx.Component:
        ident = name + "-" + value
        return rx.el.div(
            rx.el.input(
                type="radio",
                id=ident,
                name=name,
                value=value,
                default_checked=one.granted == value,
                key=one.granted,
            ),
            rx.el.label(label, html_for=ident),
            class_name="choice",
        )

    return rx.el.fieldset(
        rx.el.legend(one.title),
        rx.el.p(one.text),
        rx.el.div(radio("oui", "J’autorise"), radio("non", "Je n’autorise pas"), class_name="two"),
        rx.el.p(one.detail, class_name="hint"),
        class_name="choices",
        key=one.key,
    )


def certification() -> rx.Component:
    """«Je certifie l'exactitude de ces informations»."""
    return card(
        status_region(
            rx.cond(FileEditState.done_at == "certify", notice(FileEditState.done, kind="success")),
            class_name="saved",
        ),
        rx.cond(
            ChildState.certified != "",
            rx.el.p(tag(ChildState.certified, "ok", "circle-check")),
            rx.el.div(
                rx.el.p("Relisez la fiche, corrigez ce qui a changé, puis certifiez-la."),
                button("Je certifie l’exactitude de ces informations", on_click=ChildState.certify),
                class_name="certify",
            ),
        ),
        title=rx.fragment("Fiche de l’année ", ChildState.year),
    )


def removal() -> rx.Component:
    """The dialog before a person is taken off the list."""
    return modal(
        ChildState.removing != 0,
        "Retirer cette personne ?",
        rx.el.p(
            rx.el.strong(ChildState.removing_name),
            " ne pourra plus venir chercher l’enfant, dès maintenant.",
        ),
        rx.el.form(
            hidden_field("personne", ChildState.removing.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=ChildState.keep, auto_focus=True),
                button("Retirer cette personne", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=ChildState.remove,
        ),
        role="alertdialog",
    )
