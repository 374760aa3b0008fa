"""The days of a phone: a week of cards, a switch a slot."""

from __future__ import annotations

import reflex as rx

from portail.components.empty import empty_state
from portail.components.icons import hidden_text
from portail.components.planning import Shape
from portail.state.planning.cells import CardView, LineView, PartView
from portail.state.planning.grid import PlanningState

State = PlanningState


def days() -> rx.Component:
    """The cards of the week."""
    return rx.el.div(rx.foreach(State.cards, _card), class_name="day-cards")


def nothing() -> rx.Component:
    """No enrolment, or every row hidden."""
    return empty_state("calendar-days", "Rien à montrer", "Aucune activité n’est affichée.")


def _card(card: rx.Var[CardView]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(card.title),
            rx.cond(card.today, rx.el.span("aujourd’hui", class_name="tag-now")),
            rx.cond(
                State.day_costs.contains(card.iso),
                rx.el.p(hidden_text("Coût du jour : "), State.day_costs[card.iso]),
            ),
            class_name="day-head",
        ),
        rx.cond(card.note != "", rx.el.p(card.note, class_name="muted")),
        rx.foreach(card.parts.to(list[PartView]), _part),
        class_name="card day-card",
        key=card.iso,
        custom_attrs={"data-quiet": rx.cond(card.note != "", "yes", "no")},
    )


def _part(part: rx.Var[PartView], place: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        rx.cond(part.child != "", rx.el.h3(part.child)),
        rx.el.ul(rx.foreach(part.lines.to(list[LineView]), _line), class_name="day-lines"),
        key=place,
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    key = f"{line.child}/{line.slot}/{line.day}"
    shape = Shape(
        rx.Var.create(key), line.s, State.sentences[line.t.to(int)], State.changed, State.mount
    )
    switch = shape.box(
        line.what,
        State.editing,
        class_name="switch",
        attrs={"role": "switch"},
    )
    still = rx.el.span(
        class_name="cell", aria_hidden="true", custom_attrs={"data-look": shape.base}
    )
    words = rx.el.span(
        rx.el.b(line.label),
        rx.el.small(line.hours),
        rx.cond(
            shape.has_box,
            rx.el.span(
                rx.el.span(shape.ticked, class_name="when-on"),
                rx.el.span(shape.unticked, class_name="when-off"),
                class_name="day-words",
            ),
            rx.el.span(shape.words, class_name="day-words"),
        ),
    )
    return rx.el.li(
        rx.cond(
            shape.has_box,
            rx.el.label(words, switch, class_name="day-line"),
            rx.el.div(words, still, class_name="day-line"),
        ),
        key=key,
    )
