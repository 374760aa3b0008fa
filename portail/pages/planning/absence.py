"""/planning/absence «Signaler une absence»."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import (
    error_summary,
    field,
    fields,
    form_actions,
    required_note,
    select_field,
    two,
)
from portail.components.icons import hidden_text
from portail.components.links import button_link, link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.pages.frame import framed
from portail.state.planning.absence import (
    CHILD,
    FIRST,
    LAST,
    NOTHING,
    AbsenceFormState,
    BookedLine,
    ToldLine,
)

State = AbsenceFormState
PLANNING = "/planning"


def page() -> rx.Component:
    """Who and when; then what is booked and what it changes; then «Signaler l’absence»."""
    return framed(
        page_title(
            "Signaler une absence",
            "Votre enfant ne viendra pas, et il est trop tard pour annuler ? Prévenez la mairie : "
            "elle décide de ce qui reste dû. Vous pourrez ensuite joindre un justificatif.",
        ),
        loading(
            State.loaded,
            rx.el.div(card(skeleton(8)), class_name="stack"),
            rx.el.div(_form(), _told(), class_name="stack"),
            "min-h-[36rem]",
        ),
        current="planning",
        audience=Audience.FAMILY,
        narrow=True,
        crumbs=(("Planning", PLANNING), ("Signaler une absence", None)),
    )


def _form() -> rx.Component:
    return card(
        rx.el.form(
            error_summary(State.errors),
            required_note(),
            fields(
                select_field(
                    "Enfant",
                    CHILD,
                    State.children,
                    required=True,
                    error=State.child_error,
                    default_value=State.child,
                    on_change=State.choose_child,
                ),
                two(
                    _day("Premier jour", FIRST, State.first, State.first_error, State.choose_first),
                    _day("Dernier jour", LAST, State.last, State.last_error, State.choose_last),
                ),
            ),
            status_region(_booked(), class_name="mt-6"),
            form_actions(
                button_link("Retour au planning", PLANNING, "plain"),
                button("Signaler l’absence", type="submit"),
            ),
            on_submit=State.send,
            no_validate=True,
        ),
    )


def _day(
    label: str,
    name: str,
    value: rx.Var[str],
    error: rx.Var[str],
    on_change: rx.EventHandler,
) -> rx.Component:
    return field(
        label,
        name,
        type="date",
        required=True,
        hint=State.from_day if name == FIRST else State.until_day,
        error=error,
        default_value=value,
        min=State.earliest,
        max=State.latest,
        on_change=on_change,
        key=f"{name}-" + State.version.to_string(),
    )


def _booked() -> rx.Component:
    return rx.fragment(
        rx.cond(
            State.lines.length() > 0,
            rx.el.div(
                rx.el.h2("Ce qui est réservé ces jours-là"),
                rx.el.ul(rx.foreach(State.lines, _line), class_name="absent-days"),
            ),
        ),
        rx.cond(
            State.nothing != "",
            notice(
                State.nothing,
                rx.cond(
                    State.already != "", rx.el.p(link("Voir cette démarche", to=State.already))
                ),
                kind="info",
                id=NOTHING,
                tab_index=-1,
            ),
        ),
    )


def _line(one: rx.Var[BookedLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.strong(one.day),
            rx.el.span(one.what, class_name="block"),
        ),
        tag(one.tag, one.tone),
        rx.el.p(one.detail, class_name="muted"),
        key=one.key,
    )


def _told() -> rx.Component:
    return rx.cond(
        State.told.length() > 0,
        card(
            rx.el.ul(rx.foreach(State.told, _told_line), class_name="absent-days"),
            title="Absences signalées",
        ),
    )


def _told_line(one: rx.Var[ToldLine]) -> rx.Component:
    return rx.el.li(
        link(hidden_text("Absence de "), one.title, to=one.address),
        tag(one.state, one.tone),
        key=one.address,
    )
