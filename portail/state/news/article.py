"""/actualites/article: one article; a parent who opens it has read it."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import PUBLIC, Audience, PortalState, allow
from portail.access.urls import sign_in_url
from portail.clock import paris
from portail.domain.identity import Actor
from portail.services.news import ArticleView, article, mark_read
from portail.services.news.addresses import article_path
from portail.services.reach import NotFound
from portail.state.news.words import Picture, card
from portail.state.requests import number_in_query
from portail.texts.french import NBSP, plain_day, weight


@dataclass(frozen=True)
class File:
    """A file to download."""

    address: str
    name: str
    detail: str


class ArticleState(PortalState, rx.State):
    """What the page shows; `html` can do nothing but be read."""

    loaded: bool = False
    found: bool = False
    title: str = ""
    summary: str = ""
    day: str = ""
    until: str = ""
    concerns: str = ""
    important: bool = False
    html: str = ""
    picture: Picture = Picture()
    files: list[File] = []  # noqa: RUF012  (a Reflex variable)
    sign_in: str = ""

    @allow(PUBLIC)
    async def load(self) -> None:
        """Read the article that the address names."""
        reader, number = identity.reader(), number_in_query(self, "n")
        try:
            view = await run_in_thread(lambda: _opened(reader, number))
        except NotFound:
            self.reset()
            nobody = identity.current() is None
            asked = article_path(number)
            self.sign_in = sign_in_url(Audience.FAMILY, asked) if nobody and number else ""
            self.loaded = True
            return
        self._show(view)
        self.found = self.loaded = True

    def _show(self, view: ArticleView) -> None:
        shown = card(view.line)
        self.title, self.summary, self.day = shown.title, shown.summary, shown.day
        self.concerns, self.important = shown.concerns, shown.important
        self.picture, self.html = shown.picture, view.html
        self.until = plain_day(paris(view.until).date()) if view.until else ""
        self.files = [
            File(one.address, one.name, _detail(one.name, one.size)) for one in view.attachments
        ]


def _opened(reader: Actor | None, number: int) -> ArticleView:
    view = article(reader, number)
    if reader is not None and view.line.unread:
        mark_read(reader, number)
    return view


def _detail(name: str, size: int) -> str:
    """«PDF, 38 Ko»."""
    return f"{name.rsplit('.', 1)[-1].upper()},{NBSP}{weight(size)}"
