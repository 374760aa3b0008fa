"""Important articles, put forward until they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.icons import hidden_text, icon
from portail.components.links import link
from portail.state.news.words import Card


def important_news(cards: rx.Var[list[Card]], on_read: Callable[[Any], Any]) -> rx.Component:
    """A notice for each; `on_read(number)` is «J’ai lu»."""

    def one_of(one: rx.Var[Card]) -> rx.Component:
        return rx.el.li(
            icon("megaphone"),
            rx.el.div(
                rx.el.div(
                    rx.el.h2(
                        hidden_text("Important\u00a0: "), one.title, class_name="notice-title"
                    ),
                    rx.el.p(one.summary),
                ),
                rx.el.div(
                    link("Lire", hidden_text(" : ", one.title), to=one.address, class_name="btn"),
                    button(
                        "J’ai lu",
                        "quiet",
                        icon="check",
                        aria_label=rx.Var.create("J’ai lu\u00a0: ") + one.title,
                        on_click=on_read(one.number),
                    ),
                    class_name="news-important-ways",
                ),
                class_name="notice-body",
            ),
            class_name="notice",
            data_tone="warning",
            key=one.number,
        )

    return rx.cond(
        cards.length() > 0,
        rx.el.ul(
            rx.foreach(cards, one_of),
            class_name="news-important",
            aria_label="Actualités importantes",
        ),
    )
