"""Every page of the portal, in the order of the map of the site."""

from __future__ import annotations

from portail.access.labels import AGENT
from portail.access.routes import register
from portail.pages import (
    demo_components,
    demo_mails,
    errors,
    of_everyone,
    of_families,
    sign_in,
)
from portail.pages.agents import home as agents_home
from portail.pages.registry import Page
from portail.settings import settings
from portail.state.agents.home import AgentHomeState
from portail.state.mailbox import MailboxState, MailModelsState
from portail.state.sign_in import SignInState


def all_pages() -> tuple[Page, ...]:
    """The pages of this portal; a demo has three more."""
    pages: tuple[Page, ...] = (
        *of_everyone.PAGES,
        *of_families.PAGES,
        Page(
            "/agents/connexion",
            "Espace des agents",
            "L’entrée du personnel de la mairie.",
            sign_in.agents,
            on_load=SignInState.load,
        ),
        Page(
            "/agents",
            "Accueil des agents",
            "L’accueil des agents de la mairie.",
            agents_home.page,
            AGENT,
            on_load=AgentHomeState.load,
        ),
        Page("/erreur", "Une erreur est survenue", "Une demande n’a pas abouti.", errors.failed),
        Page("404", "Page introuvable", "Cette page n’existe pas.", errors.not_found),
    )
    if settings().demo:
        pages += (
            Page(
                "/demo/composants",
                "Composants",
                "Tous les composants du portail, dans tous leurs états.",
                demo_components.page,
            ),
            Page(
                "/demo/courriels",
                "Courriels de la démonstration",
                "Les courriels de la démonstration, qui ne sont pas envoyés.",
                demo_mails.page,
                on_load=MailboxState.load,
            ),
            Page(
                "/demo/courriels/modeles",
                "Modèles de courriels",
                "Tous les courriels du portail, remplis avec des exemples.",
                demo_mails.models,
                on_load=MailModelsState.load,
            ),
        )
    register(page.route for page in pages)
    return pages
