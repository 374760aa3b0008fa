"""/facturation/paiement: what became of a payment, and the way on."""

from __future__ import annotations

import reflex as rx

from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.icons import icon_choice, sign
from portail.components.links import button_anchor, button_link
from portail.components.status import loading, skeleton, status_region
from portail.pages.billing.section import billing_page, download
from portail.state.billing.address import HISTORY, PAY
from portail.state.billing.result import Covered
from portail.state.billing.result import ResultState as State

SIGNS = {"paid": "circle-check-big", "waiting": "hourglass", "checked": "search-check"}


def page() -> rx.Component:
    """Paid, refused, abandoned, or not known yet."""
    return billing_page(
        "Votre paiement",
        None,
        PAY,
        loading(
            State.loaded,
            card(skeleton(5)),
            rx.cond(State.found, _found(), _missing()),
            "min-h-[24rem]",
        ),
        crumbs=(("Facturation", PAY), ("Paiement", None)),
    )


def _found() -> rx.Component:
    return card(
        status_region(
            rx.el.div(
                sign(icon_choice(State.kind, SIGNS, "circle-x", 32), State.tone),
                rx.el.div(
                    rx.el.h2(State.title),
                    rx.el.p(State.lead),
                    rx.cond(State.others != "", rx.el.p(State.others, class_name="muted")),
                ),
                class_name="outcome-head",
            ),
            class_name="outcome",
        ),
        rx.el.div(_ways(), class_name="outcome-ways"),
        rx.el.dl(
            _fact("Montant", State.amount),
            _fact("Date", State.at),
            _fact("Référence", State.reference),
            class_name="recap",
        ),
        rx.el.ul(rx.foreach(State.invoices, _invoice), class_name="outcome-bills"),
        custom_attrs={"data-outcome": State.kind},
    )


def _fact(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))


def _invoice(one: rx.Var[Covered]) -> rx.Component:
    named = rx.Var.create("facture n°\u00a0") + one.number
    return rx.el.li(
        rx.el.span("Facture n°\u00a0", one.number, " · ", rx.el.strong(one.amount)),
        download("Télécharger", named, one.pdf),
        key=one.id,
    )


def _ways() -> rx.Component:
    """The first is what most people want now."""
    return rx.match(
        State.kind,
        (
            "paid",
            rx.fragment(
                button_anchor(
                    "Télécharger le reçu (PDF)", State.receipt, kind="primary", icon="file-down"
                ),
                button_link("Historique", HISTORY, "quiet", icon="history"),
                _procedure(),
            ),
        ),
        (
            "waiting",
            rx.fragment(
                rx.cond(
                    State.resume != "",
                    button_link("Revenir à la page de paiement", State.resume, icon="credit-card"),
                ),
                button_link("Voir mes factures", PAY, "quiet"),
            ),
        ),
        (
            "again",
            rx.fragment(
                button_link("Réessayer", State.again, icon="rotate-ccw"),
                button_link("Voir mes factures", PAY, "quiet"),
            ),
        ),
        rx.fragment(_procedure(), button_link("Historique", HISTORY, "quiet", icon="history")),
    )


def _procedure() -> rx.Component:
    return rx.cond(
        State.procedure != "",
        button_link("Voir la démarche", State.procedure, "quiet", icon="folder-heart"),
    )


def _missing() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Ce paiement n’existe pas, ou n’est pas celui de votre dossier.",
            button_link("Voir mes factures", PAY, "quiet"),
        )
    )
