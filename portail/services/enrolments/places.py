"""The places of an activity: locked, counted, never decremented; and the order of those who wait.

Whoever takes or frees a place holds the activity's row first (`lock`). SQLite has one writer at a
time, which is the same lock, wider. Locks are taken in one order everywhere: children, activities,
enrolments; each kind by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlmodel import Session, col, select

from portail.domain.capacity import Capacity, line_of
from portail.domain.enrolment_states import HOLDING_A_PLACE, EnrolmentState
from portail.models import ActivityRow, Child, Enrolment


@dataclass
class Taken:
    """How many hold a place of an activity, and how many of each group."""

    total: int = 0
    by_group: Counter[str] = field(default_factory=Counter)

    def add(self, group: str, number: int = 1) -> None:
        """Count more."""
        self.total += number
        self.by_group[group] += number


def lock(session: Session, activity_ids: Collection[int]) -> dict[int, ActivityRow]:
    """Hold these activities until the transaction ends, in the order of their ids."""
    query = (
        select(ActivityRow)
        .where(col(ActivityRow.id).in_(activity_ids))
        .order_by(col(ActivityRow.id))
        .with_for_update()
    )
    return {row.id or 0: row for row in session.exec(query)}


def lock_children(session: Session, child_ids: Collection[int]) -> None:
    """Hold these children: two parents ask one after the other, for twin activities too."""
    query = (
        select(Child.id)
        .where(col(Child.id).in_(child_ids))
        .order_by(col(Child.id))
        .with_for_update()
    )
    session.exec(query).all()


def taken(session: Session, activity_ids: Collection[int]) -> dict[int, Taken]:
    """Who holds a place now, by activity."""
    rows = session.exec(
        select(Enrolment.activity_id, Enrolment.group_code, func.count())
        .where(
            col(Enrolment.activity_id).in_(activity_ids),
            col(Enrolment.state).in_(HOLDING_A_PLACE),
        )
        .group_by(col(Enrolment.activity_id), col(Enrolment.group_code))
    )
    found = {activity_id: Taken() for activity_id in activity_ids}
    for activity_id, group, number in rows:
        found[activity_id].add(group, number)
    return found


def waiting(session: Session, activity_ids: Collection[int]) -> list[Enrolment]:
    """Those who wait for a place of these activities, first come first."""
    return list(
        session.exec(
            select(Enrolment)
            .where(
                col(Enrolment.activity_id).in_(activity_ids),
                Enrolment.state == EnrolmentState.WAITING_LIST,
            )
            .order_by(col(Enrolment.waiting_since), col(Enrolment.id))
        )
    )


def ranks(queue: Iterable[tuple[int, int, str]], rules: dict[int, Capacity]) -> dict[int, int]:
    """The rank of each who waits, from 1, without a gap: it is counted, not kept.

    Groups that have places of their own have a queue of their own: the next place of the
    maternelle is for the first of the maternelle.

    Args:
        queue: id of the enrolment, activity and group of each, first come first.
        rules: the places of the activities, by id.
    """
    reached: Counter[tuple[int, str]] = Counter()
    found: dict[int, int] = {}
    for enrolment_id, activity_id, group in queue:
        rule = rules.get(activity_id)
        line = (activity_id, line_of(rule, group) if rule else "")
        reached[line] += 1
        found[enrolment_id] = reached[line]
    return found


def ranks_now(session: Session, rules: dict[int, Capacity]) -> dict[int, int]:
    """The same for the activities of `rules`, as the database stands."""
    rows = session.exec(
        select(Enrolment.id, Enrolment.activity_id, Enrolment.group_code)
        .where(
            col(Enrolment.activity_id).in_(rules),
            Enrolment.state == EnrolmentState.WAITING_LIST,
        )
        .order_by(col(Enrolment.waiting_since), col(Enrolment.id))
    )
    return ranks(((row_id or 0, activity_id, group) for row_id, activity_id, group in rows), rules)
