"""Every page of the portal, in the order of the map of the site."""

from __future__ import annotations

from functools import partial

from portail.access.labels import AGENT, FAMILY, FAMILY_BEFORE_CONSENT
from portail.access.routes import register
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
from portail.pages.billing import history as billing_history
from portail.pages.billing import pay as billing_pay
from portail.pages.billing import preparation as billing_preparation
from portail.pages.billing import result as billing_result
from portail.pages.dossier import child as dossier_child
from portail.pages.dossier import children as dossier_children
from portail.pages.dossier import documents as dossier_documents
from portail.pages.dossier import household as dossier_household
from portail.pages.dossier import procedures as dossier_procedures
from portail.pages.enrolments import mine as enrolments_mine
from portail.pages.enrolments import new as enrolments_new
from portail.pages.messages import conversation as messages_conversation
from portail.pages.messages import mine as messages_mine
from portail.pages.messages import new as messages_new
from portail.pages.news import article as news_article
from portail.pages.news import listing as news_listing
from portail.pages.planning import absence as planning_absence
from portail.pages.planning import agenda as planning_agenda
from portail.pages.planning import page as planning_grid
from portail.pages.planning import validation as planning_validation
from portail.pages.registry import Page
from portail.settings import settings
from portail.state.account import AccountState
from portail.state.activation import ActivationState
from portail.state.agents.home import AgentHomeState
from portail.state.billing.history import HistoryState
from portail.state.billing.pay import PayState
from portail.state.billing.preparation import PreparationState
from portail.state.billing.result import ResultState
from portail.state.consents import ConsentGateState, ConsentsState
from portail.state.documents import DocumentsState
from portail.state.dossier.children import ChildrenState, ChildState
from portail.state.dossier.household import HouseholdState
from portail.state.dossier.procedures import DossierState
from portail.state.dossier.request import RequestState
from portail.state.email_change import EmailConfirmationState
from portail.state.enrolments.mine import MyEnrolmentsState
from portail.state.enrolments.new import NewEnrolmentState
from portail.state.home import HomeState
from portail.state.mailbox import MailboxState
from portail.state.messages.conversation import ConversationState
from portail.state.messages.mine import MessagesState
from portail.state.messages.new import NewMessageState
from portail.state.news.article import ArticleState
from portail.state.news.listing import NewsState, WelcomeNewsState
from portail.state.passwords import ForgottenPasswordState, NewPasswordState
from portail.state.planning.absence import AbsenceFormState
from portail.state.planning.agenda import AgendaState
from portail.state.planning.grid import PlanningState
from portail.state.planning.validation import ValidationState
from portail.state.registration import RegistrationState
from portail.state.sign_in import SignInState
from portail.state.subscriptions import SubscriptionsState


