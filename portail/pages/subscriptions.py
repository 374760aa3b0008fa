"""/mon-compte/souscriptions: the family files of the account, one more, one less."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.forms import (
    error_summary,
    field,
    fields,
    form_actions,
    hidden_field,
    required_note,
    two,
)
from portail.components.links import link
from portail.components.notice import notice
from portail.components.status import loading, skeleton
from portail.components.todo import todo_item, todo_list_of
from portail.pages.account import account_page, saved
from portail.state.subscriptions import (
    EMAIL,
    NAME,
    NUMBER,
    REFUSAL,
    SubscriptionLine,
    SubscriptionsState,
)


def page() -> rx.Component:
    """«Mes souscriptions»."""
    return account_page(
        "Mes souscriptions",
        "Les dossiers famille que votre compte ouvre, au service enfance.",
        "/mon-compte/souscriptions",
        loading(
            SubscriptionsState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(5)), class_name="stack"),
            rx.el.div(_mine(), _add(), class_name="stack"),
            "min-h-[40rem]",
        ),
        _removal(),
    )


def _mine() -> rx.Component:
    nothing = empty_state(
        "folder-heart",
        "Aucun dossier famille",
        "Ajoutez le vôtre ci-dessous : ses références figurent sur vos factures.",
        level=3,
    )
    return card(
        saved(SubscriptionsState.done),
        rx.cond(
            SubscriptionsState.lines.length() > 0,
            rx.fragment(
                todo_list_of(SubscriptionsState.lines, _line),
                rx.el.p(
                    link("Suivre leurs réservations dans mon agenda", to="/planning/agenda"),
                    class_name="mt-4",
                ),
            ),
            nothing,
        ),
        title="Service enfance",
    )


def _line(line: rx.Var[SubscriptionLine]) -> rx.Component:
    name = f"souscription-{line.id}"
    return todo_item(
        "folder-heart",
        rx.el.span(line.title, id=name),
        rx.el.span(
            rx.el.span(line.children, class_name="block"),
            rx.el.span(line.detail, class_name="block"),
        ),
        button(
            "Retirer",
            "quiet",
            on_click=SubscriptionsState.ask_removal(line.id),
            aria_describedby=name,
            aria_haspopup="dialog",
        ),
        key=line.id,
    )


def _add() -> rx.Component:
    refusal = rx.el.div(
        notice(SubscriptionsState.refusal, kind="error"),
        id=REFUSAL,
        tab_index=-1,
        role="alert",
        class_name="mb-4",
    )
    return card(
        rx.el.p(
            "Le numéro et le nom figurent sur une facture ou un courrier de la mairie. L’adresse "
            "e-mail est celle que le service enfance connaît.",
            class_name="muted mb-4",
        ),
        rx.cond(SubscriptionsState.refusal != "", refusal),
        error_summary(SubscriptionsState.errors),
        required_note(),
        rx.el.form(
            fields(
                two(
                    field(
                        "Numéro de dossier",
                        NUMBER,
                        required=True,
                        error=SubscriptionsState.number_error,
                        input_mode="numeric",
                        auto_complete="off",
                    ),
                    field(
                        "Nom",
                        NAME,
                        required=True,
                        error=SubscriptionsState.name_error,
                        auto_complete="off",
                    ),
                ),
                field(
                    "Adresse e-mail",
                    EMAIL,
                    type="email",
                    required=True,
                    autocomplete="email",
                    error=SubscriptionsState.email_error,
                    spell_check=False,
                ),
            ),
            form_actions(button("Enregistrer", type="submit")),
            on_submit=SubscriptionsState.add,
            no_validate=True,
            key=SubscriptionsState.version,  # emptied once the file is added
        ),
        title="Ajouter un dossier famille",
    )


def _removal() -> rx.Component:
    return modal(
        SubscriptionsState.chosen != 0,
        "Retirer ce dossier ?",
        rx.el.p(
            rx.el.strong(SubscriptionsState.chosen_title),
            " ne sera plus relié à votre compte : vous n’y verrez plus les enfants, leurs "
            "réservations ni leurs factures. Rien n’est annulé en mairie.",
        ),
        rx.el.p("Vous pourrez le relier de nouveau avec ses références.", class_name="muted mt-3"),
        rx.el.form(
            hidden_field("souscription", SubscriptionsState.chosen.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=SubscriptionsState.keep, auto_focus=True),
                button("Retirer ce dossier", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=SubscriptionsState.remove,
        ),
        role="alertdialog",
    )
