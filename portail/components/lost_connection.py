"""When the server does not answer, and when the page itself fails: French words, no detail."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from portail.components.icons import icon
from portail.components.links import anchor


def lost_connection() -> rx.Component:
    """A banner after two failed attempts to reach the server; gone once it answers."""
    banner = rx.el.div(
        icon("wifi-off"),
        "Connexion au serveur perdue. Nouvel essai en cours…",
        class_name="lost",
    )
    status = rx.el.div(rx.cond(has_too_many_connection_errors, banner), role="status")
    return rx.fragment(status)  # the page is put inside what is returned: not in a status region


def error_boundary_fr(*children: Any, **props: Any) -> rx.Component:
    """What shows if a page breaks in the browser."""
    fallback = rx.el.main(
        rx.el.div(
            rx.el.h1("Cette page n’a pas pu s’afficher", id="titre", tab_index=-1),
            rx.el.p(
                "Ce que vous avez enregistré n’est pas perdu. Rechargez la page ; "
                "si le problème revient, écrivez-nous.",
                class_name="lead",
            ),
            class_name="page-title",
        ),
        rx.el.div(
            anchor("Recharger la page", href="", class_name="btn"),
            anchor("Retour à l’accueil", href="/", class_name="btn quiet"),
            class_name="flex flex-wrap gap-3",
        ),
        id="contenu",
        class_name="wrap content narrow",
    )
    return ErrorBoundary.create(*children, fallback_render=rx.Var.create(fallback), **props)
