"""/dossier «Mon dossier», and the page of one procedure."""

from __future__ import annotations

import reflex as rx

from portail.components.ask import ask_link
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.filters import filter_options, filter_select
from portail.components.forms import hidden_field
from portail.components.icons import hidden_text
from portail.components.links import anchor, button_link, link
from portail.components.notice import notice
from portail.components.pager import pager
from portail.components.status import loading, skeleton, status_region
from portail.components.table import Column, data_table
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list_of
from portail.components.uploads import upload_form
from portail.pages.dossier.documents import results
from portail.pages.dossier.section import dossier_page
from portail.pages.planning.outcome import done_children
from portail.state.documents import RESULTS, DocumentsState
from portail.state.dossier.procedures import DossierState, InvoiceLine
from portail.state.dossier.request import Event, File, RequestState

HERE = "/dossier"


def page() -> rx.Component:
    """«Mon dossier»."""
    return dossier_page(
        "Mon dossier",
        "Vos demandes à la mairie et où elles en sont.",
        HERE,
        loading(
            DossierState.loaded,
            rx.el.div(card(skeleton(2)), card(skeleton(8)), class_name="stack"),
            rx.el.div(_invoices(), _procedures(), class_name="stack"),
            "min-h-[48rem]",
        ),
    )


def _invoices() -> rx.Component:
    return card(
        rx.cond(
            DossierState.invoices.length() > 0,
            todo_list_of(DossierState.invoices, _invoice),
            rx.el.p("Aucune facture à payer.", class_name="muted"),
        ),
        title="Factures en attente",
    )


def _invoice(invoice: rx.Var[InvoiceLine]) -> rx.Component:
    pay = link(
        "Payer", hidden_text(" : ", invoice.title), to=invoice.address, class_name="btn quiet"
    )
    return todo_item(
        "receipt-euro",
        invoice.title,
        invoice.detail,
        rx.el.div(rx.el.strong(invoice.amount), pay, class_name="beside-actions"),
        tone=rx.cond(invoice.late, "alert", "accent"),
        key=invoice.id,
    )


def _procedures() -> rx.Component:
    nothing = empty_state(
        "clipboard-list",
        "Aucune démarche",
        "Vos demandes d’inscription, vos changements et vos paiements apparaîtront ici.",
        level=3,
    )
    table = data_table(
        "Mes démarches, de la plus récente à la plus ancienne",
        [Column("Date"), Column("Description", names_row=True), Column("État")],
        DossierState.lines,
        lambda line: (line.date, link(line.title, to=line.address), tag(line.state, line.tone)),
        lambda line: line.id,
    )
    return card(
        rx.cond(
            DossierState.has_procedures,
            rx.el.div(
                rx.el.div(
                    filter_select(
                        "Enfant",
                        "filtre-enfant",
                        rx.el.option("Tous", value=""),
                        filter_options(DossierState.children),
                        value=DossierState.child,
                        on_change=DossierState.choose_child,
                    ),
                    filter_select(
                        "État",
                        "filtre-etat",
                        rx.el.option("Tous", value=""),
                        filter_options(DossierState.states),
                        value=DossierState.state,
                        on_change=DossierState.choose_state,
                    ),
                    rx.el.p(DossierState.total, role="status", class_name="muted"),
                    class_name="filters",
                ),
                rx.cond(
                    DossierState.lines.length() > 0,
                    table,
                    rx.el.p("Aucune démarche ne correspond à ces choix.", class_name="muted"),
                ),
                pager(DossierState.page, DossierState.pages, DossierState.turn),
            ),
            nothing,
        ),
        title="Suivi de mes démarches",
    )


def procedure() -> rx.Component:
    """One procedure, its changes, documents and history."""
    return dossier_page(
        rx.cond(RequestState.loaded, RequestState.title, "Démarche"),
        rx.cond(RequestState.found, RequestState.lead, "\u00a0"),
        HERE,
        loading(
            RequestState.loaded,
            rx.el.div(card(skeleton(4)), card(skeleton(4)), class_name="stack"),
            rx.cond(RequestState.found, _found(), _not_found()),
            "min-h-[32rem]",
        ),
        _withdrawal(),
        crumbs=(("Dossier", HERE), ("Démarche", None)),
    )


