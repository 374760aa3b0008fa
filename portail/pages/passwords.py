"""/mot-de-passe-oublie and /nouveau-mot-de-passe."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import field, fields, form_actions, native_form
from portail.components.links import button_link, link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.passwords import password_field
from portail.components.status import loading, skeleton
from portail.domain.passwords import conditions
from portail.pages.frame import framed
from portail.settings import settings
from portail.state.passwords import ForgottenPasswordState, NewPasswordState


def forgotten() -> rx.Component:
    """Ask for a link."""
    sent = notice(
        "Si un compte correspond à cette adresse, un lien vient d’y être envoyé. Il est valable "
        "une heure et ne sert qu’une fois. Pensez à regarder dans les courriers indésirables.",
        kind="success",
        title="C’est noté",
    )
    return framed(
        page_title(
            "Mot de passe oublié",
            "Indiquez l’adresse e-mail de votre compte : un lien pour choisir un nouveau mot de "
            "passe vous y sera envoyé.",
        ),
        rx.el.div(rx.cond(ForgottenPasswordState.sent, sent), role="status"),
        card(
            native_form(
                fields(
                    field(
                        "Adresse e-mail",
                        "email",
                        type="email",
                        autocomplete="email",
                        spell_check=False,
                    )
                ),
                form_actions(button("Envoyer le lien", type="submit")),
                action="/mot-de-passe-oublie",
            ),
            rx.el.div(
                rx.el.p(link("Revenir à la connexion", to="/connexion")), class_name="after-form"
            ),
        ),
        current="connexion",
        narrow=True,
    )


def new() -> rx.Component:
    """Choose a new password with a link."""
    wanted = [(item.label, item.pattern) for item in conditions(settings().password_rule)]
    form = card(
        native_form(
            fields(
                password_field(
                    "Nouveau mot de passe",
                    "mot_de_passe",
                    conditions=wanted,
                    autocomplete="new-password",
                    error=NewPasswordState.password_error,
                ),
                password_field(
                    "Confirmation du mot de passe",
                    "confirmation",
                    autocomplete="new-password",
                    error=NewPasswordState.confirmation_error,
                ),
            ),
            form_actions(button("Enregistrer", type="submit")),
            action="/nouveau-mot-de-passe",
        )
    )
    bad = rx.el.div(
        notice(NewPasswordState.problem, kind="warning"),
        rx.el.p(button_link("Demander un nouveau lien", "/mot-de-passe-oublie"), class_name="mt-6"),
    )
    return framed(
        page_title("Nouveau mot de passe", "Choisissez-le long et facile à retenir pour vous."),
        loading(
            NewPasswordState.checked,
            card(skeleton(6)),
            rx.cond(NewPasswordState.problem == "", form, bad),
            "min-h-80",
        ),
        current="connexion",
        narrow=True,
    )
