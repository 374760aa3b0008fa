"""/desabonnement: stop some mails without signing in, and go back on it."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import form_actions, hidden_field, native_form
from portail.components.links import link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.status import loading, skeleton, status_region
from portail.pages.frame import framed
from portail.state.unsubscribe import UnsubscribeState as State

ACTION = "/desabonnement"


def page() -> rx.Component:
    """A button, for mail scanners follow links."""
    return framed(
        page_title("Se désabonner", "Choisissez les e-mails que vous ne voulez plus recevoir."),
        loading(
            State.checked,
            card(skeleton(3)),
            rx.el.div(
                rx.cond(
                    State.label == "",
                    _bad_link(),
                    rx.cond(State.stopped, _stopped(), _waiting()),
                ),
                rx.el.p(
                    link("Choisir tous mes e-mails, dans mon compte", to="/mon-compte"),
                    class_name="mt-6",
                ),
            ),
            "min-h-60",
        ),
        current="desabonnement",
        narrow=True,
    )


def _waiting() -> rx.Component:
    back = notice("Vous recevez de nouveau ces e-mails.", kind="success", title="C’est comme avant")
    return rx.el.div(
        status_region(rx.cond(State.taken_back, back), class_name="saved"),
        card(
            rx.el.p("Ne plus recevoir ces e-mails\u00a0: ", rx.el.strong(State.label), "\u00a0?"),
            rx.el.p(State.says, class_name="muted mt-2"),
            rx.el.p(
                "Les accusés de réception, les réponses à vos demandes et les messages de sécurité "
                "sont toujours envoyés.",
                class_name="muted mt-2",
            ),
            native_form(
                hidden_field("geste", "arreter"),
                form_actions(button("Se désabonner", type="submit")),
                action=ACTION,
            ),
        ),
        class_name="stack",
    )


def _stopped() -> rx.Component:
    said = rx.el.p("Vous ne recevez plus ces e-mails\u00a0: ", rx.el.strong(State.label), ".")
    back = native_form(
        hidden_field("geste", "revenir"),
        button("Revenir en arrière", "quiet", type="submit", class_name="mt-3"),
        action=ACTION,
    )
    return status_region(
        rx.cond(
            State.done,
            notice(said, back, kind="success", title="C’est fait"),
            notice(said, back, kind="info", title="C’est déjà fait"),
        )
    )


def _bad_link() -> rx.Component:
    return notice(
        rx.el.p(
            "Ce lien n’est pas valable\u00a0: il a été coupé par votre messagerie, ou il vient "
            "d’une ancienne adresse e-mail. Rien n’a changé."
        ),
        rx.el.p("Ouvrez le lien d’un message plus récent, ou choisissez depuis votre compte."),
        kind="warning",
        title="Lien inconnu ou trop ancien",
    )
