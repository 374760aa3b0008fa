"""What the pages of «Dossier» share: the way from one to the others."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.icons import hidden_text
from portail.components.status import status_region
from portail.pages.beside import section_page
from portail.pages.frame import Crumbs
from portail.state.dossier.live import FileNewsState

ENTRIES = (
    ("Mon dossier", "/dossier"),
    ("Mes enfants", "/dossier/enfants"),
    ("Mes coordonnées", "/dossier/coordonnees"),
    ("Mes documents", "/dossier/documents"),
)


def dossier_page(
    title: str | rx.Var[str],
    lead: str | rx.Var[str] | rx.Component | None,
    here: str,
    *content: Any,
    crumbs: Crumbs | None = None,
) -> rx.Component:
    """A page of «Dossier»."""
    return section_page(
        title,
        lead,
        status_region(hidden_text(FileNewsState.told)),
        *content,
        section="Dossier",
        entries=ENTRIES,
        here=here,
        current="dossier",
        crumbs=crumbs,
    )
