"""/messagerie/nouveau «Nouveau message»."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.forms import (
    described,
    error_summary,
    required_note,
    wrap,
)
from portail.components.links import anchor
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.domain.messages import MAX_SUBJECT
from portail.pages.messages.section import compose, messages_page
from portail.settings import settings
from portail.state.forms import field_id
from portail.state.messages.new import NewMessageState as State
from portail.state.messages.words import LIST, NEW


def page() -> rx.Component:
    """Service, what about, subject, text, files."""
    return messages_page(
        "Nouveau message",
        "Écrivez au service qui s’occupe de votre question. Un e-mail vous prévient de sa réponse.",
        NEW,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(12)), class_name="stack"),
            rx.el.div(rx.cond(State.open, _form(), _closed()), class_name="stack"),
            "min-h-[60rem]",
        ),
        crumbs=(("Mes messages", LIST), ("Nouveau message", None)),
    )


def _closed() -> rx.Component:
    return card(
        empty_state(
            "message-circle-off",
            "La messagerie n’est pas ouverte",
            "Aucun service ne prend de message pour le moment. Écrivez-nous par e-mail.",
            anchor(settings().town_email, href=f"mailto:{settings().town_email}"),
        )
    )


def _form() -> rx.Component:
    return rx.fragment(
        status_region(
            rx.cond(
                State.resumed != "",
                notice(
                    State.resumed,
                    rx.el.div(
                        button("Effacer le brouillon", "quiet", on_click=State.begin_again),
                        class_name="mt-2",
                    ),
                ),
            ),
            class_name="saved",
        ),
        error_summary(State.errors),
        card(
            required_note(),
            compose(
                State,
                _choice("Service", "service", State.services, State.service, State.choose_service),
                _choice("Concerne", "concerne", State.abouts, State.about, State.choose_about),
                _subject(),
                label="Votre message",
            ),
        ),
    )


def _choice(
    label: str, name: str, options: rx.Var[Any], chosen: rx.Var[str], on_change: Any
) -> rx.Component:
    """A list whose choice the server keeps at once."""
    required = name == "service"
    error = State.service_error if required else None
    hint = State.delay if required else None
    first = [rx.el.option("Choisir…", value="")] if required else []
    select = rx.el.select(
        *first,
        rx.foreach(options, lambda one: rx.el.option(one.label, value=one.value, key=one.value)),
        id=field_id(name),
        name=name,
        default_value=chosen,
        on_change=on_change,
        required=required,
        class_name="input",
        **described(name, None, error, *(["service-delai"] if required else [])),
    )
    after = [] if hint is None else [rx.el.p(hint, id="service-delai", class_name="hint delay")]
    return wrap(name, label, select, *after, required=required, hint=None, error=error)


def _subject() -> rx.Component:
    return wrap(
        "objet",
        "Objet",
        rx.el.input(
            type="text",
            id=field_id("objet"),
            name="objet",
            required=True,
            max_length=MAX_SUBJECT,
            default_value=State.subject,
            on_change=State.write_subject.debounce(500),
            auto_complete="off",
            class_name="input",
            **described("objet", None, State.subject_error),
        ),
        required=True,
        hint=None,
        error=State.subject_error,
    )
