"""/: what the portal is for, and the two ways in."""

from __future__ import annotations

import reflex as rx

from portail.access.routes import exists
from portail.access.session_state import SessionState
from portail.components.cards import card
from portail.components.icons import icon, sign
from portail.components.links import anchor, button_anchor, button_link, link
from portail.components.page import page_title
from portail.components.status import loading, skeleton_card
from portail.pages.frame import framed
from portail.pages.news.cards import news_card
from portail.settings import settings
from portail.state.news.listing import ON_WELCOME, WelcomeNewsState

SERVICES = (
    (
        "calendar-days",
        "Réserver",
        "Cantine, accueil du matin et du soir, mercredis, vacances : cochez les jours.",
    ),
    (
        "clipboard-pen",
        "Inscrire",
        "Vos enfants, aux activités de leur âge et de leur école, depuis chez vous.",
    ),
    (
        "receipt-euro",
        "Payer",
        "Vos factures en ligne, sans frais, sur le service de paiement de l’État.",
    ),
    (
        "message-circle",
        "Écrire",
        "Aux services de la mairie, et retrouver leurs réponses au même endroit.",
    ),
)


def page() -> rx.Component:
    """The welcome page."""
    chosen = settings()
    return framed(
        rx.el.div(
            rx.el.div(
                page_title(
                    f"L’enfance à {chosen.town_name}, simplement",
                    "École, cantine, accueils de loisirs : tout ce que votre famille fait avec "
                    "la mairie tient ici, à toute heure.",
                ),
                rx.el.div(
                    rx.cond(
                        SessionState.audience != "",
                        button_link("Aller à mon espace", "/accueil", icon="arrow-right"),
                        button_link("Se connecter", "/connexion", icon="log-in"),
                    ),
                    *_create_account(),
                    class_name="flex flex-wrap gap-3",
                ),
                class_name="hero-words",
            ),
            rx.el.ul(*[_service(*service) for service in SERVICES], class_name="hero-list"),
            class_name="hero",
        ),
        _news(),
        rx.el.div(
            card(
                rx.el.ul(
                    _line("phone", anchor(chosen.town_phone, href=_tel(chosen.town_phone))),
                    _line("mail", anchor(chosen.town_email, href=f"mailto:{chosen.town_email}")),
                    _line("map-pin", chosen.town_address),
                    _line("clock", f"Ouvert {chosen.town_hours}"),
                    class_name="lines",
                ),
                title="Nous joindre",
            ),
            card(
                rx.el.p(
                    "Mot de passe, numéro de dossier, réservations, paiement : les réponses aux "
                    "questions que posent les familles."
                ),
                rx.el.p(link("Chercher dans l’aide", to="/aide"), class_name="mt-3"),
                title="Besoin d’aide ?",
            ),
            class_name="pair",
        ),
        current="accueil-public",
    )


def _news() -> rx.Component:
    """The newest public articles; their place is kept until they have come."""
    waiting = rx.el.div(*[skeleton_card(4) for _ in range(ON_WELCOME)], class_name="news-three")
    there = rx.el.ul(
        rx.foreach(WelcomeNewsState.cards, lambda one: news_card(one, 3, pictures=False)),
        class_name="news-three",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Actualités"),
            link("Toutes les actualités", to="/actualites"),
            class_name="card-head",
        ),
        loading(
            WelcomeNewsState.loaded,
            waiting,
            rx.cond(
                WelcomeNewsState.cards.length() > 0,
                there,
                rx.el.p("Aucune actualité pour le moment.", class_name="muted"),
            ),
            "min-h-60",
        ),
        class_name="news-welcome",
    )


def _create_account() -> list[rx.Component]:
    if not exists("/creer-mon-compte"):
        return []
    # a real navigation: the page gives the browser the cookie of its draft
    return [button_anchor("Créer mon compte", "/creer-mon-compte", kind="quiet")]


def _service(shape: str, title: str, text: str) -> rx.Component:
    words = rx.el.div(rx.el.h2(title), rx.el.p(text, class_name="muted"))
    return rx.el.li(sign(shape), words)


def _line(shape: str, content: str | rx.Component) -> rx.Component:
    return rx.el.li(icon(shape, 20), rx.el.span(content))


def _tel(number: str) -> str:
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")
