"""/mon-compte/consentements, and /conditions-a-accepter which comes before everything else."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.forms import checkbox_field, error_summary, form_actions, hidden_field
from portail.components.icons import icon_choice
from portail.components.links import button_anchor, button_link, link
from portail.components.notice import notice
from portail.components.page import page_title, text_to_accept
from portail.components.status import loading, skeleton, status_region
from portail.components.table import Column, data_table
from portail.components.tag import tag
from portail.domain.consents import ConsentText
from portail.pages.account import account_page, saved
from portail.pages.frame import framed
from portail.state.consents import (
    ACCEPTED,
    ConsentGateState,
    ConsentLine,
    ConsentsState,
    DeletionState,
)
from portail.state.my_data import TOLD, MyDataState
from portail.texts.loader import load_page


def page() -> rx.Component:
    """«Mes consentements», and what one may do with one's own data."""
    return account_page(
        "Mes consentements",
        "Ce que vous avez accepté, et ce que vous pouvez faire de vos données.",
        "/mon-compte/consentements",
        loading(
            ConsentsState.loaded,
            rx.el.div(card(skeleton(4)), card(skeleton(3)), class_name="stack"),
            rx.el.div(_mine(), data_card(), deletion_card(), class_name="stack"),
            "min-h-[40rem]",
        ),
        _withdrawal(),
        deletion_dialog(),
    )


def _mine() -> rx.Component:
    columns = [
        Column("Texte", names_row=True),
        "Version",
        "Accepté le",
        "État",
        Column("Action", bare=True),
    ]
    nothing = empty_state(
        "file-check-2", "Aucun consentement", "Vous n’avez encore accepté aucun texte.", level=3
    )
    return card(
        rx.cond(
            ConsentsState.lines.length() > 0,
            data_table(
                "Textes acceptés",
                columns,
                ConsentsState.lines,
                _cells,
                key=lambda line: line.id,
            ),
            nothing,
        ),
        title="Textes acceptés",
    )


def _cells(line: rx.Var[ConsentLine]) -> list[rx.Component | rx.Var[str]]:
    tone = rx.match(line.state, ("live", "ok"), ("withdrawn", "accent"), "neutral")
    shape = icon_choice(line.state, {"live": "check", "withdrawn": "undo-2"}, "history", size=16)
    leave = button(
        "Retirer",
        "quiet",
        on_click=ConsentsState.ask_withdrawal(line.id),
        aria_describedby=f"texte-{line.id}",
        aria_haspopup="dialog",
    )
    return [
        link(line.title, to=line.address, id=f"texte-{line.id}"),
        line.version,
        line.accepted,
        tag(line.state_words, tone, shape),
        rx.cond(line.state == "live", leave),
    ]


