"""/mon-compte: who one is, one's address, password, screen, mails, and signed-in browsers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.forms import (
    checkbox_field,
    error_summary,
    field,
    fields,
    form_actions,
    native_form,
    radio_group,
    required_note,
)
from portail.components.links import link
from portail.components.notice import notice
from portail.components.page import page_title
from portail.components.passwords import password_field
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.components.todo import todo_item, todo_list_of
from portail.domain.notifications import CHOICES, CHOSEN, KINDS
from portail.domain.passwords import conditions
from portail.pages.beside import section_page
from portail.pages.frame import framed
from portail.settings import settings
from portail.state.account import (
    AGAIN,
    NEW,
    NEW_EMAIL,
    OLD,
    AccountState,
    OpenSessionsState,
    PasswordChangeState,
    SessionLine,
    notice_field,
)
from portail.state.email_change import EmailConfirmationState
from portail.texts.french import NBSP

SIDE = (
    ("Mes informations", "/mon-compte"),
    ("Mes souscriptions", "/mon-compte/souscriptions"),
    ("Mes consentements", "/mon-compte/consentements"),
)


def account_page(title: str, lead: str, here: str, *content: Any) -> rx.Component:
    """A page of «Mon compte»: its title, the way to the two others, its cards."""
    return section_page(
        title,
        lead,
        *content,
        section="Mon compte",
        entries=SIDE,
        here=here,
        current="mon-compte",
    )


def saved(text: rx.Var[str]) -> rx.Component:
    """What has just been saved, told to a screen reader too."""
    return status_region(rx.cond(text != "", notice(text, kind="success")), class_name="saved")


def page() -> rx.Component:
    """«Mes informations»."""
    return account_page(
        "Mon compte",
        "Vos informations, votre adresse e-mail, votre mot de passe.",
        "/mon-compte",
        loading(
            AccountState.loaded,
            rx.el.div(card(skeleton(4)), card(skeleton(3)), card(skeleton(5)), class_name="stack"),
            rx.el.div(
                _information(),
                _email(),
                _password(),
                _large(),
                _notifications(),
                _sessions(),
                class_name="stack",
            ),
            "min-h-[60rem]",
        ),
    )


def _information() -> rx.Component:
    lines = (
        ("Nom", AccountState.last_name),
        ("Prénom", AccountState.first_name),
        ("Nom d’utilisateur", AccountState.user_name),
        ("Adresse e-mail", AccountState.email),
    )
    return card(
        rx.el.dl(
            *[rx.el.div(rx.el.dt(label), rx.el.dd(value)) for label, value in lines],
            class_name="recap",
        ),
        title="Mes informations",
    )


def _email() -> rx.Component:
    waiting = notice(
        rx.el.p(
            "Ouvrez le lien envoyé à ",
            rx.el.strong(AccountState.pending_email),
            " : il est valable 24 heures. D’ici là, votre adresse ne change pas.",
        ),
        button(
            "Garder l’adresse actuelle",
            "quiet",
            on_click=AccountState.cancel_email,
            class_name="mt-3",
        ),
        title="Une adresse attend votre confirmation",
    )
    return card(
        saved(AccountState.email_saved),
        status_region(rx.cond(AccountState.pending_email != "", waiting)),
        rx.el.form(
            fields(
                field(
                    "Adresse e-mail",
                    NEW_EMAIL,
                    type="email",
                    required=True,
                    autocomplete="email",
                    hint="La nouvelle. Un lien y sera envoyé pour la confirmer, et l’ancienne "
                    "sera prévenue.",
                    error=AccountState.email_error,
                    spell_check=False,
                )
            ),
            _actions(),
            on_submit=AccountState.save_email,
            no_validate=True,
            key=AccountState.pending_email,  # emptied once the link has left
        ),
        title="Changer mon adresse e-mail",
    )


def _password() -> rx.Component:
    wanted = [(item.label, item.pattern) for item in conditions(settings().password_rule)]
    return card(
        saved(PasswordChangeState.saved),
        error_summary(PasswordChangeState.errors),
        required_note(),
        rx.el.form(
            fields(
                # password managers ask whose password it is
                rx.el.input(
                    type="text",
                    name="identifiant",
                    value=AccountState.user_name,
                    auto_complete="username",
                    read_only=True,
                    hidden=True,
                ),
                password_field("Ancien mot de passe", OLD, error=PasswordChangeState.old_error),
                password_field(
                    "Mot de passe",
                    NEW,
                    conditions=wanted,
                    autocomplete="new-password",
                    error=PasswordChangeState.new_error,
                    confirm=True,
                    confirm_name=AGAIN,
                    confirm_error=PasswordChangeState.again_error,
                ),
            ),
            rx.el.p(
                "Vos autres appareils seront déconnectés ; celui-ci reste connecté.",
                class_name="muted",
            ),
            _actions(),
            on_submit=PasswordChangeState.save,
            no_validate=True,
            key=PasswordChangeState.version,  # emptied once the password is changed
        ),
        title="Changer mon mot de passe",
    )


def _large() -> rx.Component:
    return card(
        saved(AccountState.large_saved),
        rx.el.form(
            checkbox_field(
                "Activer l’ergonomie mobile",
                "ergonomie",
                hint="Une seule colonne, des caractères et des boutons plus grands, le menu en bas "
                "de l’écran : sur tous vos appareils, même sur un grand écran.",
                default_checked=AccountState.large,
                key=AccountState.large.to_string(),
            ),
            _actions(),
            on_submit=AccountState.save_large,
        ),
        title="Accessibilité mobile",
    )


def _notifications() -> rx.Component:
    kinds = [
        radio_group(
            KINDS[kind].label,
            notice_field(kind),
            [(when.value, label) for when, label in CHOICES.items()],
            hint=" ".join(filter(None, (KINDS[kind].says, KINDS[kind].caution))),
            default_value=AccountState.choices[kind.value],
        )
        for kind in CHOSEN
    ]
    always = [
        rx.el.li(rx.el.strong(told.label), f". {told.says} {told.always}")
        for told in KINDS.values()
        if told.always
    ]
    return card(
        saved(AccountState.choices_saved),
        rx.el.p(
            "Choisissez quand vous prévenir. Le résumé du jour part vers "
            f"{settings().digest_hour}{NBSP}h, s’il y a du nouveau."
        ),
        rx.el.form(
            rx.el.div(*kinds, class_name="notices"),
            _actions(),
            on_submit=AccountState.save_notifications,
        ),
        rx.el.h3("Toujours envoyés", class_name="mt-6"),
        rx.el.ul(
            *always,
            rx.el.li(
                rx.el.strong("Sécurité de votre compte"),
                ". Mot de passe, adresse e-mail, connexions bloquées. Pour que personne ne les "
                "change à votre insu.",
            ),
            class_name="notices-always",
        ),
        title="Notifications par e-mail",
    )


def _sessions() -> rx.Component:
    return card(
        saved(OpenSessionsState.done),
        todo_list_of(OpenSessionsState.lines, _session),
        rx.el.p(
            "Vous ne reconnaissez pas un appareil ? Déconnectez-le, puis changez votre mot de "
            "passe.",
            class_name="muted mt-4",
        ),
        title="Appareils connectés",
    )


def _session(line: rx.Var[SessionLine]) -> rx.Component:
    name = f"appareil-{line.id}"
    leave = button(
        "Déconnecter",
        "quiet",
        on_click=OpenSessionsState.end(line.id),
        aria_describedby=name,
    )
    return todo_item(
        "monitor-smartphone",
        rx.el.span(line.device, id=name),
        line.detail,
        rx.cond(line.current, tag("Cet appareil", "ok", "check"), leave),
        key=line.id,
    )


def _actions() -> rx.Component:
    return form_actions(button("Enregistrer", type="submit"))


def confirm_email() -> rx.Component:
    """/adresse-confirmee: a button, for mail scanners follow links."""
    waiting = card(
        rx.el.p(
            "Votre compte aura cette adresse : ",
            rx.el.strong(EmailConfirmationState.waiting),
            ". L’ancienne sera prévenue.",
        ),
        native_form(
            form_actions(button("Confirmer mon adresse e-mail", type="submit")),
            action="/adresse-confirmee",
        ),
    )
    changed = notice(
        rx.el.p(
            "Votre compte a maintenant l’adresse ",
            rx.el.strong(EmailConfirmationState.changed),
            ". L’ancienne est prévenue.",
        ),
        kind="success",
        title="C’est fait",
    )
    problem = notice(
        EmailConfirmationState.problem,
        rx.el.p("Pour recommencer, ouvrez « Mon compte », « Changer mon adresse e-mail »."),
        kind="warning",
    )
    return framed(
        page_title("Nouvelle adresse e-mail"),
        loading(
            EmailConfirmationState.checked,
            card(skeleton(3)),
            rx.el.div(
                rx.cond(
                    EmailConfirmationState.waiting != "",
                    waiting,
                    rx.cond(EmailConfirmationState.changed != "", changed, problem),
                ),
                rx.cond(
                    EmailConfirmationState.waiting == "",
                    rx.el.p(link("Ouvrir mon compte", to="/mon-compte"), class_name="mt-6"),
                ),
            ),
            "min-h-48",
        ),
        current="adresse-confirmee",
        narrow=True,
    )
