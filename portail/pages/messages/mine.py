"""/messagerie «Mes messages»: the conversations, unread first."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.filters import filter_options, filter_select
from portail.components.icons import hidden_text, icon
from portail.components.links import button_link, link
from portail.components.pager import pager
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.domain.searching import Piece
from portail.pages.messages.section import messages_page
from portail.state.messages.mine import STATE_CHOICES
from portail.state.messages.mine import MessagesState as State
from portail.state.messages.words import LIST, NEW, Line


def page() -> rx.Component:
    """«Mes messages»."""
    return messages_page(
        "Mes messages",
        "Vos conversations avec les services de la mairie.",
        LIST,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(9)), class_name="stack"),
            card(
                rx.cond(State.any_thread, _threads(), _nothing()),
                title="Conversations",
                actions=button_link("Nouveau message", NEW, icon="square-pen"),
            ),
            "min-h-[40rem]",
        ),
    )


def _nothing() -> rx.Component:
    return empty_state(
        "message-circle",
        "Aucun message",
        "Une question sur une facture, une inscription, la cantine ? Écrivez au service qui s’en "
        "occupe : sa réponse arrive ici, et un e-mail vous prévient.",
        level=3,
    )


def _threads() -> rx.Component:
    return rx.fragment(
        status_region(hidden_text(State.news)),
        _search(),
        rx.el.div(
            filter_select(
                "Service",
                "filtre-service",
                rx.el.option("Tous", value=""),
                filter_options(State.services),
                value=State.service,
                on_change=State.choose_service,
            ),
            filter_select(
                "État",
                "filtre-etat",
                rx.el.option("Tous", value=""),
                *[rx.el.option(text, value=value) for value, text in STATE_CHOICES],
                value=State.state,
                on_change=State.choose_state,
            ),
            rx.el.p(State.total, role="status", class_name="muted"),
            class_name="filters",
        ),
        rx.cond(
            State.lines.length() > 0,
            rx.el.ul(rx.foreach(State.lines, _line), class_name="threads"),
            rx.el.p("Aucune conversation ne correspond à ces choix.", class_name="muted"),
        ),
        pager(State.page, State.pages, State.turn),
    )


def _search() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.label("Chercher dans mes messages", html_for="recherche"),
            rx.el.div(
                rx.el.input(
                    type="search",
                    id="recherche",
                    name="recherche",
                    default_value=State.search,
                    key=State.search,
                    max_length=100,
                    auto_complete="off",
                    class_name="input",
                ),
                button("Chercher", "quiet", type="submit", icon="search"),
                class_name="search-line",
            ),
            class_name="field",
        ),
        on_submit=State.look_for,
        role="search",
        class_name="thread-search",
    )


def _line(one: rx.Var[Line]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(one.unread, icon("mail", 22), icon("mail-open", 22)), class_name="thread-sign"
        ),
        rx.el.div(
            rx.el.div(
                rx.el.h3(
                    link(
                        rx.cond(one.unread, hidden_text("Non lu : ")),
                        _marked(one.subject),
                        to=one.address,
                    )
                ),
                rx.el.span(one.at, class_name="thread-at"),
                class_name="thread-head",
            ),
            rx.el.p(
                one.service,
                rx.cond(one.child != "", rx.fragment(" · ", one.child)),
                class_name="thread-who",
            ),
            rx.el.p(
                rx.cond(one.by != "", rx.el.span(one.by, "\u00a0: ", class_name="thread-by")),
                _marked(one.excerpt),
                class_name="thread-excerpt",
            ),
            rx.el.div(
                rx.cond(one.unread, tag("Nouvelle réponse", "brand", "mail")),
                rx.cond(~one.unread, tag(one.state, one.tone)),
                rx.cond(
                    one.files.length() > 0,
                    rx.el.span(
                        icon("paperclip", 16),
                        rx.el.span(_marked(one.files)),
                        class_name="thread-files",
                    ),
                ),
                class_name="tags",
            ),
        ),
        key=one.id,
        class_name="thread",
        data_unread=rx.cond(one.unread, "yes", "no"),
    )


def _marked(text: rx.Var[list[Piece]]) -> rx.Component:
    """A text, with what was looked for marked in it."""
    return rx.foreach(
        text, lambda piece: rx.cond(piece.found, rx.el.mark(piece.text), rx.fragment(piece.text))
    )
