"""A password field helped by the browser alone: the password leaves it only in the form."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.constants.compiler import MemoizationMode
from reflex_components_core.el.elements.typography import Div

from portail.components.browser import tested
from portail.components.forms import Error, described, field_id, two, wrap
from portail.components.icons import hidden_text, icon

SAME = "Identique au mot de passe"


class _Island(Div):
    """Compiled in one piece, so that all of it shares the same local state of the browser."""

    _memoization_mode = MemoizationMode(recursive=False)


def password_field(
    label: str,
    name: str,
    conditions: Sequence[tuple[str, str]] | None = None,
    autocomplete: Literal["current-password", "new-password"] = "current-password",
    error: Error = None,
    confirm: bool = False,
    confirm_label: str = "Confirmation du mot de passe",
    confirm_name: str = "",
    confirm_error: Error = None,
    hint: str | None = None,
    required: bool = True,
    on_left: Any = None,
    **props: Any,
) -> rx.Component:
    """A password that one can show; `conditions` (label, regular expression) turn met as one types.

    `on_left`: handler that receives the password when one leaves the field, to say its strength.

    The expressions are JavaScript's, with the flag «u». With `confirm`, a second field beside it.
    """
    again = confirm_name or f"{name}_confirmation"
    rules = list(conditions or [])
    patterns = [pattern for _, pattern in rules]
    count = len(patterns) + confirm
    local = _js_name(name)
    shown = ClientStateVar.create(f"shown_{local}", default=False, global_ref=False)
    met = ClientStateVar.create(f"met_{local}", default=[False] * count, global_ref=False)
    results = met.value.to(list[bool])
    test = tested(field_id(name), field_id(again), patterns, same=confirm)
    check = met.set_value(test) if count else None
    wired = [(text, results[place]) for place, (text, _) in enumerate(rules)]
    if on_left is not None:
        props |= {"on_blur": on_left}
    main = _one(label, name, autocomplete, hint, error, required, shown, check, wired, props)
    if not confirm:
        return _Island.create(main)
    same = [(SAME, results[len(rules)])]
    second = _one(
        confirm_label, again, autocomplete, None, confirm_error, required, shown, check, same, {}
    )
    return _Island.create(two(main, second))


def _one(
    label: str,
    name: str,
    autocomplete: str,
    hint: str | None,
    error: Error,
    required: bool,
    shown: ClientStateVar,
    check: rx.Var[Any] | None,
    rules: Sequence[tuple[str, rx.Var[bool]]],
    props: dict[str, Any],
) -> rx.Component:
    events = {} if check is None else {"on_change": check, "on_blur": check, "on_focus": check}
    rules_id = f"{field_id(name)}-conditions"
    control = rx.el.div(
        rx.el.input(
            id=field_id(name),
            name=name,
            type=rx.cond(shown.value, "text", "password"),
            required=required,
            auto_complete=autocomplete,
            auto_capitalize="none",
            spell_check=False,
            class_name="input",
            **described(name, hint, error, *([rules_id] if rules else [])),
            **(events | props),
        ),
        rx.el.button(
            rx.cond(shown.value, icon("eye-off"), icon("eye")),
            type="button",
            aria_label=rx.cond(shown.value, "Masquer le mot de passe", "Afficher le mot de passe"),
            aria_controls=field_id(name),
            on_click=shown.set_value(~shown.value),
        ),
        class_name="secret",
    )
    after = [_rules(rules_id, rules)] if rules else []
    return wrap(name, label, control, *after, required=required, hint=hint, error=error)


def _rules(ident: str, rules: Sequence[tuple[str, rx.Var[bool]]]) -> rx.Component:
    items = [
        rx.el.li(
            icon("check", 16),
            icon("circle", 16),
            text,
            hidden_text(rx.cond(met, " : rempli", " : à remplir")),
            data_met=rx.cond(met, "true", "false"),
            aria_atomic="true",
        )
        for text, met in rules
    ]
    return rx.el.ul(*items, id=ident, class_name="rules", aria_live="polite")


def _js_name(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
