"""Who reads an article, as conditions of queries: written here and nowhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, true
from sqlmodel import col

from portail import clock
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.models import (
    Account,
    Article,
    ArticleTarget,
    Child,
    Enrolment,
    FamilyChild,
    Subscription,
)


def current(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Those that are read now: `domain.news.phase` as a query asks it."""
    until = col(Article.published_until)
    return (
        col(Article.withdrawn_at).is_(None),
        col(Article.published_from) <= now,
        or_(until.is_(None), until > now),
    )


def readable(reader: Actor | None) -> ColumnElement[bool]:
    """Those that this person may read when they are current: nobody signed in is a visitor."""
    if reader is not None and reader.is_agent:
        return true()
    if reader is None:
        return col(Article.public).is_(True)
    return or_(col(Article.public).is_(True), concerning(reader.account()))


def concerning(account_id: int) -> ColumnElement[bool]:
    """Those that concern an account: for everyone, or for one of its children."""
    return or_(col(Article.everyone).is_(True), aimed_at(col(Article.id), account_id))


def aimed_at(article_id: Any, account_id: Any) -> ColumnElement[bool]:
    """Whether an article is aimed at a child of an account; both a value or a column around."""
    enrolled = (
        exists()
        .where(
            col(Enrolment.child_id) == col(Child.id),
            col(Enrolment.activity_id) == col(ArticleTarget.activity_id),
            col(Enrolment.state) == EnrolmentState.VALIDATED,
            or_(col(Enrolment.ended_on).is_(None), col(Enrolment.ended_on) >= clock.today()),
        )
        .correlate(Child, ArticleTarget)
    )
    return (
        exists()
        .where(
            col(ArticleTarget.article_id) == article_id,
            col(Subscription.account_id) == account_id,
            col(FamilyChild.family_id) == col(Subscription.family_id),
            col(Child.id) == col(FamilyChild.child_id),
            or_(
                col(ArticleTarget.school_id) == col(Child.school_id),
                col(ArticleTarget.class_level) == col(Child.class_level),
                enrolled,
            ),
        )
        .correlate(Article, Account)
    )
