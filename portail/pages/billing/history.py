"""/facturation/historique «Historique»: the statement of account, and its documents."""

from __future__ import annotations

import reflex as rx

from portail.components.ask import ask_link
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.filters import filter_options, filter_select
from portail.components.icons import hidden_text, icon_choice, sign
from portail.components.links import button_link, link
from portail.components.pager import pager
from portail.components.status import loading, skeleton
from portail.components.table import Column, data_table
from portail.components.tag import tag
from portail.pages.billing.section import billing_page, download
from portail.state.billing.address import HISTORY, PAY
from portail.state.billing.history import Certificate, Entry
from portail.state.billing.history import HistoryState as State

KINDS = (("", "Tout"), ("factures", "Factures"), ("paiements", "Paiements et avoirs"))
COLUMNS = (
    Column("Date"),
    Column("Opération", names_row=True),
    Column("Facturé", number=True),
    Column("Payé", number=True),
    Column("Solde", number=True),
)


def page() -> rx.Component:
    """What was billed, what was paid, what is left."""
    return billing_page(
        "Historique de mon compte",
        "Vos factures, vos paiements, et ce qu’il reste à payer.",
        HISTORY,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(2)), card(skeleton(8)), class_name="stack"),
            rx.el.div(_balance(), _lines(), _certificates(), _attempts(), class_name="stack"),
            "min-h-[40rem]",
        ),
    )


def _balance() -> rx.Component:
    return card(
        rx.el.div(
            sign(
                icon_choice(
                    rx.cond(State.owes, "owes", "ok"), {"owes": "receipt-euro"}, "circle-check-big"
                ),
                rx.cond(State.owes, "accent", "ok"),
            ),
            rx.el.div(
                rx.el.h2("Solde\u00a0: ", State.balance_title, class_name="balance-title"),
                rx.el.p(State.balance, class_name="pay-big"),
                rx.el.p(State.balance_words),
            ),
            rx.cond(State.owes, button_link("Payer mes factures", PAY, icon="credit-card")),
            class_name="balance",
        )
    )


def _lines() -> rx.Component:
    nothing = empty_state(
        "receipt-euro",
        "Rien pour l’instant",
        "Vos factures et vos paiements apparaîtront ici.",
        level=3,
    )
    table = data_table(
        "Relevé de compte, du plus récent au plus ancien",
        COLUMNS,
        State.lines,
        _cells,
        lambda one: one.id,
    )
    return card(
        rx.cond(
            State.any_line,
            rx.el.div(
                rx.el.div(
                    rx.cond(
                        State.accounts.length() > 1,
                        filter_select(
                            "Dossier",
                            "filtre-compte",
                            filter_options(State.accounts),
                            value=State.account,
                            on_change=State.choose_account,
                        ),
                    ),
                    filter_select(
                        "Année",
                        "filtre-annee",
                        rx.el.option("Toutes", value=""),
                        filter_options(State.years),
                        value=State.year,
                        on_change=State.choose_year,
                    ),
                    filter_select(
                        "Opérations",
                        "filtre-type",
                        *[rx.el.option(text, value=value) for value, text in KINDS],
                        value=State.kind,
                        on_change=State.choose_kind,
                    ),
                    rx.el.p(State.sums, role="status", class_name="muted"),
                    class_name="filters",
                ),
                rx.cond(
                    State.lines.length() > 0,
                    table,
                    rx.el.p("Aucune opération ne correspond à ces choix.", class_name="muted"),
                ),
                pager(State.page, State.pages, State.turn),
            ),
            nothing,
        ),
        title="Relevé de compte",
        class_name="books",
    )


def _cells(one: rx.Var[Entry]) -> tuple[rx.Component | rx.Var[str], ...]:
    return (
        one.on,
        rx.fragment(
            rx.el.span(one.what),
            rx.cond(one.label != "", rx.el.span(one.label, class_name="muted block")),
            rx.cond(
                one.document != "",
                rx.el.span(
                    download("Télécharger", one.named, one.document),
                    rx.cond(one.invoice != 0, ask_link("facture", one.invoice, one.named)),
                    class_name="bill-ways",
                ),
            ),
            rx.cond(
                one.receipt != "",
                rx.el.span(
                    download("Reçu", rx.Var.create("paiement du ") + one.on, one.receipt),
                    class_name="block",
                ),
            ),
        ),
        rx.cond(one.debit != "", one.debit, _none()),
        rx.cond(one.credit != "", one.credit, _none()),
        rx.el.strong(one.balance),
    )


def _none() -> rx.Component:
    return rx.el.span(
        rx.el.span("–", aria_hidden="true"), hidden_text("rien"), class_name="nothing"
    )


def _certificates() -> rx.Component:
    return rx.cond(
        State.any_line,
        card(
            rx.el.p(
                "Pour votre déclaration de revenus : ce que vous avez payé dans l’année pour la "
                "garde de vos enfants de moins de 6 ans.",
                class_name="muted",
            ),
            rx.cond(
                State.certificates.length() > 0,
                rx.el.ul(rx.foreach(State.certificates, _certificate), class_name="certificates"),
                rx.el.p("Aucune pour l’instant : celle d’une année est prête en janvier suivant."),
            ),
            title="Attestations fiscales",
        ),
    )


def _certificate(one: rx.Var[Certificate]) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.el.strong(one.title), rx.el.span(one.amount, class_name="muted block")),
        download("Télécharger", rx.Var.create("attestation, ") + one.title, one.address),
        key=one.key,
    )


def _attempts() -> rx.Component:
    return rx.cond(
        State.attempts.length() > 0,
        card(
            data_table(
                "Mes derniers paiements en ligne, du plus récent au plus ancien",
                (
                    Column("Date"),
                    Column("Factures", names_row=True),
                    Column("Montant", number=True),
                    Column("État"),
                    Column("Suite", bare=True),
                ),
                State.attempts,
                lambda one: (
                    one.on,
                    one.invoices,
                    one.amount,
                    tag(one.state, one.tone),
                    rx.cond(
                        one.receipt != "",
                        download("Reçu", rx.Var.create("paiement du ") + one.on, one.receipt),
                        link("Détail", hidden_text(" : paiement du ", one.on), to=one.address),
                    ),
                ),
                lambda one: one.id,
            ),
            title="Mes paiements en ligne",
        ),
    )
