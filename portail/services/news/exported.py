"""What «Télécharger mes données» says of the news: what the account read, and was told of."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from portail import clock
from portail.models import Article, ArticleRead, ArticleTold


def exported_news(session: Session, account_id: int) -> list[dict[str, Any]]:
    """The articles that the account read or was told of, the oldest first."""
    read = dict(
        session.exec(
            select(ArticleRead.article_id, ArticleRead.read_at).where(
                ArticleRead.account_id == account_id
            )
        ).all()
    )
    told = dict(
        session.exec(
            select(ArticleTold.article_id, ArticleTold.told_at).where(
                ArticleTold.account_id == account_id
            )
        ).all()
    )
    query = (
        select(Article.id, Article.title)
        .where(col(Article.id).in_(read.keys() | told.keys()))
        .order_by(col(Article.published_from), col(Article.id))
    )
    return [
        {
            "titre": title,
            "prevenu_le": clock.written(told.get(number or 0)),
            "lu_le": clock.written(read.get(number or 0)),
        }
        for number, title in session.exec(query)
    ]
