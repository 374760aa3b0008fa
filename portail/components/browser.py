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


def show_whole() -> rx.Var[Any]:
    """For `onFocus` of a row that scrolls: browsers leave what is half hidden where it is."""
    return rx.Var(
        "((event) => event.target.scrollIntoView({ block: 'nearest', inline: 'nearest' }))"
    )


def refuse_escape() -> rx.Var[Any]:
    """For `onCancel`: a question that must be answered is not closed by Escape."""
    return rx.Var("((event) => event.preventDefault())")


def press_after(seconds: int) -> rx.Var[Any]:
    """For `ref` of a form that goes on by itself: its button is pressed after so long.

    To post to another site has no other way; `data-by-itself` stops it until the last moment.
    """
    return rx.Var(
        "((form) => { if (!form || form.timer) return; form.timer = setTimeout(() => {"
        " if (form.isConnected && form.dataset.byItself === 'yes')"
        f" form.querySelector('[type=submit]').click() }}, {seconds * 1000}) }})"
    )


def invoke(target: str, command: Literal["show-modal", "close"]) -> rx.Var[Any]:
    """For `on_click`: what `commandfor` does, for browsers older than it."""
    call = {"show-modal": "showModal", "close": "close"}[command]
    script = (
        "(() => { if (!('commandForElement' in HTMLButtonElement.prototype)) "
        f"document.getElementById({json.dumps(target)})?.{call}() }})"
    )
    return rx.Var(script).to(FunctionVar, EventChain)


