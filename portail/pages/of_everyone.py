"""The pages that need no account, in the order of the map of the site."""

from __future__ import annotations

from functools import partial

from portail.pages import (
    account,
    passwords,
    registration,
    sign_in,
    texts,
    unsubscribe,
    welcome,
)
from portail.pages.news import article as news_article
from portail.pages.news import listing as news_listing
from portail.pages.registry import Page
from portail.state.activation import ActivationState
from portail.state.email_change import EmailConfirmationState
from portail.state.news.article import ArticleState
from portail.state.news.listing import NewsState, WelcomeNewsState
from portail.state.passwords import ForgottenPasswordState, NewPasswordState
from portail.state.registration import RegistrationState
from portail.state.sign_in import SignInState
from portail.state.unsubscribe import UnsubscribeState

PAGES = (
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
        named=ArticleState.title,
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
        "/adresse-confirmee",
        "Nouvelle adresse e-mail",
        "Confirmez votre nouvelle adresse e-mail.",
        account.confirm_email,
        on_load=EmailConfirmationState.load,
    ),
    Page(
        "/desabonnement",
        "Se désabonner",
        "Ne plus recevoir certains e-mails, sans se connecter.",
        unsubscribe.page,
        on_load=UnsubscribeState.load,
    ),
)
