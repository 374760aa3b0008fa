"""/demo/courriels: what the demo would have sent."""

from __future__ import annotations

import reflex as rx

from portail.components.empty import empty_state
from portail.components.icons import hidden_text
from portail.components.links import anchor, link
from portail.components.page import page_title
from portail.components.status import loading, skeleton_card
from portail.pages.frame import framed
from portail.state.mailbox import MODELS, MailboxState, MailLine, MailModelsState, ModelLine


def page() -> rx.Component:
    """The newest mails, each opened in a tab of its own."""
    return framed(
        page_title(
            "Courriels de la démonstration",
            "Rien n’est envoyé : les messages du portail s’empilent ici, le plus récent d’abord.",
        ),
        rx.el.p(link("Voir tous les modèles de courriels", to=MODELS), class_name="mb-6"),
        loading(
            MailboxState.loaded,
            skeleton_card(4),
            rx.cond(
                MailboxState.mails.length() > 0,
                rx.el.ul(rx.foreach(MailboxState.mails, _mail), class_name="mails card"),
                empty_state(
                    "mail",
                    "Aucun courriel pour l’instant",
                    "Demandez par exemple un nouveau mot de passe : le message arrivera ici.",
                ),
            ),
            "min-h-dvh",
        ),
        current="courriels",
        narrow=True,
    )


def _mail(mail: rx.Var[MailLine]) -> rx.Component:
    return rx.el.li(
        anchor(mail.subject, href=mail.address),
        rx.el.span("Pour ", mail.recipient, ", le ", mail.at, class_name="muted block"),
        key=mail.id,
    )


def models() -> rx.Component:
    """/demo/courriels/modeles: every kind of mail, as HTML and as text."""
    return framed(
        page_title(
            "Modèles de courriels",
            "Tous les messages du portail, remplis avec des exemples.",
        ),
        loading(
            MailModelsState.loaded,
            skeleton_card(8),
            rx.el.ul(rx.foreach(MailModelsState.models, _model), class_name="mails card"),
            "min-h-dvh",
        ),
        current="courriels",
        narrow=True,
    )


def _model(model: rx.Var[ModelLine]) -> rx.Component:
    return rx.el.li(
        anchor(model.subject, href=model.html),
        rx.el.span(
            rx.el.code(model.kind),
            ", ",
            anchor(rx.el.span("en texte", hidden_text(" : " + model.subject)), href=model.text),
            class_name="muted block",
        ),
        key=model.kind,
    )
