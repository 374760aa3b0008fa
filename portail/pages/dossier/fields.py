"""Rows of the family file and the form that opens in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import error_summary, fields, form_actions
from portail.components.icons import hidden_text, icon
from portail.components.links import link
from portail.components.notice import notice
from portail.components.status import status_region
from portail.pages.dossier.papers import proofs, wanted
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.words import Row


def rows(items: rx.Var[list[Row]]) -> rx.Component:
    """The fields of a card: label, value, and the change that waits."""
    return rx.el.dl(rx.foreach(items, _row), class_name="recap file-rows")


def fact(label: str, value: Any, note: Any = None) -> rx.Component:
    """A line that is not a field of the file, in the same shape."""
    after = [] if note is None else [rx.el.p(note, class_name="muted")]
    return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.span(value), *after))


def _row(item: rx.Var[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(item.label),
        rx.el.dd(
            rx.el.span(
                item.value, class_name=rx.cond(item.empty, "lines-of-text none", "lines-of-text")
            ),
            proofs(item.papers),
            rx.cond(item.papers_note != "", rx.el.span(item.papers_note, class_name="muted block")),
            wanted(item.wanted),
            rx.cond(item.waiting != "", _waiting(item)),
        ),
        key=item.key,
    )


def _waiting(item: rx.Var[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            icon("clock", 18),
            rx.el.div(
                rx.el.span("Nouvelle valeur demandée : ", class_name="muted"),
                rx.el.span(item.waiting, class_name="lines-of-text"),
                rx.el.span(item.since, class_name="muted block"),
            ),
            class_name="waiting-words",
        ),
        rx.cond(
            item.procedure != "",
            rx.cond(
                item.needs_proof,
                link("Déposer le justificatif", hidden_text(" : ", item.label), to=item.procedure),
                link(
                    "Voir ou retirer ma demande", hidden_text(" : ", item.label), to=item.procedure
                ),
            ),
            rx.el.span("Demandé par l’autre foyer.", class_name="muted"),
        ),
        class_name="waiting",
    )


def section_card(
    title: Any,
    section: str,
    target: rx.Var[int],
    shown: rx.Component,
    form: Sequence[rx.Component],
    *,
    refresh: Any,
    opener: str = "Modifier",
    opener_icon: str = "pencil",
    about: Any = None,
    note: Any = None,
    locked: rx.Var[bool] | None = None,
    level: int = 2,
    **props: Any,
) -> rx.Component:
    """A card of the file: its rows, or the form that changes them.

    Args:
        title: of the card.
        section: of `FileEditState`.
        target: the family, guardian or child it is about.
        shown: what the card holds when its form is closed.
        form: the fields of the form.
        refresh: handler of the page, called once the form is saved.
        opener: words of the button that opens the form.
        opener_icon: its icon.
        about: what the button is about, for a screen reader.
        note: a sentence above the fields of the form.
        locked: the parent may not change this one.
        level: of the title.
        props: of the card.
    """
    here = (FileEditState.section == section) & (FileEditState.target == target)
    words = [opener] if about is None else [opener, hidden_text(" : ", about)]
    open_button = rx.el.button(
        icon(opener_icon, 18),
        rx.el.span(*words),
        type="button",
        on_click=FileEditState.open(section, target),
        class_name="btn quiet",
    )
    actions = rx.cond(here, rx.fragment(), open_button)
    if locked is not None:
        actions = rx.cond(locked, rx.fragment(), actions)
    told = (FileEditState.done_at == section) & (FileEditState.done_target == target)
    return card(
        status_region(rx.cond(told, saved_notice()), class_name="saved"),
        rx.cond(here, edit_form(form, note, refresh), shown),
        title=title,
        level=level,
        actions=actions,
        **props,
    )


def saved_notice() -> rx.Component:
    """What became of the form that was saved."""
    return notice(
        FileEditState.done,
        rx.cond(
            FileEditState.request != "",
            link("Ouvrir ma demande", to=FileEditState.request),
            rx.fragment(),
        ),
        kind="success",
    )


def edit_form(content: Sequence[rx.Component], note: Any, refresh: Any) -> rx.Component:
    """The form of `FileEditState` that is open; `refresh` is called once it is saved."""
    before = [] if note is None else [rx.el.p(note, class_name="muted mb-4")]
    return rx.el.form(
        error_summary(FileEditState.errors),
        *before,
        fields(*content),
        form_actions(
            button("Annuler", "plain", on_click=FileEditState.cancel),
            button("Enregistrer", type="submit"),
        ),
        on_submit=[FileEditState.save, refresh],
        no_validate=True,
    )