def copy_beside() -> rx.Var[Any]:
    """For `onClick` of a button beside a field: what the field holds goes to the clipboard.

    Only the browser has it. Where it has none (no HTTPS), the field is selected, to be copied by
    hand. The words for both are in `data-…` of what holds them all.
    """
    return rx.Var(
        "((event) => { const room = event.currentTarget.parentElement,"
        " field = room.querySelector('input'), told = room.querySelector('[role=status]');"
        " (navigator.clipboard?.writeText(field.value) ?? Promise.reject()).then("
        "() => { told.textContent = room.dataset.copied }, () => {"
        " field.focus(); field.select(); told.textContent = room.dataset.selected }) })"
    )


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
    pressed once the files have arrived; without `data-none`, it may hold none. An answer that is
    another page (signed out, a text to accept, a refusal of the whole) is gone to; a failure keeps
    the chosen files.
    """
    script = (
        "((event) => { event.preventDefault(); const form = event.currentTarget,"
        " say = form.dataset, bar = form.querySelector('progress'),"
        " told = form.querySelector('[role=status]'), request = new XMLHttpRequest(),"
        " be = (step, words) => { say.step = step; told.textContent = words },"
        " failed = () => be('failed', say.failed);"
        " if (say.step === 'sending') return;"
        " if (say.none && ![...form.querySelectorAll('[type=file]')]"
        ".some((input) => input.files.length))"
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


# --- the grid of the planning: boxes that the browser paints at once, whatever the network


def box_told() -> rx.Var[Any]:
    """For `ref` of a cell: the box shows what the server last said of it, and is named so.

    A controlled box would wait for the server at each click; mounting it anew loses the focus.
    """
    return rx.Var(
        "((box) => { if (!box) return; const { set, what } = box.dataset;"
        " if (box.told !== set) { box.told = set; box.checked = set.endsWith('1') }"
        " box.setAttribute('aria-label',"
        " `${what}, ${box.dataset[box.checked ? 'on' : 'off']}`) })"
    )


def clicked_box(
    event: rx.Var[Any],
) -> tuple[rx.Var[int], rx.Var[str], rx.Var[str], rx.Var[bool], rx.Var[str], rx.Var[int]]:
    """The arguments of a click on any box of the grid, heard once for all on what holds them.

    Child, slot, day, what the box shows, what the server had last said of it, and the click's
    number: it is kept on the page until the server has answered it.
    """
    box = f"{event}.target"
    noted = (
        "(({ target: box, currentTarget: page }) => { const { what, on, off } = box.dataset,"
        " clicks = page.clicks ??= [], n = 1 + Math.max(Number(page.querySelector"
        "('[data-answered]').dataset.answered), ...clicks.map((click) => click.n));"
        " clicks.push({ n, name: box.name, on: box.checked });"
        " const words = box.checked ? on : off, tip = page.querySelector('[role=tooltip]');"
        " box.setAttribute('aria-label', `${what}, ${words}`);"
        " if (tip.firstChild.textContent === what) tip.lastChild.textContent = words;"
        f" return n }})({event})"
    )
    return (
        rx.Var(f"Number({box}.name.split('/')[0])").to(int),
        rx.Var(f"{box}.name.split('/')[1]").to(str),
        rx.Var(f"{box}.name.split('/')[2]").to(str),
        rx.Var(f"{box}.checked").to(bool),
        rx.Var(f"{box}.dataset.set").to(str),
        rx.Var(noted).to(int),
    )


def keep_clicks(page: str) -> rx.Var[Any]:
    """For `ref` of a mark after the grid: clicks lost with the connection are made again.

    Those the server has answered are forgotten. When the grid is shown anew (`data-mount`), those
    it has not answered are made again; the same click twice is one. Mount 0 is the grid that
    another process has not read yet: they wait for the next. Whoever had the focus in the grid
    gets it back.
    """
    return rx.Var(
        f"((mark) => {{ const page = mark && document.getElementById({json.dumps(page)});"
        " if (!page || mark.dataset.mount === '0') return;"
        " const { mount, answered } = mark.dataset, clicks = page.clicks ?? [];"
        " if (mark.mount === mount) {"
        " page.clicks = clicks.filter((click) => click.n > Number(answered)); return }"
        " mark.mount = mount; page.clicks = [];"
        " const cells = [...page.querySelectorAll('.plan-grid [data-what]')];"
        " if (cells.length && !cells.some((cell) => cell.tabIndex === 0))"
        " (cells.find((cell) => cell.closest('td').dataset.kind === 'now') ?? cells[0])"
        ".tabIndex = 0;"
        " if (page.at >= 0 && document.activeElement === document.body)"
        " cells[Math.min(page.at, cells.length - 1)]?.focus(); page.at = -1;"
        " setTimeout(() => clicks.forEach(({ name, on }) => {"
        ' const box = page.querySelector(`input[name="${name}"]`);'
        " if (box && box.checked !== on) box.click() })) })"
    )


def refuse_click_when_read() -> rx.Var[Any]:
    """For `onClickCapture` around boxes: `aria-readonly` alone does not stop a native box.

    Stopped on its way in: React takes a click on a box for a change before it is refused.
    """
    return rx.Var(
        "((event) => { if (event.target.ariaReadOnly === 'true')"
        " { event.preventDefault(); event.stopPropagation() } })"
    )


def move_in_grid(before: str, after: str) -> rx.Var[Any]:
    """For `onKeyDown` of the grid: arrows, Home, End; PageUp and PageDown follow these links.

    One cell of the grid is in the order of the Tab key; a table of boxes has no such thing of its
    own. Escape hides the words of the cell.
    """
    return rx.Var(
        "((event) => { const page = event.currentTarget, { key, target } = event,"
        " tip = page.querySelector('[role=tooltip]');"
        " if (key === 'Escape') { tip.hidden = true; return }"
        " const cells = [...page.querySelectorAll('.plan-grid [data-what]')],"
        " at = cells.indexOf(target);"
        " if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;"
        " const wide = target.closest('tr').querySelectorAll('[data-what]').length,"
        " first = at - at % wide, last = first + wide - 1,"
        " to = { ArrowLeft: Math.max(first, at - 1), ArrowRight: Math.min(last, at + 1),"
        " ArrowUp: at - wide, ArrowDown: at + wide,"
        " Home: first, End: last }[key], link = { "
        f"PageUp: {json.dumps(before)}, PageDown: {json.dumps(after)} }}[key];"
        " if (to === undefined && !link) return; event.preventDefault(); cells[to]?.focus();"
        " if (link) { page.at = at; document.getElementById(link)?.click() } })"
    )


def tell_cell() -> rx.Var[Any]:
    """For `onFocus` and `onPointerOver` around the grid: one tooltip says the words of a cell.

    A tooltip a cell would be a thousand elements; the one there is must be put beside its cell.
    The cell that has the focus is the one that the Tab key finds again.
    """
    return rx.Var(
        "((event) => { const page = event.currentTarget,"
        " tip = page.querySelector('[role=tooltip]'),"
        " cell = event.target.closest('.plan-grid [data-what]');"
        " if (!cell) { tip.hidden = !tip.contains(event.target); return }"
        " if (event.type === 'focus') { page.querySelectorAll('.plan-grid [tabindex=\"0\"]')"
        ".forEach((one) => { one.tabIndex = -1 }); cell.tabIndex = 0 }"
        " const { what, on, off } = cell.dataset, [name, words] = tip.children;"
        " name.textContent = what; words.textContent = cell.checked ? on : off; tip.hidden = false;"
        " const a = cell.getBoundingClientRect(), b = page.getBoundingClientRect(),"
        " left = a.left + a.width / 2 - b.left - tip.offsetWidth / 2,"
        " under = a.bottom + tip.offsetHeight < document.documentElement.clientHeight - 96;"
        " tip.style.left = `${Math.max(0, Math.min(left, b.width - tip.offsetWidth))}px`;"
        " tip.style.top = `${(under ? a.bottom : a.top - tip.offsetHeight) - b.top}px` })"
    )


def hide_tip() -> rx.Var[Any]:
    """For `onBlur` and `onPointerLeave` around the grid."""
    return rx.Var(
        "((event) => { event.currentTarget.querySelector('[role=tooltip]').hidden = true })"
    )


def when_width_differs() -> rx.Var[Any]:
    """For `ref` of a hidden button: it is pressed when the window is not what the server believes.

    Only one of the two layouts is in the page, so the server chooses; only the browser knows the
    width, and when it changes.
    """
    return rx.Var(
        "((button) => { if (!button) return;"
        " const width = button.width ??= window.matchMedia('(width < 48rem)'), tell = () => {"
        " if (String(width.matches) !== button.dataset.narrow) button.click() };"
        " width.onchange = tell; tell() })"
    )


def is_narrow(event: rx.Var[Any]) -> tuple[rx.Var[bool]]:
    """The argument of that press."""
    return (rx.Var(f"{event}.currentTarget.width.matches").to(bool),)


def when_seen() -> rx.Var[Any]:
    """For `ref` of a hidden button: it is pressed once what `data-last` numbers is seen.

    Only the browser knows that a page is behind another; 0: nothing waits to be seen.
    """
    return rx.Var(
        "((button) => { const tell = () => { if (!document.hidden && button.dataset.last !== '0')"
        " button.click() }; document.onvisibilitychange = button && tell; if (button) tell() })"
    )


def last_seen(event: rx.Var[Any]) -> tuple[rx.Var[int]]:
    """The argument of that press."""
    return (rx.Var(f"Number({event}.currentTarget.dataset.last)").to(int),)


def is_open(event: rx.Var[Any]) -> tuple[rx.Var[bool]]:
    """The argument of `onToggle`: whether the details are shown now."""
    return (rx.Var(f"{event}.currentTarget.open").to(bool),)


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
    # what an update shows is not in the page yet when its events come: the focus would miss it
    (
        '  if (event.name == "_set_focus") {\n',
        (
            '  if (event.name == "_set_focus") {\n'
            "    await new Promise((rendered) => setTimeout(rendered));\n"
        ),
    ),
    ("A new version of this app is available.", "Une nouvelle version du portail est en ligne."),
    ('button.textContent = "Reload"', 'button.textContent = "Recharger la page"'),
)
_ICONS = '            { test: /lucide-react/, name: "icons" },\n'
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
# an icon is a few hundred bytes, and was a file: a phone opens six connections at a time
_BUNDLES = (("          groups: [\n", "          groups: [\n" + _ICONS),)


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
        context["add_modify_task"]("vite.config.js", lambda config: patched(config, _BUNDLES))


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
