"""What is shown of articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portail.domain.news import Phase, Targets
from portail.models import (
    ActivityRow,
    Article,
    ArticleAttachment,
    ArticlePicture,
    ArticleTarget,
    School,
    StoredFile,
)
from portail.services.news.addresses import attachment_path, picture_path


@dataclass(frozen=True)
class PictureView:
    """A picture, its size in pixels, and what it shows.

    `choices` are the address and width of each that was drawn, this one among them.
    """

    address: str
    alt: str
    width: int
    height: int
    choices: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AttachmentView:
    """A file to download; `size` in bytes."""

    address: str
    name: str
    size: int


@dataclass(frozen=True)
class ArticleLine:
    """An article in a list. `targets` are names as families know them; `unread`: of a family."""

    number: int
    title: str
    summary: str
    published_at: datetime
    targets: Targets
    important: bool
    public: bool
    unread: bool
    picture: PictureView | None
    attachments: int


@dataclass(frozen=True)
class NewsPage:
    """A page of the list, from 1."""

    lines: tuple[ArticleLine, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class ArticleView:
    """A whole article; `html` is its text, that can do nothing but be read."""

    line: ArticleLine
    html: str
    until: datetime | None
    attachments: tuple[AttachmentView, ...]


@dataclass(frozen=True)
class AgentLine:
    """An article as agents list it."""

    number: int
    slug: str
    title: str
    phase: Phase
    published_from: datetime
    published_until: datetime | None
    targets: Targets
    important: bool
    public: bool
    told: int


def lines_of(
    session: Session, rows: Iterable[Article], read: set[int] | None
) -> tuple[ArticleLine, ...]:
    """Articles as lines; `read` are those that the account has read, nothing for who has none."""
    rows = tuple(rows)
    ids = [row.id or 0 for row in rows]
    targets = targets_of(session, ids)
    digests = _digests(session, rows)
    widths = _widths(session, ids) if digests else {}
    counts: dict[int, int] = {}
    of = select(ArticleAttachment.article_id).where(col(ArticleAttachment.article_id).in_(ids))
    for article_id in session.exec(of):
        counts[article_id] = counts.get(article_id, 0) + 1
    return tuple(
        ArticleLine(
            number=row.id or 0,
            title=row.title,
            summary=row.summary,
            published_at=row.published_from,
            targets=targets.get(row.id or 0, Targets()),
            important=row.important,
            public=row.public,
            unread=read is not None and row.id not in read,
            picture=_picture(row, digests, widths.get(row.id or 0, ())),
            attachments=counts.get(row.id or 0, 0),
        )
        for row in rows
    )


def _digests(session: Session, rows: Iterable[Article]) -> dict[int, str]:
    wanted = [row.picture_id for row in rows if row.picture_id is not None]
    query = select(StoredFile.id, StoredFile.sha256).where(col(StoredFile.id).in_(wanted))
    return {file_id or 0: digest for file_id, digest in session.exec(query)} if wanted else {}


def _widths(session: Session, ids: list[int]) -> dict[int, list[int]]:
    """The narrower pictures that there are of these articles."""
    query = select(ArticlePicture.article_id, ArticlePicture.width).where(
        col(ArticlePicture.article_id).in_(ids)
    )
    found: dict[int, list[int]] = {}
    for article_id, width in session.exec(query.order_by(col(ArticlePicture.width))):
        found.setdefault(article_id, []).append(width)
    return found


def _picture(row: Article, digests: dict[int, str], widths: Sequence[int]) -> PictureView | None:
    if row.picture_id is None:
        return None
    number, digest = row.id or 0, digests[row.picture_id]
    address = picture_path(number, digest)
    narrower = tuple((picture_path(number, digest, width), width) for width in widths)
    return PictureView(
        address,
        row.picture_alt,
        row.picture_width,
        row.picture_height,
        (*narrower, (address, row.picture_width)),
    )


def targets_of(session: Session, ids: list[int]) -> dict[int, Targets]:
    """Whom these articles are for, in names; those for everyone are not there."""
    query = (
        select(ArticleTarget.article_id, School.name, ArticleTarget.class_level, ActivityRow.label)
        .outerjoin(School, col(School.id) == col(ArticleTarget.school_id))
        .outerjoin(ActivityRow, col(ActivityRow.id) == col(ArticleTarget.activity_id))
        .where(col(ArticleTarget.article_id).in_(ids))
        .order_by(col(ArticleTarget.id))
    )
    found: dict[int, Targets] = {}
    for article_id, school, level, activity in session.exec(query):
        so_far = found.get(article_id, Targets())
        found[article_id] = Targets(
            (*so_far.schools, *_one(school)),
            (*so_far.levels, *_one(level)),
            (*so_far.activities, *_one(activity)),
        )
    return found


def _one(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def attachments_of(session: Session, article_id: int) -> tuple[AttachmentView, ...]:
    """The files of an article, in its order."""
    query = (
        select(ArticleAttachment, StoredFile.size)
        .join(StoredFile, col(StoredFile.id) == col(ArticleAttachment.file_id))
        .where(ArticleAttachment.article_id == article_id)
        .order_by(col(ArticleAttachment.rank))
    )
    return tuple(
        AttachmentView(attachment_path(row.id or 0), row.name, size)
        for row, size in session.exec(query)
    )
