"""Dialogs: opened by a button of the page without the server, or by the state."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from portail.components.browser import invoke, refuse_escape, show_as_modal
from portail.components.buttons import Kind, button, icon_button


def dialog(
    id: str,  # noqa: A002  (the attribute's name)
    title: str | rx.Var[str],
    *children: Any,
    actions: Sequence[rx.Component] = (),
) -> rx.Component:
    """A dialog `dialog_opener(…, target=id)` opens; Escape or a click outside closes it."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title, id=f"{id}-titre"),
            icon_button("x", "Fermer", **_command(id, "close")),
            class_name="dialog-head",
        ),
        *children,
        *_actions(actions),
        id=id,
        class_name="dialog",
        aria_labelledby=f"{id}-titre",
        custom_attrs={"closedby": "any"},
    )


def dialog_opener(
    text: str | rx.Var[str],
    target: str,
    kind: Kind = "quiet",
    icon: str | None = None,
    **props: Any,
) -> rx.Component:
    """A button that opens the dialog `target`."""
    return button(
        text, kind, icon=icon, aria_haspopup="dialog", **_command(target, "show-modal"), **props
    )


def dialog_closer(text: str, target: str, kind: Kind = "plain", **props: Any) -> rx.Component:
    """A button that closes the dialog `target` and does nothing else."""
    return button(text, kind, **_command(target, "close"), **props)


def modal(
    is_open: rx.Var[bool],
    title: str | rx.Var[str],
    *children: Any,
    actions: Sequence[rx.Component] = (),
    role: Literal["dialog", "alertdialog"] = "dialog",
) -> rx.Component:
    """A dialog that the state opens and closes: shown as modal by the browser once mounted.

    The first button of `actions` has the focus if it is given `auto_focus=True`.
    """
    return rx.cond(
        is_open,
        rx.el.dialog(
            rx.el.div(rx.el.h2(title), class_name="dialog-head"),
            *children,
            *_actions(actions),
            class_name="dialog",
            role=role,
            aria_label=title,
            custom_attrs={
                "ref": show_as_modal(),
                "onCancel": refuse_escape(),
                "closedby": "none",
            },
        ),
    )


def session_warning(
    is_open: rx.Var[bool], seconds: rx.Var[Any] | str, on_stay: Any
) -> rx.Component:
    """«Êtes-vous toujours là ?», before the session ends; `seconds` is the time left, in words."""
    return modal(
        is_open,
        "Êtes-vous toujours là ?",
        rx.el.p(
            "Sans réponse de votre part, vous serez déconnecté dans ",
            rx.el.strong(seconds),
            ". Ce que vous avez commencé est gardé.",
        ),
        actions=[button("Rester connecté", on_click=on_stay, auto_focus=True)],
        role="alertdialog",
    )


def _actions(actions: Sequence[rx.Component]) -> list[rx.Component]:
    return [rx.el.div(*actions, class_name="dialog-actions")] if actions else []


def _command(target: str, command: Literal["show-modal", "close"]) -> dict[str, Any]:
    """The invoker attributes, and the same by hand for browsers older than them."""
    return {
        "custom_attrs": {"commandfor": target, "command": command},
        "on_click": invoke(target, command),
    }