def _not_found() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Cette démarche n’existe pas, ou n’est pas la vôtre.",
            button_link("Voir mes démarches", HERE, "quiet"),
        )
    )


def _found() -> rx.Component:
    return rx.el.div(
        status_region(
            rx.cond(RequestState.done != "", notice(RequestState.done, kind="success")),
            rx.cond(RequestState.refusal != "", notice(RequestState.refusal, kind="warning")),
            class_name="saved",
        ),
        status_region(results(), id=RESULTS, tab_index=-1, class_name="saved"),
        _state(),
        rx.cond(RequestState.takes_files, _proof()),
        rx.cond(RequestState.changes.length() > 0, _changes()),
        rx.cond(
            RequestState.payment != "",
            card(
                rx.el.p("Le détail de ce paiement, ses factures et son reçu."),
                rx.el.div(
                    button_link("Voir le paiement", RequestState.payment, "quiet"),
                    class_name="mt-4",
                ),
                title="Paiement en ligne",
            ),
        ),
        rx.cond(
            RequestState.bookings.length() > 0,
            card(done_children(RequestState.bookings), title="Réservations et annulations"),
        ),
        _history(),
        class_name="stack",
    )


def _state() -> rx.Component:
    return card(
        rx.el.div(
            tag(RequestState.state, RequestState.tone),
            rx.el.div(
                rx.cond(
                    RequestState.conversation != "",
                    button_link(
                        "Lire la conversation",
                        RequestState.conversation,
                        "quiet",
                        icon="message-circle",
                    ),
                    ask_link("demarche", RequestState.number, RequestState.title),
                ),
                rx.cond(
                    RequestState.may_withdraw,
                    button(
                        "Retirer ma demande",
                        "quiet",
                        on_click=RequestState.ask_withdrawal,
                        aria_haspopup="dialog",
                    ),
                ),
                class_name="beside-actions",
            ),
            class_name="state-line",
        ),
        rx.cond(
            RequestState.needs_proof & (RequestState.asked != ""),
            rx.el.p(
                "La mairie demande : ", rx.el.strong(RequestState.asked), ".", class_name="mt-4"
            ),
        ),
        rx.cond(
            RequestState.files.length() > 0,
            rx.el.div(
                rx.el.h3("Documents joints"),
                rx.el.ul(rx.foreach(RequestState.files, _file), class_name="lines"),
                class_name="mt-4",
            ),
        ),
        title="Où en est cette démarche",
    )


def _proof() -> rx.Component:
    return card(
        upload_form(
            ident="demarche",
            family=RequestState.family_id,
            procedure=RequestState.number,
            kind=RequestState.proof_kind,
            back="/dossier/demarche?n=" + RequestState.number.to_string(),
            batch=DocumentsState.batch,
            on_done=RequestState.sent,
        ),
        title=rx.cond(RequestState.needs_proof, "Déposer le justificatif", "Joindre un document"),
    )


def _file(file: rx.Var[File]) -> rx.Component:
    return rx.el.li(anchor(file.name, href=file.address), key=file.id)


def _changes() -> rx.Component:
    return card(
        data_table(
            "Ce qui est demandé",
            [Column("Information", names_row=True), Column("Avant"), Column("Après")],
            RequestState.changes,
            lambda change: (
                change.label,
                rx.el.span(change.old, class_name="lines-of-text"),
                rx.el.span(change.new, class_name="lines-of-text"),
            ),
            lambda change: change.label,
        ),
        title="Ce qui change",
    )


def _history() -> rx.Component:
    return card(
        rx.el.ol(rx.foreach(RequestState.history, _event), class_name="history"),
        title="Historique",
    )


def _event(event: rx.Var[Event]) -> rx.Component:
    return rx.el.li(
        rx.el.strong(event.what),
        rx.el.span(event.at, class_name="muted block"),
        rx.cond(event.note != "", rx.el.p(event.note)),
        data_tone=event.tone,
    )


def _withdrawal() -> rx.Component:
    return modal(
        RequestState.asking,
        "Retirer cette demande ?",
        rx.el.p("La mairie ne l’examinera pas, et votre dossier reste comme il est."),
        rx.el.form(
            hidden_field("demarche", RequestState.number.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=RequestState.keep, auto_focus=True),
                button("Retirer ma demande", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=RequestState.withdraw,
        ),
        role="alertdialog",
    )
