"""/planning/validation: the changes to confirm, then what became of them."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.icons import hidden_text, icon_choice
from portail.components.links import button_anchor, button_link, link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.pages.frame import framed
from portail.pages.planning.outcome import done_children
from portail.state.planning.address import PLANNING
from portail.state.planning.validation import ChangeLine, ChildChanges, ValidationState

State = ValidationState
SIGNS = {"book": "calendar-plus", "cancel": "calendar-x", "wait": "hourglass", "lost": "ban"}
TONES = {"book": "accent", "cancel": "alert", "wait": "accent"}


def page() -> rx.Component:
    """«Validation des modifications»."""
    return framed(
        page_title(
            "Validation des modifications",
            rx.cond(
                State.done.length() > 0,
                "Le détail de ce qui vient d’être enregistré.",
                "Relisez, puis « Terminer » pour enregistrer. Jusque-là, rien n’est fait.",
            ),
        ),
        loading(
            State.loaded,
            card(skeleton(8)),
            rx.el.div(_told(), _outcome(), _changes(), class_name="stack"),
            "min-h-[38rem]",
        ),
        _question(),
        current="planning",
        audience=Audience.FAMILY,
        narrow=True,
        crumbs=(("Planning", PLANNING), ("Validation", None)),
    )


def _told() -> rx.Component:
    return status_region(
        rx.cond(State.told != "", notice(State.told, kind="info")),
        class_name="saved",
    )


def _outcome() -> rx.Component:
    return rx.cond(
        State.done.length() > 0,
        card(
            status_region(
                rx.cond(
                    State.done_again,
                    rx.el.p("Ces modifications étaient déjà enregistrées.", class_name="muted"),
                )
            ),
            done_children(State.done),
            rx.el.p("Total\u00a0: ", rx.el.strong(State.done_total), class_name="confirm-total"),
            rx.el.p(
                "Un e-mail vous rappelle cette liste. Votre téléphone peut aussi ",
                link("suivre vos réservations", to="/planning/agenda"),
                ".",
                class_name="muted",
            ),
            rx.el.div(
                rx.foreach(
                    State.procedures,
                    lambda one: button_link("Voir la démarche", one, "quiet", key=one),
                ),
                rx.cond(
                    State.calendar != "",
                    button_anchor(
                        "Ajouter à mon agenda (.ics)", State.calendar, icon="calendar-arrow-down"
                    ),
                ),
                button_link("Retour au planning", PLANNING),
                class_name="confirm-ways",
            ),
            title=State.done_title,
            id="resultat",
        ),
    )


def _changes() -> rx.Component:
    return rx.cond(
        State.children.length() > 0,
        card(
            rx.el.p(
                rx.el.strong(State.bookings),
                " · ",
                rx.el.strong(State.cancellations),
                class_name="confirm-counts",
            ),
            rx.cond(State.impossible != "", notice(State.impossible, kind="warning", role="note")),
            rx.foreach(State.children, _child),
            rx.el.p("Total\u00a0: ", rx.el.strong(State.total), class_name="confirm-total"),
            rx.cond(
                State.unknown,
                rx.el.p("Certains prix ne sont pas encore connus.", class_name="muted"),
            ),
            rx.el.div(
                rx.el.div(
                    link("Retour", to=PLANNING + "?modifier=1", class_name="btn quiet"),
                    button(
                        "Tout supprimer",
                        "plain",
                        icon="trash-2",
                        aria_haspopup="dialog",
                        on_click=State.ask_clear,
                    ),
                    class_name="confirm-back",
                ),
                button("Terminer", icon="check", on_click=State.finish(State.version)),
                class_name="form-actions",
            ),
            title=rx.cond(
                State.done.length() > 0, "Ce qui reste en attente", "Modifications en attente"
            ),
        ),
        rx.cond(
            State.done.length() == 0,
            card(
                empty_state(
                    "calendar-check",
                    "Rien en attente",
                    "Vos réservations sont à jour. Pour en ajouter ou en annuler, ouvrez le "
                    "planning et choisissez « Modifier ».",
                    button_link("Retour au planning", PLANNING, "quiet"),
                )
            ),
        ),
    )


def _child(child: rx.Var[ChildChanges]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(child.child),
        rx.el.ul(rx.foreach(child.lines.to(list[ChangeLine]), _line), class_name="confirm-lines"),
        key=child.child,
        class_name="confirm-child",
    )


def _line(line: rx.Var[ChangeLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.strong(line.day),
            rx.el.span(line.what, " ", rx.el.small(line.activity)),
            rx.cond(line.why != "", rx.el.span(line.why, class_name="confirm-why")),
            class_name="confirm-what",
        ),
        tag(
            line.does,
            rx.match(line.tone, *TONES.items(), "neutral"),
            icon_choice(line.tone, SIGNS, "circle", 16),
        ),
        rx.el.span(line.price, class_name="confirm-price"),
        rx.el.button(
            "Retirer",
            hidden_text(" : ", line.named),
            type="button",
            on_click=State.remove(line.id),
            class_name="btn plain",
        ),
        key=line.id,
        custom_attrs={"data-tone": line.tone},
    )


def _question() -> rx.Component:
    return modal(
        State.asking,
        "Tout supprimer ?",
        rx.el.p(
            "Toutes vos modifications en attente seront effacées, pour tous vos enfants et tous "
            "les mois. Vos réservations restent comme elles sont."
        ),
        actions=[
            button("Annuler", "plain", on_click=State.keep, auto_focus=True),
            button("Tout supprimer", "danger", on_click=State.clear),
        ],
        role="alertdialog",
    )
