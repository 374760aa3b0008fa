"""Titles, the way here, and texts written in Markdown."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from portail.components.links import anchor, link
from portail.state.navigation import TITLE_ID


def page_title(
    title: str | rx.Var[str], lead: str | rx.Var[str] | rx.Component | None = None
) -> rx.Component:
    """The page's h1, which receives the focus after a navigation, and a sentence under it."""
    under = [] if lead is None else [rx.el.p(lead, class_name="lead")]
    return rx.el.div(rx.el.h1(title, id=TITLE_ID, tab_index=-1), *under, class_name="page-title")


def breadcrumb(steps: Sequence[tuple[str | rx.Var[str], str | None]]) -> rx.Component:
    """The way here: (label, address), the last one without an address."""
    items = [
        rx.el.li(link(label, to=to))
        if to is not None
        else rx.el.li(rx.el.span(label, aria_current="page"))
        for label, to in steps
    ]
    return rx.el.nav(rx.el.ol(*items, class_name="crumbs"), aria_label="Fil d’Ariane")


def text_to_accept(title: str, version: str, address: str, markdown: str) -> rx.Component:
    """A long text to read before accepting it: its version, a way to print it, and itself."""
    return rx.fragment(
        rx.el.p(
            f"Version {version}. ",
            anchor("Ouvrir pour imprimer", href=address, new_tab=True),
            class_name="muted",
        ),
        rx.el.div(
            prose(markdown),
            class_name="scroll-text",
            tab_index=0,
            role="region",
            aria_label=title,
        ),
    )


def prose(markdown: str) -> rx.Component:
    """A Markdown text as elements, made when the site is built; raw HTML in it stays text."""
    tree = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).parse(markdown))
    return rx.el.div(*_children(tree), class_name="rich")


_HEADINGS: dict[str, Any] = {"h1": rx.el.h2, "h2": rx.el.h2, "h3": rx.el.h3}


def _children(node: SyntaxTreeNode) -> list[Any]:
    return [piece for child in node.children for piece in _pieces(child)]


def _pieces(node: SyntaxTreeNode) -> list[Any]:
    kind = node.type
    if kind == "inline" or (kind == "paragraph" and node.hidden):
        return _children(node)
    if kind == "text":
        return [node.content] if node.content else []
    if kind == "softbreak":
        return [" "]
    if kind == "hardbreak":
        return [rx.el.br()]
    return [_element(node)]


def _element(node: SyntaxTreeNode) -> rx.Component:
    if node.type not in _MAKERS:
        raise ValueError(f"Markdown not foreseen in a page's text: {node.type}")
    return _MAKERS[node.type](node)


def _simple(tag: Callable[..., rx.Component]) -> Callable[[SyntaxTreeNode], rx.Component]:
    return lambda node: tag(*_children(node))


def _heading(node: SyntaxTreeNode) -> rx.Component:
    return _HEADINGS.get(node.tag, rx.el.h4)(*_children(node))


def _ordered_list(node: SyntaxTreeNode) -> rx.Component:
    start = node.attrs.get("start")
    return rx.el.ol(*_children(node), **({"start": start} if start else {}))


def _code_block(node: SyntaxTreeNode) -> rx.Component:
    return rx.el.pre(rx.el.code(node.content))


def _link(node: SyntaxTreeNode) -> rx.Component:
    address = str(node.attrs["href"])
    if address.startswith("/") and not address.startswith("//"):
        return link(*_children(node), to=address)
    return anchor(*_children(node), href=address)


_MAKERS: dict[str, Callable[[SyntaxTreeNode], rx.Component]] = {
    "paragraph": _simple(rx.el.p),
    "bullet_list": _simple(rx.el.ul),
    "list_item": _simple(rx.el.li),
    "strong": _simple(rx.el.strong),
    "em": _simple(rx.el.em),
    "blockquote": _simple(rx.el.blockquote),
    "heading": _heading,
    "ordered_list": _ordered_list,
    "link": _link,
    "code_inline": lambda node: rx.el.code(node.content),
    "code_block": _code_block,
    "fence": _code_block,
    "hr": lambda _: rx.el.hr(),
}
