"""The evening before a deadline: the weeks where an enrolled child has nothing booked.

An evening that was missed is made up in the morning, for what is still ahead.
"""

from __future__ import annotations

import time
from datetime import date

from sqlmodel import Session, col, select

from portail import clock
from portail.database import Work, insert_unless_there, reading, working_alone, writing
from portail.domain.identity import Actor
from portail.domain.notifications import Notification, closes_after, reminder_evening
from portail.models import Account, Child, Reminded
from portail.services.deadlines import NextDeadline, next_deadlines
from portail.services.notifications.choices import parents_to_tell
from portail.services.notifications.telling import Thing, tell_things
from portail.services.reach import my_families
from portail.settings import settings
from portail.texts.french import NBSP, moment_without_year, plain_day


def remind(rest: float = 0) -> int | None:
    """Tell what closes the day after, one mail a parent; returns how many were told.

    None: another process is telling them.
    Each account, child, slot and week once; an evening is gone through by one process, or by the
    next one when that dies. Costs one query when no evening is due.

    Args:
        rest: seconds left to others after each account.
    """
    evening = reminder_evening(clock.now(), settings().digest_hour)
    if evening is None or not _missing(evening):
        return 0
    told = 0
    with working_alone(Work.DEADLINES) as mine:
        if not mine:
            return None
        if not _missing(evening):
            return 0
        for account_id in parents_to_tell(Notification.DEADLINES):
            told += _remind_one(account_id, evening)
            time.sleep(rest)
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


def _remind_one(account_id: int, evening: date) -> bool:
    with reading() as session:
        things, first_day = _closing(session, Actor(session_id=0, account_id=account_id), evening)
    if not things:
        return False  # most parents, most days: no write, no lock
    with writing() as session:
        query = select(Account).where(Account.id == account_id).with_for_update()
        account = session.exec(query).one_or_none()
        if account is None:
            return False
        context: dict[str, object] = {
            "first_name": account.first_name,
            "today": evening != clock.today(),
            "url": f"{settings().base_url}/planning?jour={first_day}",
        }
        kind = Notification.DEADLINES
        return tell_things(session, account, kind, "deadline_tomorrow", context, things)


def _closing(session: Session, actor: Actor, evening: date) -> tuple[list[Thing], str]:
    """What closes the day after, by child, and the first day concerned."""
    found: dict[tuple[int, str, str], NextDeadline] = {}
    for family in my_families(session, actor):
        for one in next_deadlines(session, family.id or 0):
            if closes_after(evening, one.until):
                for child in one.children:
                    # a child of two families of the account is told of once
                    found.setdefault((child, one.code, one.week_on.isoformat()), one)
    if not found:
        return [], ""
    ids = {child for child, _, _ in found}
    children = session.exec(
        select(Child).where(col(Child.id).in_(ids)).order_by(col(Child.birth_on), col(Child.id))
    ).all()
    things = [
        Thing(f"{child}:{code}:{week}", _line(name, one))
        for ident, name in ((child.id, child.first_name) for child in children)
        for (child, code, week), one in found.items()
        if child == ident
    ]
    return things, min(one.from_day for one in found.values()).isoformat()


def _line(child: str, one: NextDeadline) -> str:
    week = plain_day(one.week_on).rsplit(" ", 1)[0]
    until = moment_without_year(one.until)
    return (
        f"{child}{NBSP}: {one.activity}, {one.slot.lower()}, semaine du {week},"
        f" à réserver avant le {until}"
    )
