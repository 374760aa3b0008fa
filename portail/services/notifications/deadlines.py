"""The evening before a deadline: the weeks where an enrolled child has nothing booked.

An evening that was missed is made up in the morning, for what is still ahead. Accounts are gone
through by batches: first, in few queries, which of them may have something to be told; then what
the rules say of these alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import bindparam
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from portail import clock
from portail.database import Work, ask, insert_unless_there, reading, working_alone, writing
from portail.domain.bookings import Held
from portail.domain.calendars import DAY, monday
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.notifications import Notification, closes_after, reminder_evening
from portail.models import (
    Account,
    Child,
    Digest,
    Family,
    FamilyChild,
    Reminded,
    Reservation,
    Subscription,
)
from portail.services.catalogue.facts import read_enrolments
from portail.services.catalogue.loading import Loaded, current
from portail.services.deadlines import NextDeadline, SlotWeek, closing_on, deadlines_of_weeks
from portail.services.notifications.choices import parents_to_tell
from portail.services.notifications.telling import Thing, tell_things_to_all, told_of
from portail.settings import settings
from portail.texts.french import NBSP, moment_without_year, plain_day

BATCH = 50  # accounts in a transaction
_BOOKED = (Held.BOOKED, Held.REQUESTED, Held.ATTENDED, Held.WAITING)
# by family file, in the order of their numbers
_CHILDREN = (
    sql_select(col(Subscription.account_id), col(Subscription.family_id), col(FamilyChild.child_id))
    .join(Family, col(Family.id) == col(Subscription.family_id))
    .join(FamilyChild, col(FamilyChild.family_id) == col(Family.id))
    .where(col(Subscription.account_id).in_(bindparam("accounts", expanding=True)))
    .order_by(col(Family.number))
)
Closing = tuple[int, SlotWeek]  # a child, and a week of a slot that may have to be told


def remind(rest: float = 0) -> int | None:
    """Tell what closes the day after, one mail a parent; returns how many were told.

    None: another process is telling them.

    Each account, child, slot and week once; an evening is gone through by one process, or by the
    next one when that dies. Costs one query when no evening is due.

    Args:
        rest: seconds left to others after each batch.
    """
    evening = reminder_evening(clock.now(), settings().digest_hour)
    if evening is None or not _missing(evening):
        return 0
    with working_alone(Work.DEADLINES) as mine:
        if not mine:
            return None
        if not _missing(evening):
            return 0
        told = _remind_all(evening, rest)
        with writing() as session:
            done = insert_unless_there(session, Reminded, "evening")
            session.execute(done.values(evening=evening, done_at=clock.now()))
    return told


def _missing(evening: date) -> bool:
    """Whether an evening is not done; one of before the very first was not missed."""
    query = select(Reminded).where(col(Reminded.evening) <= evening)
    with reading() as session:
        last = session.exec(query.order_by(col(Reminded.evening).desc()).limit(1)).first()
    return evening == clock.today() if last is None else last.evening < evening


def _remind_all(evening: date, rest: float) -> int:
    with reading() as session:
        loaded = current(session)
    closing = closing_on(loaded, evening + DAY)
    if not closing:
        return 0
    told = 0
    accounts = parents_to_tell(Notification.DEADLINES)
    for start in range(0, len(accounts), BATCH):
        told += _remind_some(accounts[start : start + BATCH], evening, loaded, closing)
        time.sleep(rest)
    return told


def _remind_some(
    account_ids: Sequence[int], evening: date, loaded: Loaded, closing: set[SlotWeek]
) -> int:
    with reading() as session:
        reached = _reached(session, account_ids, loaded, closing)
        if not reached:
            return 0  # most evenings, nobody: no write, no lock
        found = _closing(session, evening, reached)
    if not found:
        return 0
    kind = Notification.DEADLINES
    with writing() as session:
        query = select(Account).where(col(Account.id).in_(found)).order_by(col(Account.id))
        told = [
            (account, _context(account, evening, first_day), things)
            for account in session.exec(query.with_for_update())
            for things, first_day in (found[account.id or 0],)
        ]
        return tell_things_to_all(
            session, kind, "deadline_tomorrow", told, _left(session, evening, found)
        )


def _left(session: Session, evening: date, account_ids: Collection[int]) -> set[int]:
    """Those whose digest of this evening has left already: the next one would be too late."""
    query = select(Digest.account_id).where(
        Digest.day == evening, col(Digest.account_id).in_(account_ids)
    )
    return set(session.exec(query))


def _context(account: Account, evening: date, first_day: date) -> dict[str, object]:
    return {
        "first_name": account.first_name,
        "today": evening != clock.today(),
        "url": f"{settings().base_url}/planning?jour={first_day.isoformat()}",
    }


def _reached(
    session: Session, account_ids: Sequence[int], loaded: Loaded, closing: set[SlotWeek]
) -> dict[int, dict[int, set[Closing]]]:
    """By account and family, the weeks that close with nothing booked, as far as rows tell."""
    rows = ask(session, _CHILDREN, {"accounts": account_ids}).all()
    children = {row.child_id for row in rows}
    enrolments = read_enrolments(session, loaded, children)
    told = told_of(session, account_ids, Notification.DEADLINES)
    weeks: dict[str, list[SlotWeek]] = defaultdict(list)
    for code, week in closing:
        weeks[loaded.rulebook.slots[code][1].code].append((code, week))
    booked = _booked(session, loaded, children, closing)
    found: dict[int, dict[int, set[Closing]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for activity, enrolled in enrolments[row.child_id].items():
            if enrolled.state is not EnrolmentState.VALIDATED:
                continue
            for one in weeks.get(activity, ()):
                asked = row.child_id, one
                if asked not in booked and (row.account_id, _about(asked)) not in told:
                    found[row.account_id][row.family_id].add(asked)
    return found


def _booked(
    session: Session, loaded: Loaded, children: Collection[int], closing: set[SlotWeek]
) -> set[Closing]:
    """The weeks in which these children have something of the slot, from today on."""
    last = max(week for _, week in closing) + 7 * DAY
    query = sql_select(
        col(Reservation.child_id), col(Reservation.slot_id), col(Reservation.day)
    ).where(
        col(Reservation.child_id).in_(children),
        col(Reservation.day) >= clock.today(),
        col(Reservation.day) < last,
        col(Reservation.cancelled_at).is_(None),
        col(Reservation.state).in_(_BOOKED),
    )
    return {
        (child, (loaded.slot_codes.get(slot_id, ""), monday(day)))
        for child, slot_id, day in ask(session, query)
    }


def _closing(
    session: Session, evening: date, reached: dict[int, dict[int, set[Closing]]]
) -> dict[int, tuple[list[Thing], date]]:
    """By account, what closes the day after, by child, and the first day concerned."""
    wanted: dict[int, set[Closing]] = defaultdict(set)
    for of in reached.values():
        for family_id, asked in of.items():
            wanted[family_id] |= asked
    deadlines = deadlines_of_weeks(session, wanted)
    names = _names(session, {child for of in wanted.values() for child, _ in of})
    found = {}
    for account_id, families in reached.items():
        # a child of two families of the account is told of once
        first: dict[Closing, NextDeadline] = {}
        for family_id, asked in families.items():
            for one, key in _of_children(deadlines[family_id], evening):
                if key in asked:
                    first.setdefault(key, one)
        if first:
            things = [
                Thing(_about(key), _line(name, one))
                for child, name in names
                for key, one in first.items()
                if key[0] == child
            ]
            found[account_id] = things, min(one.from_day for one in first.values())
    return found


def _of_children(
    deadlines: Collection[NextDeadline], evening: date
) -> Iterator[tuple[NextDeadline, Closing]]:
    for one in deadlines:
        if closes_after(evening, one.until):
            yield from ((one, (child, (one.code, one.week_on))) for child in one.children)


def _names(session: Session, children: Collection[int]) -> list[tuple[int, str]]:
    """The first names, eldest first."""
    query = select(Child.id, Child.first_name).where(col(Child.id).in_(children))
    rows = session.exec(query.order_by(col(Child.birth_on), col(Child.id)))
    return [(child or 0, name) for child, name in rows]


def _about(closing: Closing) -> str:
    child, (code, week) = closing
    return f"{child}:{code}:{week.isoformat()}"


def _line(child: str, one: NextDeadline) -> str:
    week = plain_day(one.week_on).rsplit(" ", 1)[0]
    until = moment_without_year(one.until)
    return (
        f"{child}{NBSP}: {one.activity}, {one.slot.lower()}, semaine du {week},"
        f" à réserver avant le {until}"
    )
