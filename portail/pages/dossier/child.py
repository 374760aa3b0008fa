"""/dossier/enfants/fiche: the page of a child."""

from __future__ import annotations

import reflex as rx

from portail.components.ask import ask_link
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.links import button_link
from portail.components.notice import notice
from portail.components.status import loading, skeleton
from portail.pages.dossier import child_care, child_sections
from portail.pages.dossier.section import dossier_page
from portail.state.dossier.children import ChildState

HERE = "/dossier/enfants"


def page() -> rx.Component:
    """The page of a child."""
    return dossier_page(
        rx.cond(ChildState.loaded, ChildState.name, "Fiche de l’enfant"),
        rx.cond(ChildState.found, ChildState.lead, "\u00a0"),
        HERE,
        loading(
            ChildState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(6)), card(skeleton(4)), class_name="stack"),
            rx.cond(ChildState.found, _found(), _not_found()),
            "min-h-[60rem]",
        ),
        child_care.removal(),
        crumbs=(
            ("Dossier", "/dossier"),
            ("Mes enfants", HERE),
            (rx.cond(ChildState.found, ChildState.first_name, "Fiche"), None),
        ),
    )


def _not_found() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Cette fiche n’existe pas, ou n’est pas dans votre dossier.",
            button_link("Voir mes enfants", HERE, "quiet"),
        )
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ChildState.shared,
            notice(
                "Cet enfant vit dans deux foyers. Sa santé, ses autorisations et son assurance "
                "sont communes ; l’autre foyer ne voit ni votre adresse, ni votre quotient, ni vos "
                "factures, ni les personnes que vous autorisez.",
                title="Garde alternée",
            ),
        ),
        rx.el.div(ask_link("enfant", ChildState.child_id, ChildState.first_name, "btn quiet")),
        child_care.certification(),
        child_sections.medical(),
        child_care.people(),
        child_care.permissions(),
        child_sections.insurance(),
        child_sections.identity(),
        class_name="stack",
    )
