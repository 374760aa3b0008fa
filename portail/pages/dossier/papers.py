"""Documents as the pages of «Dossier» show them: their state, and a way to open them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.icons import hidden_text, icon_choice
from portail.components.links import anchor, link
from portail.components.tag import tag
from portail.state.documents_words import PaperLine

DOCUMENTS = "/dossier/documents"
SIGNS = {
    "missing": "file-plus",
    "to_check": "hourglass",
    "accepted": "circle-check",
    "refused": "circle-x",
    "expiring": "clock-alert",
    "expired": "clock-alert",
}


def document_tag(line: rx.Var[Any]) -> rx.Component:
    """The state of a document; `line` has a `label`, a `tone` and a `state`."""
    return tag(line.label, line.tone, icon_choice(line.state, SIGNS, "file", 16))


def proofs(papers: rx.Var[list[PaperLine]]) -> rx.Component:
    """The documents behind a line of the file, each with its state."""
    return rx.cond(
        papers.length() > 0,
        rx.el.ul(rx.foreach(papers, _proof), class_name="proofs"),
    )


def _proof(paper: rx.Var[PaperLine]) -> rx.Component:
    return rx.el.li(
        anchor(paper.name, hidden_text(" (télécharger)"), href=paper.href, download=True),
        document_tag(paper),
        key=paper.id,
    )


def wanted(words: rx.Var[str]) -> rx.Component:
    """The way to send what is missing."""
    return rx.cond(words != "", link(words, to=DOCUMENTS, class_name="proof-wanted"))
