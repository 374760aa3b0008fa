"""News as people read it: visitors the public ones, families theirs and these."""

from __future__ import annotations

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from portail import clock
from portail.adapters.markdown import to_html
from portail.database import insert_unless_there, reading, writing
from portail.domain.identity import Actor
from portail.domain.paging import nearest_page
from portail.models import Article, ArticleRead
from portail.services.news.audience import concerning, current, readable
from portail.services.news.views import (
    ArticleLine,
    ArticleView,
    NewsPage,
    attachments_of,
    lines_of,
)
from portail.services.reach import NotFound
from portail.settings import settings

PAGE = 8  # articles
_NEWEST = (col(Article.published_from).desc(), col(Article.id).desc())


def news(reader: Actor | None, page: int = 1) -> NewsPage:
    """What this person may read now, the newest first: all of it for an agent.

    Args:
        reader: nobody when it is a visitor.
        page: from 1; one that does not exist gives the nearest that does.
    """
    wanted = (*current(clock.now()), readable(reader))
    with reading() as session:
        total = session.exec(select(func.count()).select_from(Article).where(*wanted)).one()
        page, pages = nearest_page(page, total, PAGE)
        query = select(Article).where(*wanted).order_by(*_NEWEST)
        rows = session.exec(query.offset((page - 1) * PAGE).limit(PAGE)).all()
        return NewsPage(lines_of(session, rows, _read(session, reader)), page, pages)


def public_news(limit: int) -> tuple[ArticleLine, ...]:
    """The newest that anybody may read."""
    wanted = (*current(clock.now()), readable(None))
    with reading() as session:
        rows = session.exec(select(Article).where(*wanted).order_by(*_NEWEST).limit(limit)).all()
        return lines_of(session, rows, None)


def important_news(actor: Actor, limit: int) -> tuple[ArticleLine, ...]:
    """The important ones that concern the actor's children and that they have not read.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account_id = actor.account()
    seen = exists().where(
        col(ArticleRead.account_id) == account_id, col(ArticleRead.article_id) == col(Article.id)
    )
    query = (
        select(Article)
        .where(
            *current(clock.now()),
            col(Article.important).is_(True),
            concerning(account_id),
            ~seen,
        )
        .order_by(*_NEWEST)
        .limit(limit)
    )
    with reading() as session:
        return lines_of(session, session.exec(query).all(), set())


def article(reader: Actor | None, number: int) -> ArticleView:
    """A whole article.

    Raises:
        NotFound: there is none, it is not current, or not for this person.
    """
    with reading() as session:
        row = find(session, reader, number)
        (line,) = lines_of(session, [row], _read(session, reader))
        return ArticleView(
            line,
            to_html(row.body, settings().base_url),
            row.published_until,
            attachments_of(session, number),
        )


def mark_read(actor: Actor, number: int) -> None:
    """The actor has read an article: it is no longer put forward. Again changes nothing.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: as `article`.
    """
    account_id = actor.account()
    with writing() as session:
        find(session, actor, number)
        session.execute(
            insert_unless_there(session, ArticleRead, "account_id", "article_id").values(
                account_id=account_id, article_id=number, read_at=clock.now()
            )
        )


def find(session: Session, reader: Actor | None, number: int) -> Article:
    """The row of an article that this person may read now.

    Raises:
        NotFound: as `article`.
    """
    query = select(Article).where(Article.id == number, *current(clock.now()), readable(reader))
    row = session.exec(query).first()
    if row is None:
        raise NotFound
    return row


def _read(session: Session, reader: Actor | None) -> set[int] | None:
    if reader is None or not reader.is_family:
        return None
    query = select(ArticleRead.article_id).where(ArticleRead.account_id == reader.account())
    return set(session.exec(query))
