"""Agents write the news: an article is created, or changed, by its slug, and may be withdrawn."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.adapters import pictures, storage
from portail.adapters.markdown import Flaw, misuses
from portail.adapters.pictures import PagePicture
from portail.adapters.uploads.check import check
from portail.adapters.uploads.receive import ReceivedFile
from portail.adapters.uploads.verdicts import Kind, Sound, Unsound
from portail.database import insert_unless_there, writing
from portail.domain.file_names import shown_name
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.news import ABOUT, Draft, Phase, faults, phase
from portail.models import Article, ArticleAttachment, ArticlePicture
from portail.services.audit import log_action
from portail.services.documents.storing import row_of
from portail.services.news.targets import Aims, UnknownTarget, aim, aims_of, find_aims
from portail.services.reach import NotFound
from portail.settings import settings
from portail.texts.news import FAULTS

ROLES = frozenset({Role.ENFANCE, Role.ADMINISTRATION})
BODY = "body"
Attachment = tuple[str, Sound]  # under the name it is shown by


class Change(StrEnum):
    """What became of an article."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Published:
    """The article is as asked."""

    number: int
    change: Change


@dataclass(frozen=True)
class Problem:
    """What is wrong, in French, and with which field; («body», line) with a line of the text."""

    place: tuple[str | int, ...]
    text: str


@dataclass(frozen=True)
class Refused:
    """Nothing was written."""

    problems: tuple[Problem, ...]


async def publish(
    actor: Actor,
    draft: Draft,
    picture: ReceivedFile | None = None,
    attachments: Sequence[ReceivedFile] = (),
) -> Published | Refused:
    """Create the article of this slug, or make it what is asked; one that was withdrawn is back.

    Raises:
        Forbidden: not an agent who writes the news.
        ExaminerError: nothing can be said of any file for now.
    """
    writer(actor)
    wrong = _wrong(draft, picture=picture is not None, attachments=len(attachments))
    drawn = None
    if picture is not None:
        found = await check(picture)
        if isinstance(found, Unsound):
            wrong.append(Problem(("picture",), found.message))
        elif found.kind is not Kind.PHOTO:
            wrong.append(Problem(("picture",), "ce fichier n’est pas une image"))
        else:
            drawn = await asyncio.to_thread(pictures.for_pages, found.path_of_clean_copy)
    sound: list[Attachment] = []
    for rank, file in enumerate(attachments):
        found = await check(file)
        if isinstance(found, Unsound):
            wrong.append(Problem(("attachments", rank), found.message))
        else:
            sound.append((shown_name(file.raw_name, found.extension), found))
    if wrong:
        return Refused(tuple(wrong))
    return await asyncio.to_thread(publish_sound, actor, draft, drawn, sound)


def publish_sound(
    actor: Actor,
    draft: Draft,
    picture: PagePicture | None = None,
    attachments: Sequence[Attachment] = (),
) -> Published | Refused:
    """The same with files that were found sound.

    Raises:
        Forbidden: not an agent who writes the news.
    """
    agent_id = writer(actor)
    if wrong := _wrong(draft, picture=picture is not None, attachments=len(attachments)):
        return Refused(tuple(wrong))
    drawn = (picture, *picture.narrower) if picture else ()
    contents = [*(one.file for one in drawn), *(file for _, file in attachments)]
    kept = {one.sha256: storage.keep(one.path_of_clean_copy, one.sha256) for one in contents}
    used: set[str] = set()
    try:
        with writing() as session:
            aims = find_aims(session, draft.targets)
            rows = {one.sha256: row_of(session, one, kept[one.sha256]) for one in contents}
            files = {digest: row.id or 0 for digest, row in rows.items()}
            outcome = _write(session, agent_id, draft, aims, picture, attachments, files)
        used = {row.storage_name for row in rows.values()}
    except UnknownTarget as error:
        return Refused(tuple(Problem(("targets", *place), text) for place, text in error.found))
    finally:
        for name in set(kept.values()) - used:
            storage.remove(name)
    return outcome


def withdraw(actor: Actor, slug: str) -> bool:
    """Nobody reads the article any more; returns whether somebody could, or would have.

    Raises:
        Forbidden: not an agent who writes the news.
        NotFound: there is no such article.
    """
    agent_id = writer(actor)
    with writing() as session:
        row = session.exec(select(Article).where(Article.slug == slug).with_for_update()).first()
        if row is None:
            raise NotFound
        if row.withdrawn_at is not None:
            return False
        row.withdrawn_at = row.changed_at = clock.now()
        session.add(row)
        _log(session, "news_withdrawn", agent_id, row)
        return True


