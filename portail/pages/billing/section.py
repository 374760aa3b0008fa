"""What the pages of «Facturation» share: the way from one to the others, and a document's link."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.icons import hidden_text, icon
from portail.components.links import anchor
from portail.pages.beside import section_page
from portail.pages.frame import Crumbs
from portail.state.billing.address import HISTORY, PAY

ENTRIES = (("Payer", PAY), ("Historique", HISTORY))


def billing_page(
    title: str | rx.Var[str],
    lead: str | rx.Var[str] | rx.Component | None,
    here: str,
    *content: Any,
    crumbs: Crumbs | None = None,
) -> rx.Component:
    """A page of «Facturation»."""
    return section_page(
        title,
        lead,
        *content,
        section="Facturation",
        entries=ENTRIES,
        here=here,
        current="facturation",
        crumbs=crumbs,
    )


def download(
    what: str, of: str | rx.Var[str], href: rx.Var[str], size: rx.Var[str] | str = "(PDF)"
) -> rx.Component:
    """«Télécharger (PDF, 38 Ko)»; `of` is whose document, for whoever hears links one by one."""
    return anchor(
        icon("file-down", 20),
        rx.el.span(what, " ", rx.el.span(size), hidden_text(" : ", of)),
        href=href,
        class_name="pdf-link",
    )
