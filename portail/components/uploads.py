"""Sending files: the one form of the portal that does it, whatever the files are for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.browser import send_with_progress
from portail.components.buttons import button
from portail.components.forms import EXTENSIONS, hidden_field, native_form
from portail.components.icons import icon
from portail.settings import settings

ROUTE = "/dossier/fichiers"
FAILED = (
    "L’envoi n’a pas abouti. Vérifiez votre connexion et la taille des fichiers, puis appuyez de "
    "nouveau sur « Déposer » : vos fichiers sont toujours choisis."
)

Number = int | rx.Var[int] | None


def upload_form(
    *,
    ident: str | rx.Var[str],
    family: int | rx.Var[int],
    back: str | rx.Var[str],
    batch: rx.Var[str],
    on_done: Any,
    kind: str | rx.Var[str] = "",
    child: Number = None,
    procedure: Number = None,
    label: str | rx.Var[str] = "Choisir un ou plusieurs fichiers",
) -> rx.Component:
    """A form that sends files, with a bar that tells how far it is; a plain post without script.

    Args:
        ident: tells this form from the others of the page: its ids begin with it.
        family: id of the family file.
        back: the page of ours to come back to, with `?depot=<batch>` once the files are sent.
        batch: names this sending, for `services.documents.receipts`; new at each.
        on_done: handler without arguments: the files are sent, read again what is shown.
        kind: code of the type of document.
        child: id of the child it is about; none or zero for nobody.
        procedure: id of the procedure it proves; none or zero for none.
        label: of the field.
    """
    name = f"depot-{ident}"
    limit = settings().upload_megabytes
    numbers = {"famille": family, "enfant": child, "demarche": procedure}
    hidden = [
        hidden_field(key, value.to_string() if isinstance(value, rx.Var) else str(value or ""))
        for key, value in numbers.items()
    ]
    return native_form(
        *hidden,
        hidden_field("type", kind),
        hidden_field("lot", batch),
        hidden_field("retour", back),
        rx.el.div(
            rx.el.label(label, html_for=f"{name}-fichiers"),
            rx.el.p(
                f"PDF, JPEG, PNG ou HEIC, {limit} Mo au plus par fichier. "
                "Une photo lisible suffit.",
                id=f"{name}-aide",
                class_name="hint",
            ),
            _files(f"{name}-fichiers", f"{name}-aide", accept=",".join(EXTENSIONS.values())),
            class_name="field",
        ),
        rx.el.div(
            rx.el.label(icon("camera", 20), "Prendre une photo", html_for=f"{name}-photo"),
            _files(f"{name}-photo", f"{name}-aide", accept="image/*", capture="environment"),
            class_name="field by-camera",
        ),
        rx.el.progress(max="1", aria_label="Avancement de l’envoi"),
        rx.el.p(role="status", class_name="deposit-told"),
        rx.el.div(button("Déposer", type="submit", icon="upload"), class_name="deposit-actions"),
        # pressed by the script once the files have arrived
        rx.el.button(type="button", hidden=True, on_click=on_done),
        action=ROUTE,
        multipart=True,
        class_name="deposit",
        data_none="Choisissez d’abord un fichier.",
        data_sending="Envoi en cours…",
        data_checking="Fichiers reçus, vérification en cours…",
        data_failed=FAILED,
        custom_attrs={"onSubmit": send_with_progress()},
    )


def _files(ident: Any, hint: Any, **props: Any) -> rx.Component:
    # `capture` takes one picture at a time
    several = {} if "capture" in props else {"multiple": True}
    return rx.el.input(
        type="file",
        id=ident,
        name="fichiers",
        aria_describedby=hint,
        class_name="input",
        **several,
        **props,
    )
