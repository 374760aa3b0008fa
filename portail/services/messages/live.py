"""Where conversations stand, for open pages: whosever they are, it says nothing else of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, case
from sqlalchemy import select as sql_select
from sqlmodel import col, func

from portail.database import reading
from portail.domain.messages import ThreadState
from portail.models import Subscription, Thread, ThreadRead
from portail.services.messages.mine import unread_answer

Version = tuple[int, ThreadState]  # number of the last message
ListVersion = tuple[int, ...]  # conversations, their messages, those closed, messages read


def versions(thread_ids: Collection[int]) -> dict[int, Version]:
    """Of each of these conversations."""
    query: Any = sql_select(col(Thread.id), col(Thread.message_count), col(Thread.state))
    with reading() as session:
        rows = session.execute(query.where(col(Thread.id).in_(thread_ids))).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def lists(account_ids: Collection[int]) -> dict[int, ListVersion]:
    """Of «Mes messages» of each of these accounts; without a conversation: left out."""
    closed = case((col(Thread.state) == ThreadState.CLOSED, 1), else_=0)
    query: Any = _of_accounts(
        account_ids,
        func.count(),
        func.sum(Thread.message_count),
        func.sum(closed),
        func.sum(func.coalesce(ThreadRead.rank, 0)),
    )
    with reading() as session:
        return {row[0]: tuple(map(int, row[1:])) for row in session.execute(query)}


def unread(account_ids: Collection[int]) -> dict[int, int]:
    """How many conversations each of these accounts has an answer to read in; none: left out."""
    query = _of_accounts(account_ids, func.count()).where(unread_answer())
    with reading() as session:
        return {row[0]: row[1] for row in session.execute(query)}


def _of_accounts(account_ids: Collection[int], *what: Any) -> Any:
    """This of the conversations of each of these accounts, with its own marks."""
    query: Any = sql_select(col(Subscription.account_id), *what)
    return (
        query.join(Thread, col(Thread.family_id) == col(Subscription.family_id))
        .outerjoin(
            ThreadRead,
            and_(
                col(ThreadRead.thread_id) == col(Thread.id),
                col(ThreadRead.account_id) == col(Subscription.account_id),
            ),
        )
        .where(col(Subscription.account_id).in_(account_ids))
        .group_by(col(Subscription.account_id))
    )
