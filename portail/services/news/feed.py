"""The public news for those who follow them elsewhere, and when they last changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from portail import clock
from portail.adapters import feeds
from portail.adapters.feeds import Entry, Feed, File
from portail.adapters.markdown import to_html
from portail.database import reading
from portail.models import Article, StoredFile
from portail.services.news.addresses import ATOM, NEWS, RSS, article_path, picture_path
from portail.services.news.audience import current, readable
from portail.settings import settings

ENTRIES = 30
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Format(StrEnum):
    """How a feed is written."""

    ATOM = "atom"
    RSS = "rss"


@dataclass(frozen=True)
class WrittenFeed:
    """A feed ready to be sent; the same content is the same bytes."""

    content: bytes
    changed_at: datetime


def feed(form: Format) -> WrittenFeed:
    """The newest articles that anybody may read."""
    now, town, site = clock.now(), settings(), settings().base_url
    with reading() as session:
        changed_at = _changed_at(session, now)
        rows = session.exec(
            select(Article, StoredFile)
            .outerjoin(StoredFile, col(StoredFile.id) == col(Article.picture_id))
            .where(*current(now), readable(None))
            .order_by(col(Article.published_from).desc(), col(Article.id).desc())
            .limit(ENTRIES)
        ).all()
    found = Feed(
        title=f"Actualités de {town.town_name}",
        description="Les actualités de la mairie pour les familles",
        author=town.town_name,
        url=site + NEWS,
        updated_at=changed_at,
        entries=[_entry(row, file, site) for row, file in rows],
    )
    write, path = (feeds.atom, ATOM) if form is Format.ATOM else (feeds.rss, RSS)
    return WrittenFeed(write(found, site + path), changed_at)


def _entry(row: Article, file: StoredFile | None, site: str) -> Entry:
    number = row.id or 0
    picture = None
    if file is not None:
        picture = File(site + picture_path(number, file.sha256), file.size, file.mime)
    return Entry(
        uid=row.uid,
        url=site + article_path(number),
        title=row.title,
        summary=row.summary,
        html=to_html(row.body, site, feed=True),
        published_at=row.published_from,
        # written before it was published, it has not changed since
        updated_at=max(row.changed_at, row.published_from),
        picture=picture,
    )


def _changed_at(session: Session, now: datetime) -> datetime:
    """The last time that something appeared, changed or ended, to the second, as HTTP says it."""
    moments = [
        session.exec(select(func.max(moment)).where(moment <= now)).one()
        for moment in (
            col(Article.changed_at),
            col(Article.published_from),
            col(Article.published_until),
        )
    ]
    return max((one for one in moments if one is not None), default=_NEVER).replace(microsecond=0)
