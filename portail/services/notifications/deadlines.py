"""The evening before a deadline: the weeks where an enrolled child has nothing booked."""

from __future__ import annotations

import time

from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.notifications import Notification, is_tomorrow
from portail.models import Account, Child
from portail.services.deadlines import NextDeadline, next_deadlines
from portail.services.notifications.choices import parents_to_tell
from portail.services.notifications.telling import Thing, tell_things
from portail.services.reach import my_families
from portail.settings import settings
from portail.texts.french import NBSP, moment_without_year, plain_day


def remind(rest: float = 0) -> int:
    """Tell what closes tomorrow, one mail a parent; returns how many were told.

    Each account, child, slot and week once, however many workers do it at the same time.

    Args:
        rest: seconds left to others after each account.
    """
    told = 0
    for account_id in parents_to_tell(Notification.DEADLINES):
        told += _remind_one(account_id)
        time.sleep(rest)
    return told


def _remind_one(account_id: int) -> bool:
    with reading() as session:
        things, first_day = _closing(session, Actor(session_id=0, account_id=account_id))
    if not things:
        return False  # most parents, most days: no write, no lock
    with writing() as session:
        query = select(Account).where(Account.id == account_id).with_for_update()
        account = session.exec(query).one_or_none()
        if account is None:
            return False
        context: dict[str, object] = {
            "first_name": account.first_name,
            "url": f"{settings().base_url}/planning?jour={first_day}",
        }
        kind = Notification.DEADLINES
        return tell_things(session, account, kind, "deadline_tomorrow", context, things)


def _closing(session: Session, actor: Actor) -> tuple[list[Thing], str]:
    """What closes tomorrow, by child, and the first day concerned."""
    now = clock.now()
    found: dict[tuple[int, str, str], NextDeadline] = {}
    for family in my_families(session, actor):
        for one in next_deadlines(session, family.id or 0):
            if is_tomorrow(now, one.until):
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
