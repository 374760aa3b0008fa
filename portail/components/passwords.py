"""A password field helped by the browser alone: the password leaves it only in the form."""

import json
from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.constants.compiler import MemoizationMode
from reflex_components_core.el.elements.typography import Div

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
    **props: Any,
) -> rx.Component:
    """A password that one can show; `conditions` (label, regular expression) turn met as one types.

    The expressions are JavaScript's, with the flag «u». With `confirm`, a second field beside it.
    """
    shown = ClientStateVar.create(f"shown_{_js_name(name)}", default=False, global_ref=False)
    again = confirm_name or f"{name}_confirmation"
    rules = [*(conditions or [])]
    tests = [f"new RegExp({json.dumps(rule)}, 'u').test(a)" for _, rule in rules]
    main = _one(label, name, autocomplete, error, hint, shown, rules, tests, name, again, props)
    if not confirm:
        return _Island.create(main)
    same = ["b !== '' && a === b"]
    second = _one(
        confirm_label, again, autocomplete, confirm_error, None, shown,
        [(SAME, "")], same, name, again, {},
    )  # fmt: skip
    return _Island.create(two(main, second))


def _one(
    label: str,
    name: str,
    autocomplete: str,
    error: Error,
    hint: str | None,
    shown: ClientStateVar,
    rules: Sequence[tuple[str, str]],
    tests: Sequence[str],
    first: str,
    second: str,
    props: dict[str, Any],
) -> rx.Component:
    met = ClientStateVar.create(
        f"met_{_js_name(name)}", default=[False] * len(rules), global_ref=False
    )
    value = "document.getElementById({!r})?.value ?? ''"
    a, b = value.format(field_id(first)), value.format(field_id(second))
    results: rx.Var[Any] = rx.Var(f"((a, b) => [{', '.join(tests)}])({a}, {b})")
    events = {}
    if rules:
        check = met.set_value(results)
        events = {"on_change": check, "on_blur": check, "on_focus": check}
    rules_id = f"{field_id(name)}-conditions"
    control = rx.el.div(
        rx.el.input(
            id=field_id(name),
            name=name,
            type=rx.cond(shown.value, "text", "password"),
            required=True,
            auto_complete=autocomplete,
            auto_capitalize="none",
            spell_check=False,
            class_name="input",
            **described(name, hint, error, *([rules_id] if rules else [])),
            **events,
            **props,
        ),
        rx.el.button(
            rx.cond(shown.value, icon("eye-off"), icon("eye")),
            type="button",
            aria_label=rx.cond(shown.value, "Masquer le mot de passe", "Afficher le mot de passe"),
            aria_pressed=rx.cond(shown.value, "true", "false"),
            aria_controls=field_id(name),
            on_click=shown.set_value(~shown.value),
        ),
        class_name="secret",
    )
    after = [_rules(rules_id, rules, met)] if rules else []
    return wrap(name, label, control, *after, required=True, hint=hint, error=error)


def _rules(ident: str, rules: Sequence[tuple[str, str]], met: ClientStateVar) -> rx.Component:
    values = met.value.to(list[bool])
    items = [
        rx.el.li(
            icon("check", 16),
            icon("circle", 16),
            label,
            hidden_text(rx.cond(values[place], " : rempli", " : à remplir")),
            data_met=rx.cond(values[place], "true", "false"),
            aria_atomic="true",
        )
        for place, (label, _) in enumerate(rules)
    ]
    return rx.el.ul(*items, id=ident, class_name="rules", aria_live="polite")


def _js_name(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
