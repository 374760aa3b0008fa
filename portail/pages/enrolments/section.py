"""What the pages of «Inscriptions» share."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.pages.beside import section_page

MINE, NEW = "/inscriptions", "/inscriptions/nouvelle"
ENTRIES = (
    ("Les activités de mes enfants", MINE),
    ("Demande d’inscription", NEW),
)


def enrolments_page(title: str, lead: str | rx.Var[str], here: str, *content: Any) -> rx.Component:
    """A page of «Inscriptions»."""
    return section_page(
        title,
        lead,
        *content,
        section="Inscriptions",
        entries=ENTRIES,
        here=here,
        current="inscriptions",
    )
