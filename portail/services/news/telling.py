"""Telling families of an article once it is current: each account once, whatever happens.

An account is marked in the transaction that tells it, under the article's row: two processes take
turns, and one that dies in the middle is followed by another that goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import exists
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portail import clock
from portail.database import insert_unless_there, reading, writing
from portail.domain import news
from portail.domain.notifications import Notification
from portail.models import Account, Article, ArticleTold
from portail.services import notifications
from portail.services.news.addresses import article_path
from portail.services.news.audience import aimed_at, current
from portail.services.news.views import targets_of
from portail.settings import PARIS, settings
from portail.texts.news import concerns_words

BATCH = 20  # accounts in a transaction: nobody waits long for it


def tell(rest: float = 0) -> int:
    """Tell of all that is current and not told yet; returns how many accounts were.

    Args:
        rest: seconds left to others after each batch.
    """
    told = 0
    for number in _untold():
        after: int | None = 0
        while after is not None:
            done, after = _tell_batch(number, after)
            told += done
            time.sleep(rest)
    return told


def _untold() -> list[int]:
    now = clock.now()
    query = (
        select(Article.id, Article.important)
        .where(*current(now), col(Article.told_at).is_(None))
        .order_by(col(Article.published_from), col(Article.id))
    )
    with reading() as session:
        return [
            number or 0
            for number, important in session.exec(query)
            if news.may_tell(now, PARIS, important=important)
        ]


def _tell_batch(number: int, after: int) -> tuple[int, int | None]:
    """Tell the next accounts; how many, and the last one when there may be more."""
    with writing() as session:
        row = session.exec(
            select(Article)
            .where(Article.id == number, *current(clock.now()), col(Article.told_at).is_(None))
            .with_for_update()
        ).first()
        if row is None:
            return 0, None
        accounts = session.exec(_waiting(row).where(col(Account.id) > after).limit(BATCH)).all()
        _tell_all(session, row, accounts)
        if len(accounts) < BATCH:
            row.told_at = clock.now()
            session.add(row)
            return len(accounts), None
        return len(accounts), accounts[-1].id


def _waiting(row: Article) -> SelectOfScalar[Account]:
    """The accounts concerned that have not been told, by id."""
    told = exists().where(
        col(ArticleTold.article_id) == row.id, col(ArticleTold.account_id) == col(Account.id)
    )
    query = select(Account).where(col(Account.activated_at).is_not(None), ~told)
    if not row.everyone:
        query = query.where(aimed_at(row.id, col(Account.id)))
    return query.order_by(col(Account.id))


def _tell_all(session: Session, row: Article, accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    mark = insert_unless_there(session, ArticleTold, "article_id", "account_id")
    marks = [
        {"article_id": row.id, "account_id": one.id, "told_at": clock.now()} for one in accounts
    ]
    session.execute(mark.values(marks))
    targets = targets_of(session, [row.id or 0]).get(row.id or 0, news.Targets())
    notifications.tell_all(session, [(one, _notice(row, targets, one)) for one in accounts])


def _notice(row: Article, targets: news.Targets, account: Account) -> notifications.Notice:
    return notifications.Notice(
        kind=Notification.NEWS,
        template="news_published",
        context={
            "first_name": account.first_name,
            "title": row.title,
            "summary": row.summary,
            "important": row.important,
            "concerns": concerns_words(targets),
            "url": settings().base_url + article_path(row.id or 0),
        },
        line=f"Actualité\u00a0: {row.title}",
        about=f"news {row.id}",
    )