def writer(actor: Actor) -> int:
    """The agent who writes the news.

    Raises:
        Forbidden: this is not one.
    """
    if actor.agent_id is None or not ROLES & actor.roles:
        raise Forbidden
    return actor.agent_id


def _wrong(draft: Draft, *, picture: bool, attachments: int) -> list[Problem]:
    found = [
        Problem((ABOUT[fault],) if ABOUT[fault] else (BODY, 1), FAULTS[fault])
        for fault in faults(draft, clock.now(), picture=picture, attachments=attachments)
    ]
    for one in misuses(draft.body, settings().base_url):
        text = (
            "pas d’image dans le texte\u00a0: donnez-la comme image de l’article (picture)"
            if one.flaw is Flaw.IMAGE
            else f"ce lien n’est pas permis\u00a0: {one.about}"
        )
        found.append(Problem((BODY, one.line), text))
    return found


def _write(
    session: Session,
    agent_id: int,
    draft: Draft,
    aims: Aims,
    picture: PagePicture | None,
    attachments: Sequence[Attachment],
    files: dict[str, int],
) -> Published:
    now = clock.now()
    values = {
        "title": draft.title,
        "summary": draft.summary,
        "body": draft.body,
        "picture_id": files[picture.file.sha256] if picture else None,
        "picture_alt": draft.picture_alt,
        "picture_width": picture.width if picture else 0,
        "picture_height": picture.height if picture else 0,
        "published_from": draft.from_ or now,
        "published_until": draft.until,
        "everyone": draft.targets.everyone,
        "important": draft.important,
        "public": draft.public,
    }
    insert = insert_unless_there(session, Article, "slug").values(
        slug=draft.slug,
        uid=str(uuid.uuid4()),
        agent_id=agent_id,
        created_at=now,
        changed_at=now,
        **values,
    )
    created = session.scalar(insert.returning(Article.id)) is not None
    # whoever tells of it, or writes it too, waits
    row = session.exec(select(Article).where(Article.slug == draft.slug).with_for_update()).one()
    if draft.from_ is None:
        values["published_from"] = row.published_from
    listed = [(name, files[file.sha256]) for name, file in attachments]
    narrower = {one.width: files[one.file.sha256] for one in picture.narrower} if picture else {}
    before = aims_of(session, row.id or 0)
    same = (
        {name: getattr(row, name) for name in values} == values
        and before == aims
        and _attached(session, row) == listed
        and _drawn(session, row) == narrower
    )
    if not created and same and row.withdrawn_at is None:
        return Published(row.id or 0, Change.UNCHANGED)
    if not created:
        withdrawn = row.withdrawn_at is not None
        current = phase(now, row.published_from, row.published_until, withdrawn=withdrawn)
        wider = before != aims or row.everyone != draft.targets.everyone
        if current is not Phase.CURRENT or wider:
            row.told_at = None  # those who have not been told of it are
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_at, row.withdrawn_at = now, None
    session.add(row)
    aim(session, row.id or 0, aims)
    _attach(session, row, listed)
    _draw(session, row, narrower)
    change = Change.CREATED if created else Change.CHANGED
    _log(session, f"news_{change.value}", agent_id, row)
    return Published(row.id or 0, change)


def _attached(session: Session, row: Article) -> list[tuple[str, int]]:
    query = select(ArticleAttachment.name, ArticleAttachment.file_id).where(
        ArticleAttachment.article_id == row.id
    )
    return list(session.exec(query.order_by(col(ArticleAttachment.rank))))


def _attach(session: Session, row: Article, listed: Sequence[tuple[str, int]]) -> None:
    """These files and no others; those that stay keep their address only if none changes."""
    if _attached(session, row) == listed:
        return
    session.execute(delete(ArticleAttachment).where(col(ArticleAttachment.article_id) == row.id))
    session.add_all(
        ArticleAttachment(article_id=row.id or 0, file_id=file_id, name=name, rank=rank)
        for rank, (name, file_id) in enumerate(listed)
    )


def _drawn(session: Session, row: Article) -> dict[int, int]:
    """The files of its picture drawn narrower, by width."""
    query = select(ArticlePicture.width, ArticlePicture.file_id)
    return dict(session.exec(query.where(ArticlePicture.article_id == row.id)).all())


def _draw(session: Session, row: Article, narrower: dict[int, int]) -> None:
    """These narrower pictures and no others."""
    if _drawn(session, row) == narrower:
        return
    session.execute(delete(ArticlePicture).where(col(ArticlePicture.article_id) == row.id))
    session.add_all(
        ArticlePicture(article_id=row.id or 0, width=width, file_id=file_id)
        for width, file_id in narrower.items()
    )


def _log(session: Session, action: str, agent_id: int, row: Article) -> None:
    log_action(session, action, agent_id=agent_id, subject=f"article {row.id}")
