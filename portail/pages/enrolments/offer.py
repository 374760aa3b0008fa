"""An activity that unfolds: what it is, what it costs, and the form to ask for it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.browser import focus_once
from portail.components.buttons import button
from portail.components.forms import hidden_field, star
from portail.components.icons import hidden_text, icon
from portail.components.links import link
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.tag import tag
from portail.pages.dossier.fields import fact
from portail.pages.enrolments.papers import paper_lines
from portail.state.enrolments.cards import (
    ChildLine,
    DayChoice,
    OfferCard,
    PriceLine,
)
from portail.state.enrolments.new import CHILD, DAY, NewEnrolmentState

Card = rx.Var[OfferCard]
Place = rx.Var[int]


def offer(one: Card, place: Place) -> rx.Component:
    """The activity, folded but when it is the only one."""
    return rx.el.details(
        rx.el.summary(
            rx.el.h3(one.label),
            rx.el.span(one.summary, class_name="muted"),
            rx.cond(one.tag != "", tag(one.tag, one.tone)),
            class_name="fold",
        ),
        rx.el.div(
            _result(one),
            _facts(one),
            rx.el.form(
                hidden_field("activite", one.code),
                _who(one, place),
                rx.cond(one.can_ask, _ask(one, place)),
                on_submit=NewEnrolmentState.save,
                no_validate=True,
            ),
            class_name="offer",
        ),
        open=one.open,
        class_name="card folding",
        key=one.code,
    )


def _result(one: Card) -> rx.Component:
    return status_region(
        rx.cond(
            one.done.length() > 0,
            _told(
                one,
                rx.el.ul(rx.foreach(one.done.to(list[str]), lambda line: rx.el.li(line, key=line))),
                rx.el.p(
                    "Un accusé de réception vous est envoyé par e-mail. ",
                    link("Suivi de mes démarches", to="/dossier"),
                ),
                kind="success",
                title="Demande enregistrée",
            ),
        ),
        rx.cond(
            one.problems.length() > 0,
            _told(
                one,
                rx.el.ul(
                    rx.foreach(one.problems.to(list[str]), lambda line: rx.el.li(line, key=line))
                ),
                kind="error",
                title="À corriger",
            ),
        ),
        class_name="saved",
    )


def _told(one: Card, *words: Any, kind: Any, title: str) -> rx.Component:
    """What became of the post: it takes the focus, at each post anew."""
    return notice(
        *words,
        kind=kind,
        title=title,
        key=one.attempt,
        custom_attrs={"ref": focus_once(), "tabIndex": -1},
    )


def _facts(one: Card) -> rx.Component:
    return rx.el.div(
        rx.cond(one.description != "", rx.el.p(one.description)),
        rx.el.dl(
            fact("Période", one.period),
            rx.el.div(
                rx.el.dt("Jours et heures"),
                rx.el.dd(rx.foreach(one.hours.to(list[str]), lambda h: rx.el.p(h, key=h))),
            ),
            rx.cond(one.site != "", fact("Lieu", one.site)),
            rx.el.div(
                rx.el.dt("Places"),
                rx.el.dd(rx.foreach(one.places.to(list[str]), lambda p: rx.el.p(p, key=p))),
            ),
            rx.cond(one.papers != "", fact("Documents demandés", one.papers)),
            rx.el.div(
                rx.el.dt("Montant"),
                rx.el.dd(rx.foreach(one.prices.to(list[PriceLine]), _price)),
            ),
            class_name="recap file-rows",
        ),
    )


def _price(one: rx.Var[PriceLine]) -> rx.Component:
    return rx.el.div(
        rx.el.span(one.label),
        rx.el.strong(one.amount),
        rx.cond(one.detail != "", rx.el.span(one.detail, class_name="muted block")),
        class_name="price-line",
        key=one.label,
    )


def _who(one: Card, place: Place) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Enfant", *star(required=True)),
        rx.foreach(one.children.to(list[ChildLine]), lambda child: _child(child, place)),
        error_line(_ident("enfants", place) + "-erreur", one.children_error),
        id=_ident("enfants", place),
        custom_attrs={"tabIndex": -1},  # `tab_index` would become a style
        aria_describedby=_ident("enfants", place) + "-erreur",
        class_name="choices",
    )


def _child(one: rx.Var[ChildLine], place: Place) -> rx.Component:
    ident = "champ-" + place.to_string() + "-" + one.id.to_string()
    return rx.el.div(
        rx.cond(
            one.can,
            rx.el.div(
                rx.el.input(
                    type="checkbox",
                    id=ident,
                    name=CHILD + one.id.to_string(),
                    value="oui",
                    default_checked=one.checked,
                ),
                rx.el.label(one.name, html_for=ident),
                class_name="choice",
            ),
            rx.el.p(
                rx.el.strong(one.name),
                " ",
                rx.cond(one.state != "", tag(one.state, one.tone)),
                rx.cond(one.why != "", rx.el.span(one.why, class_name="block")),
                class_name="cannot",
            ),
        ),
        rx.cond(one.can & (one.places != ""), rx.el.p(one.places, class_name="hint")),
        rx.cond(one.can, paper_lines(one)),
        error_line(ident + "-erreur", one.error),
        class_name="asked-child",
        key=one.id,
    )


def _ask(one: Card, place: Place) -> rx.Component:
    return rx.el.div(
        rx.cond(one.entry_fixed, _fixed_entry(one), _entry(one, place)),
        rx.cond(one.days.length() > 0, _days(one, place)),
        rx.el.div(button("Enregistrer", type="submit"), class_name="form-actions"),
    )


def _fixed_entry(one: Card) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.strong("Date d’entrée souhaitée")),
        rx.el.p(one.entry_words),
        rx.el.p("Non modifiable pour cette activité", class_name="hint"),
        class_name="field",
    )


def _entry(one: Card, place: Place) -> rx.Component:
    ident = _ident("entree", place)
    return rx.el.div(
        rx.el.label("Date d’entrée souhaitée", *star(required=True), html_for=ident),
        rx.el.input(
            type="date",
            id=ident,
            name="entree",
            min=one.first,
            max=one.last,
            default_value=one.entry,
            required=True,
            aria_invalid=rx.cond(one.entry_error != "", "true", "false"),
            aria_describedby=ident + "-erreur",
            class_name="input",
        ),
        error_line(ident + "-erreur", one.entry_error),
        class_name="field",
    )


def _days(one: Card, place: Place) -> rx.Component:
    ident = _ident("jours", place)

    def day(choice: rx.Var[DayChoice]) -> rx.Component:
        box = ident + "-" + choice.value
        return rx.el.div(
            rx.el.input(type="checkbox", id=box, name=DAY + choice.value, value="oui"),
            rx.el.label(choice.label, html_for=box),
            class_name="choice",
            key=choice.value,
        )

    return rx.el.fieldset(
        rx.el.legend("Jours habituels", *star(required=True)),
        rx.el.p("Vous pourrez changer jour par jour dans le planning.", class_name="hint"),
        rx.el.div(rx.foreach(one.days.to(list[DayChoice]), day), class_name="in-a-row"),
        error_line(ident + "-erreur", one.days_error),
        id=ident,
        custom_attrs={"tabIndex": -1},  # `tab_index` would become a style
        aria_describedby=ident + "-erreur",
        class_name="choices",
    )


def _ident(name: str, place: Place) -> rx.Var[str]:
    return f"champ-{name}-" + place.to_string()


def error_line(ident: Any, words: rx.Var[str]) -> rx.Component:
    """What is wrong, beside what it is about; the place is there before the words."""
    return rx.el.div(
        rx.cond(
            words != "",
            rx.el.p(
                icon("circle-alert", 18),
                rx.el.span(hidden_text("Erreur : "), words),
                class_name="error",
            ),
        ),
        id=ident,
    )
