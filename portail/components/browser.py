"""All the JavaScript of the portal: expressions that Reflex and HTML have no other word for.

Each is one line, with its reason; none is evaluated at run time (the policy forbids it). The rest
of what runs in the browser is made by Reflex from Python.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import reflex as rx
import reflex_base
from reflex.plugins import Plugin
from reflex_base.event import EventChain
from reflex_base.vars.function import FunctionVar


def show_as_modal() -> rx.Var[Any]:
    """For `ref`: a dialog the state mounts is modal only once `showModal` is called on it."""
    return rx.Var("((element) => { if (element && !element.open) element.showModal() })")


def refuse_escape() -> rx.Var[Any]:
    """For `onCancel`: a question that must be answered is not closed by Escape."""
    return rx.Var("((event) => event.preventDefault())")


def invoke(target: str, command: Literal["show-modal", "close"]) -> rx.Var[Any]:
    """For `on_click`: what `commandfor` does, for browsers older than it."""
    call = {"show-modal": "showModal", "close": "close"}[command]
    script = (
        "(() => { if (!('commandForElement' in HTMLButtonElement.prototype)) "
        f"document.getElementById({json.dumps(target)})?.{call}() }})"
    )
    return rx.Var(script).to(FunctionVar, EventChain)


def hide_popover(target: str) -> rx.Var[Any]:
    """For `on_click` of a link in a popover: a client-side navigation leaves it open."""
    script = f"(() => document.getElementById({json.dumps(target)})?.hidePopover())"
    return rx.Var(script).to(FunctionVar, EventChain)


def tested(first: str, second: str, patterns: Sequence[str], *, same: bool) -> rx.Var[Any]:
    """What two fields hold, tested in the browser: a password being typed must not travel.

    Args:
        first: id of the field tested against the patterns.
        second: id of the field that must hold the same, if `same`.
        patterns: regular expressions, with the flag «u».
        same: whether to test that both hold the same.
    """
    tests = [f"new RegExp({json.dumps(pattern)}, 'u').test(a)" for pattern in patterns]
    if same:
        tests.append("b !== '' && a === b")
    values = [f"document.getElementById({json.dumps(i)})?.value ?? ''" for i in (first, second)]
    return rx.Var(f"((a, b) => [{', '.join(tests)}])({', '.join(values)})")


# Four texts of Reflex 0.10.1's own client script for which it has no setting, changed before the
# build; a release that moves them stops the build here, not in a browser.
_SCRIPT = "utils/state.js"
_CLIENT = (
    # the websocket goes to wherever the page came from: any port, any proxy, one build
    (
        "    endpoint.hostname = frontend_hostname;\n",
        "    endpoint.host = window.location.host;\n",
    ),
    (
        '      endpoint.port = ""; // Assume websocket is on https port via load balancer.\n',
        "      endpoint.port = window.location.port;\n",
    ),
    (
        "A new version of this app is available.",
        "Une nouvelle version du portail est en ligne.",
    ),
    ('button.textContent = "Reload"', 'button.textContent = "Recharger la page"'),
)


class ClientPatches(Plugin):
    """Makes Reflex's client independent of the address it was built for, and French."""

    def pre_compile(self, **context: Any) -> None:
        """Change the client script before it is bundled."""
        # from Reflex's own copy: the one in .web may carry the changes of an earlier build
        context["add_modify_task"](_SCRIPT, lambda _current: patched_client())


def patched_client() -> str:
    """Reflex's client script with our texts.

    Raises:
        RuntimeError: Reflex's script is not the one we know.
    """
    script = (Path(reflex_base.__file__).parent / ".templates" / "web" / _SCRIPT).read_text()
    for before, after in _CLIENT:
        if script.count(before) != 1:
            msg = f"Reflex's client has changed: «{before.strip()}» is no longer there"
            raise RuntimeError(msg)
        script = script.replace(before, after)
    return script
