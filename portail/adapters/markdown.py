"""The Markdown of an article as HTML that can do nothing but be read.

We write every tag ourselves, from a short list; everything else is text. Raw HTML stays text,
images are left out, and a link leads where `domain/links` lets it or is no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from portail.domain.links import Leads, leads

FIRST_HEADING, LAST_HEADING = 2, 6  # the page's own title is the h1


class Flaw(StrEnum):
    """What an article's text may not hold."""

    IMAGE = "image"
    LINK = "link"


@dataclass(frozen=True)
class Misuse:
    """Something left out of the page: on which line of the text, from 1, and what it was."""

    line: int
    flaw: Flaw
    about: str


def to_html(text: str, site: str, *, feed: bool = False) -> str:
    """An article's text as HTML; its headings begin at h2 and skip no level.

    Args:
        text: in Markdown (CommonMark).
        site: address of the portal: a link written with it leads within the site.
        feed: for a reader elsewhere: links of the site are whole, and nothing needs a style sheet.
    """
    return _Writer(site.rstrip("/"), feed=feed).blocks(_parsed(text))


def misuses(text: str, site: str) -> tuple[Misuse, ...]:
    """What `to_html` leaves out, for whoever wrote the text."""
    return tuple(_misuses(_parsed(text), site.rstrip("/"), 1))


def _parsed(text: str) -> SyntaxTreeNode:
    parser = MarkdownIt("commonmark", {"html": False})
    # ours is stricter; and what it refuses is to be found, not left as text between brackets
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return SyntaxTreeNode(parser.parse(text))


def _misuses(node: SyntaxTreeNode, site: str, line: int) -> Iterator[Misuse]:
    for child in node.children:
        at = child.map[0] + 1 if child.type != "inline" and child.map else line
        if child.type == "image":
            yield Misuse(at, Flaw.IMAGE, str(child.attrs.get("src", "")))
        elif child.type == "link" and _place(child, site)[1] is None:
            yield Misuse(at, Flaw.LINK, str(child.attrs.get("href", "")))
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        yield from _misuses(child, site, line if child.type in _INLINE else at)


def _place(node: SyntaxTreeNode, site: str) -> tuple[str, Leads | None]:
    address = str(node.attrs.get("href", ""))
    if site and (address == site or address.startswith(f"{site}/")):
        address = address.removeprefix(site) or "/"
    return address, leads(address)


_INLINE = frozenset({"text", "strong", "em", "link", "code_inline", "image"})
_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "list_item": "li",
    "strong": "strong",
    "em": "em",
    "blockquote": "blockquote",
}


class _Writer:
    """One text; the headings met so far say the level of the next one."""

    def __init__(self, site: str, *, feed: bool) -> None:
        self._site, self._feed = site, feed
        self._above: list[int] = []
        self._makers: dict[str, Callable[[SyntaxTreeNode], str]] = {
            "text": lambda node: escape(node.content),
            "softbreak": lambda _: "\n",
            "hardbreak": lambda _: "<br>",
            "hr": lambda _: "<hr>",
            "code_inline": lambda node: f"<code>{escape(node.content)}</code>",
            "code_block": _code,
            "fence": _code,
            "heading": self._heading,
            "ordered_list": self._ordered,
            "link": self._link,
            "image": self.blocks,  # its alternative text
        }

    def blocks(self, node: SyntaxTreeNode) -> str:
        """What is inside a node."""
        return "".join(map(self._written, node.children))

    def _written(self, node: SyntaxTreeNode) -> str:
        if node.type in self._makers:
            return self._makers[node.type](node)
        inside = self.blocks(node) if node.children else escape(node.content)
        if node.type == "inline" or (node.type == "paragraph" and node.hidden):
            return inside
        tag = _TAGS.get(node.type)
        return inside if tag is None else f"<{tag}>{inside}</{tag}>"

    def _heading(self, node: SyntaxTreeNode) -> str:
        written = int(node.tag[1:])
        self._above = [*(level for level in self._above if level < written), written]
        level = min(FIRST_HEADING + len(self._above) - 1, LAST_HEADING)
        return f"<h{level}>{self.blocks(node)}</h{level}>"

    def _ordered(self, node: SyntaxTreeNode) -> str:
        start = node.attrs.get("start")
        first = f' start="{int(start)}"' if start is not None else ""
        return f"<ol{first}>{self.blocks(node)}</ol>"

    def _link(self, node: SyntaxTreeNode) -> str:
        address, place = _place(node, self._site)
        words = self.blocks(node) or escape(address)
        if place is None:
            return words
        if self._feed:
            whole = f"{self._site}{address}" if place is Leads.HERE else address
            return f'<a href="{escape(whole)}">{words}</a>'
        if place is not Leads.WEB:
            return f'<a href="{escape(address)}">{words}</a>'
        told = '<span class="sr-only"> (autre site)</span>'
        return (
            f'<a class="outside" rel="external noopener" href="{escape(address)}">{words}{told}</a>'
        )


def _code(node: SyntaxTreeNode) -> str:
    return f"<pre><code>{escape(node.content)}</code></pre>"
