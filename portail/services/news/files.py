"""The files of articles: whoever may read the article may have them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from portail.database import reading
from portail.domain.identity import Actor
from portail.models import ArticleAttachment, ArticlePicture
from portail.services.documents.storing import stored
from portail.services.news.reading import find
from portail.services.reach import NotFound


@dataclass(frozen=True)
class OpenedFile:
    """A file to send; `public`: anybody may have it."""

    path: Path
    mime: str
    name: str
    sha256: str
    public: bool


def open_picture(reader: Actor | None, number: int, width: int = 0) -> OpenedFile:
    """The picture of an article: the one of this width, if it was drawn so, else the widest.

    Raises:
        NotFound: the article has none, or is not for this person now.
    """
    with reading() as session:
        row = find(session, reader, number)
        if row.picture_id is None:
            raise NotFound
        narrower = session.get(ArticlePicture, (number, width)) if width else None
        file_id = narrower.file_id if narrower else row.picture_id
        return _opened(session, file_id, f"{row.slug}.webp", public=row.public)


def open_attachment(reader: Actor | None, attachment_id: int) -> OpenedFile:
    """A file that comes with an article.

    Raises:
        NotFound: there is none, or its article is not for this person now.
    """
    with reading() as session:
        query = select(ArticleAttachment).where(ArticleAttachment.id == attachment_id)
        row = session.exec(query).first()
        if row is None:
            raise NotFound
        article = find(session, reader, row.article_id)
        return _opened(session, row.file_id, row.name, public=article.public)


def _opened(session: Session, file_id: int, name: str, *, public: bool) -> OpenedFile:
    file, path = stored(session, file_id)
    return OpenedFile(path, file.mime, name, file.sha256, public)
