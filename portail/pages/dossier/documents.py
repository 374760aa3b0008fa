"""/dossier/documents: what is asked first, then what the family sent and what the town gave."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.forms import hidden_field
from portail.components.icons import hidden_text, icon
from portail.components.links import anchor
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list_of
from portail.components.uploads import upload_form
from portail.pages.dossier.papers import document_tag
from portail.pages.dossier.section import dossier_page
from portail.state.documents import OTHER, RESULTS, DocumentsState
from portail.state.documents_words import (
    AskedLine,
    FamilyPapers,
    PaperLine,
    Person,
    ResultLine,
    WaitingLine,
)

HERE = "/dossier/documents"


def page() -> rx.Component:
    """«Mes documents»."""
    return dossier_page(
        "Mes documents",
        rx.cond(DocumentsState.loaded, DocumentsState.lead, "Chargement en cours…"),
        HERE,
        status_region(results(), id=RESULTS, tab_index=-1, class_name="saved"),
        loading(
            DocumentsState.loaded,
            rx.el.div(card(skeleton(4)), card(skeleton(5)), class_name="stack"),
            rx.el.div(
                rx.cond(
                    DocumentsState.families.length() > 0,
                    rx.fragment(rx.foreach(DocumentsState.families, _family), _other()),
                    _nobody(),
                ),
                class_name="stack",
            ),
            "min-h-[40rem]",
        ),
        _removal(),
    )


def _nobody() -> rx.Component:
    return card(
        empty_state(
            "folder-heart",
            "Aucun dossier famille",
            "Reliez d’abord un dossier famille à votre compte, dans « Mes souscriptions ».",
        )
    )


def results() -> rx.Component:
    """What became of the last sending, file by file; or why nothing of it could be read."""
    lines = rx.cond(
        DocumentsState.results.length() > 0,
        rx.el.ul(rx.foreach(DocumentsState.results, _result), class_name="sent-files"),
    )
    good = notice(lines, kind="success", title=DocumentsState.result_title)
    mixed = notice(lines, kind="warning", title=DocumentsState.result_title)
    return rx.fragment(
        rx.cond(
            DocumentsState.result_title != "",
            rx.cond(DocumentsState.result_kind == "success", good, mixed),
        ),
        rx.cond(DocumentsState.problem != "", notice(DocumentsState.problem, kind="error")),
    )


def _result(line: rx.Var[ResultLine]) -> rx.Component:
    return rx.el.li(
        rx.cond(line.received, icon("check", 18), icon("circle-alert", 18)),
        rx.el.span(rx.el.strong(line.name), rx.el.span(line.message, class_name="block")),
        key=line.key,
    )


def _family(family: rx.Var[FamilyPapers]) -> rx.Component:
    head = rx.cond(DocumentsState.several, rx.el.h2(family.title, class_name="family-title"))
    return rx.el.div(
        head,
        _to_do(family),
        rx.cond(
            family.settled.length() > 0,
            card(rx.foreach(family.settled, _person), title="Déjà fournis"),
        ),
        rx.cond(
            family.others.length() > 0,
            card(_papers(family.others), title="Autres documents déposés"),
        ),
        card(
            rx.cond(
                family.from_town.length() > 0,
                _papers(family.from_town),
                rx.el.p("La mairie ne vous a remis aucun document.", class_name="muted"),
            ),
            title="Documents de la mairie",
        ),
        class_name="stack",
        key=family.id,
    )


def _to_do(family: rx.Var[FamilyPapers]) -> rx.Component:
    nothing = rx.el.p(
        icon("circle-check"),
        "Rien à fournir pour le moment.",
        class_name="all-good",
    )
    return card(
        rx.cond(
            (family.pressing.length() > 0) | (family.waiting.length() > 0),
            rx.el.ul(
                rx.foreach(family.waiting, _waiting),
                rx.foreach(family.pressing, _pressing),
                class_name="papers",
            ),
            nothing,
        ),
        title="À fournir",
    )


def _pressing(line: rx.Var[AskedLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(line.title, id=f"document-{line.key}"),
            document_tag(line),
            class_name="paper-head",
        ),
        rx.cond(
            line.reason != "",
            rx.el.p(rx.el.strong("Motif : "), line.reason, class_name="paper-reason"),
        ),
        rx.cond(line.detail != "", rx.el.p(line.detail)),
        rx.cond(line.help != "", rx.el.p(line.help, class_name="muted")),
        _files(line.files),
        _folded(
            line.title,
            upload_form(
                ident=line.key,
                family=line.family_id,
                kind=line.code,
                child=line.child_id,
                **_common(),
            ),
        ),
        key=line.key,
    )


def _waiting(line: rx.Var[WaitingLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(line.title, id=f"document-{line.key}"),
            tag("Document demandé", "accent", "file-plus"),
            class_name="paper-head",
        ),
        rx.el.p(line.detail),
        _folded(
            line.title,
            upload_form(
                ident=line.key,
                family=line.family_id,
                procedure=line.procedure_id,
                **_common(),
            ),
        ),
        key=line.key,
    )


def _person(person: rx.Var[Person]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(person.name),
        rx.el.ul(rx.foreach(person.lines, _settled), class_name="papers"),
        class_name="paper-person",
        key=person.key,
    )


def _settled(line: rx.Var[AskedLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h4(line.title),
            document_tag(line),
            class_name="paper-head",
        ),
        rx.cond(line.detail != "", rx.el.p(line.detail, class_name="muted")),
        _files(line.files),
        key=line.key,
    )


def _folded(about: Any, form: rx.Component) -> rx.Component:
    """A form behind its button: six of them open would hide what is asked."""
    return rx.el.details(
        rx.el.summary(
            icon("upload", 20),
            "Déposer ce document",
            hidden_text(" : ", about),
            class_name="btn",
        ),
        form,
        class_name="deposit-fold",
    )


def _common() -> dict[str, Any]:
    return {"back": HERE, "batch": DocumentsState.batch, "on_done": DocumentsState.sent}


def _papers(lines: rx.Var[list[PaperLine]]) -> rx.Component:
    return todo_list_of(lines, _paper)


def _files(lines: rx.Var[list[PaperLine]]) -> rx.Component:
    """The files of one document, under it."""
    return rx.cond(
        lines.length() > 0,
        rx.el.ul(
            rx.foreach(
                lines,
                lambda line: rx.el.li(
                    rx.el.div(_link(line), rx.el.span(_said(line), class_name="muted")),
                    _withdraw(line),
                    key=line.id,
                ),
            ),
            class_name="paper-files",
        ),
    )


def _paper(line: rx.Var[PaperLine]) -> rx.Component:
    return todo_item("file-text", _link(line), _said(line), _withdraw(line), key=line.id)


def _link(line: rx.Var[PaperLine]) -> rx.Component:
    return anchor(
        line.name,
        hidden_text(" (télécharger)"),
        href=line.href,
        id=f"fichier-{line.id}",
        download=True,
    )


def _said(line: rx.Var[PaperLine]) -> rx.Component:
    return rx.el.span(
        line.detail,
        rx.cond(line.label != "", rx.fragment(" · ", line.label)),
        rx.cond(line.reason != "", rx.el.span("Motif : ", line.reason, class_name="block")),
    )


def _withdraw(line: rx.Var[PaperLine]) -> rx.Component:
    return rx.cond(
        line.may_remove,
        button(
            "Retirer",
            "plain",
            on_click=DocumentsState.ask_removal(line.id),
            aria_describedby=f"fichier-{line.id}",
            aria_haspopup="dialog",
        ),
    )


def _other() -> rx.Component:
    """What nobody asked for and the town may need all the same, or a newer version."""
    options = rx.foreach(
        DocumentsState.others, lambda one: rx.el.option(one.label, value=one.value, key=one.value)
    )
    return rx.cond(
        DocumentsState.others.length() > 0,
        card(
            rx.el.div(
                rx.el.label("Quel document ?", html_for=OTHER),
                rx.el.select(
                    rx.el.option("Choisir…", value=""),
                    options,
                    id=OTHER,
                    value=DocumentsState.other,
                    on_change=DocumentsState.choose,
                    class_name="input",
                ),
                class_name="field",
            ),
            rx.cond(
                DocumentsState.other != "",
                upload_form(
                    ident="autre",
                    family=DocumentsState.other_family,
                    kind=DocumentsState.other_code,
                    child=DocumentsState.other_child,
                    **_common(),
                ),
            ),
            title="Déposer un autre document",
        ),
    )


def _removal() -> rx.Component:
    return modal(
        DocumentsState.chosen != 0,
        "Retirer ce document ?",
        rx.el.p(
            rx.el.strong(DocumentsState.chosen_name),
            " ne sera pas vérifié par la mairie, et sera effacé.",
        ),
        rx.el.form(
            hidden_field("document", DocumentsState.chosen.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=DocumentsState.keep, auto_focus=True),
                button("Retirer ce document", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=DocumentsState.remove,
        ),
        role="alertdialog",
    )
