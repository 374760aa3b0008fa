"""/actualites «Actualités»: the news by date."""

from __future__ import annotations

import reflex as rx

from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.icons import icon
from portail.components.links import anchor
from portail.components.page import page_title
from portail.components.pager import pager
from portail.components.status import loading, skeleton_card
from portail.pages.frame import framed
from portail.pages.news.cards import news_card
from portail.services.news.addresses import ATOM, RSS
from portail.state.news.listing import NewsState as State
from portail.state.news.words import Card


def _line(one: rx.Var[Card]) -> rx.Component:
    return news_card(one)


def page() -> rx.Component:
    """The list, newest first."""
    return framed(
        page_title("Actualités", rx.cond(State.loaded, State.lead, "\u00a0")),
        loading(
            State.loaded,
            rx.el.div(skeleton_card(4), skeleton_card(4), skeleton_card(4), class_name="stack"),
            rx.cond(
                State.cards.length() > 0,
                rx.fragment(
                    rx.el.ul(rx.foreach(State.cards, _line), class_name="stack news-list"),
                    pager(State.page, State.pages, State.turn),
                ),
                card(
                    empty_state(
                        "newspaper",
                        "Aucune actualité pour le moment",
                        "Les nouvelles de la mairie pour les familles apparaîtront ici.",
                    )
                ),
            ),
            "min-h-[60rem]",
        ),
        rx.el.p(
            icon("rss", 18),
            rx.el.span(
                "Suivre les actualités publiques dans un lecteur de flux\u00a0: ",
                anchor("Atom", href=ATOM),
                " ou ",
                anchor("RSS", href=RSS),
            ),
            class_name="news-follow muted",
        ),
        current="actualites",
        narrow=True,
        shared=True,
    )
