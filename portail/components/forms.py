"""Forms that really post, and fields whose label, hint and error stay together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from portail.components.icons import hidden_text, icon
from portail.components.links import anchor, with_class
from portail.components.notice import notice
from portail.state.forms import FieldError, field_id

Text = str | rx.Var[str]
Error = str | rx.Var[str] | None

EXTENSIONS = {
    "PDF": ".pdf",
    "JPEG": ".jpg,.jpeg",
    "PNG": ".png",
    "HEIC": ".heic,.heif",
}


@dataclass(frozen=True)
class Choice:
    """One entry of a `select_field` or `radio_group` filled from the state."""

    value: str
    label: str


class NativeForm(BaseHTML):
    """A form the browser posts (`rx.el.form` always prevents it)."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]
    no_validate: rx.Var[bool]


def native_form(
    *children: Any,
    action: Text,
    method: str = "post",
    multipart: bool = False,
    **props: Any,
) -> rx.Component:
    """Post to a route of the server; the browser's own messages are off, ours are in French."""
    if multipart:
        props["enc_type"] = "multipart/form-data"
    return NativeForm.create(*children, action=action, method=method, no_validate=True, **props)


def fields(*children: Any) -> rx.Component:
    """Fields one under the other, with the right space between them."""
    return rx.el.div(*children, class_name="fields")


def two(*children: Any) -> rx.Component:
    """Fields side by side where there is room."""
    return rx.el.div(*children, class_name="two")


def required_note() -> rx.Component:
    """What the star means."""
    return rx.el.p("Les champs marqués * sont obligatoires.", class_name="muted mb-4")


