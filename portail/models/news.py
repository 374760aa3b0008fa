"""News of the town: articles, whom they are for, and who read or was told of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class Article(SQLModel, table=True):
    """A piece of news («actualité»); its slug and its `uid` name it for ever.

    `everyone` is said and not deduced: an article whose targets are gone concerns nobody.
    `told_at`: every account concerned has been told of it.
    """

    __table_args__ = (
        Index("ix_article_shown", "published_from", "id"),
        CheckConstraint("published_until > published_from", name="ends_after_start"),
        CheckConstraint(
            "(picture_id IS NULL) = (picture_alt = '')"
            " AND (picture_id IS NULL) = (picture_width = 0)"
            " AND (picture_width = 0) = (picture_height = 0)",
            name="picture_described",
        ),
        CheckConstraint("picture_width >= 0 AND picture_height >= 0", name="picture_size"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=80, unique=True)
    uid: str = Field(max_length=36, unique=True)  # of the feeds
    title: str = Field(max_length=120)
    summary: str = Field(max_length=300)
    body: str = Field(sa_column=Column(Text, nullable=False))
    picture_id: int | None = Field(default=None, foreign_key="stored_file.id", index=True)
    picture_alt: str = Field(default="", max_length=300)
    picture_width: int = Field(default=0)  # pixels
    picture_height: int = Field(default=0)
    published_from: datetime = Field(sa_type=Instant)
    published_until: datetime | None = Field(default=None, sa_type=Instant)
    everyone: bool
    important: bool = Field(default=False)
    public: bool = Field(default=False)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)


class ArticlePicture(SQLModel, table=True):
    """The picture of an article drawn narrower, of this width in pixels."""

    __tablename__ = "article_picture"
    __table_args__ = (CheckConstraint("width > 0", name="width_positive"),)

    article_id: int = Field(foreign_key="article.id", primary_key=True, ondelete="CASCADE")
    width: int = Field(primary_key=True)
    file_id: int = Field(foreign_key="stored_file.id", index=True)


class ArticleTarget(SQLModel, table=True):
    """One of those an article is for: a school, a class level or an activity."""

    __tablename__ = "article_target"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN school_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN class_level IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        UniqueConstraint("article_id", "school_id"),
        UniqueConstraint("article_id", "class_level"),
        UniqueConstraint("article_id", "activity_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE")
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    class_level: str | None = Field(default=None, max_length=10)
    activity_id: int | None = Field(default=None, foreign_key="activity.id", index=True)


class ArticleAttachment(SQLModel, table=True):
    """A file to download with an article."""

    __tablename__ = "article_attachment"

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", ondelete="CASCADE", index=True)
    file_id: int = Field(foreign_key="stored_file.id", index=True)
    name: str = Field(max_length=120)  # as shown and downloaded
    rank: int


class ArticleRead(SQLModel, table=True):
    """An account has opened an article, or said that it has read it."""

    __tablename__ = "article_read"

    account_id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    article_id: int = Field(
        foreign_key="article.id", primary_key=True, ondelete="CASCADE", index=True
    )
    read_at: datetime = Field(sa_type=Instant)


class ArticleTold(SQLModel, table=True):
    """An account has been told of an article: once, whatever happens."""

    __tablename__ = "article_told"

    article_id: int = Field(foreign_key="article.id", primary_key=True, ondelete="CASCADE")
    account_id: int = Field(
        foreign_key="account.id", primary_key=True, ondelete="CASCADE", index=True
    )
    told_at: datetime = Field(sa_type=Instant)