def all_pages() -> tuple[Page, ...]:
    """The pages of this portal; a demo has two more."""
    pages: tuple[Page, ...] = (
        Page(
            "/",
            "Bienvenue",
            "Réserver, inscrire, payer, écrire : tout ce que votre famille fait avec la mairie.",
            welcome.page,
            on_load=WelcomeNewsState.load,
        ),
        Page(
            "/actualites",
            "Actualités",
            "Les nouvelles de la mairie pour les familles : écoles, cantine, vacances.",
            news_listing.page,
            on_load=NewsState.load,
        ),
        Page(
            "/actualites/article",
            "Actualité",
            "Une nouvelle de la mairie pour les familles.",
            news_article.page,
            on_load=ArticleState.load,
        ),
        Page(
            "/connexion",
            "Se connecter",
            "Connectez-vous pour retrouver vos enfants, leurs réservations et vos factures.",
            sign_in.family,
            on_load=SignInState.load,
        ),
        Page(
            "/creer-mon-compte",
            "Créer mon compte",
            "Créez votre compte en cinq étapes, avec les références de votre dossier famille.",
            registration.sign_up,
            on_load=RegistrationState.load,
        ),
        Page(
            "/activation",
            "Activer mon compte",
            "Activez votre compte avec le lien reçu par e-mail, ou recevez-en un nouveau.",
            registration.activation,
            on_load=ActivationState.load,
        ),
        Page(
            "/mot-de-passe-oublie",
            "Mot de passe oublié",
            "Recevez par e-mail un lien pour choisir un nouveau mot de passe.",
            passwords.forgotten,
            on_load=ForgottenPasswordState.load,
        ),
        Page(
            "/nouveau-mot-de-passe",
            "Nouveau mot de passe",
            "Choisissez un nouveau mot de passe avec le lien reçu par e-mail.",
            passwords.new,
            on_load=NewPasswordState.load,
        ),
        Page(
            "/accessibilite",
            "Accessibilité",
            "Déclaration d’accessibilité du portail, et comment signaler un obstacle.",
            partial(texts.text_page, "accessibilite"),
        ),
        Page(
            "/aide",
            "Aide",
            "Les réponses aux questions que posent les familles, avec une recherche.",
            texts.help_page,
        ),
        Page("/plan-du-site", "Plan du site", "Toutes les pages du portail.", texts.site_map),
        Page(
            "/conditions-utilisation",
            "Conditions générales d’utilisation",
            "Les conditions générales d’utilisation du portail.",
            partial(texts.text_page, "conditions-utilisation"),
        ),
        Page(
            "/mentions-legales",
            "Mentions légales",
            "Éditeur, hébergeur, licence du logiciel et droits.",
            partial(texts.text_page, "mentions-legales"),
        ),
        Page(
            "/donnees-personnelles",
            "Données personnelles",
            "Quelles données le portail utilise, pourquoi, combien de temps, et vos droits.",
            partial(texts.text_page, "donnees-personnelles"),
        ),
        Page(
            "/accueil",
            "Accueil",
            "Votre espace : vos enfants et ce que vous pouvez faire en ligne.",
            home.page,
            FAMILY,
            on_load=HomeState.load,
        ),
        Page(
            "/dossier",
            "Mon dossier",
            "Vos démarches, leur état et vos factures en attente.",
            dossier_procedures.page,
            FAMILY,
            on_load=DossierState.load,
        ),
        Page(
            "/dossier/enfants",
            "Mes enfants",
            "L’école, la santé et les autorisations de vos enfants.",
            dossier_children.page,
            FAMILY,
            on_load=ChildrenState.load,
        ),
        Page(
            "/dossier/enfants/fiche",
            "Fiche de l’enfant",
            "La fiche d’un enfant : santé, personnes autorisées, autorisations, assurance.",
            dossier_child.page,
            FAMILY,
            on_load=ChildState.load,
        ),
        Page(
            "/dossier/coordonnees",
            "Mes coordonnées",
            "L’adresse, les téléphones et l’adresse e-mail que la mairie connaît.",
            dossier_household.page,
            FAMILY,
            on_load=HouseholdState.load,
        ),
        Page(
            "/dossier/demarche",
            "Démarche",
            "Une démarche, ce qu’elle change, ses documents et son historique.",
            dossier_procedures.procedure,
            FAMILY,
            on_load=RequestState.load,
        ),
        Page(
            "/dossier/documents",
            "Mes documents",
            "Les documents que la mairie vous demande, ceux que vous avez déposés, et les siens.",
            dossier_documents.page,
            FAMILY,
            on_load=DocumentsState.load,
        ),
        Page(
            "/inscriptions",
            "Les activités de mes enfants",
            "Les inscriptions de vos enfants et vos demandes, leur état et leur rang.",
            enrolments_mine.page,
            FAMILY,
            on_load=MyEnrolmentsState.load,
        ),
        Page(
            "/inscriptions/nouvelle",
            "Demande d’inscription",
            "Demander une inscription à une activité, pour un ou plusieurs enfants.",
            enrolments_new.page,
            FAMILY,
            on_load=NewEnrolmentState.load,
        ),
        Page(
            "/planning",
            "Planning",
            "Les réservations de vos enfants, leur coût, et de quoi les changer.",
            planning_grid.page,
            FAMILY,
            on_load=PlanningState.load,
        ),
        Page(
            "/planning/validation",
            "Validation des modifications",
            "Relire les modifications en attente, puis les enregistrer.",
            planning_validation.page,
            FAMILY,
            on_load=ValidationState.load,
        ),
        Page(
            "/planning/absence",
            "Signaler une absence",
            "Prévenir la mairie qu’un enfant ne viendra pas, et voir ce que cela change.",
            planning_absence.page,
            FAMILY,
            on_load=AbsenceFormState.load,
        ),
        Page(
            "/planning/agenda",
            "Suivre dans mon agenda",
            "L’adresse privée par laquelle votre téléphone suit les réservations de vos enfants.",
            planning_agenda.page,
            FAMILY,
            on_load=AgendaState.load,
        ),
        Page(
            "/facturation/payer",
            "Payer mes factures",
            "Les factures de votre famille à payer, et le paiement en ligne en trois étapes.",
            billing_pay.page,
            FAMILY,
            on_load=PayState.load,
        ),
        Page(
            "/facturation/preparation",
            "Préparation du paiement",
            "La dernière étape avant la page de la banque.",
            billing_preparation.page,
            FAMILY,
            on_load=PreparationState.load,
        ),
        Page(
            "/facturation/paiement",
            "Votre paiement",
            "Ce qu’est devenu un paiement, et son reçu.",
            billing_result.page,
            FAMILY,
            on_load=ResultState.load,
        ),
        Page(
            "/facturation/historique",
            "Historique de mon compte",
            "Vos factures, vos paiements, votre solde, vos reçus et vos attestations fiscales.",
            billing_history.page,
            FAMILY,
            on_load=HistoryState.load,
        ),
        Page(
            "/messagerie",
            "Mes messages",
            "Vos conversations avec les services de la mairie, et une recherche.",
            messages_mine.page,
            FAMILY,
            on_load=MessagesState.load,
        ),
        Page(
            "/messagerie/nouveau",
            "Nouveau message",
            "Écrire à un service de la mairie, avec des pièces jointes.",
            messages_new.page,
            FAMILY,
            on_load=NewMessageState.load,
        ),
        Page(
            "/messagerie/fil",
            "Conversation",
            "Une conversation avec un service de la mairie, et votre réponse.",
            messages_conversation.page,
            FAMILY,
            on_load=ConversationState.load,
        ),
        Page(
            "/mon-compte",
            "Mon compte",
            "Vos informations, votre adresse e-mail, votre mot de passe et vos appareils.",
            account.page,
            FAMILY,
            on_load=AccountState.load,
        ),
        Page(
            "/mon-compte/souscriptions",
            "Mes souscriptions",
            "Les dossiers famille reliés à votre compte.",
            subscriptions.page,
            FAMILY,
            on_load=SubscriptionsState.load,
        ),
        Page(
            "/mon-compte/consentements",
            "Mes consentements",
            "Les textes acceptés, vos données et la fin de votre compte.",
            consents.page,
            FAMILY,
            on_load=ConsentsState.load,
        ),
        Page(
            "/conditions-a-accepter",
            "Conditions à accepter",
            "Les textes qui ont changé et que vous devez lire avant de continuer.",
            consents.gate,
            FAMILY_BEFORE_CONSENT,
            on_load=ConsentGateState.load,
        ),
        Page(
            "/adresse-confirmee",
            "Nouvelle adresse e-mail",
            "Confirmez votre nouvelle adresse e-mail.",
            account.confirm_email,
            on_load=EmailConfirmationState.load,
        ),
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
        )
    register(page.route for page in pages)
    return pages
