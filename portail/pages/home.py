"""/accueil: the parent's first page, once signed in."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.access.routes import exists
from portail.components.cards import card, tile, tiles
from portail.components.empty import empty_state
from portail.components.face import face
from portail.components.icons import hidden_text, icon, icon_choice
from portail.components.links import link
from portail.components.page import page_title
from portail.components.status import loading, skeleton
from portail.components.todo import todo_item, todo_list_of
from portail.pages.frame import framed
from portail.pages.news.important import important_news
from portail.state.home import HomeState
from portail.state.home_words import Booking, ChildLine, FamilyCard, Todo

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
            ("Payer mes factures", "/facturation/payer"),
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

TODO_SIGNS = {
    "bell": "bell",
    "message-circle": "message-circle",
    "alarm-clock": "alarm-clock",
    "receipt-euro": "receipt-euro",
    "file-up": "file-up",
    "clock": "clock",
}
BOOKING_SIGNS = {"utensils": "utensils", "sunrise": "sunrise", "sunset": "sunset"}


def page() -> rx.Component:
    """The six doors, and above them what is the family's own."""
    return framed(
        page_title(
            rx.cond(HomeState.loaded, HomeState.greeting, "Bonjour"),
            rx.cond(HomeState.loaded, HomeState.lead, "\u00a0"),  # the line keeps its place
        ),
        loading(
            HomeState.loaded,
            rx.el.div(card(skeleton(5)), card(skeleton(5)), class_name="pair"),
            rx.cond(
                HomeState.families.length() > 0,
                rx.fragment(
                    important_news(HomeState.important, HomeState.read_news),
                    rx.el.div(_todo(), _bookings(), class_name="pair"),
                    rx.el.div(rx.foreach(HomeState.families, _family), class_name="families"),
                ),
                empty_state(
                    "folder-heart",
                    "Aucun dossier famille",
                    "Votre compte n’est lié à aucun dossier. Le service enfance de la mairie peut "
                    "vous en donner les références.",
                ),
            ),
            "min-h-[60rem] md:min-h-[36rem]",
        ),
        tiles(*[_tile(*door) for door in TILES]),
        current="accueil",
        audience=Audience.FAMILY,
    )


def _todo() -> rx.Component:
    return card(
        rx.cond(
            HomeState.todos.length() > 0,
            todo_list_of(HomeState.todos, _todo_line),
            rx.el.p(icon("circle-check"), "Rien à faire pour le moment.", class_name="all-good"),
        ),
        title="À faire",
    )


def _todo_line(item: rx.Var[Todo]) -> rx.Component:
    return todo_item(
        icon_choice(item.sign, TODO_SIGNS, "circle-alert"),
        item.title,
        item.detail,
        rx.cond(
            item.action != "",
            link(
                item.action, hidden_text(" : ", item.title), to=item.address, class_name="btn quiet"
            ),
        ),
        tone=item.tone,
        key=item.key,
    )


def _bookings() -> rx.Component:
    return card(
        rx.cond(
            HomeState.bookings.length() > 0,
            todo_list_of(HomeState.bookings, _booking),
            rx.el.p("Aucune réservation aujourd’hui ni demain.", class_name="muted"),
        ),
        title="Aujourd’hui et demain",
    )


def _booking(item: rx.Var[Booking]) -> rx.Component:
    return todo_item(
        icon_choice(item.sign, BOOKING_SIGNS, "calendar"),
        rx.el.span(item.who, rx.el.span(" · ", item.what, class_name="soft")),
        item.detail,
        tone="ok",
        key=item.key,
    )


def _family(family: rx.Var[FamilyCard]) -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(family.children, _child), class_name="children"),
        title=family.title,
        key=family.id,
    )


def _child(child: rx.Var[ChildLine]) -> rx.Component:
    return rx.el.li(
        face(child.initial, child.id),
        rx.el.span(
            link(child.first_name, to=child.address),
            rx.el.span(child.detail, class_name="muted block"),
        ),
        key=child.id,
    )


def _tile(title: str, shape: str, links: tuple[tuple[str, str], ...]) -> rx.Component:
    there = [(label, to) for label, to in links if exists(to)]
    soon = [label for label, to in links if not exists(to)]
    return tile(title, shape, there, soon=soon)
