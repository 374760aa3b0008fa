"""/facturation/payer «Payer mes factures»: what is due, then the recap."""

from __future__ import annotations

import reflex as rx

from portail.components.ask import ask_link
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.icons import hidden_text, icon
from portail.components.links import button_link, link
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.components.stepper import stepper
from portail.components.tag import tag
from portail.pages.billing.section import billing_page, download
from portail.state.billing.address import HISTORY, PAY, RECAP, STEPS
from portail.state.billing.pay import BOX, TOLD, File, Line
from portail.state.billing.pay import PayState as State
from portail.state.billing.words import ONLINE_CLOSED


def page() -> rx.Component:
    """The first two steps; the third is «Préparation du paiement»."""
    return billing_page(
        "Payer mes factures",
        rx.cond(State.loaded, State.lead, "\u00a0"),
        PAY,
        loading(
            State.loaded,
            rx.el.div(card(skeleton(3)), class_name="stack"),
            rx.el.div(_told(), rx.cond(State.files.length() > 0, _steps(), _nothing())),
            "min-h-[24rem]",
        ),
    )


def _told() -> rx.Component:
    return status_region(
        rx.cond(
            State.told != "",
            notice(
                State.told,
                rx.cond(
                    State.follow != "",
                    rx.el.p(link("Voir où en est ce paiement", to=State.follow)),
                ),
                kind="warning",
                id=TOLD,
                tab_index=-1,
            ),
        ),
        class_name="saved",
    )


def _nothing() -> rx.Component:
    return card(
        empty_state(
            "circle-check-big",
            "Tout est payé",
            "Un e-mail vous prévient quand une nouvelle facture arrive. Vos factures et vos "
            "paiements passés sont dans l’historique.",
            button_link("Historique", HISTORY, "quiet", icon="history"),
        )
    )


def _steps() -> rx.Component:
    return rx.el.div(
        stepper(STEPS, State.step),
        rx.cond(State.step == RECAP, _recap(), _choice()),
        class_name="pay",
    )


# ---- «Mes factures»


def _choice() -> rx.Component:
    return rx.el.div(
        rx.cond(State.closed, notice(ONLINE_CLOSED, kind="info", role="note")),
        rx.foreach(State.files, _file),
        class_name="stack",
    )


def _file(file: rx.Var[File]) -> rx.Component:
    return card(
        rx.el.h2(
            rx.cond(file.title != "", file.title, "Mes factures à payer"), class_name="pay-title"
        ),
        rx.el.form(
            rx.el.ul(rx.foreach(file.lines.to(list[Line]), _due), class_name="bills"),
            rx.cond(
                file.payable,
                rx.el.div(
                    rx.el.p(file.chosen, role="status", class_name="pay-sum"),
                    button("Étape suivante", type="submit", icon="arrow-right", icon_last=True),
                    class_name="pay-dock",
                ),
            ),
            on_submit=State.go_on,
        ),
        key=file.key,
    )


def _due(line: rx.Var[Line]) -> rx.Component:
    ident = f"champ-{BOX}" + line.id.to_string()
    box = rx.el.input(
        type="checkbox",
        id=ident,
        name=BOX + line.id.to_string(),
        value="oui",
        default_checked=line.ticked,
        on_change=lambda ticked: State.tick(line.id, ticked),
    )
    return rx.el.li(
        rx.cond(line.why == "", box, rx.el.span(icon("lock", 20), class_name="bill-lock")),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    line.why == "",
                    rx.el.label(_title(line), html_for=ident),
                    rx.el.p(_title(line), class_name="bill-name"),
                ),
                rx.el.p(line.amount, class_name="bill-amount"),
                class_name="bill-head",
            ),
            rx.el.div(
                _until(line),
                rx.el.div(
                    ask_link("facture", line.id, line.named),
                    download("Télécharger", line.named, line.pdf, line.pdf_size),
                    class_name="bill-ways",
                ),
                class_name="bill-more",
            ),
            rx.cond(line.part != "", rx.el.p(line.part, class_name="muted")),
            rx.cond(
                line.why != "",
                rx.el.p(
                    line.why,
                    " ",
                    link(
                        "Voir où en est ce paiement", hidden_text(" : ", line.named), to=line.follow
                    ),
                    class_name="bill-why",
                ),
            ),
            class_name="bill-body",
        ),
        key=line.id,
        class_name="bill choice",
    )


def _title(line: rx.Var[Line]) -> rx.Component:
    return rx.fragment(
        rx.el.strong(line.title),
        rx.el.span(
            "Facture n°\u00a0",
            line.number,
            hidden_text(", ", line.amount),
            class_name="bill-number",
        ),
    )


def _until(line: rx.Var[Line]) -> rx.Component:
    return tag(line.until, rx.cond(line.late, "alert", "accent"))


# ---- «Mon récapitulatif»


def _recap() -> rx.Component:
    return card(
        rx.el.h2("Vous allez payer", class_name="pay-title"),
        rx.el.ul(rx.foreach(State.recap, _chosen), class_name="bills"),
        rx.el.p(State.total, class_name="pay-total", role="status"),
        rx.el.p(
            icon("shield-check", 20),
            rx.el.span(
                "« Payer » ouvre la page sécurisée du service de paiement. La mairie ne voit "
                "jamais votre carte, et le paiement est sans frais."
            ),
            class_name="pay-safe",
        ),
        rx.el.div(
            button_link("Retour", State.back, "quiet"),
            button("Payer", icon="credit-card", on_click=State.pay(State.cents)),
            class_name="form-actions",
        ),
    )


def _chosen(line: rx.Var[Line]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(_title(line), class_name="bill-name"),
                rx.el.p(line.amount, class_name="bill-amount"),
                class_name="bill-head",
            ),
            rx.el.div(
                download("Télécharger", line.named, line.pdf, line.pdf_size),
                rx.el.button(
                    icon("x", 18),
                    rx.el.span("Retirer", hidden_text(" : ", line.named)),
                    type="button",
                    on_click=State.remove(line.id),
                    class_name="link-button bill-remove",
                ),
                class_name="bill-more",
            ),
            class_name="bill-body",
        ),
        key=line.id,
        class_name="bill",
    )
