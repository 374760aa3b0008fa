"""The frame of every page: header, menu and foot, showing only what exists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from portail.access.labels import Audience
from portail.access.routes import exists
from portail.access.session_state import SessionState
from portail.access.urls import HOME
from portail.components.dialog import session_warning
from portail.components.lost_connection import error_boundary_fr, lost_connection
from portail.components.shell import (
    MenuEntry,
    SessionView,
    TownView,
    shell,
)
from portail.settings import settings
from portail.state.navigation import NavigationState

FAMILY_MENU = (
    MenuEntry("accueil", "Accueil", "/accueil", "house", phone=True),
    MenuEntry("dossier", "Dossier", "/dossier", "folder-heart"),
    MenuEntry("inscriptions", "Inscriptions", "/inscriptions", "clipboard-pen"),
    MenuEntry("planning", "Planning", "/planning", "calendar-days", phone=True),
    MenuEntry(
        "facturation",
        "Facturation",
        "/facturation/payer",
        "receipt-euro",
        count=NavigationState.due,
        phone=True,
        short_label="Factures",
    ),
    MenuEntry(
        "messagerie",
        "Messagerie",
        "/messagerie",
        "message-circle",
        count=NavigationState.unread,
        phone=True,
        short_label="Messages",
    ),
    MenuEntry("actualites", "Actualités", "/actualites", "newspaper"),
)
AGENT_MENU = (MenuEntry("agents", "Accueil des agents", "/agents", "house", phone=True),)

Crumbs = Sequence[tuple[str | rx.Var[str], str | None]]


def town() -> TownView:
    """The town as the header shows it."""
    file = settings().town_logo
    logo = f"/ville/logo{file.suffix.lower()}" if file else None
    name = settings().town_name
    return TownView(name, settings().portal_name, name[:1].upper(), logo)


def framed(
    *content: Any,
    current: str,
    audience: Audience = Audience.PUBLIC,
    narrow: bool = False,
    crumbs: Crumbs | None = None,
    shared: bool = False,
) -> rx.Component:
    """A whole page around this content.

    Args:
        content: what is in the main part.
        current: key of the menu entry of this page.
        audience: whose page it is; public ones show the menu to whoever is signed in.
        narrow: a column of text or a form, rather than the whole width.
        crumbs: the way here.
        shared: a public page that the family's menu has too.
    """
    family_menu = audience is not Audience.AGENT
    session = SessionView(
        ready=SessionState.ready,
        signed_in=SessionState.audience != "",
        owns_menu=SessionState.audience == (Audience.FAMILY if family_menu else Audience.AGENT),
        name=SessionState.name,
        home=rx.cond(
            SessionState.audience == Audience.AGENT, HOME[Audience.AGENT], HOME[Audience.FAMILY]
        ),
        account="/mon-compte" if family_menu and exists("/mon-compte") else None,
        large=SessionState.large,
    )
    menu = FAMILY_MENU if family_menu else AGENT_MENU
    page = shell(
        *content,
        current=current,
        menu=[entry for entry in menu if exists(entry.to)],
        session=session,
        town=town(),
        narrow=narrow,
        crumbs=crumbs,
        public=audience is Audience.PUBLIC,
        shared=shared,
    )
    warning = session_warning(SessionState.warning != "", SessionState.warning, SessionState.stay)
    return rx.fragment(page, warning)


AROUND = {
    (55, "ErrorBoundary"): lambda _stateful: error_boundary_fr(),
    (5, "Overlay"): lambda stateful: lost_connection() if stateful else None,
}  # what surrounds every page: the broken page, and the lost connection
