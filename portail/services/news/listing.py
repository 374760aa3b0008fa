"""The news as agents list it: all of it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, func, select

from portail import clock
from portail.database import reading
from portail.domain.identity import Actor
from portail.domain.news import Targets, phase
from portail.models import Article, ArticleTold
from portail.services.news.publishing import writer
from portail.services.news.views import AgentLine, targets_of


def all_news(actor: Actor, limit: int = 200) -> tuple[AgentLine, ...]:
    """Every article, whatever its phase, the newest first.

    Raises:
        Forbidden: not an agent who writes the news.
    """
    writer(actor)
    now = clock.now()
    told = (
        select(func.count())
        .select_from(ArticleTold)
        .where(col(ArticleTold.article_id) == col(Article.id))
        .correlate(Article)
        .scalar_subquery()
    )
    query = select(Article, told).order_by(
        col(Article.published_from).desc(), col(Article.id).desc()
    )
    with reading() as session:
        rows = session.exec(query.limit(limit)).all()
        targets = targets_of(session, [row.id or 0 for row, _ in rows])
        return tuple(_line(row, count, targets, now) for row, count in rows)


def _line(row: Article, told: int, targets: dict[int, Targets], now: datetime) -> AgentLine:
    withdrawn = row.withdrawn_at is not None
    return AgentLine(
        number=row.id or 0,
        slug=row.slug,
        title=row.title,
        phase=phase(now, row.published_from, row.published_until, withdrawn=withdrawn),
        published_from=row.published_from,
        published_until=row.published_until,
        targets=targets.get(row.id or 0, Targets()),
        important=row.important,
        public=row.public,
        told=told,
    )
