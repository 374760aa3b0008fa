"""/messagerie/fil: a conversation, and the reply."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.forms import error_summary, hidden_field
from portail.components.icons import hidden_text, icon
from portail.components.links import anchor, button_link, link
from portail.components.notice import notice
from portail.components.status import loading, seen_probe, skeleton, status_region
from portail.components.tag import tag
from portail.pages.messages.section import compose, file_link, messages_page
from portail.state.messages.conversation import DONE, ConversationState
from portail.state.messages.conversation import ConversationState as State
from portail.state.messages.words import LIST, Bubble

REPLY = "repondre"


def page() -> rx.Component:
    """Who wrote what, when; then one's reply."""
    return messages_page(
        rx.cond(State.loaded, State.title, "Conversation"),
        rx.cond(State.found, State.service, "\u00a0"),
        LIST,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(5)), class_name="stack"),
            rx.cond(State.found, _found(), _not_found()),
            "min-h-[48rem]",
        ),
        _closing(),
        crumbs=(("Mes messages", LIST), ("Conversation", None)),
    )


def _not_found() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Cette conversation n’existe pas, ou n’est pas la vôtre.",
            button_link("Voir mes messages", LIST, "quiet"),
        )
    )


def _found() -> rx.Component:
    return rx.el.div(
        status_region(hidden_text(State.news)),
        seen_probe(State.unseen, State.see, key=State.number),
        status_region(
            rx.cond(State.done != "", notice(State.done, kind="success")),
            rx.cond(State.problem != "", notice(State.problem, kind="warning")),
            id=DONE,
            tab_index=-1,
            class_name="saved",
        ),
        error_summary(State.errors),
        _head(),
        rx.cond(
            State.earlier != "",
            button(State.earlier, "quiet", icon="history", on_click=State.show_all),
        ),
        rx.el.ol(
            rx.foreach(State.bubbles, _bubble),
            class_name="bubbles",
            aria_label="Messages, du plus ancien au plus récent",
        ),
        _reply(),
        class_name="stack",
    )


def _head() -> rx.Component:
    return card(
        rx.el.div(
            tag(State.state, State.tone),
            rx.el.div(
                anchor("Répondre", href=f"#{REPLY}", class_name="btn quiet"),
                rx.cond(
                    ~State.closed,
                    button(
                        "Clore la conversation",
                        "plain",
                        on_click=State.ask_closing,
                        aria_haspopup="dialog",
                    ),
                ),
                class_name="beside-actions",
            ),
            class_name="state-line",
        ),
        rx.cond(State.delay != "", rx.el.p(State.delay, class_name="mt-2")),
        rx.el.dl(
            rx.cond(
                State.about != "",
                rx.el.div(
                    rx.el.dt("Concerne"),
                    rx.el.dd(link(State.about, to=State.about_address)),
                ),
            ),
            rx.cond(
                State.procedure != "",
                rx.el.div(
                    rx.el.dt("Suivi de mes démarches"),
                    rx.el.dd(link("Démarche ", State.procedure, to=State.procedure_address)),
                ),
            ),
            class_name="thread-facts",
        ),
    )


def _bubble(one: rx.Var[Bubble]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.header(
                rx.el.span(
                    rx.cond(one.by == "town", icon("landmark", 20), icon("user-round", 20)),
                    class_name="bubble-sign",
                ),
                rx.el.div(
                    rx.el.h2(
                        rx.cond(one.by == "town", hidden_text("La mairie : ")),
                        one.who,
                        class_name="bubble-who",
                    ),
                    rx.el.p(one.at, class_name="muted"),
                ),
                rx.cond(one.new, tag("Nouveau", "brand", "mail")),
                class_name="bubble-head",
            ),
            rx.el.p(one.body, class_name="lines-of-text"),
            rx.cond(
                one.files.length() > 0,
                rx.el.ul(
                    rx.foreach(one.files, lambda file: rx.el.li(file_link(file), key=file.id)),
                    class_name="files",
                ),
            ),
            class_name="bubble",
        ),
        data_by=one.by,
        key=one.key,
    )


def _reply() -> rx.Component:
    return card(
        rx.cond(
            State.closed,
            rx.el.p(
                "Cette conversation est terminée. Un nouveau message la rouvrira.",
                class_name="muted mb-4",
            ),
        ),
        compose(ConversationState, label="Votre message", thread=State.number),
        title="Répondre",
        id=REPLY,
    )


def _closing() -> rx.Component:
    return modal(
        State.asking,
        "Clore cette conversation ?",
        rx.el.p(
            "Vous n’attendez plus de réponse. Vous pourrez toujours la relire, et la rouvrir en y "
            "écrivant de nouveau."
        ),
        rx.el.form(
            hidden_field("fil", State.number.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=State.stay, auto_focus=True),
                button("Clore la conversation", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=State.close,
        ),
        role="alertdialog",
    )
