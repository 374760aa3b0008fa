"""/planning/agenda «Suivre dans mon agenda»."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.components.browser import copy_beside
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.links import button_anchor, button_link, link
from portail.components.notice import notice
from portail.components.page import page_title, prose
from portail.components.status import loading, skeleton, status_region
from portail.pages.frame import framed
from portail.state.planning.agenda import DONE, END, RENEWAL, AgendaState, CalendarCard
from portail.texts.loader import load_questions

State = AgendaState
HELP = "agenda-"  # how the ids of the questions about it begin


def page() -> rx.Component:
    """What it is, the address of each family, and how to use it."""
    return framed(
        page_title(
            "Suivre dans mon agenda",
            "Les réservations de vos enfants dans l’agenda de votre téléphone ou de votre "
            "ordinateur. Ce que vous réservez ou annulez y arrive tout seul.",
        ),
        loading(
            State.loaded,
            rx.el.div(card(skeleton(6)), class_name="stack"),
            rx.el.div(_done(), _cards(), _private(), _how_to(), class_name="stack"),
            "min-h-[40rem]",
        ),
        _dialog(
            RENEWAL,
            "Renouveler l’adresse ?",
            "L’ancienne adresse cesse aussitôt de fonctionner. Les agendas qui la suivent, le "
            "vôtre compris, ne recevront plus rien : il faudra leur donner la nouvelle.",
            button("Renouveler l’adresse", "danger", on_click=State.renew),
        ),
        _dialog(
            END,
            "Arrêter de suivre ?",
            "L’adresse cesse aussitôt de fonctionner. Vos réservations ne changent pas, et vous "
            "pourrez créer une autre adresse.",
            button("Arrêter", "danger", on_click=State.end),
        ),
        current="planning",
        audience=Audience.FAMILY,
        narrow=True,
        crumbs=(("Planning", "/planning"), ("Suivre dans mon agenda", None)),
    )


def _done() -> rx.Component:
    return status_region(
        rx.cond(State.done != "", notice(State.done, kind="success")),
        id=DONE,
        tab_index=-1,
        class_name="saved",
    )


def _cards() -> rx.Component:
    return rx.cond(
        State.cards.length() > 0,
        rx.fragment(rx.foreach(State.cards, _card)),
        card(
            empty_state(
                "folder-heart",
                "Aucun dossier famille",
                "Reliez le vôtre à votre compte : ses réservations pourront être suivies ici.",
                button_link("Mes souscriptions", "/mon-compte/souscriptions", "quiet"),
            )
        ),
    )


def _card(one: rx.Var[CalendarCard]) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(one.title, id=_id("agenda", one)), class_name="card-head"),
        rx.el.p(one.children, class_name="follow-who"),
        rx.cond(
            one.address != "",
            _opened(one),
            rx.cond(one.lost, _lost(one), _closed(one)),
        ),
        aria_labelledby=_id("agenda", one),
        class_name="card follow",
        key=one.family_id.to_string() + one.address,  # another address: nothing was copied yet
    )


def _opened(one: rx.Var[CalendarCard]) -> rx.Component:
    field = _id("adresse", one)
    return rx.fragment(
        rx.el.div(
            rx.el.label("Votre adresse privée", html_for=field, class_name="label"),
            rx.el.input(
                type="text",
                id=field,
                default_value=one.address,
                read_only=True,
                spell_check=False,
                auto_complete="off",
                class_name="input",
                aria_describedby=_id("depuis", one),
            ),
            button(
                "Copier",
                "quiet",
                icon="copy",
                aria_describedby=_id("agenda", one),
                custom_attrs={"onClick": copy_beside()},
            ),
            status_region(class_name="copied"),
            class_name="copy",
            custom_attrs={
                "data-copied": "Adresse copiée.",
                "data-selected": "L’adresse est sélectionnée : copiez-la.",
            },
        ),
        rx.el.p(one.since, id=_id("depuis", one), class_name="muted"),
        rx.el.div(
            button_anchor(
                "Ouvrir dans mon agenda",
                one.to_follow,
                "primary",
                icon="calendar-plus",
                aria_describedby=_id("agenda", one),
            ),
            _renewal(one),
            _end(one),
            class_name="follow-ways",
        ),
    )


def _closed(one: rx.Var[CalendarCard]) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "Créez une adresse privée, puis donnez-la à votre agenda : il la relira de lui-même."
        ),
        rx.el.div(
            button(
                "Créer mon adresse",
                icon="calendar-plus",
                on_click=State.open(one.family_id),
                aria_describedby=_id("agenda", one),
            ),
            class_name="follow-ways",
        ),
    )


def _lost(one: rx.Var[CalendarCard]) -> rx.Component:
    return rx.fragment(
        notice(
            "Votre adresse fonctionne, mais le portail ne peut plus l’afficher. Renouvelez-la "
            "pour la donner à un autre agenda.",
            kind="warning",
        ),
        rx.el.div(_renewal(one), _end(one), class_name="follow-ways"),
    )


def _renewal(one: rx.Var[CalendarCard]) -> rx.Component:
    return button(
        "Renouveler l’adresse",
        "quiet",
        icon="refresh-cw",
        on_click=State.ask_renewal(one.family_id),
        aria_describedby=_id("agenda", one),
        aria_haspopup="dialog",
    )


def _end(one: rx.Var[CalendarCard]) -> rx.Component:
    return button(
        "Arrêter",
        "plain",
        on_click=State.ask_end(one.family_id),
        aria_describedby=_id("agenda", one),
        aria_haspopup="dialog",
    )


def _id(what: str, one: rx.Var[CalendarCard]) -> rx.Var[str]:
    return f"{what}-" + one.family_id.to_string()


def _private() -> rx.Component:
    return notice(
        rx.el.p(
            "Qui connaît l’adresse voit où sont vos enfants, et quand, sans mot de passe. Ne la "
            "donnez qu’à une personne de confiance, et renouvelez-la au moindre doute."
        ),
        rx.el.p(
            "Elle n’est qu’à vous : l’autre parent crée la sienne avec son propre compte. Elle "
            "montre les réservations, jamais les prix ni les informations médicales."
        ),
        kind="warning",
        title="Une adresse privée",
    )


def _how_to() -> rx.Component:
    questions = [one for one in load_questions() if one.id.startswith(HELP)]
    return card(
        rx.el.p(
            "Un agenda relit l’adresse de temps en temps : souvent en une heure sur un iPhone, "
            "jusqu’à un jour avec Google. En cas de doute, le ",
            link("planning", to="/planning"),
            " fait foi.",
        ),
        rx.el.div(
            *[
                rx.el.details(rx.el.summary(one.question), prose(one.answer), id=one.id)
                for one in questions
            ],
            class_name="questions",
        ),
        title="Comment faire ?",
    )


def _dialog(what: str, title: str, words: str, does: rx.Component) -> rx.Component:
    return modal(
        State.asked == what,
        title,
        rx.el.p(words),
        rx.el.p(State.chosen_title, class_name="muted mt-3"),
        actions=[button("Annuler", "plain", on_click=State.keep, auto_focus=True), does],
        role="alertdialog",
    )
