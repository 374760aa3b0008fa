"""What the pages of «Messagerie» share: the way from one to the other, and the form of a text."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.browser import send_with_progress
from portail.components.buttons import button
from portail.components.forms import (
    EXTENSIONS,
    described,
    error_text,
    hidden_field,
    native_form,
    wrap,
)
from portail.components.icons import hidden_text, icon
from portail.components.links import anchor
from portail.components.status import status_region
from portail.domain.messages import MAX_BODY, MAX_FILES
from portail.pages.beside import section_page
from portail.pages.frame import Crumbs
from portail.settings import settings
from portail.state.forms import field_id
from portail.state.messages.words import LIST, NEW, FileLine, RefusedLine
from portail.state.messages.writing import ATTACHED, Writing

ENTRIES = (("Mes messages", LIST), ("Nouveau message", NEW))
SENDING = "/messagerie/envoyer"
FAILED = (
    "L’envoi n’a pas abouti. Vérifiez votre connexion et la taille des fichiers, puis appuyez de "
    "nouveau sur « Envoyer » : rien de ce que vous avez écrit n’est perdu."
)


def messages_page(
    title: str | rx.Var[str],
    lead: str | rx.Var[str] | rx.Component | None,
    here: str,
    *content: Any,
    crumbs: Crumbs | None = None,
) -> rx.Component:
    """A page of «Messagerie»."""
    return section_page(
        title,
        lead,
        *content,
        section="Messagerie",
        entries=ENTRIES,
        here=here,
        current="messagerie",
        crumbs=crumbs,
    )


def compose(
    state: type[Writing], *before: Any, label: str, thread: rx.Var[int] | None = None
) -> rx.Component:
    """The form of a text with its files; `before`: other fields. It posts without script too."""
    return native_form(
        hidden_field("cle", state.key),
        *([] if thread is None else [hidden_field("fil", thread.to_string())]),
        *before,
        _text(state, label),
        _attachments(state),
        rx.el.progress(max="1", aria_label="Avancement de l’envoi"),
        rx.el.p(role="status", class_name="compose-told"),
        rx.el.div(button("Envoyer", type="submit", icon="send"), class_name="form-actions"),
        action=SENDING,
        multipart=True,
        class_name="compose fields",
        key=state.version.to_string(),
        data_sending="Envoi en cours…",
        data_checking="Reçu, vérification en cours…",
        data_failed=FAILED,
        custom_attrs={"onSubmit": send_with_progress()},
    )


def _text(state: type[Writing], label: str) -> rx.Component:
    return wrap(
        "texte",
        label,
        rx.el.textarea(
            id=field_id("texte"),
            name="texte",
            required=True,
            max_length=MAX_BODY,
            rows="7",
            default_value=state.body,
            on_change=state.write.debounce(500),
            class_name="input",
            **described("texte", None, state.body_error, "texte-reste"),
        ),
        rx.el.p(state.left, id="texte-reste", class_name="hint compose-left"),
        required=True,
        hint=None,
        error=state.body_error,
    )


def _attachments(state: type[Writing]) -> rx.Component:
    limit = settings().upload_megabytes
    name = field_id("fichiers")
    return rx.el.div(
        rx.el.label("Pièces jointes", html_for=name),
        rx.el.p(
            f"{MAX_FILES} fichiers au plus : PDF, JPEG, PNG ou HEIC, {limit}\u00a0Mo chacun.",
            id=f"{name}-aide",
            class_name="hint",
        ),
        rx.el.input(
            type="file",
            id=name,
            name="fichiers",
            multiple=True,
            accept=",".join(EXTENSIONS.values()),
            class_name="input",
            **described("fichiers", "", state.files_error),
        ),
        *error_text("fichiers", state.files_error),
        rx.cond(
            state.refused.length() > 0,
            rx.el.ul(rx.foreach(state.refused, _refused), class_name="refused-files"),
        ),
        status_region(
            rx.cond(
                state.files.length() > 0,
                rx.fragment(
                    rx.el.p("Déjà jointes à votre message :", class_name="kept-title"),
                    rx.el.ul(
                        rx.foreach(state.files, lambda file: _kept(state, file)),
                        class_name="files kept-files",
                    ),
                ),
            ),
            id=ATTACHED,
            tab_index=-1,
        ),
        class_name="field",
    )


def _refused(one: rx.Var[RefusedLine]) -> rx.Component:
    return rx.el.li(
        icon("file-x", 20),
        rx.el.span(rx.el.strong(one.name), rx.el.span(one.why, class_name="block")),
        key=one.key,
    )


def _kept(state: type[Writing], file: rx.Var[FileLine]) -> rx.Component:
    return rx.el.li(
        file_link(file),
        rx.el.button(
            icon("x", 18),
            rx.el.span("Retirer", hidden_text(" : ", file.name)),
            type="button",
            on_click=state.drop_file(file.id),
            class_name="link-button",
        ),
        key=file.id,
    )


def file_link(file: rx.Var[FileLine]) -> rx.Component:
    """A file to open, with its size."""
    return anchor(
        icon("paperclip", 18),
        rx.el.span(
            file.name,
            rx.el.span(" (", file.size, ")", class_name="muted"),
            hidden_text(" (télécharger)"),
        ),
        href=file.href,
        download=True,
        class_name="file-link",
    )
