"""The daily digest: one mail a day for each account that has lines waiting.

A mail, its lines and the row that says «this day is done» are one transaction: a crash leaves all
or nothing, and of two processes the database lets one in.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, delete, or_, select

from portail import clock
from portail.database import insert_unless_there, reading, writing
from portail.domain.notifications import (
    KINDS,
    Choice,
    Notification,
    digest_cutoff,
    digest_day,
)
from portail.models import Account, Digest, DigestLine, Told
from portail.services import mails
from portail.services.notifications.choices import chosen
from portail.services.notifications.tokens import unsubscribe_url
from portail.services.notifications.unsubscribing import DIGEST_LABEL
from portail.settings import settings
from portail.texts.french import counted
from portail.texts.french import day as words_of_day


def send_due(rest: float = 0) -> int:
    """Send the digests that are due; returns how many. Costs one query when none is.

    Args:
        rest: seconds left to others after each account.
    """
    day = digest_day(clock.now(), settings().digest_hour)
    if day is None:
        return 0
    sent = 0
    for account_id in _due(day):
        sent += _send(account_id, day)
        time.sleep(rest)
    return sent


def purge(session: Session, digests_before: datetime, told_before: datetime) -> None:
    """Forget the digests sent, with their lines, and what was told long ago."""
    session.execute(delete(Digest).where(col(Digest.made_at) < digests_before))
    session.execute(delete(Told).where(col(Told.told_at) < told_before))


def _due(day: date) -> list[int]:
    done = exists().where(
        col(Digest.account_id) == col(DigestLine.account_id), col(Digest.day) == day
    )
    query = (
        select(DigestLine.account_id)
        .where(*_waiting(day), ~done)
        .distinct()
        .order_by(col(DigestLine.account_id))
    )
    with reading() as session:
        return list(session.exec(query))


def _send(account_id: int, day: date) -> bool:
    with writing() as session:
        query = select(Account).where(Account.id == account_id).with_for_update()
        account = session.exec(query).one_or_none()
        if account is None:
            return False
        values = {"account_id": account_id, "day": day, "made_at": clock.now()}
        insert = insert_unless_there(session, Digest, "account_id", "day").values(**values)
        digest_id = session.scalar(insert.returning(Digest.id))
        if digest_id is None:
            return False  # another process has just done it
        mine = select(DigestLine).where(DigestLine.account_id == account_id, *_waiting(day))
        rows = session.exec(mine.order_by(col(DigestLine.id)).with_for_update()).all()
        choices = chosen(session, {account_id})[account_id]
        # what is no longer wanted is not told, and does not wait either
        lines = [row for row in rows if choices[row.kind] is not Choice.NEVER]
        for row in rows:
            row.digest_id = digest_id
        if not lines:
            return False
        stop = mails.Unsubscribe(unsubscribe_url(account, None), DIGEST_LABEL)
        context: dict[str, object] = {
            "first_name": account.first_name,
            "day": words_of_day(day),
            "count": counted(len(lines), "nouvelle"),
            "sections": _sections(lines),
            "url": f"{settings().base_url}/accueil",
        }
        mails.queue(session, "daily_digest", account.email, context, stop)
        return True


def _waiting(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(DigestLine.digest_id).is_(None),
        or_(
            col(DigestLine.created_at) <= digest_cutoff(day, settings().digest_hour),
            # tomorrow evening would be too late
            col(DigestLine.kind) == Notification.DEADLINES,
        ),
    )


def _sections(lines: Sequence[DigestLine]) -> list[dict[str, object]]:
    return [
        {
            "label": told.label,
            "lines": [{"text": one.line, "url": one.url} for one in lines if one.kind is kind],
        }
        for kind, told in KINDS.items()
        if any(one.kind is kind for one in lines)
    ]
