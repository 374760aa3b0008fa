"""The pages of a signed-in parent, in the order of the map of the site."""

from __future__ import annotations

from portail.access.labels import FAMILY, FAMILY_BEFORE_CONSENT
from portail.pages import (
    account,
    consents,
    home,
    subscriptions,
)
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
from portail.pages.planning import absence as planning_absence
from portail.pages.planning import agenda as planning_agenda
from portail.pages.planning import first as planning_first
from portail.pages.planning import page as planning_grid
from portail.pages.planning import validation as planning_validation
from portail.pages.registry import Page
from portail.state.account import AccountState
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
from portail.state.enrolments.mine import MyEnrolmentsState
from portail.state.enrolments.new import NewEnrolmentState
from portail.state.home import HomeState
from portail.state.messages.conversation import ConversationState
from portail.state.messages.mine import MessagesState
from portail.state.messages.new import NewMessageState
from portail.state.planning.absence import AbsenceFormState
from portail.state.planning.agenda import AgendaState
from portail.state.planning.grid import PlanningState
from portail.state.planning.validation import ValidationState
from portail.state.subscriptions import SubscriptionsState

PAGES = (
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
        first_view=planning_first.view,
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
        named=ConversationState.title,
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
)
