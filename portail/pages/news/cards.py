"""An article in a list, wherever the list is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.cards import heading
from portail.components.icons import icon
from portail.components.links import link
from portail.components.tag import tag
from portail.state.news.words import Card, Picture

# beside the words it is cut to 4/3: of a wide picture, more than what is seen
IN_LIST = "(min-width: 40rem) 20rem, calc(100vw - 4rem)"


def news_card(one: rx.Var[Card], level: int = 2, *, pictures: bool = True) -> rx.Component:
    """Its picture, when, its title, its summary, whom it is for; the whole card is its link."""
    shown = (
        [rx.cond(one.picture.address != "", picture(one.picture, loading="lazy"))]
        if pictures
        else []
    )
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


def picture(
    shown: rx.Var[Picture], sizes: str = IN_LIST, class_name: str = "news-picture", **props: Any
) -> rx.Component:
    """A picture that keeps its place before it has come; `sizes`: how wide that is, as CSS says."""
    return rx.el.img(
        src_set=shown.choices,
        sizes=sizes,
        src=shown.address,
        alt=shown.alt,
        custom_attrs={"width": shown.width, "height": shown.height},
        class_name=class_name,
        **props,
    )
