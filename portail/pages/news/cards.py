"""An article in a list, wherever the list is."""

from __future__ import annotations

import reflex as rx

from portail.components.cards import heading
from portail.components.icons import icon
from portail.components.links import link
from portail.components.tag import tag
from portail.state.news.words import Card, Picture


def news_card(one: rx.Var[Card], level: int = 2, *, pictures: bool = True) -> rx.Component:
    """Its picture, when, its title, its summary, whom it is for; the whole card is its link."""
    shown = [rx.cond(one.picture.address != "", picture(one.picture))] if pictures else []
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.day),
                rx.cond(one.important, tag("Important", "accent", "megaphone")),
                rx.cond(one.unread, tag("Nouveau", "brand", "sparkles")),
                class_name="news-when",
            ),
            heading(level, link(one.title, to=one.address)),
            rx.el.p(one.summary, class_name="news-summary"),
            rx.el.p(
                rx.el.span(icon("users", 18), one.concerns),
                rx.cond(one.files != "", rx.el.span(icon("paperclip", 18), one.files)),
                class_name="news-for muted",
            ),
            class_name="news-words",
        ),
        *shown,
        class_name="card news-card",
        key=one.number,
    )


def picture(shown: rx.Var[Picture]) -> rx.Component:
    """A picture that keeps its place before it has come."""
    return rx.el.img(
        src=shown.address,
        alt=shown.alt,
        loading="lazy",
        custom_attrs={"width": shown.width, "height": shown.height},
        class_name="news-picture",
    )
