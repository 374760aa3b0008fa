"""/actualites/article: the whole of an article."""

from __future__ import annotations

import reflex as rx

from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.icons import icon
from portail.components.links import anchor, button_link
from portail.components.page import page_title
from portail.components.status import loading, skeleton
from portail.components.tag import tag
from portail.pages.frame import framed
from portail.pages.news.cards import picture
from portail.services.news.addresses import NEWS
from portail.state.news.article import ArticleState as State
from portail.state.news.article import File

ALONE = "(min-width: 52rem) 48rem, calc(100vw - 4rem)"


def page() -> rx.Component:
    """One article, or what to do when it is not there."""
    return framed(
        page_title(
            rx.cond(State.loaded & State.found, State.title, "Actualité"),
            rx.cond(State.loaded & State.found, State.summary, "\u00a0"),
        ),
        loading(
            State.loaded,
            card(skeleton(8)),
            rx.cond(State.found, _article(), _nothing()),
            "min-h-[40rem]",
        ),
        current="actualites",
        narrow=True,
        shared=True,
        crumbs=(
            ("Actualités", NEWS),
            (rx.cond(State.loaded & State.found, State.title, "Actualité"), None),
        ),
    )


def _article() -> rx.Component:
    return rx.fragment(
        rx.el.article(
            rx.el.p(
                rx.el.span(
                    "Publié le ",
                    State.day,
                    rx.cond(State.until != "", rx.fragment(", valable jusqu’au ", State.until)),
                ),
                rx.cond(State.important, tag("Important", "accent", "megaphone")),
                class_name="news-when",
            ),
            rx.el.p(rx.el.span(icon("users", 18), State.concerns), class_name="news-for muted"),
            rx.cond(
                State.picture.address != "",
                picture(State.picture, ALONE, "news-large"),
            ),
            # written by adapters/markdown, which lets nothing through but text and links
            rx.html(State.html, class_name="rich"),
            rx.cond(
                State.files.length() > 0,
                rx.el.section(
                    rx.el.h2("À télécharger"),
                    rx.el.ul(rx.foreach(State.files, _file), class_name="lines"),
                    class_name="news-files",
                ),
            ),
            class_name="card news-article",
        ),
        _back(),
    )


def _file(one: rx.Var[File]) -> rx.Component:
    return rx.el.li(
        icon("paperclip", 20),
        rx.el.span(
            anchor(one.name, href=one.address),
            rx.el.span(" (", one.detail, ")", class_name="muted"),
        ),
        key=one.address,
    )


def _nothing() -> rx.Component:
    return card(
        empty_state(
            "newspaper",
            "Cette actualité n’est pas là",
            rx.cond(
                State.sign_in != "",
                "Elle est terminée, ou réservée à certaines familles. Connectez-vous\u00a0: si "
                "elle vous concerne, vous la lirez.",
                "Elle est terminée, ou ne concerne pas vos enfants.",
            ),
            rx.cond(
                State.sign_in != "",
                button_link("Se connecter", State.sign_in, icon="log-in"),
                button_link("Toutes les actualités", NEWS, "quiet"),
            ),
        )
    )


def _back() -> rx.Component:
    return rx.el.p(
        button_link("Toutes les actualités", NEWS, "quiet", icon="arrow-left"),
        class_name="news-back",
    )
