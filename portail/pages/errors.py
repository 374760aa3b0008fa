"""404 and error pages: what happened, and what to do next."""

from __future__ import annotations

import reflex as rx

from portail.components.links import anchor, button_anchor, link
from portail.components.page import page_title
from portail.pages.frame import framed


def not_found() -> rx.Component:
    """No page at this address."""
    return framed(
        page_title(
            "Cette page n’existe pas",
            "Le lien est peut-être ancien, ou l’adresse a été mal recopiée.",
        ),
        rx.el.ul(
            rx.el.li(link("Revenir à la page d’accueil", to="/")),
            rx.el.li(link("Voir toutes les pages du portail", to="/plan-du-site")),
            rx.el.li(link("Chercher dans l’aide", to="/aide")),
            class_name="lines",
        ),
        current="404",
        narrow=True,
    )


def failed() -> rx.Component:
    """A request that could not be served; shown in place of the answer."""
    return framed(
        page_title(
            "Votre demande n’a pas abouti",
            "Le portail a rencontré un problème, ou la demande n’était pas recevable. Rien n’a "
            "été enregistré de cette dernière action.",
        ),
        rx.el.p(
            "Revenez à la page précédente et réessayez. Si cela se répète, écrivez-nous en "
            "indiquant l’heure : nous saurons retrouver ce qui s’est passé."
        ),
        rx.el.p(button_anchor("Revenir à la page d’accueil", "/"), class_name="mt-6"),
        rx.el.p(anchor("Chercher dans l’aide", href="/aide"), class_name="mt-4"),
        current="erreur",
        narrow=True,
    )
