"""Agents create, change and withdraw articles; files are checked; nothing is half written."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import delete, select

from portail import clock
from portail.adapters import storage
from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.news import Phase, Targets
from portail.models import ActionLog, Article, ArticlePicture, StoredFile
from portail.services.documents.storing import tidy
from portail.services.news import article, open_attachment, open_picture
from portail.services.news.listing import all_news
from portail.services.news.publishing import Change, Published, Refused, publish_sound, withdraw
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories, samples
from tests.news import agent, draft, made, with_files
from tests.services.documents.papers import count, known_on_disk
from tests.services.test_account import as_parent

SECRET = samples.SECRET_WORDS
PHOTO = ("photo.jpg", samples.jpeg(samples.picture(1600, 900), exif=samples.exif()))


def actions() -> list[str]:
    with reading() as session:
        found = select(ActionLog.action).where(ActionLog.agent_id != None)  # noqa: E711
        return list(session.exec(found.order_by("id")))


def test_an_article_is_created_changed_and_not_touched_for_nothing() -> None:
    by = agent()
    one = draft("Fête", slug="fete")
    first = publish_sound(by, one)
    assert isinstance(first, Published)
    assert publish_sound(by, one) == Published(first.number, Change.UNCHANGED)
    other = draft("Fête des jeux", slug="fete", from_=one.from_)
    assert publish_sound(by, other) == Published(first.number, Change.CHANGED)
    assert article(by, first.number).line.title == "Fête des jeux"
    assert withdraw(by, "fete")
    assert publish_sound(by, other) == Published(first.number, Change.CHANGED)
    assert article(by, first.number).line.title == "Fête des jeux"
    assert actions() == ["news_created", "news_changed", "news_withdrawn", "news_changed"]


def test_without_a_date_it_is_from_now_on_and_stays_so() -> None:
    from dataclasses import replace

    by = agent()
    one = replace(draft("Fête", slug="fete"), from_=None)
    number = made(one, by)
    begun = article(by, number).line.published_at
    assert begun == clock.now()
    clock.advance(timedelta(hours=5))
    assert publish_sound(by, one) == Published(number, Change.UNCHANGED)


@pytest.mark.parametrize(
    "other", [Actor(1, account_id=1), Actor(1, agent_id=1, roles=frozenset({Role.REGIE}))]
)
def test_only_those_who_write_the_news_do(db: None, other: Actor) -> None:
    made(draft("Fête", slug="fete"), agent(Role.ADMINISTRATION))
    for act in (
        lambda: publish_sound(other, draft()),
        lambda: with_files(draft(), by=other),
        lambda: withdraw(other, "fete"),
        lambda: all_news(other),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_is_wrong_is_told_together_and_nothing_is_written() -> None:
    one = draft("x" * 121, slug="Pas Bon", body="![x](y) [z](javascript:1)", alt="seule", lasts=-1)
    outcome = publish_sound(agent(), one)
    assert isinstance(outcome, Refused)
    places = [problem.place for problem in outcome.problems]
    assert places == [("slug",), ("title",), ("until",), ("alt",), ("body", 1), ("body", 1)]
    assert count(Article) == 0


def test_unknown_targets_are_told_each_with_its_place() -> None:
    factories.child("Nora", factories.family(), school="Vilar")
    aimed = Targets(schools=("Vilar", "Villar"), levels=("CM3",), activities=("RIEN",))
    outcome = publish_sound(agent(), draft(targets=aimed))
    assert isinstance(outcome, Refused)
    assert [one.place for one in outcome.problems] == [
        ("targets", "schools", 1),
        ("targets", "levels", 0),
        ("targets", "activities", 0),
    ]
    assert "(il y a « Vilar »)" in outcome.problems[0].text
    assert count(Article) == 0


def test_a_picture_is_drawn_again_for_pages_without_what_it_carried() -> None:
    assert SECRET in PHOTO[1]
    outcome = with_files(draft(alt="Un coin rouge", public=True), PHOTO)
    assert isinstance(outcome, Published)
    opened = open_picture(None, outcome.number)
    content = opened.path.read_bytes()
    assert SECRET not in content
    assert b"EXIF" not in content
    with Image.open(opened.path) as image:
        assert (image.format, image.size) == ("WEBP", (1200, 675))
        assert not image.getexif()
    shown = article(None, outcome.number).line.picture
    assert shown is not None
    assert (shown.width, shown.height, shown.alt) == (1200, 675, "Un coin rouge")
    assert known_on_disk()


def test_a_picture_is_drawn_narrower_too_for_those_who_may_read_it(zoe: int) -> None:
    by = agent()
    one = draft(alt="Un coin rouge")
    outcome = with_files(one, PHOTO, by=by)
    assert isinstance(outcome, Published)
    reader, number = as_parent(zoe), outcome.number
    shown = article(reader, number).line.picture
    assert shown is not None
    assert [width for _, width in shown.choices] == [480, 800, 1200]
    assert len({address for address, _ in shown.choices}) == 3
    assert shown.choices[-1][0] == shown.address
    sizes, weights = [], []
    for width in (480, 800, 0, 7):  # 7 was never drawn: the widest
        opened = open_picture(reader, number, width)
        content = opened.path.read_bytes()
        assert SECRET not in content
        weights.append(len(content))
        with Image.open(opened.path) as image:
            sizes.append(image.size)
        with pytest.raises(NotFound):
            open_picture(None, number, width)
    assert sizes == [(480, 270), (800, 450), (1200, 675), (1200, 675)]
    assert weights[0] < weights[1] < weights[2]
    assert with_files(one, PHOTO, by=by) == Published(number, Change.UNCHANGED)
    assert count(ArticlePicture) == 2
    assert known_on_disk()


def test_a_picture_of_before_is_drawn_narrower_when_it_is_published_again() -> None:
    by = agent()
    one = draft(alt="Un coin rouge", public=True)
    outcome = with_files(one, PHOTO, by=by)
    assert isinstance(outcome, Published)
    with writing() as session:
        session.execute(delete(ArticlePicture))
    shown = article(None, outcome.number).line.picture
    assert shown is not None
    assert shown.choices == ((shown.address, 1200),)
    assert with_files(one, PHOTO, by=by) == Published(outcome.number, Change.CHANGED)
    assert count(ArticlePicture) == 2


def test_a_narrow_picture_is_drawn_once_and_one_that_changes_leaves_nothing() -> None:
    by = agent()
    one = draft(alt="Un point", public=True)
    narrow = ("a.jpg", samples.jpeg(samples.picture(400, 300)))
    for file, widths in ((narrow, [400]), (PHOTO, [480, 800, 1200]), (narrow, [400])):
        outcome = with_files(one, file, by=by)
        assert isinstance(outcome, Published)
        shown = article(None, outcome.number).line.picture
        assert shown is not None
        assert [width for _, width in shown.choices] == widths


def test_a_picture_without_its_description_is_refused_and_so_is_what_is_none() -> None:
    for one, file in (
        (draft(), PHOTO),
        (draft(alt="x"), ("a.pdf", samples.pdf())),
        (draft(alt="x"), ("a.jpg", samples.HTML)),
    ):
        outcome = with_files(one, file)
        assert isinstance(outcome, Refused)
        assert [problem.place for problem in outcome.problems] == [("picture",)]
    outcome = with_files(draft(), files=[("a.pdf", samples.pdf()), ("b.html", samples.HTML)])
    assert isinstance(outcome, Refused)
    assert [problem.place for problem in outcome.problems] == [("attachments", 1)]
    assert (count(Article), count(StoredFile)) == (0, 0)
    assert known_on_disk()


def test_attachments_are_kept_in_their_order_and_replaced_as_a_whole(zoe: int) -> None:
    by, slug = agent(), "menus"
    first, second = ("a.pdf", samples.pdf()), ("b.pdf", samples.pdf(2))
    begun = clock.now() - timedelta(days=1)

    def publish(*files: tuple[str, bytes]) -> Change:
        outcome = with_files(draft("Menus", slug=slug, from_=begun), files=files, by=by)
        assert isinstance(outcome, Published)
        return outcome.change

    assert publish(first, second) is Change.CREATED
    assert publish(first, second) is Change.UNCHANGED
    assert publish(second) is Change.CHANGED
    with reading() as session:
        number = session.exec(select(Article.id)).one() or 0
    (one,) = article(as_parent(zoe), number).attachments
    assert (one.name, one.size) == ("b.pdf", len(second[1]))
    opened = open_attachment(as_parent(zoe), int(one.address.rsplit("/", 1)[1]))
    assert opened.path.read_bytes() == second[1]
    assert not opened.public


def test_the_hourly_tidying_keeps_the_files_of_articles() -> None:
    outcome = with_files(draft(alt="x", public=True), PHOTO, [("a.pdf", samples.pdf())])
    assert isinstance(outcome, Published)
    later = clock.now() + timedelta(days=2)
    tidy(later)
    (one,) = article(None, outcome.number).attachments
    assert open_picture(None, outcome.number).path.is_file()
    assert open_attachment(None, int(one.address.rsplit("/", 1)[1])).path.is_file()
    assert open_picture(None, outcome.number, 480).path.is_file()
    assert count(StoredFile) == 4


def test_a_lost_file_is_not_found() -> None:
    outcome = with_files(draft(alt="x", public=True), PHOTO)
    assert isinstance(outcome, Published)
    shutil.rmtree(settings().files_dir)
    Path(storage.temporary_folder())
    with pytest.raises(NotFound):
        open_picture(None, outcome.number)


def test_agents_list_all_of_it_with_its_phase() -> None:
    by = agent()
    made(draft("À venir", days=2), by)
    made(draft("En cours", days=-1), by)
    made(draft("Fini", days=-9, lasts=3), by)
    made(draft("Retiré", slug="retire", days=-10), by)
    withdraw(by, "retire")
    assert [(one.title, one.phase) for one in all_news(by)] == [
        ("À venir", Phase.COMING),
        ("En cours", Phase.CURRENT),
        ("Fini", Phase.OVER),
        ("Retiré", Phase.WITHDRAWN),
    ]
