"""Every page of the portal, in the order of the map of the site."""

from __future__ import annotations

from functools import partial

from portail.access.labels import AGENT, FAMILY, FAMILY_BEFORE_CONSENT
from portail.pages import (
    account,
    consents,
    demo_components,
    demo_mails,
    errors,
    home,
    passwords,
    registration,
    sign_in,
    subscriptions,
    texts,
    welcome,
)
from portail.pages.agents import home as agents_home
from portail.pages.registry import Page, register
from portail.settings import settings
from portail.state.account import AccountState
from portail.state.activation import ActivationState
from portail.state.agents.home import AgentHomeState
from portail.state.consents import ConsentGateState, ConsentsState
from portail.state.email_change import EmailConfirmationState
from portail.state.home import HomeState
from portail.state.mailbox import MailboxState
from portail.state.passwords import ForgottenPasswordState, NewPasswordState
from portail.state.registration import RegistrationState
from portail.state.sign_in import SignInState
from portail.state.subscriptions import SubscriptionsState


def all_pages() -> tuple[Page, ...]:
    """The pages of this portal; a demo has two more."""
    pages: tuple[Page, ...] = (
        Page("/", "Bienvenue", welcome.page),
        Page("/connexion", "Se connecter", sign_in.family, on_load=SignInState.load),
        Page(
            "/creer-mon-compte",
            "Créer mon compte",
            registration.sign_up,
            on_load=RegistrationState.load,
        ),
        Page(
            "/activation",
            "Activer mon compte",
            registration.activation,
            on_load=ActivationState.load,
        ),
        Page(
            "/mot-de-passe-oublie",
            "Mot de passe oublié",
            passwords.forgotten,
            on_load=ForgottenPasswordState.load,
        ),
        Page(
            "/nouveau-mot-de-passe",
            "Nouveau mot de passe",
            passwords.new,
            on_load=NewPasswordState.load,
        ),
        Page("/accessibilite", "Accessibilité", partial(texts.text_page, "accessibilite")),
        Page("/aide", "Aide", texts.help_page),
        Page("/plan-du-site", "Plan du site", texts.site_map),
        Page(
            "/conditions-utilisation",
            "Conditions générales d’utilisation",
            partial(texts.text_page, "conditions-utilisation"),
        ),
        Page("/mentions-legales", "Mentions légales", partial(texts.text_page, "mentions-legales")),
        Page(
            "/donnees-personnelles",
            "Données personnelles",
            partial(texts.text_page, "donnees-personnelles"),
        ),
        Page("/accueil", "Accueil", home.page, FAMILY, on_load=HomeState.load),
        Page("/mon-compte", "Mon compte", account.page, FAMILY, on_load=AccountState.load),
        Page(
            "/mon-compte/souscriptions",
            "Mes souscriptions",
            subscriptions.page,
            FAMILY,
            on_load=SubscriptionsState.load,
        ),
        Page(
            "/mon-compte/consentements",
            "Mes consentements",
            consents.page,
            FAMILY,
            on_load=ConsentsState.load,
        ),
        Page(
            "/conditions-a-accepter",
            "Conditions à accepter",
            consents.gate,
            FAMILY_BEFORE_CONSENT,
            on_load=ConsentGateState.load,
        ),
        Page(
            "/adresse-confirmee",
            "Nouvelle adresse e-mail",
            account.confirm_email,
            on_load=EmailConfirmationState.load,
        ),
        Page("/agents/connexion", "Espace des agents", sign_in.agents, on_load=SignInState.load),
        Page("/agents", "Accueil des agents", agents_home.page, AGENT, on_load=AgentHomeState.load),
        Page("/erreur", "Une erreur est survenue", errors.failed),
        Page("404", "Page introuvable", errors.not_found),
    )
    if settings().demo:
        pages += (
            Page("/demo/composants", "Composants", demo_components.page),
            Page(
                "/demo/courriels",
                "Courriels de la démonstration",
                demo_mails.page,
                on_load=MailboxState.load,
            ),
        )
    register(pages)
    return pages
