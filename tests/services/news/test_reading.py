"""Who reads what, and when: theirs for families, public ones for all, nothing before its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor, Forbidden
from portail.domain.news import Targets
from portail.models import ActivityRow, Article, ArticleTarget, Enrolment
from portail.services.news import article, important_news, mark_read, news, public_news
from portail.services.news.publishing import withdraw
from portail.services.news.reading import PAGE
from portail.services.reach import NotFound
from portail.settings import PARIS
from tests import factories
from tests.conftest import SetClock
from tests.news import agent, draft, made
from tests.services.test_account import as_parent

VILAR, LANGEVIN = "École Jean-Vilar", "École Paul-Langevin"


@pytest.fixture
def nora(zoe: int) -> int:
    """Zoé's child, in «moyenne section» at Jean-Vilar."""
    return factories.child("Nora", factories.family(members=[zoe]), school=VILAR, class_level="MS")


@pytest.fixture
def lina(karim: int) -> int:
    """Karim's child, elsewhere."""
    family = factories.family("BENALI", members=[karim])
    return factories.child("Lina", family, school=LANGEVIN, class_level="CE2")


def titles(reader: Actor | None) -> list[str]:
    return [one.title for one in news(reader).lines]


def activity(code: str) -> int:
    with writing() as session:
        row = ActivityRow(
            code=code,
            type_code="periscolaire",
            label=code.title(),
            first_day=date(2026, 9, 1),
            last_day=date(2027, 7, 3),
            definition={},
        )
        session.add(row)
        session.flush()
        return row.id or 0


def enrol(child: int, activity_id: int, state: EnrolmentState, ended: date | None = None) -> None:
    from portail.models import FamilyChild

    with writing() as session:
        family = session.exec(
            select(FamilyChild.family_id).where(FamilyChild.child_id == child)
        ).first()
        session.add(
            Enrolment(
                family_id=family or 0,
                child_id=child,
                activity_id=activity_id,
                state=state,
                entry_on=date(2026, 9, 1),
                ended_on=ended,
                requested_at=clock.now(),
            )
        )


def test_each_reads_what_is_for_all_for_their_children_or_public(
    zoe: int, karim: int, nora: int, lina: int
) -> None:
    made(draft("Pour toutes", days=-9))
    made(draft("Vilar", days=-8, targets=Targets(schools=(VILAR,))))
    made(draft("CE2", days=-7, targets=Targets(levels=("CE2",))))
    made(draft("Vilar et CE2", days=-6, targets=Targets(schools=(VILAR,), levels=("CE2",))))
    made(draft("Langevin publique", days=-5, targets=Targets(schools=(LANGEVIN,)), public=True))
    assert titles(None) == ["Langevin publique"]
    assert titles(as_parent(zoe)) == ["Langevin publique", "Vilar et CE2", "Vilar", "Pour toutes"]
    assert titles(as_parent(karim)) == ["Langevin publique", "Vilar et CE2", "CE2", "Pour toutes"]
    assert len(titles(agent())) == 5
    assert [one.title for one in public_news(3)] == ["Langevin publique"]


def test_an_account_without_a_family_reads_what_is_for_all(zoe: int) -> None:
    factories.child("Autre", factories.family(), school=VILAR)
    made(draft("Vilar", targets=Targets(schools=(VILAR,))))
    made(draft("Pour toutes"))
    assert titles(as_parent(zoe)) == ["Pour toutes"]


@pytest.mark.parametrize(
    ("state", "ended", "reads"),
    [
        (EnrolmentState.VALIDATED, None, True),
        (EnrolmentState.VALIDATED, date(2026, 11, 23), True),  # until this evening
        (EnrolmentState.VALIDATED, date(2026, 11, 22), False),
        (EnrolmentState.REQUESTED, None, False),
        (EnrolmentState.WAITING_LIST, None, False),
        (EnrolmentState.REFUSED, None, False),
        (EnrolmentState.ENDED, date(2026, 11, 30), False),
    ],
)
def test_an_activity_s_are_for_those_enrolled_in_it(
    zoe: int, nora: int, state: EnrolmentState, ended: date | None, reads: bool
) -> None:
    mornings = activity("MATIN")
    activity("SOIR")
    enrol(nora, mornings, state, ended)
    made(draft("Matin", targets=Targets(activities=("MATIN",))))
    made(draft("Soir", targets=Targets(activities=("SOIR",))))
    assert titles(as_parent(zoe)) == (["Matin"] if reads else [])


def test_a_shared_child_concerns_both_households(zoe: int, karim: int, nora: int) -> None:
    factories.share(nora, factories.family("BENALI", members=[karim]))
    made(draft("Vilar", targets=Targets(schools=(VILAR,))))
    assert titles(as_parent(karim)) == titles(as_parent(zoe)) == ["Vilar"]


