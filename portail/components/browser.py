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
    """For `ref`: a dialog the state mounts is modal only once `showModal` is called on it.

    `showModal` gives the focus to the first button or link, be it at the end of a long text: the
    title takes it when the dialog would open scrolled.
    """
    return rx.Var(
        "((element) => { if (element && !element.open) { element.showModal();"
        " if (element.scrollTop > 0) { const title = element.querySelector('h2');"
        " title.tabIndex = -1; title.focus() } } })"
    )


def focus_once() -> rx.Var[Any]:
    """For `ref`: what has just appeared takes the focus, once; `set_focus` misses lists' items."""
    return rx.Var(
        "((element) => { if (element && !element.dataset.told) "
        "{ element.dataset.told = 'yes'; element.focus() } })"
    )


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


def send_with_progress() -> rx.Var[Any]:
    """For `onSubmit` of an upload form: only XMLHttpRequest tells how far a sending is.

    The form holds its words in `data-…`, a `progress`, a status line, and a hidden button that is
    pressed once the files have arrived. An answer that is another page (signed out, a text to
    accept, a refusal of the whole) is gone to; a failure keeps the chosen files.
    """
    script = (
        "((event) => { event.preventDefault(); const form = event.currentTarget,"
        " say = form.dataset, bar = form.querySelector('progress'),"
        " told = form.querySelector('[role=status]'), request = new XMLHttpRequest(),"
        " be = (step, words) => { say.step = step; told.textContent = words },"
        " failed = () => be('failed', say.failed);"
        " if (say.step === 'sending') return;"
        " if (![...form.querySelectorAll('[type=file]')].some((input) => input.files.length))"
        " return be('failed', say.none);"
        " request.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total;"
        " if (loaded === total) told.textContent = say.checking };"
        " request.onerror = failed; request.onload = () => {"
        " if (request.status >= 400) return failed();"
        " if (!request.responseURL.includes('depot='))"
        " return window.location.assign(request.responseURL);"
        " be('', ''); form.reset(); form.querySelector('[hidden]').click() };"
        " bar.value = 0; be('sending', say.sending);"
        " request.open('POST', form.action); request.send(new FormData(form)) })"
    )
    return rx.Var(script)


# Texts of what Reflex 0.10.1 generates, for which it has no setting, changed before the build; a
# release that moves them stops the build here, not in a browser.
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
_LINKS = (
    'jsx("link",{as:"style",href:reflexGlobalStyles,rel:"preload"},),'
    'jsx("link",{href:reflexGlobalStyles,rel:"stylesheet",type:"text/css"},)'
)
_STYLE = (
    'jsx("style",{suppressHydrationWarning:true,dangerouslySetInnerHTML:'
    '{__html:import.meta.env.SSR?reflexGlobalStyles:""}})'
)
# the style sheet is in each page (8 KB): a phone shows it one round trip earlier. Only the
# pre-rendering has its text; the browser keeps what the page came with
_DOCUMENT = (
    ("__reflex_global_styles.css?url", "__reflex_global_styles.css?inline"),
    (_LINKS, _STYLE),
)


class FrontEnd(Plugin):
    """What we change in the front end that Reflex generates, and the town's colours in it."""

    def __init__(self, theme_css: str) -> None:
        """Build pages with this theme."""
        self.theme_css = theme_css

    def get_static_assets(self, **_context: Any) -> Sequence[tuple[Path, str | bytes]]:
        """The town's colours, as a style sheet."""
        return [(Path("styles") / "town.css", self.theme_css)]

    def get_stylesheet_paths(self, **_context: Any) -> Sequence[str]:
        """Where it is, from the other style sheets."""
        return ["./town.css"]

    def pre_compile(self, **context: Any) -> None:
        """Change what is generated before it is bundled."""
        template = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"
        # from Reflex's own copy: the one in .web may carry the changes of an earlier build
        context["add_modify_task"](
            "utils/state.js", lambda _current: patched(template.read_text(), _CLIENT)
        )
        context["add_modify_task"]("app/_document.js", lambda page: patched(page, _DOCUMENT))


def patched(script: str, changes: Sequence[tuple[str, str]]) -> str:
    """A script with these texts changed, each found exactly once.

    Raises:
        RuntimeError: the script is not the one we know.
    """
    for before, after in changes:
        if script.count(before) != 1:
            msg = f"Reflex has changed: «{before.strip()}» is no longer there"
            raise RuntimeError(msg)
        script = script.replace(before, after)
    return script
