"""/dossier/enfants, and the page of a child."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.forms import (
    field,
    form_actions,
    hidden_field,
    radio_group,
    textarea_field,
    two,
)
from portail.components.icons import hidden_text
from portail.components.links import button_link, link
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list_of
from portail.domain.medical import DIET_LABELS
from portail.pages.dossier.fields import fact, rows, section_card
from portail.pages.dossier.section import dossier_page
from portail.state.dossier.children import Card, ChildrenState, ChildState, Consent, Person
from portail.state.dossier.edit import FileEditState

HERE = "/dossier/enfants"


def children() -> rx.Component:
    """«Mes enfants»."""
    return dossier_page(
        "Mes enfants",
        "Leur école, leur santé, qui vient les chercher. Vérifiez chaque fiche une fois par an.",
        HERE,
        loading(
            ChildrenState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(3)), class_name="stack"),
            rx.cond(
                ChildrenState.cards.length() > 0,
                rx.el.ul(rx.foreach(ChildrenState.cards, _card), class_name="child-cards"),
                empty_state(
                    "baby",
                    "Aucun enfant",
                    "Votre dossier ne compte pas encore d’enfant. Le service enfance peut "
                    "l’ajouter.",
                ),
            ),
            "min-h-[24rem]",
        ),
    )


def _card(child: rx.Var[Card]) -> rx.Component:
    return rx.el.li(
        rx.el.span(child.initial, class_name="face", aria_hidden="true"),
        rx.el.div(
            rx.el.h2(link(child.name, to=child.address)),
            rx.el.p(child.detail, class_name="muted"),
            rx.el.div(
                rx.cond(
                    child.certified,
                    tag(child.certified_text, "ok", "circle-check"),
                    tag(child.certified_text, "accent", "clipboard-pen"),
                ),
                rx.cond(child.notes != "", tag(child.notes, "neutral", "info")),
                class_name="tags",
            ),
        ),
        class_name="card child-card",
        key=child.id,
    )


def child() -> rx.Component:
    """The page of a child."""
    return dossier_page(
        rx.cond(ChildState.loaded, ChildState.name, "Fiche de l’enfant"),
        rx.cond(ChildState.found, ChildState.lead, "\u00a0"),
        HERE,
        loading(
            ChildState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(6)), card(skeleton(4)), class_name="stack"),
            rx.cond(ChildState.found, _found(), _not_found()),
            "min-h-[60rem]",
        ),
        _removal(),
        crumbs=(
            ("Dossier", "/dossier"),
            ("Mes enfants", HERE),
            (rx.cond(ChildState.found, ChildState.first_name, "Fiche"), None),
        ),
    )


def _not_found() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Cette fiche n’existe pas, ou n’est pas dans votre dossier.",
            button_link("Voir mes enfants", HERE, "quiet"),
        )
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ChildState.shared,
            notice(
                "Cet enfant vit dans deux foyers. Sa santé, ses autorisations et son assurance "
                "sont communes ; l’autre foyer ne voit ni votre adresse, ni votre quotient, ni vos "
                "factures, ni les personnes que vous autorisez.",
                title="Garde alternée",
            ),
        ),
        _certification(),
        _medical(),
        _people(),
        _permissions(),
        _insurance(),
        _identity(),
        class_name="stack",
    )


def _identity() -> rx.Component:
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


def _insurance() -> rx.Component:
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


def _medical() -> rx.Component:
    yes_no = (("non", "Non"), ("oui", "Oui"))
    values, wrong = FileEditState.values, FileEditState.wrong
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
        [
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
        ],
        refresh=ChildState.refresh,
        about="informations médicales",
        note="Seuls les agents qui s’occupent de l’enfant lisent ces informations ; elles sont "
        "chiffrées, et chaque lecture est notée.",
    )


def _people() -> rx.Component:
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
        person.detail,
        rx.el.div(
            rx.cond(
                person.procedure != "",
                link("Pièce d’identité", hidden_text(" de ", person.name), to=person.procedure),
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


def _permissions() -> rx.Component:
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


def _certification() -> rx.Component:
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


def _removal() -> rx.Component:
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