def hidden_field(name: str, value: Text) -> rx.Component:
    """A value posted with the form."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def field(
    label: Text,
    name: str,
    type: str = "text",  # noqa: A002  (the attribute's name)
    required: bool = False,
    hint: Text | None = None,
    error: Error = None,
    autocomplete: str | None = None,
    default_value: Text | None = None,
    **props: Any,
) -> rx.Component:
    """A line of text, an e-mail, a date, a number."""
    common = _common(name, required, hint, error, autocomplete, default_value)
    return wrap(
        name,
        label,
        rx.el.input(type=type, **(common | with_class(props, "input"))),
        required=required,
        hint=hint,
        error=error,
    )


def textarea_field(
    label: Text,
    name: str,
    required: bool = False,
    hint: Text | None = None,
    error: Error = None,
    default_value: Text | None = None,
    **props: Any,
) -> rx.Component:
    """Several lines of text; grows with what is typed."""
    common = _common(name, required, hint, error, None, default_value)
    return wrap(
        name,
        label,
        rx.el.textarea(**(common | with_class(props, "input"))),
        required=required,
        hint=hint,
        error=error,
    )


def select_field(
    label: Text,
    name: str,
    options: Sequence[tuple[str, str]] | rx.Var[list[Choice]],
    required: bool = False,
    hint: Text | None = None,
    error: Error = None,
    default_value: Text | None = None,
    prompt: str | None = "Choisir…",
    **props: Any,
) -> rx.Component:
    """One choice in a list of (value, label), or of `Choice` in the state."""
    common = _common(name, required, hint, error, None, default_value)
    first = [] if prompt is None else [rx.el.option(prompt, value="")]
    if isinstance(options, rx.Var):
        # options that come after the field: mount it again, for its default value
        props.setdefault("key", options.to(list[Choice]).length().to_string())
        entries: list[Any] = [
            rx.foreach(options, lambda o: rx.el.option(o.label, value=o.value, key=o.value))
        ]
    else:
        entries = [rx.el.option(text, value=value) for value, text in options]
    return wrap(
        name,
        label,
        rx.el.select(*first, *entries, **(common | with_class(props, "input"))),
        required=required,
        hint=hint,
        error=error,
    )


def checkbox_field(
    label: Any,
    name: str,
    required: bool = False,
    hint: Text | None = None,
    error: Error = None,
    default_checked: bool | rx.Var[bool] = False,
    value: Text = "oui",
    **props: Any,
) -> rx.Component:
    """A box to tick."""
    common = _common(name, required, hint, error, None, None)
    return rx.el.div(
        rx.el.input(
            type="checkbox", value=value, default_checked=default_checked, **(common | props)
        ),
        rx.el.label(label, *star(required), html_for=field_id(name)),
        *_hint(name, hint),
        *error_text(name, error),
        class_name="choice",
    )


def radio_group(
    legend: Text,
    name: str,
    options: Sequence[tuple[str, str]] | rx.Var[list[Choice]],
    required: bool = False,
    hint: Text | None = None,
    error: Error = None,
    default_value: Text | None = None,
    **props: Any,
) -> rx.Component:
    """One choice among a few, all in sight: (value, label), or `Choice` in the state."""
    chosen = "" if default_value is None else default_value

    def radio(value: Any, text: Any, place: Any, **extra: Any) -> rx.Component:
        ident = rx.cond(place == 0, field_id(name), f"{field_id(name)}-{place}")
        if isinstance(place, int):
            ident = field_id(name) if place == 0 else f"{field_id(name)}-{place}"
        return rx.el.div(
            rx.el.input(
                type="radio",
                id=ident,
                name=name,
                value=value,
                required=required,
                default_checked=value == chosen,
                **props,
            ),
            rx.el.label(text, html_for=ident),
            class_name="choice",
            **extra,
        )

    if isinstance(options, rx.Var):
        entries: list[Any] = [
            rx.foreach(options, lambda o, place: radio(o.value, o.label, place, key=o.value))
        ]
    else:
        entries = [radio(value, text, place) for place, (value, text) in enumerate(options)]
    return rx.el.fieldset(
        rx.el.legend(legend, *star(required)),
        *_hint(name, hint),
        rx.el.div(*entries),
        *error_text(name, error),
        class_name="choices",
        **_described(name, hint, error),
    )


def file_field(
    label: Text,
    name: str,
    formats: Sequence[str] = ("PDF", "JPEG", "PNG", "HEIC"),
    max_megabytes: int = 5,
    required: bool = False,
    error: Error = None,
    **props: Any,
) -> rx.Component:
    """A file to send, with what is accepted; the form must be `multipart`."""
    hint = f"Formats acceptés : {', '.join(formats)}. {max_megabytes}\u00a0Mo au plus."
    common = _common(name, required, hint, error, None, None)
    accept = ",".join(EXTENSIONS[item] for item in formats)
    return wrap(
        name,
        label,
        rx.el.input(type="file", accept=accept, **(common | with_class(props, "input"))),
        required=required,
        hint=hint,
        error=error,
    )


def error_summary(errors: Sequence[tuple[str, str]] | rx.Var[list[FieldError]]) -> rx.Component:
    """Every error of the form at its top, each a link to its field; nothing without errors.

    (field name, message), or `FieldError` in the state. Focus «erreurs» once it is shown.
    """
    if isinstance(errors, rx.Var):
        listed = errors.to(list[FieldError])
        items: list[Any] = [
            rx.foreach(
                listed,
                lambda e: rx.el.li(
                    anchor(e.message, href="#champ-" + e.field.to(str)), key=e.field
                ),
            )
        ]
        return rx.cond(listed.length() > 0, _summary(items))
    if not errors:
        return rx.fragment()
    return _summary(
        [rx.el.li(anchor(message, href=f"#{field_id(name)}")) for name, message in errors]
    )


def form_actions(*buttons: rx.Component) -> rx.Component:
    """The buttons of a form: the way back first, the way on last."""
    return rx.el.div(*buttons, class_name="form-actions")


# ---- shared with passwords.py


def wrap(
    name: str,
    label: Text,
    control: rx.Component,
    *after: rx.Component,
    required: bool,
    hint: Text | None,
    error: Error,
) -> rx.Component:
    """Label, hint, control, error: one under the other."""
    return rx.el.div(
        rx.el.label(label, *star(required), html_for=field_id(name)),
        *_hint(name, hint),
        control,
        *error_text(name, error),
        *after,
        class_name="field",
    )


def star(required: bool) -> list[rx.Component]:
    """The star of a required field (the attribute `required` says it to a screen reader)."""
    return [rx.el.span("*", class_name="star", aria_hidden="true")] if required else []


def error_text(name: str, error: Error) -> list[rx.Component]:
    """What is wrong, beside the field."""
    if error is None or (isinstance(error, str) and not error):
        return []
    line = rx.el.p(
        icon("circle-alert", 18),
        rx.el.span(hidden_text("Erreur : "), error),
        id=f"{field_id(name)}-erreur",
        class_name="error",
    )
    return [line if isinstance(error, str) else rx.cond(error, line)]


def described(name: str, hint: Text | None, error: Error, *more: str) -> dict[str, Any]:
    """`aria-describedby` and `aria-invalid` for a control; `more` are other ids."""
    return _described(name, hint, error, *more) | (
        {}
        if error is None
        else {"aria_invalid": rx.cond(error, "true", "false")}
        if isinstance(error, rx.Var)
        else {"aria_invalid": "true"}
        if error
        else {}
    )


def _common(
    name: str,
    required: bool,
    hint: Text | None,
    error: Error,
    autocomplete: str | None,
    default_value: Text | None,
) -> dict[str, Any]:
    props: dict[str, Any] = {"id": field_id(name), "name": name}
    if required:
        props["required"] = True
    if autocomplete is not None:
        props["auto_complete"] = autocomplete
    if default_value is not None:
        props["default_value"] = default_value
    return props | described(name, hint, error)


def _described(name: str, hint: Text | None, error: Error, *more: str) -> dict[str, Any]:
    ids = [*([] if hint is None else [f"{field_id(name)}-aide"]), *more]
    usual = " ".join(ids)
    with_error = " ".join([f"{field_id(name)}-erreur", *ids])
    if isinstance(error, rx.Var):
        return {"aria_describedby": rx.cond(error, with_error, usual or rx.Var("undefined"))}
    if error:
        return {"aria_describedby": with_error}
    return {"aria_describedby": usual} if usual else {}


def _hint(name: str, hint: Text | None) -> list[rx.Component]:
    return [] if hint is None else [rx.el.p(hint, id=f"{field_id(name)}-aide", class_name="hint")]


def _summary(items: list[Any]) -> rx.Component:
    return notice(
        rx.el.ul(*items),
        kind="error",
        title="Le formulaire n’a pas été envoyé. À corriger :",
        id="erreurs",
        role="alert",
        tab_index=-1,
    )
