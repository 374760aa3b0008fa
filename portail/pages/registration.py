"""/creer-mon-compte in five steps, and /activation."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card, heading
from portail.components.forms import (
    checkbox_field,
    error_summary,
    field,
    fields,
    form_actions,
    native_form,
    required_note,
    two,
)
from portail.components.links import button_anchor, button_link, link
from portail.components.notice import notice
from portail.components.page import page_title, text_to_accept
from portail.components.passwords import password_field
from portail.components.status import loading, skeleton, status_region
from portail.components.stepper import stepper
from portail.domain.passwords import conditions
from portail.domain.registration import STEPS
from portail.pages.frame import framed
from portail.services.registration.steps import TYPED
from portail.settings import settings
from portail.state.activation import ActivationState
from portail.state.registration import RegistrationState as State
from portail.texts.loader import load_page

TERMS_LABEL = "J’ai lu et j’accepte les conditions générales d’utilisation"
PRIVACY_LABEL = "J’ai lu et j’accepte la politique de confidentialité de mes données personnelles"


def sign_up() -> rx.Component:
    """The wizard."""
    steps = rx.match(
        State.step,
        (1, _identity()),
        (2, _references()),
        (3, _text(3, "conditions-utilisation", "terms", TERMS_LABEL, State.accept_terms)),
        (4, _text(4, "donnees-personnelles", "privacy", PRIVACY_LABEL, State.accept_privacy)),
        (5, _summary()),
        _sent(),
    )
    return framed(
        page_title("Créer mon compte"),
        rx.cond(State.step < 6, stepper(STEPS, State.step)),  # noqa: PLR2004
        loading(
            State.ready, card(skeleton(8)), rx.cond(State.tied, steps, _begin()), "min-h-[30rem]"
        ),
        current="creer-mon-compte",
        narrow=True,
    )


def _begin() -> rx.Component:
    """Reached without a page load: the browser has no cookie to keep the sign-up by."""
    return card(
        rx.el.p("Cinq étapes, quelques minutes. Ce que vous saisissez est gardé 24 heures."),
        rx.el.p(button_anchor("Commencer", "/creer-mon-compte", kind="primary"), class_name="mt-6"),
    )


def _title(step: int, text: str) -> rx.Component:
    return heading(2, text, id="titre-etape", tab_index=-1, key=f"titre-{step}")


def _cancel() -> rx.Component:
    return button("Annuler", kind="plain", on_click=State.cancel)


def _back(step: int) -> rx.Component:
    return button("Retour", kind="quiet", on_click=State.back(step))


def _form(*children: Any, on_submit: Any) -> rx.Component:
    return rx.el.form(*children, on_submit=on_submit, no_validate=True, key=State.version)


def _identity() -> rx.Component:
    wanted = [(item.label, item.pattern) for item in conditions(settings().password_rule)]
    return rx.el.div(
        notice(
            rx.el.p(
                "Le numéro et le nom de votre dossier famille. Ils figurent sur vos factures et "
                "sur les courriers de la mairie ; le service des inscriptions scolaires peut aussi "
                "vous les donner."
            ),
            kind="warning",
            title="À avoir sous la main",
        ),
        card(
            _title(1, "Mes informations personnelles"),
            required_note(),
            error_summary(State.summary),
            _form(
                fields(
                    two(
                        _field("Nom", "last_name", State.last_name, autocomplete="family-name"),
                        _field(
                            "Prénom", "first_name", State.first_name, autocomplete="given-name"
                        ),
                    ),
                    two(
                        _field(
                            "Adresse e-mail", "email", State.email, required=True,
                            type="email", autocomplete="email",
                        ),
                        _field(
                            "Confirmation d’adresse e-mail", "email_again", State.email,
                            required=True, type="email", autocomplete="email",
                        ),
                    ),
                    _field(
                        "Nom d’utilisateur", "user_name", State.user_name, required=True,
                        autocomplete="username", auto_capitalize="none",
                        hint="Il vous servira à vous connecter, comme votre adresse e-mail.",
                    ),
                    password_field(
                        "Mot de passe",
                        "password",
                        conditions=wanted,
                        autocomplete="new-password",
                        error=State.errors["password"],
                        confirm=True,
                        confirm_name="password_again",
                        confirm_error=State.errors["password_again"],
                        on_left=State.assess,
                    ),
                    status_region(
                        rx.cond(State.strength != "", "Solidité : " + State.strength, ""),
                        class_name="muted strength",
                        data_level=State.strength_level,
                    ),
                    rx.cond(
                        State.has_password,
                        rx.el.p(
                            "Votre mot de passe est déjà enregistré : laissez ces deux champs "
                            "vides pour le garder.",
                            class_name="muted",
                        ),
                    ),
                ),
                form_actions(_cancel(), _next("Étape suivante")),
                on_submit=State.save_identity,
            ),
            class_name="mt-4",
        ),
    )  # fmt: skip


def _next(text: str) -> rx.Component:
    return button(text, type="submit", icon="arrow-right", icon_last=True)


def _field(
    label: str, name: str, value: Any, *, required: bool = False, **props: Any
) -> rx.Component:
    if name in TYPED:
        props["on_blur"] = lambda typed: State.keep(name, typed)
    return field(
        label, name, required=required, default_value=value, error=State.errors[name], **props
    )


def _references() -> rx.Component:
    already = notice(
        rx.el.p(
            "Ces références ont déjà servi à créer un compte. ",
            link("Connectez-vous", to="/connexion"),
            ", ou demandez un ",
            link("nouveau mot de passe", to="/mot-de-passe-oublie"),
            ".",
        ),
        kind="info",
        title="Vous avez déjà un compte",
    )
    return card(
        _title(2, "Mes références dossier"),
        rx.el.p(
            "Elles relient votre compte à votre dossier famille. Les majuscules, les accents et "
            "les tirets ne comptent pas.",
            class_name="muted",
        ),
        required_note(),
        error_summary(State.summary),
        rx.el.div(
            rx.cond(State.refusal != "", notice(State.refusal, kind="error")),
            rx.cond(State.already, already),
            role="alert",
        ),
        _form(
            fields(
                _field(
                    "Numéro de dossier", "file_number", State.file_number, required=True,
                    input_mode="numeric", autocomplete="off",
                    hint="Sur une facture ou un courrier de la mairie, par exemple 10427.",
                ),
                _field("Nom", "file_name", State.file_name, required=True, autocomplete="off"),
                _field(
                    "Adresse e-mail", "file_email", State.file_email, required=True,
                    type="email", autocomplete="email",
                    hint="Celle que la mairie connaît.",
                ),
            ),
            form_actions(
                rx.el.div(_cancel(), _back(1), class_name="flex gap-2"),
                button("Enregistrer", type="submit", icon="arrow-right", icon_last=True),
            ),
            on_submit=State.save_references,
        ),
    )  # fmt: skip


def _text(step: int, name: str, box: str, label: str, on_submit: Any) -> rx.Component:
    text = load_page(name)
    return card(
        _title(step, text.title),
        text_to_accept(text.title, text.version, f"/{name}", text.markdown),
        _form(
            checkbox_field(label, box, required=True, error=State.errors[box]),
            form_actions(
                rx.el.div(_cancel(), _back(step - 1), class_name="flex gap-2"),
                button("Accepter", type="submit", icon="check"),
            ),
            on_submit=on_submit,
        ),
    )


def _summary() -> rx.Component:
    return card(
        _title(5, "Récapitulatif de mon inscription"),
        rx.el.p("Vérifiez vos informations, puis validez.", class_name="muted"),
        rx.el.dl(
            _line("Nom", State.last_name),
            _line("Prénom", State.first_name),
            _line("Adresse e-mail", State.email),
            _line("Nom d’utilisateur", State.user_name),
            _line("Service enfance", rx.el.span("Dossier ", State.family)),
            _line("Conditions générales d’utilisation", "Lues et acceptées"),
            _line("Politique de confidentialité", "Lue et acceptée"),
            class_name="recap",
        ),
        form_actions(
            rx.el.div(_cancel(), _back(4), class_name="flex gap-2"),
            button("Valider mon inscription", icon="check", on_click=State.finish),
        ),
    )


def _line(label: str, value: Any) -> rx.Component:
    shown = rx.cond(value != "", value, "Non renseigné") if isinstance(value, rx.Var) else value
    return rx.el.div(rx.el.dt(label), rx.el.dd(shown))


def _sent() -> rx.Component:
    return card(
        _title(6, "Plus qu’un pas : ouvrez votre messagerie"),
        rx.el.p(
            "Un lien d’activation vient de vous être envoyé. Il est valable 72 heures et ne sert "
            "qu’une fois. Votre compte s’ouvrira dès que vous l’aurez suivi."
        ),
        rx.el.p(
            "Rien reçu au bout de quelques minutes ? Regardez dans les courriers indésirables, "
            "ou demandez un nouveau lien.",
            class_name="muted mt-3",
        ),
        status_region(State.sent_again, class_name="mt-3"),
        form_actions(
            button_link("Se connecter", "/connexion", kind="plain"),
            button("Renvoyer le lien", kind="quiet", icon="mail", on_click=State.send_again),
        ),
    )


def activation() -> rx.Component:
    """What a link received by mail leads to."""
    valid = card(
        rx.el.p("Votre adresse est confirmée. Un dernier geste, et vous pourrez vous connecter."),
        native_form(
            form_actions(button("Activer mon compte", type="submit", icon="check")),
            action="/activation",
        ),
    )
    ask = card(
        native_form(
            fields(field("Adresse e-mail de votre compte", "email", type="email",
                         autocomplete="email")),
            form_actions(button("Renvoyer le lien", type="submit")),
            action="/activation/renvoyer",
        ),
        title="Recevoir un nouveau lien",
        class_name="mt-4",
    )  # fmt: skip
    expired = native_form(
        form_actions(button("Renvoyer le lien", type="submit")), action="/activation/renvoyer"
    )
    sent = notice(
        "Si un compte attend son activation, un nouveau lien vient d’y être envoyé. Le précédent "
        "ne sert plus.",
        kind="success",
        title="C’est noté",
    )
    return framed(
        page_title("Activer mon compte"),
        rx.el.div(rx.cond(ActivationState.sent, sent), role="status"),
        loading(
            ActivationState.ready,
            card(skeleton(4)),
            rx.match(
                ActivationState.link,
                ("valid", valid),
                ("expired", rx.el.div(_problem(), expired)),
                ("used", rx.el.div(_problem(), rx.el.p(
                    button_link("Se connecter", "/connexion"), class_name="mt-6"))),
                rx.el.div(_problem(), ask),
            ),
            "min-h-64",
        ),
        current="connexion",
        narrow=True,
    )  # fmt: skip


def _problem() -> rx.Component:
    return notice(ActivationState.problem, kind="info")
