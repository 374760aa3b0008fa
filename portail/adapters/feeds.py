"""The news as Atom and RSS, for whoever follows them elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from feedgenerator import Atom1Feed, Rss201rev2Feed
from feedgenerator.django.utils.feedgenerator import Enclosure

LANGUAGE = "fr"


@dataclass(frozen=True)
class File:
    """A picture or a file of an entry; `size` in bytes."""

    url: str
    size: int
    mime: str


@dataclass(frozen=True)
class Entry:
    """An article; `uid` is a UUID that never changes, `html` its whole text."""

    uid: str
    url: str
    title: str
    summary: str
    html: str
    published_at: datetime
    updated_at: datetime
    picture: File | None = None


@dataclass(frozen=True)
class Feed:
    """All of it; `updated_at` is when its content last changed."""

    title: str
    description: str
    author: str
    url: str
    updated_at: datetime
    entries: Sequence[Entry]


def atom(feed: Feed, own_url: str) -> bytes:
    """The feed in Atom (RFC 4287), the whole text of each article in it."""
    made = _Atom(updated_at=feed.updated_at, **_head(feed, own_url))
    return _filled(made, feed, whole=True)


def rss(feed: Feed, own_url: str) -> bytes:
    """The feed in RSS 2.0, for older readers: the summary of each article."""
    made = _Rss(updated_at=feed.updated_at, **_head(feed, own_url))
    return _filled(made, feed, whole=False)


class _Atom(Atom1Feed):  # type: ignore[misc]
    def latest_post_date(self) -> datetime:
        """When it changed: an article that is over is no longer there to say it."""
        return self.feed["updated_at"]  # type: ignore[no-any-return]


class _Rss(Rss201rev2Feed):  # type: ignore[misc]
    latest_post_date = _Atom.latest_post_date


def _head(feed: Feed, own_url: str) -> dict[str, str]:
    return {
        "title": feed.title,
        "link": feed.url,
        "description": feed.description,
        "language": LANGUAGE,
        "author_name": feed.author,
        "feed_url": own_url,
        "feed_guid": feed.url,
    }


def _filled(made: _Atom | _Rss, feed: Feed, *, whole: bool) -> bytes:
    for one in feed.entries:
        picture = one.picture
        files = [Enclosure(picture.url, str(picture.size), picture.mime)] if picture else []
        made.add_item(
            title=one.title,
            link=one.url,
            description=escape(one.summary),
            content=one.html if whole else None,
            unique_id=f"urn:uuid:{one.uid}",
            unique_id_is_permalink=False,
            pubdate=one.published_at,
            updateddate=one.updated_at,
            enclosures=files,
        )
    text: str = made.writeString("utf-8")
    return text.encode()
