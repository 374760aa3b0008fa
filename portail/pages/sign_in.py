"""/connexion and /agents/connexion: a native form, which works before anything else has loaded."""

from __future__ import annotations

import reflex as rx

from portail.access.routes import exists
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import field, fields, form_actions, hidden_field, native_form
from portail.components.links import anchor, link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.passwords import password_field
from portail.pages.frame import framed
from portail.state.sign_in import SignInState


def family() -> rx.Component:
    """The parents' door."""
    others = [rx.el.p(link("Mot de passe oublié", to="/mot-de-passe-oublie"))]
    if exists("/activation"):
        others.append(rx.el.p(link("Activer mon compte", to="/activation")))
    if exists("/creer-mon-compte"):  # a real navigation: the page gives the browser its cookie
        others.append(
            rx.el.p("Pas encore de compte ? ", anchor("Créer mon compte", href="/creer-mon-compte"))
        )
    return _page(
        "Se connecter",
        "Retrouvez vos enfants, leurs réservations et vos factures.",
        "/connexion",
        "Nom d’utilisateur ou adresse e-mail",
        *others,
    )


def agents() -> rx.Component:
    """The staff's door."""
    return _page(
        "Espace des agents",
        "Réservé au personnel de la mairie.",
        "/agents/connexion",
        "Nom d’utilisateur",
        rx.el.p(
            "Mot de passe oublié ? L’administration du portail vous en donne un nouveau.",
            class_name="muted",
        ),
    )


def _page(
    title: str, lead: str, action: str, name_label: str, *others: rx.Component
) -> rx.Component:
    return framed(
        page_title(title, lead),
        rx.cond(SignInState.notice != "", notice(SignInState.notice, kind="info")),
        card(
            rx.el.div(
                rx.cond(SignInState.error != "", notice(SignInState.error, kind="error")),
                role="alert",
            ),
            native_form(
                fields(
                    field(
                        name_label,
                        "identifiant",
                        autocomplete="username",
                        default_value=SignInState.name,
                        auto_capitalize="none",
                        spell_check=False,
                        key=SignInState.version,  # another key shows the name that was kept
                    ),
                    hidden_field("suite", SignInState.suite),
                    password_field(
                        "Mot de passe",
                        "mot_de_passe",
                        autocomplete="current-password",
                        required=False,  # every field is needed: a star would say nothing
                    ),
                ),
                form_actions(button("Se connecter", type="submit")),
                action=action,
            ),
            rx.el.div(*others, class_name="after-form"),
        ),
        current="connexion",
        narrow=True,
    )
