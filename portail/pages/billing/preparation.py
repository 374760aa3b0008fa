"""/facturation/preparation «Préparation du paiement»: the last page before the bank's."""

from __future__ import annotations

import reflex as rx

from portail.components.browser import press_after
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.forms import native_form
from portail.components.icons import icon
from portail.components.links import button_link
from portail.components.status import loading, skeleton, status_region
from portail.components.stepper import stepper
from portail.pages.billing.section import billing_page
from portail.state.billing.address import PAY, PAYMENT, STEPS
from portail.state.billing.preparation import Field
from portail.state.billing.preparation import PreparationState as State

SECONDS = 4  # «within 5 seconds»: product.md §3.3


def page() -> rx.Component:
    """The bank's page opens by itself, or by its button."""
    return billing_page(
        "Préparation du paiement",
        "Dernière étape : la page de la banque.",
        PAY,
        loading(
            State.loaded,
            card(skeleton(4)),
            rx.cond(State.found, _found(), _missing()),
            "min-h-[24rem]",
        ),
        crumbs=(("Facturation", PAY), ("Paiement", None)),
    )


def _found() -> rx.Component:
    return rx.el.div(
        stepper(STEPS, PAYMENT),
        card(
            rx.el.p(State.amount, class_name="pay-big"),
            rx.el.p(State.what, class_name="muted"),
            status_region(
                rx.cond(
                    State.by_itself,
                    rx.el.div(
                        rx.el.p("La page de paiement s’ouvre toute seule dans quelques secondes."),
                        rx.el.div(class_name="pay-wait", aria_hidden="true"),
                    ),
                    rx.el.p("Ouvrez la page de paiement quand vous êtes prêt."),
                ),
                class_name="pay-soon",
            ),
            native_form(
                rx.foreach(State.fields, _hidden),
                button("Effectuer le paiement", type="submit", icon="lock", on_click=State.leave),
                rx.cond(
                    State.by_itself,
                    button("Rester sur cette page", "plain", on_click=State.stay),
                ),
                action=State.url,
                method=State.method,
                class_name="pay-go",
                custom_attrs={
                    "data-by-itself": rx.cond(State.by_itself, "yes", "no"),
                    "ref": press_after(SECONDS),
                },
            ),
            rx.el.p(
                icon("shield-check", 20),
                rx.el.span(
                    "Vous payez sur la page sécurisée du service de paiement, utilisable jusqu’à ",
                    State.until,
                    ". Vous revenez ensuite ici. Si vous la fermez, le portail demande le résultat "
                    "à la banque : rien n’est perdu.",
                ),
                class_name="pay-safe",
            ),
            button_link("Retour au récapitulatif", State.back, "plain", icon="arrow-left"),
        ),
        class_name="pay",
    )


def _hidden(one: rx.Var[Field]) -> rx.Component:
    return rx.el.input(type="hidden", name=one.name, value=one.value, read_only=True, key=one.name)


def _missing() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Ce paiement n’existe pas, ou n’est pas le vôtre.",
            button_link("Voir mes factures", PAY, "quiet"),
        )
    )
