"""/dossier/enfants: the children, each with the way to its page."""

from __future__ import annotations

import reflex as rx

from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.face import face
from portail.components.links import link
from portail.components.status import loading, skeleton
from portail.components.tag import tag
from portail.pages.dossier.section import dossier_page
from portail.state.dossier.children import Card, ChildrenState

HERE = "/dossier/enfants"


def page() -> rx.Component:
    """«Mes enfants»."""
    return dossier_page(
        "Mes enfants",
        "Leur école, leur santé, qui vient les chercher. Vérifiez chaque fiche une fois par an.",
        HERE,
        loading(
            ChildrenState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(3)), class_name="stack"),
            rx.cond(
                ChildrenState.cards.length() > 0,
                rx.el.ul(rx.foreach(ChildrenState.cards, _card), class_name="child-cards"),
                empty_state(
                    "baby",
                    "Aucun enfant",
                    "Votre dossier ne compte pas encore d’enfant. Le service enfance peut "
                    "l’ajouter.",
                ),
            ),
            "min-h-[24rem]",
        ),
    )


def _card(child: rx.Var[Card]) -> rx.Component:
    return rx.el.li(
        face(child.initial, child.id),
        rx.el.div(
            rx.el.h2(link(child.name, to=child.address)),
            rx.el.p(child.detail, class_name="muted"),
            rx.el.div(
                rx.cond(
                    child.certified,
                    tag(child.certified_text, "ok", "circle-check"),
                    tag(child.certified_text, "accent", "clipboard-pen"),
                ),
                rx.cond(child.notes != "", tag(child.notes, "neutral", "info")),
                class_name="tags",
            ),
        ),
        class_name="card child-card",
        key=child.id,
    )