def test_an_article_whose_targets_are_gone_is_for_nobody(zoe: int, nora: int) -> None:
    number = made(draft("Vilar", targets=Targets(schools=(VILAR,))))
    with writing() as session:
        session.delete(session.exec(select(ArticleTarget)).one())
    assert titles(as_parent(zoe)) == []
    with pytest.raises(NotFound):
        article(as_parent(zoe), number)


def test_it_is_read_from_its_moment_to_its_end_and_not_once_withdrawn(
    zoe: int, set_clock: SetClock
) -> None:
    by = agent()
    from_ = datetime(2026, 11, 24, 8, tzinfo=PARIS)
    number = made(draft("Demain", slug="demain", from_=from_, lasts=1, public=True), by)
    me = as_parent(zoe)
    for now, there in (
        ("2026-11-24T07:59", False),
        ("2026-11-24T08:00", True),
        ("2026-11-25T07:59", True),
        ("2026-11-25T08:00", False),
    ):
        set_clock(now)
        assert (titles(me), titles(None)) == ((["Demain"], ["Demain"]) if there else ([], [])), now
    set_clock("2026-11-24T12:00")
    assert article(None, number).line.title == "Demain"
    assert withdraw(by, "demain") is True
    assert withdraw(by, "demain") is False
    assert titles(me) == titles(by) == []
    for reader in (None, me, by):
        with pytest.raises(NotFound):
            article(reader, number)


def test_an_article_not_for_one_is_as_one_that_does_not_exist(
    zoe: int, karim: int, nora: int
) -> None:
    number = made(draft("Vilar", body="# Secret", targets=Targets(schools=(VILAR,))))
    assert "<h2>Secret</h2>" in article(as_parent(zoe), number).html
    for reader in (None, as_parent(karim)):
        for wanted in (number, number + 1, 0, -1):
            with pytest.raises(NotFound):
                article(reader, wanted)
    with pytest.raises(NotFound):
        mark_read(as_parent(karim), number)


def test_pages_hold_all_of_it_once_the_newest_first(zoe: int) -> None:
    for day in range(2 * PAGE + 1):
        made(draft(f"N{day:02}", days=-day - 1))
    me = as_parent(zoe)
    seen = [one.title for page in (1, 2, 3) for one in news(me, page).lines]
    assert seen == [f"N{day:02}" for day in range(2 * PAGE + 1)]
    assert (news(me).pages, news(me, 99).page, news(me, -5).page) == (3, 3, 1)
    assert (news(None).lines, news(None).pages) == ((), 1)


def test_an_important_one_is_put_forward_until_it_is_read(zoe: int, karim: int) -> None:
    number = made(draft("Grève", important=True))
    made(draft("Fête"))
    me = as_parent(zoe)
    assert [one.title for one in important_news(me, 2)] == ["Grève"]
    assert news(me).lines[0].unread
    mark_read(me, number)
    mark_read(me, number)
    assert important_news(me, 2) == ()
    assert [one.title for one in important_news(as_parent(karim), 2)] == ["Grève"]
    assert {one.title: one.unread for one in news(me).lines} == {"Grève": False, "Fête": True}
    assert not news(None).lines


def test_a_public_one_aimed_elsewhere_is_not_put_forward(zoe: int, nora: int, lina: int) -> None:
    made(draft("Langevin", targets=Targets(schools=(LANGEVIN,)), important=True, public=True))
    assert titles(as_parent(zoe)) == ["Langevin"]
    assert important_news(as_parent(zoe), 2) == ()


def test_only_parents_read_for_themselves(zoe: int) -> None:
    number = made(draft("Grève", important=True))
    for act in (lambda: mark_read(agent(), number), lambda: important_news(agent(), 2)):
        with pytest.raises(Forbidden):
            act()


def test_targets_are_told_by_their_names(zoe: int, nora: int) -> None:
    activity("MATIN")
    aimed = Targets(schools=(VILAR,), levels=("CP", "GS"), activities=("MATIN",))
    made(draft("Vilar", targets=aimed))
    assert news(as_parent(zoe)).lines[0].targets == Targets((VILAR,), ("GS", "CP"), ("Matin",))


def test_the_database_wants_a_described_picture_and_an_end_after_the_start(zoe: int) -> None:
    from sqlalchemy.exc import IntegrityError

    made(draft("Un"))
    with reading() as session:
        before = session.exec(select(Article)).one().published_from
    for values in (
        {"picture_alt": "sans image"},
        {"picture_width": 5},
        {"published_until": before - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), writing() as session:
            row = session.exec(select(Article)).one()
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
