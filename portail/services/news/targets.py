"""Whom an article is for: from the names an agent writes to the rows of the town, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from portail.domain.news import Targets
from portail.domain.schooling import LEVELS
from portail.models import ActivityRow, ArticleTarget, School
from portail.texts.french import listed

Place = tuple[str | int, ...]


class UnknownTarget(Exception):  # noqa: N818  (an answer, not a fault)
    """Some names are those of nothing: where, and what to say of each."""

    def __init__(self, found: list[tuple[Place, str]]) -> None:
        super().__init__()
        self.found = found


@dataclass(frozen=True)
class Aims:
    """Ids of schools and activities, and class levels."""

    schools: frozenset[int]
    levels: frozenset[str]
    activities: frozenset[int]


def find_aims(session: Session, targets: Targets) -> Aims:
    """The rows of these names.

    Raises:
        UnknownTarget: some are those of nothing.
    """
    schools = {name: key or 0 for key, name in session.exec(select(School.id, School.name))}
    codes = select(ActivityRow.id, ActivityRow.code).where(col(ActivityRow.withdrawn_at).is_(None))
    activities = {code: key or 0 for key, code in session.exec(codes)}
    wrong = [
        *_unknown("schools", targets.schools, schools, _no_school(schools)),
        *_unknown("levels", targets.levels, LEVELS, _no_level),
        *_unknown("activities", targets.activities, activities, _no_activity),
    ]
    if wrong:
        raise UnknownTarget(wrong)
    return Aims(
        frozenset(schools[name] for name in targets.schools),
        frozenset(targets.levels),
        frozenset(activities[code] for code in targets.activities),
    )


def aims_of(session: Session, article_id: int) -> Aims:
    """Whom an article is for now."""
    rows = session.exec(select(ArticleTarget).where(ArticleTarget.article_id == article_id)).all()
    return Aims(
        frozenset(row.school_id for row in rows if row.school_id is not None),
        frozenset(row.class_level for row in rows if row.class_level is not None),
        frozenset(row.activity_id for row in rows if row.activity_id is not None),
    )


def aim(session: Session, article_id: int, aims: Aims) -> None:
    """The article is for these and nobody else."""
    session.execute(delete(ArticleTarget).where(col(ArticleTarget.article_id) == article_id))
    levels = sorted(aims.levels, key=LEVELS.index)
    session.add_all(
        [
            *(ArticleTarget(article_id=article_id, school_id=one) for one in sorted(aims.schools)),
            *(ArticleTarget(article_id=article_id, class_level=one) for one in levels),
            *(
                ArticleTarget(article_id=article_id, activity_id=one)
                for one in sorted(aims.activities)
            ),
        ]
    )


def _unknown(
    kind: str, names: Iterable[str], known: Iterable[str], told: Callable[[str], str]
) -> list[tuple[Place, str]]:
    known = frozenset(known)
    return [((kind, rank), told(name)) for rank, name in enumerate(names) if name not in known]


def _no_school(schools: Iterable[str]) -> Callable[[str], str]:
    names = listed([f"« {name} »" for name in sorted(schools)])
    return lambda name: f"aucune école ne s’appelle « {name} » (il y a {names})"


def _no_level(name: str) -> str:
    return f"« {name} » n’est pas une classe (il y a {listed(LEVELS)})"


def _no_activity(code: str) -> str:
    return f"aucune activité du catalogue n’a le code « {code} »"
