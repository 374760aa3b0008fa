"""Articles in words: cards of the lists."""

from __future__ import annotations

from dataclasses import dataclass

from portail.clock import paris
from portail.services.news import ArticleLine
from portail.services.news.addresses import article_path
from portail.services.news.views import PictureView
from portail.texts.french import counted, plain_day
from portail.texts.news import concerns_line


@dataclass(frozen=True)
class Picture:
    """A picture; without an address there is none."""

    address: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    choices: str = ""  # as `srcset` wants them


@dataclass(frozen=True)
class Card:
    """An article in a list: ready text."""

    number: int
    address: str
    title: str
    summary: str
    day: str
    concerns: str
    important: bool
    unread: bool
    files: str
    picture: Picture


def card(one: ArticleLine) -> Card:
    """An article of a list, in words."""
    return Card(
        number=one.number,
        address=article_path(one.number),
        title=one.title,
        summary=one.summary,
        day=plain_day(paris(one.published_at).date()),
        concerns=concerns_line(one.targets),
        important=one.important,
        unread=one.unread,
        files=counted(one.attachments, "pièce jointe", "pièces jointes") if one.attachments else "",
        picture=_picture(one.picture) if one.picture else Picture(),
    )


def _picture(one: PictureView) -> Picture:
    choices = ", ".join(f"{address} {width}w" for address, width in one.choices)
    return Picture(one.address, one.alt, one.width, one.height, choices)
