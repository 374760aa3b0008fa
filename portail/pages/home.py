"""/accueil: the parent's first page, once signed in."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.access.routes import exists
from portail.components.cards import card, tile, tiles
from portail.components.empty import empty_state
from portail.components.page import page_title
from portail.components.status import loading, skeleton
from portail.pages.frame import framed
from portail.state.home import ChildLine, FamilyCard, HomeState

TILES = (
    (
        "Mon dossier",
        "folder-heart",
        (
            ("Mon dossier et mes démarches", "/dossier"),
            ("Mes enfants", "/dossier/enfants"),
            ("Mes coordonnées", "/dossier/coordonnees"),
            ("Mes documents", "/dossier/documents"),
        ),
    ),
    (
        "Inscription",
        "clipboard-pen",
        (
            ("Les activités de mes enfants", "/inscriptions"),
            ("Nouvelle inscription", "/inscriptions/nouvelle"),
        ),
    ),
    (
        "Planning",
        "calendar-days",
        (("Voir le planning", "/planning"), ("Réserver des jours", "/planning?modifier=1")),
    ),
    (
        "Facturation",
        "receipt-euro",
        (
            ("Payer mes factures", "/facturation"),
            ("Historique de mon compte", "/facturation/historique"),
        ),
    ),
    (
        "Nous contacter",
        "message-circle",
        (("Mes messages", "/messagerie"), ("Écrire à un service", "/messagerie/nouveau")),
    ),
    ("Actualités", "newspaper", (("Dernières actualités", "/actualites"),)),
)


def page() -> rx.Component:
    """The six doors, and above them what is the family's own."""
    return framed(
        page_title(
            rx.cond(HomeState.loaded, HomeState.greeting, "Bonjour"),
            rx.cond(HomeState.loaded, HomeState.lead, "\u00a0"),  # the line keeps its place
        ),
        loading(
            HomeState.loaded,
            card(skeleton(4), class_name="mb-4"),
            rx.cond(
                HomeState.families.length() > 0,
                rx.el.div(rx.foreach(HomeState.families, _family), class_name="families"),
                empty_state(
                    "folder-heart",
                    "Aucun dossier famille",
                    "Votre compte n’est lié à aucun dossier. Le service enfance de la mairie peut "
                    "vous en donner les références.",
                ),
            ),
            "min-h-72 md:min-h-48",
        ),
        tiles(*[_tile(*door) for door in TILES]),
        current="accueil",
        audience=Audience.FAMILY,
    )


def _family(family: rx.Var[FamilyCard]) -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(family.children, _child), class_name="children"),
        title=family.title,
        key=family.id,
    )


def _child(child: rx.Var[ChildLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(child.initial, class_name="face", aria_hidden="true"),
        rx.el.span(
            rx.el.strong(child.first_name), rx.el.span(child.detail, class_name="muted block")
        ),
        key=child.id,
    )


def _tile(title: str, shape: str, links: tuple[tuple[str, str], ...]) -> rx.Component:
    there = [(label, to) for label, to in links if exists(to)]
    soon = [label for label, to in links if not exists(to)]
    return tile(title, shape, there, soon=soon)