def _withdrawal() -> rx.Component:
    return modal(
        ConsentsState.chosen != 0,
        "Retirer votre accord ?",
        rx.el.p(
            "Sans votre accord sur le texte « ",
            ConsentsState.chosen_title,
            " », votre compte ne peut plus servir : réservations, paiements et messages ne seront "
            "plus accessibles en ligne, jusqu’à ce que vous l’acceptiez de nouveau.",
        ),
        rx.el.p(
            "Ce qui est déjà réservé et facturé ne change pas. Vous pourrez encore télécharger vos "
            "données et demander la suppression de votre compte.",
            class_name="mt-3",
        ),
        rx.el.form(
            hidden_field("consentement", ConsentsState.chosen.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=ConsentsState.keep, auto_focus=True),
                button("Retirer mon accord", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=ConsentsState.withdraw,
        ),
        role="alertdialog",
    )


def data_card() -> rx.Component:
    """«Mes données»: prepared, then downloaded."""
    ready = MyDataState.stage == "ready"
    where = rx.match(
        MyDataState.stage,
        ("ready", notice(MyDataState.told, kind="success")),
        ("preparing", notice(MyDataState.told)),
        rx.fragment(),
    )
    return card(
        rx.el.p(
            "Tout ce que le portail garde sur vous : compte, dossiers, enfants, documents, "
            "consentements, connexions, messages. Un fichier ZIP, avec un mode d’emploi."
        ),
        status_region(where, id=TOLD, tab_index=-1, class_name="mt-4"),
        rx.cond(
            ready,
            rx.el.p(
                button_anchor(
                    MyDataState.download,
                    "/mon-compte/mes-donnees.zip",
                    icon="download",
                    download=True,
                ),
                class_name="mt-4",
            ),
        ),
        rx.cond(
            (MyDataState.stage == "") | MyDataState.again,
            button(
                rx.cond(ready, "Préparer à nouveau", "Préparer mes données"),
                "quiet",
                on_click=MyDataState.ask,
                class_name="mt-4",
            ),
        ),
        title="Mes données",
    )


def deletion_card() -> rx.Component:
    """«Demander la suppression de mon compte», or that it was asked."""
    asked = rx.el.div(
        notice(
            rx.el.p(
                "Demande reçue le ",
                DeletionState.requested,
                ". La mairie vous répondra ; d’ici là, votre compte fonctionne.",
            ),
            title="Vous avez demandé la suppression de votre compte",
        ),
        button("Annuler ma demande", "quiet", on_click=DeletionState.cancel, class_name="mt-4"),
    )
    ask = rx.el.div(
        rx.el.p(
            "Un agent examine la demande. Le dossier famille, les réservations et les factures "
            "restent en mairie."
        ),
        button(
            "Demander la suppression de mon compte",
            "quiet",
            on_click=DeletionState.ask,
            aria_haspopup="dialog",
            class_name="mt-4",
        ),
    )
    return card(
        saved(DeletionState.done),
        rx.cond(DeletionState.requested != "", asked, ask),
        title="Supprimer mon compte",
    )


def deletion_dialog() -> rx.Component:
    """Asked twice: a request is easily sent by mistake."""
    return modal(
        DeletionState.asking,
        "Demander la suppression ?",
        rx.el.p(
            "Une fois le compte supprimé, vous ne pourrez plus vous connecter. Les réservations "
            "déjà faites restent, et les factures restent dues."
        ),
        rx.el.p(
            "Vous recevrez un accusé de réception par e-mail, et vous pourrez annuler la demande "
            "ici tant que le compte existe.",
            class_name="mt-3",
        ),
        actions=[
            button("Annuler", "plain", on_click=DeletionState.keep, auto_focus=True),
            button("Demander la suppression", "danger", on_click=DeletionState.confirm),
        ],
        role="alertdialog",
    )


def gate() -> rx.Component:
    """/conditions-a-accepter: the texts of today that are not accepted, and the other ways out."""
    nothing = notice(
        rx.el.p("Vous avez accepté tous les textes en vigueur."),
        button_link("Aller à mon espace", "/accueil", class_name="mt-3"),
        kind="success",
    )
    return framed(
        page_title(
            "Conditions à accepter",
            rx.cond(
                ConsentGateState.loaded & (ConsentGateState.missing.length() == 0),
                "\u00a0",  # the line keeps its place
                "Avant de continuer, lisez et acceptez les textes en vigueur. Ils ont changé, ou "
                "vous avez retiré votre accord.",
            ),
        ),
        loading(
            ConsentGateState.loaded,
            card(skeleton(8)),
            rx.el.div(
                rx.cond(ConsentGateState.missing.length() > 0, _to_accept(), nothing),
                data_card(),
                deletion_card(),
                class_name="stack",
            ),
            "min-h-[40rem]",
        ),
        deletion_dialog(),
        current="conditions-a-accepter",
        audience=Audience.FAMILY,
        narrow=True,
    )


def _to_accept() -> rx.Component:
    return card(
        error_summary(ConsentGateState.errors),
        rx.el.form(
            *[_text(text) for text in ConsentText],
            form_actions(button("Accepter", type="submit", icon="check")),
            on_submit=ConsentGateState.accept,
            no_validate=True,
        ),
    )


def _text(kind: ConsentText) -> rx.Component:
    text = load_page(kind.value)
    return rx.cond(
        ConsentGateState.missing.contains(kind.value),
        rx.el.section(
            rx.el.h2(text.title),
            text_to_accept(text.title, text.version, f"/{kind.value}", text.markdown),
            checkbox_field(
                ACCEPTED[kind],
                kind.value,
                required=True,
                error=rx.cond(
                    ConsentGateState.unticked.contains(kind.value),
                    "Cochez cette case pour continuer.",
                    "",
                ),
            ),
            class_name="to-accept",
        ),
    )
