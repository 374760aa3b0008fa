"""/dossier/coordonnees: the households and their adults."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.forms import field, two
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.pages.dossier.fields import fact, rows, section_card
from portail.pages.dossier.section import dossier_page
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.household import Adult, Household, HouseholdState

HERE = "/dossier/coordonnees"


def page() -> rx.Component:
    """«Mes coordonnées»."""
    return dossier_page(
        "Mes coordonnées",
        "Où vous habitez, comment vous joindre. La mairie s’en sert s’il arrive quelque chose.",
        HERE,
        loading(
            HouseholdState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(5)), class_name="stack"),
            rx.cond(
                HouseholdState.households.length() > 0,
                rx.el.div(rx.foreach(HouseholdState.households, _household), class_name="stack"),
                card(
                    empty_state(
                        "folder-heart",
                        "Aucun dossier famille",
                        "Reliez votre dossier famille à votre compte pour voir vos coordonnées.",
                    )
                ),
            ),
            "min-h-[40rem]",
        ),
    )


def _household(household: rx.Var[Household]) -> rx.Component:
    return rx.el.div(
        section_card(
            household.title,
            "address",
            household.id,
            rx.el.div(
                rows(household.rows),
                rx.el.dl(
                    fact("Quotient familial", household.quotient, household.quotient_until),
                    class_name="recap file-rows more",
                ),
            ),
            [
                field(
                    "Rue",
                    "street",
                    required=True,
                    autocomplete="street-address",
                    default_value=FileEditState.values["street"],
                    error=FileEditState.wrong["street"],
                ),
                two(
                    field(
                        "Code postal",
                        "postcode",
                        required=True,
                        autocomplete="postal-code",
                        input_mode="numeric",
                        default_value=FileEditState.values["postcode"],
                        error=FileEditState.wrong["postcode"],
                    ),
                    field(
                        "Ville",
                        "city",
                        required=True,
                        autocomplete="address-level2",
                        default_value=FileEditState.values["city"],
                        error=FileEditState.wrong["city"],
                    ),
                ),
            ],
            refresh=HouseholdState.refresh,
            about="adresse",
            note="Un changement d’adresse demande un justificatif de domicile : vous le déposerez "
            "juste après.",
        ),
        rx.foreach(household.adults, _adult),
        _certification(household),
        class_name="stack",
        key=household.id,
    )


def _adult(adult: rx.Var[Adult]) -> rx.Component:
    return section_card(
        adult.title,
        "guardian",
        adult.id,
        rx.el.div(
            rx.cond(adult.detail != "", rx.el.p(adult.detail, class_name="muted")),
            rows(adult.rows),
        ),
        [
            two(
                field(
                    "Nom",
                    "last_name",
                    required=True,
                    autocomplete="family-name",
                    default_value=FileEditState.values["last_name"],
                    error=FileEditState.wrong["last_name"],
                ),
                field(
                    "Prénom",
                    "first_name",
                    required=True,
                    autocomplete="given-name",
                    default_value=FileEditState.values["first_name"],
                    error=FileEditState.wrong["first_name"],
                ),
            ),
            two(
                field(
                    "Téléphone",
                    "phone",
                    type="tel",
                    required=True,
                    autocomplete="tel",
                    default_value=FileEditState.values["phone"],
                    error=FileEditState.wrong["phone"],
                ),
                field(
                    "Téléphone professionnel",
                    "work_phone",
                    type="tel",
                    default_value=FileEditState.values["work_phone"],
                    error=FileEditState.wrong["work_phone"],
                ),
            ),
            field(
                "Adresse e-mail",
                "email",
                type="email",
                required=True,
                autocomplete="email",
                hint="Celle que la mairie connaît ; celle de votre compte se change dans "
                "«\u00a0Mon compte\u00a0».",
                default_value=FileEditState.values["email"],
                error=FileEditState.wrong["email"],
            ),
        ],
        refresh=HouseholdState.refresh,
        about=adult.title,
        note="Le téléphone et l’adresse e-mail changent aussitôt. Un changement de nom demande un "
        "justificatif.",
        locked=adult.locked,
        key=adult.id,
    )


def _certification(household: rx.Var[Household]) -> rx.Component:
    return card(
        status_region(
            rx.cond(
                (FileEditState.done_at == "household")
                & (FileEditState.done_target == household.id),
                notice(FileEditState.done, kind="success"),
            ),
            class_name="saved",
        ),
        rx.cond(
            household.certified != "",
            rx.el.p(tag(household.certified, "ok", "circle-check")),
            rx.el.div(
                rx.el.p("Relisez ces coordonnées, corrigez ce qui a changé, puis certifiez-les."),
                button(
                    "Je certifie l’exactitude de ces informations",
                    on_click=HouseholdState.certify(household.id),
                ),
                class_name="certify",
            ),
        ),
        title=rx.fragment("Coordonnées de l’année ", household.year),
    )
